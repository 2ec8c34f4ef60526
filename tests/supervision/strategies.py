"""Random territories: a few communes, two editions, « non concerné », « ne sait pas », hidden questions."""

from datetime import timedelta

from hypothesis import strategies as st

from questions.closing import close_assessment
from questions.enums import EditionState
from questions.models import Assessment, Questionnaire
from tests.questions.factories import MORNING, AssessmentFactory, QuestionnaireFactory, answer

YES_NO = st.sampled_from(["oui", "non", "nsp", "nc"])
ANSWERS = {
    "ACH1": YES_NO,
    "ACH2": YES_NO,
    "PAR1": st.sampled_from(["jamais", "parfois", "toujours", "nsp"]),
    "PAR2": YES_NO,
    "USA1": YES_NO,
}
CLOSED = st.fixed_dictionaries(
    {"edition": st.sampled_from(["2026", "2027"]), "answers": st.fixed_dictionaries(ANSWERS)}
)
TERRITORIES = st.lists(st.lists(CLOSED, max_size=2), min_size=1, max_size=6)
"""For each commune, what it closed, oldest first."""


def editions() -> dict[str, Questionnaire]:
    """The newer edition has one more theme and one question less; ACH2 is asked after a « oui » to ACH1."""
    often = {"code": "PAR1", "kind": "one_of", "weight": 3}
    options = {"jamais": 0, "parfois": 1, "toujours": 2}
    follow = {"code": "ACH2", "condition_code": "ACH1", "condition_answers": "oui", "weight": 2}
    older = QuestionnaireFactory(
        edition="2026",
        state=EditionState.RETIRED,
        content={"achats": ["ACH1", follow], "parc": [{**often, "options": options}, "PAR2"]},
    )
    newer = QuestionnaireFactory(
        edition="2027",
        content={
            "achats": ["ACH1", follow],
            "parc": [{**often, "options": options}],
            "usages": ["USA1"],
        },
    )
    return {"2026": older, "2027": newer}


def close_all(communes, territory, by_name) -> list[Assessment]:
    closed = []
    for commune, past in zip(communes, territory, strict=True):
        for year, one in enumerate(past):
            at = MORNING + timedelta(days=365 * year)
            edition = by_name[one["edition"]]
            assessment = AssessmentFactory(
                collectivite=commune, questionnaire=edition, opened_at=at
            )
            asked = set(edition.themes.values_list("questions__code", flat=True))
            given = {code: text for code, text in one["answers"].items() if code in asked}
            answer(assessment, at=at, **given)
            closed.append(close_assessment(assessment=assessment, by=None, at=at))
    return closed
