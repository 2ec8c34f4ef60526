"""The page of one collectivité, and what an adviser writes there."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from supervision.models import Assignment, VisitNote
from supervision.noting import assign_adviser, note_visit
from territories.affiliation import NotEntitled
from territories.enums import AuditAction
from territories.models import AuditEntry, Collectivite, OpsnMember
from territories.scoping import acting_as
from tests.territories.factories import MemberFactory, OpsnMemberFactory

pytestmark = pytest.mark.django_db

VISIT = {"visited_on": "2026-11-20", "text": "Le serveur est dans l’escalier."}


def page_of(commune) -> str:
    return f"/opsn/collectivites/{commune.pk}/"


class TestPage:
    def test_it_shows_people_assessments_and_history(
        self, client_of, omar, commune, alice, paul, assess
    ):
        assessment = assess(commune, closed=True, index=72)

        page = client_of(omar).get(page_of(commune)).content.decode()

        assert "Alice" in page
        assert "1 demande à examiner" in page
        assert f"/espace/evaluations/{assessment.pk}/resultats/" in page

    def test_its_results_are_read_from_there_and_not_answered(
        self, client_of, omar, commune, assess
    ):
        assessment = assess(commune)
        browser = client_of(omar)

        assert browser.get(f"/espace/evaluations/{assessment.pk}/resultats/").status_code == 200
        assert browser.post(f"/espace/evaluations/{assessment.pk}/cloturer/").status_code == 404

    def test_a_provisional_assessment_is_not_there(self, client_of, omar, commune, paul, assess):
        assess(commune, provisional_for=paul)

        assert (
            "Aucune évaluation commencée" in client_of(omar).get(page_of(commune)).content.decode()
        )

    @pytest.mark.parametrize("name", ["sonia", "alice", "lone", "editor"])
    def test_for_others_it_does_not_exist(self, request, client_of, commune, name):
        response = client_of(request.getfixturevalue(name)).get(page_of(commune))

        assert response.status_code == 404
        assert "Valmont" not in response.content.decode()

    def test_a_member_of_another_commune_who_is_of_the_opsn_sees_the_territory_only(
        self, client_of, omar, commune, other_commune
    ):
        MemberFactory(user=omar, collectivite=other_commune)

        assert client_of(omar).get(page_of(other_commune)).status_code == 404

    @pytest.mark.parametrize("rows", [1, 3])
    def test_the_number_of_queries_does_not_grow(
        self, client_of, omar, commune, at, assess, rows, django_assert_max_num_queries
    ):
        for _ in range(rows):
            MemberFactory(collectivite=commune)
            assess(commune, closed=True)
            note_visit(collectivite=commune, by=omar, at=at, visited_on=at.date(), text="Vu.")
        browser = client_of(omar)
        browser.get(page_of(commune))

        with django_assert_max_num_queries(18):
            browser.get(page_of(commune))


class TestVisits:
    def test_an_adviser_notes_a_visit(self, client_of, omar, commune):
        response = client_of(omar).post(f"{page_of(commune)}visites/", VISIT)

        assert response.url == page_of(commune)
        note = VisitNote.objects.get()
        assert (note.author, note.opsn, note.text) == (omar, commune.opsn, VISIT["text"])
        entry = AuditEntry.objects.get()
        assert (entry.action, entry.opsn, entry.ground) == (
            AuditAction.VISIT_NOTED,
            commune.opsn,
            "",
        )

    def test_it_takes_a_post(self, client_of, omar, commune):
        assert client_of(omar).get(f"{page_of(commune)}visites/").status_code == 405

    @pytest.mark.parametrize("name", ["sonia", "alice"])
    def test_others_note_nothing(self, request, client_of, commune, at, name):
        user = request.getfixturevalue(name)

        response = client_of(user).post(f"{page_of(commune)}visites/", VISIT)

        assert response.status_code == 404
        with pytest.raises(NotEntitled):
            note_visit(collectivite=commune, by=user, at=at, visited_on=at.date(), text="x")
        assert not VisitNote.objects.exists()

    def test_what_is_wrong_is_said_and_what_was_typed_is_kept(self, client_of, omar, commune):
        tomorrow = timezone.localdate() + timedelta(days=1)
        data = {"visited_on": tomorrow, "text": "Gardé.", "next_visit_on": "2020-01-01"}

        page = client_of(omar).post(f"{page_of(commune)}visites/", data).content.decode()

        assert "Cette date est dans l’avenir" in page
        assert "Gardé." in page
        assert not VisitNote.objects.exists()

    def test_a_visit_is_of_our_time(self, client_of, omar, commune):
        data = VISIT | {"next_visit_on": "9999-12-31"}

        page = client_of(omar).post(f"{page_of(commune)}visites/", data).content.decode()

        assert "Donnez une date entre 01/01/1980 et 31/12/2060" in page
        assert not VisitNote.objects.exists()

    def test_the_collectivite_and_its_next_opsn_do_not_read_it(
        self, omar, alice, sonia, nadia, commune, other_opsn, at
    ):
        note_visit(collectivite=commune, by=omar, at=at, visited_on=date(2027, 1, 1), text="x")

        def read_by(user):
            with acting_as(user):
                return VisitNote.objects.count()

        assert [read_by(user) for user in (omar, nadia, alice, sonia)] == [1, 1, 0, 0]
        Collectivite.objects.filter(pk=commune.pk).update(opsn=other_opsn)
        assert [read_by(user) for user in (omar, nadia, alice, sonia)] == [0, 1, 0, 0]


class TestAdviser:
    def adviser(self, user) -> OpsnMember:
        return OpsnMember.objects.get(user=user)

    def test_one_is_chosen_then_nobody(self, client_of, omar, rosa, commune):
        browser, address = client_of(omar), f"{page_of(commune)}conseiller/"

        browser.post(address, {"adviser": self.adviser(rosa).pk})
        assert Assignment.objects.get().adviser.user == rosa

        browser.post(address, {"adviser": ""})
        assert not Assignment.objects.exists()
        assert AuditEntry.objects.filter(action=AuditAction.ADVISER_CHANGED).count() == 2

    def test_it_takes_a_post(self, client_of, omar, commune):
        assert client_of(omar).get(f"{page_of(commune)}conseiller/").status_code == 405

    def test_others_choose_nobody(self, client_of, sonia, commune):
        data = {"adviser": self.adviser(sonia).pk}

        assert client_of(sonia).post(f"{page_of(commune)}conseiller/", data).status_code == 404

    def test_an_adviser_of_another_opsn_is_refused(self, client_of, omar, sonia, commune, at):
        stranger = self.adviser(sonia)

        client_of(omar).post(f"{page_of(commune)}conseiller/", {"adviser": stranger.pk})

        with pytest.raises(NotEntitled):
            assign_adviser(collectivite=commune, adviser=stranger, by=omar, at=at)
        assert not Assignment.objects.exists()

    def test_who_leaves_the_opsn_follows_nobody_any_more(self, omar, commune, at):
        assign_adviser(collectivite=commune, adviser=self.adviser(omar), by=omar, at=at)

        self.adviser(omar).delete()

        assert not Assignment.objects.exists()

    def test_many_are_given_at_once(self, client_of, omar, villages):
        rows = villages()
        browser = client_of(omar)
        chosen = [row.pk for row in rows]
        assert browser.get("/opsn/collectivites/attribuer/", {"c": chosen}).status_code == 200

        data = {"c": chosen, "adviser": self.adviser(omar).pk}
        browser.post("/opsn/collectivites/attribuer/", data)

        assert Assignment.objects.count() == 3

    def test_one_of_another_territory_among_them_stops_all(
        self, client_of, omar, villages, other_commune
    ):
        chosen = [*(row.pk for row in villages()), other_commune.pk]

        response = client_of(omar).post(
            "/opsn/collectivites/attribuer/", {"c": chosen, "adviser": self.adviser(omar).pk}
        )

        assert response.status_code == 404
        assert not Assignment.objects.exists()

    def test_the_whole_country_has_no_adviser(self, client_of, nadia, commune):
        address = "/opsn/collectivites/attribuer/"

        assert client_of(nadia).get(address, {"c": commune.pk}).status_code == 404

    def test_a_second_opsn_of_the_same_person_changes_nothing(
        self, client_of, omar, other_opsn, other_commune
    ):
        OpsnMemberFactory(user=omar, opsn=other_opsn)

        assert client_of(omar).get(page_of(other_commune)).status_code == 404
