"""What similar collectivités have to do as well: the share of them that answered « non » to each question.

Similar means: same kind, same stratum of population, and a last closed assessment of the same edition. Nothing is said
below PEERS collectivités, and shares are said in tens: set against the exact shares of another group (« Me comparer »),
which holds one commune more or less, they tell nothing of that commune.
"""

from django.db.models import Count

from plans.basis import Basis
from questions.enums import AnswerState, YesNo
from questions.models import Answer, Assessment
from questions.models.counted import CURRENT
from territories.enums import stratum
from territories.scoping import everything

PEERS = 10


def needed_elsewhere(basis: Basis) -> dict[str, int]:
    """Return the percent, in tens, of similar collectivités that answered « non », by code of question; empty if too few."""
    profile, own = basis.sheet.profile, basis.assessment
    with everything():
        peers = Assessment.objects.filter(
            CURRENT,
            level=own.level,
            questionnaire=own.questionnaire_id,
            cohort_kind=profile.kind,
            cohort_stratum=stratum(profile.population),
        )
        peers = peers.exclude(collectivite=own.collectivite_id)
        count = peers.count()
        if count < PEERS:
            return {}
        noes = Answer.objects.filter(
            assessment__in=peers, state=AnswerState.ANSWERED, choice=YesNo.NO
        )
        rows = noes.values_list("question__code").annotate(count=Count("pk"))
        return {code: 10 * round(10 * noes / count) for code, noes in rows}
