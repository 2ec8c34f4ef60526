"""What a collectivité reads of similar ones: never a name, never a rank, never a group of a few."""

import pytest
from django.urls import reverse

from questions.models import Question
from supervision.models import Consent
from supervision.peer_practices import Share, peer_practices
from supervision.peers import comparison_of, own_assessment
from territories.enums import CollectiviteKind
from territories.scoping import acting_as
from tests.questions.factories import MeasureFactory
from tests.supervision.closing import NO, YES, closed, neighbours
from tests.territories.factories import (
    CollectiviteFactory,
    DepartementFactory,
    MemberFactory,
    OpsnFactory,
    OpsnMemberFactory,
    RegionFactory,
)

pytestmark = pytest.mark.django_db
PEERS, PRACTICES = reverse("comparison:peers"), reverse("comparison:practices")


@pytest.fixture
def epci(db):
    return CollectiviteFactory(kind=CollectiviteKind.CC, code_insee=None, name="CC des Prés")


@pytest.fixture
def own(commune, epci, by_name):
    """Alice's commune has closed: 100 of 100."""
    commune.epci = epci
    commune.save()
    (assessment,) = closed(commune, by_name, ("2027", YES))
    return assessment


def compared(assessment, reader):
    assessment.refresh_from_db()
    with acting_as(reader):
        return comparison_of(assessment, reader)


@pytest.mark.parametrize("others", range(7))
def test_a_group_is_shown_from_five_others_on(others, own, alice, epci, opsn, by_name):
    neighbours(others, by_name, epci=epci, opsn=opsn)

    found = compared(own, alice)

    assert (found.peers and found.peers.count) == (others + 1 if others >= 5 else None)
    assert (found.indices and found.indices.counts) == (
        {0: others, 100: 1} if others >= 5 else None
    )


def test_the_narrowest_group_is_that_of_the_epci(own, alice, epci, opsn, by_name):
    neighbours(5, by_name, epci=epci, opsn=opsn)
    neighbours(6, by_name, opsn=opsn)

    found = compared(own, alice)

    assert (found.peers.count, found.peers.is_widened) == (6, False)
    assert found.peers.label == "communes de 500 à 999 habitants de votre intercommunalité"


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ({"opsn": True}, "de votre département qui ont le même OPSN"),
        ({}, "de votre département"),
        ({"departement": "80"}, "de votre région"),
        ({"departement": "33"}, "dans tout le pays"),
        ({"departement": "33", "population": 20_000}, "de toutes tailles, dans tout le pays"),
    ],
)
def test_a_small_group_widens_and_says_so(place, words, own, alice, opsn, by_name, client_of):
    place = dict(place)
    if place.get("opsn"):
        place["opsn"] = opsn
    if code := place.get("departement"):
        region = (
            RegionFactory(code="75", name="Nouvelle-Aquitaine") if code == "33" else RegionFactory()
        )
        place["departement"] = DepartementFactory(code=code, name="Ailleurs", region=region)
    neighbours(5, by_name, **place)

    page = client_of(alice).get(PEERS).content.decode()

    assert compared(own, alice).peers.label.endswith(words)
    assert words in page
    assert "il est élargi" in page


def test_nothing_is_shown_of_another_kind(own, alice, by_name):
    neighbours(9, by_name, kind=CollectiviteKind.SYNDICAT, code_insee=None)

    assert compared(own, alice).peers is None


def test_a_wider_group_is_refused_when_the_difference_would_tell_of_a_few(
    own, alice, epci, opsn, by_name
):
    """Six are offered to the others of the EPCI; with two more the département would tell of these two."""
    other = CollectiviteFactory(kind=CollectiviteKind.CC, code_insee=None)
    neighbours(6, by_name, epci=other, opsn=opsn)
    own.refresh_from_db()
    assert own.cohort_epci == epci

    neighbours(1, by_name, epci=epci, opsn=opsn)

    assert compared(own, alice).peers is None


def test_filters_of_the_address_change_nothing(own, alice, epci, opsn, by_name, client_of):
    neighbours(5, by_name, epci=epci, opsn=opsn)
    neighbours(3, by_name, population=12_000)
    client = client_of(alice)

    plain = client.get(PEERS).content
    asked = client.get(PEERS, {"strate": 10_000, "epci": "", "type": "cc", "edition": "2026"})

    assert without_token(asked.content) == without_token(plain)


def without_token(content: bytes) -> list[str]:
    lines = content.decode().splitlines()
    return [line for line in lines if "csrfmiddlewaretoken" not in line and "nonce" not in line]


@pytest.mark.parametrize("moved", ["opsn", "epci", "population"])
def test_one_that_moved_between_two_assessments_is_in_one_group_only(
    moved, own, alice, epci, opsn, by_name
):
    """The cohort is that of the last closing: she leaves the group that she was in, with her earlier value."""
    first, *_ = neighbours(6, by_name, epci=epci, opsn=opsn)
    other = CollectiviteFactory(kind=CollectiviteKind.CC, code_insee=None)
    changes = {"opsn": OpsnFactory(), "epci": other, "population": 12_000}
    setattr(first, moved, changes[moved])
    first.save()
    assert compared(own, alice).peers.count == 7

    closed(first, by_name, ("2027", YES), ("2027", YES))

    found = compared(own, alice)
    assert found.peers.count == 6
    assert found.indices.counts == {0: 5, 100: 1}


def test_a_reader_who_sees_some_of_them_by_another_role_is_not_told_the_rest(
    own, alice, epci, opsn, by_name
):
    communes = neighbours(6, by_name, epci=epci, opsn=opsn)
    known = OpsnFactory()
    for commune in communes[:2]:
        commune.opsn = known
        commune.save()
    own.refresh_from_db()
    assert compared(own, alice).peers.count == 7

    OpsnMemberFactory(user=alice, opsn=known)

    assert compared(own, alice).peers is None


def test_the_agents_of_an_epci_know_the_communes_that_agreed_to_be_seen_by_it(
    own, alice, epci, opsn, by_name
):
    communes = neighbours(6, by_name, epci=epci, opsn=opsn)
    agree(*communes[:2])
    assert compared(own, alice).peers.count == 7

    MemberFactory(user=alice, collectivite=epci)

    assert compared(own, alice).peers is None
    assert {share.percent for share in peer_practices(own, alice).questions} == {None}


@pytest.mark.parametrize("left", ["the EPCI", "its agreement"])
def test_what_the_epci_no_longer_sees_is_not_known(left, own, alice, epci, opsn, by_name):
    communes = neighbours(6, by_name, epci=epci, opsn=opsn)
    agree(*communes[:2])
    MemberFactory(user=alice, collectivite=epci)
    if left == "its agreement":
        communes[0].consents.all().delete()
    else:
        communes[0].epci = None
        communes[0].save()

    assert compared(own, alice).peers.count == 7


def agree(*communes) -> None:
    for commune in communes:
        Consent.objects.create(collectivite=commune, epci=commune.epci)


def test_a_member_of_three_communes_cannot_subtract_what_she_reads_for_one_from_what_she_reads_for_another(
    own, alice, epci, opsn, by_name
):
    """Six in her EPCI, six more in the département, of which she knows two: the difference would be four."""
    neighbours(5, by_name, epci=epci, opsn=opsn)
    other = CollectiviteFactory(kind=CollectiviteKind.CC, code_insee=None)
    elsewhere = neighbours(6, by_name, epci=other, opsn=opsn)
    sisters = elsewhere[:2]
    lonely = CollectiviteFactory(kind=CollectiviteKind.CC, code_insee=None)
    for sister in sisters:
        sister.epci = lonely
        sister.save()
        closed(sister, by_name, ("2027", YES))
    assert compared(own, alice).peers.count == 6
    (hers,) = sisters[0].assessments.filter(counted_until=None)
    assert compared(hers, MemberFactory(collectivite=sisters[0]).user).peers.count == 12

    for sister in sisters:
        MemberFactory(user=alice, collectivite=sister)

    assert compared(own, alice).peers.count == 6
    assert compared(hers, alice).peers is None


def test_a_theme_that_five_unknown_to_her_do_not_have_is_not_told(own, alice, epci, opsn, by_name):
    communes = neighbours(9, by_name, epci=epci, opsn=opsn)
    known = OpsnFactory()
    for commune in communes[:3]:
        commune.opsn = known
        commune.save()
    for commune in communes[5:]:
        closed(commune, by_name, ("2027", NO), ("2026", NO))  # no theme « usages »
    assert [theme.histogram is None for theme in compared(own, alice).themes] == [False] * 3

    OpsnMemberFactory(user=alice, opsn=known)

    found = compared(own, alice)
    assert found.peers.count == 10
    assert [theme.histogram is None for theme in found.themes] == [False, False, True]


def test_a_theme_that_too_few_have_is_not_told(own, alice, epci, opsn, by_name):
    neighbours(4, by_name, epci=epci, opsn=opsn)
    for commune in neighbours(4, by_name, epci=epci, opsn=opsn):
        closed(commune, by_name, ("2027", NO), ("2026", NO))  # no theme « usages »

    found = compared(own, alice)

    assert found.peers.count == 9
    assert [(theme.title, theme.histogram is None) for theme in found.themes] == [
        ("Achats", False),
        ("Parc", False),
        ("Usages", True),
    ]


def test_pages_name_nobody_else(own, alice, epci, opsn, by_name, client_of):
    neighbours(6, by_name, epci=epci, opsn=opsn)

    for address in (PEERS, PRACTICES):
        page = client_of(alice).get(address).content.decode()
        assert "Voisine" not in page
        assert "CC des Prés" not in page


def test_a_practice_says_how_many_percent_of_similar_ones_have_it(own, alice, by_name):
    neighbours(2, by_name, answers=YES)
    neighbours(3, by_name, answers=NO)
    neighbours(3, by_name, answers=YES, population=20_000)  # of another size: not like her
    found = peer_practices(own, alice)

    shares = {share.code: (share.own, share.percent) for share in found.questions}

    assert shares == {
        "ACH1": (True, 50),
        "ACH2": (True, None),  # asked of three only
        "PAR1": (True, 50),
        "USA1": (True, 50),
    }
    assert found.label == "communes de 500 à 999 habitants"


@pytest.mark.parametrize("others", range(7))
def test_a_practice_is_told_from_five_others_concerned_on(others, own, alice, by_name):
    neighbours(others, by_name)
    neighbours(3, by_name, answers=NO | {"USA1": "nc"})

    found = {share.code: share for share in peer_practices(own, alice).questions}

    assert (found["USA1"].percent is None) == (others < 5)


def test_a_measure_is_done_when_every_question_that_leads_to_it_is(own, alice, by_name):
    measure = MeasureFactory(code="M-ACH")
    for question in Question.objects.filter(
        code__in=["ACH1", "USA1"], theme__questionnaire=by_name["2027"]
    ):
        question.measures.add(measure)
        question.save()
    neighbours(5, by_name, answers=YES | {"USA1": "non"})
    neighbours(4, by_name, answers=YES | {"USA1": "nc"})

    (share,) = peer_practices(own, alice).measures

    assert (share.code, share.own, share.percent) == ("M-ACH", True, 50)


@pytest.mark.parametrize("concerned", [1, 4, 5])
def test_a_measure_is_not_told_when_one_of_its_questions_concerns_a_few(
    concerned, own, alice, by_name
):
    """Beside the question that concerns everybody, its share would tell what these few do."""
    measure = MeasureFactory(code="M-ACH")
    for question in Question.objects.filter(
        code__in=["ACH1", "USA1"], theme__questionnaire=by_name["2027"]
    ):
        question.measures.add(measure)
        question.save()
    neighbours(concerned, by_name, answers=YES)
    neighbours(6, by_name, answers=YES | {"USA1": "nc"})

    found = peer_practices(own, alice)

    shares = {share.code: share.percent for share in found.questions}
    (share,) = found.measures
    assert shares["ACH1"] == 100
    assert (shares["USA1"] is None) == (share.percent is None) == (concerned < 5)


def test_measures_are_read_apart_from_questions(own, alice, by_name, client_of):
    measure = MeasureFactory(code="M-ACH", title="Acheter d’occasion")
    question = Question.objects.get(code="ACH1", theme__questionnaire=by_name["2027"])
    question.measures.add(measure)
    question.save()
    neighbours(6, by_name, answers=YES)
    browser = client_of(alice)

    by_question = browser.get(PRACTICES).content.decode()
    by_measure = browser.get(PRACTICES, {"par": "mesure"}).content.decode()

    assert "Question ACH1 ?</th>" in by_question.replace("<br>", "</th>")
    assert "Acheter d’occasion" not in by_question
    assert "Acheter d’occasion</th>" in by_measure
    assert "Question ACH1 ?" not in by_measure


@pytest.mark.parametrize(
    ("percent", "words"),
    [
        (100, "plus de 90 %"),
        (90, "90 %"),
        (62, "62 %"),
        (10, "10 %"),
        (0, "moins de 10 %"),
        (None, "trop peu de réponses pour comparer"),
    ],
)
def test_what_all_or_none_do_is_not_told_of_each(percent, words):
    assert Share("ACH1", "", "", True, percent).words == words


def test_what_most_do_and_not_oneself_comes_first(commune, alice, by_name, client_of):
    closed(commune, by_name, ("2027", YES | {"USA1": "non"}))
    neighbours(6, by_name, answers=YES | {"ACH1": "non"})

    page = client_of(alice).get(PRACTICES).content.decode()

    assert "des communes de 500 à 999 habitants l’ont fait\u00a0: Question USA1 ?" in page


def test_without_a_closed_assessment_there_is_nothing_to_compare(alice, by_name, client_of):
    neighbours(9, by_name)

    for address in (PEERS, PRACTICES, f"{PEERS}?niveau=2"):
        page = client_of(alice).get(address).content.decode()
        assert "Rien à comparer pour l’instant" in page


@pytest.mark.parametrize("who", ["paul", "lone", "omar", "nadia"])
@pytest.mark.parametrize("address", [PEERS, PRACTICES])
def test_who_is_no_member_has_nothing_to_compare(who, address, own, client_of, request):
    assert client_of(request.getfixturevalue(who)).get(address).status_code == 404


def test_only_reading_is_possible(alice, client_of):
    assert client_of(alice).post(PEERS).status_code == 405


def test_the_last_value_of_each_counts_once(own, alice, epci, opsn, by_name):
    for commune in neighbours(5, by_name, epci=epci, opsn=opsn):
        closed(commune, by_name, ("2026", NO), ("2027", YES))

    assert compared(own, alice).indices.counts == {100: 6}


def test_a_member_of_two_communes_reads_that_of_the_one_she_works_for(
    own, alice, by_name, client_of
):
    other = CollectiviteFactory(name="Zone")
    MemberFactory(user=alice, collectivite=other)

    with acting_as(alice):
        assert own_assessment(other, 1) is None
        assert own_assessment(own.collectivite, 1) == own


def test_queries_do_not_grow_with_the_group(
    own, alice, epci, opsn, by_name, client_of, django_assert_max_num_queries
):
    neighbours(6, by_name, epci=epci, opsn=opsn)
    client = client_of(alice)
    client.get(PEERS)

    for address in (PEERS, PRACTICES):
        with django_assert_max_num_queries(20):
            client.get(address)
