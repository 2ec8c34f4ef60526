"""People to invite, OPSN of the country, and the yearly update of the national reference."""

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from imports import running
from imports.running import read_lines
from questions.models import Assessment
from territories.models import Collectivite, FormerCommune, Invitation, Opsn
from tests.imports.factories import start_list
from tests.questions.factories import AssessmentFactory
from tests.territories.factories import CollectiviteFactory, DepartementFactory, MemberFactory

pytestmark = pytest.mark.django_db


def carry(kind, header, rows, *, by, opsn=None):
    run = start_list(rows, kind=kind, header=header, opsn=opsn, by=by)
    if run.changes:
        running.apply(run=run, digest=run.digest, by=by, at=timezone.now())
        run.refresh_from_db()
    return run


class TestContacts:
    HEADER = ["Code INSEE", "Courriel"]

    def test_each_person_is_invited_once(
        self, communes, omar, opsn, mailoutbox, django_capture_on_commit_callbacks
    ):
        Collectivite.objects.update(opsn=opsn)
        rows = [["60057", "A@beauvais.example"], ["60395", "b@meru.example"]]

        with django_capture_on_commit_callbacks(execute=True):
            run = carry("contacts", self.HEADER, rows, by=omar, opsn=opsn)

        assert run.counts == {"created": 2}
        assert sorted(mail.to[0] for mail in mailoutbox) == ["a@beauvais.example", "b@meru.example"]
        again = carry("contacts", self.HEADER, rows, by=omar, opsn=opsn)
        assert again.counts == {"unchanged": 2}
        assert Invitation.objects.count() == 2

    def test_a_member_is_not_invited(self, communes, omar, opsn):
        Collectivite.objects.update(opsn=opsn)
        member = MemberFactory(collectivite=communes["beauvais"])

        run = carry("contacts", self.HEADER, [["60057", member.user.email]], by=omar, opsn=opsn)

        assert run.counts == {"unchanged": 1}

    @pytest.mark.parametrize(
        ("row", "column"),
        [
            (["60395", "b@meru.example"], "code_insee"),
            (["60057", "néant"], "email"),
            (["60X57", "a@b.example"], "code_insee"),
        ],
    )
    def test_who_cannot_be_invited_is_refused(self, communes, omar, opsn, row, column):
        Collectivite.objects.filter(code_insee="60057").update(opsn=opsn)

        run = carry("contacts", self.HEADER, [row], by=omar, opsn=opsn)

        assert run.counts == {"rejected": 1}
        assert read_lines(run)[0].problems[0].column == column


class TestOpsns:
    HEADER = ["Nom", "Courriel", "Départements", "Propose le niveau 2"]

    def test_they_are_created_updated_and_left(self, nadia, opsn):
        DepartementFactory(code="01", name="Ain"), DepartementFactory(code="60")
        rows = [[opsn.name, "nord@opsn.example", "60, 1", "oui"], ["OPSN neuf", "", "60", "non"]]

        run = carry("opsns", self.HEADER, rows, by=nadia)

        opsn.refresh_from_db()
        assert run.counts == {"created": 1, "updated": 1}
        assert (opsn.contact_email, opsn.offers_level_two) == ("nord@opsn.example", True)
        assert {d.code for d in opsn.departements.all()} == {"01", "60"}
        assert carry("opsns", self.HEADER, rows, by=nadia).counts == {"unchanged": 2}

    def test_a_departement_that_does_not_exist_is_refused(self, nadia):
        run = carry("opsns", self.HEADER, [["OPSN neuf", "", "99", ""]], by=nadia)

        assert run.counts == {"rejected": 1}
        assert not Opsn.objects.exists()

    def test_an_empty_cell_erases_nothing(self, nadia, opsn):
        DepartementFactory(code="60")
        carry("opsns", self.HEADER, [[opsn.name, "a@b.example", "60", "oui"]], by=nadia)

        run = carry("opsns", self.HEADER, [[opsn.name, "a@b.example", "", ""]], by=nadia)

        assert run.counts == {"unchanged": 1}

    def test_two_of_one_siren_are_refused_by_their_line(self, nadia, oise):
        rows = [["Un", "256000001"], ["Deux", "256000001"], ["Trois", ""]]

        run = carry("opsns", ["Nom", "SIREN"], rows, by=nadia)

        assert run.counts == {"created": 2, "rejected": 1}
        (problem,) = [p for line in read_lines(run) for p in line.problems]
        assert problem == (3, "siren", "256000001", "Ce SIREN est déjà celui de la ligne 2.", True)

    def test_it_is_undone(self, nadia, opsn):
        from imports.undoing import undo

        DepartementFactory(code="60")
        email = opsn.contact_email
        run = carry(
            "opsns",
            self.HEADER,
            [[opsn.name, "x@y.example", "60", "oui"], ["Neuf", "", "", ""]],
            by=nadia,
        )

        undo(run=run, by=nadia, at=timezone.now())

        opsn.refresh_from_db()
        assert (opsn.contact_email, opsn.departements.count(), Opsn.objects.count()) == (
            email,
            0,
            1,
        )


class TestYearlyUpdate:
    """INSEE's code officiel géographique: new, renamed, of another EPCI, merged; nothing answered is lost."""

    COMMUNES = ["code_insee", "nom", "siren", "departement", "population", "epci_siren"]
    MERGED = ["ancien_code", "ancien_nom", "nature", "code_insee_actuel", "nom_actuel"]

    def test_communes_are_created_renamed_and_moved(self, nadia, communes):
        epci = CollectiviteFactory(kind="cc", code_insee=None, siren="200067999", name="CC")
        rows = [
            ["60057", "Beauvais-en-Oise", "216000562", "60", "55551", "200067999"],
            ["1001", "L'Abergement-Clémenciat", "210100012", "1", "850", ""],
            ["60700", "Commune-Nouvelle", "", "", "1200", ""],
        ]

        run = carry("communes", self.COMMUNES, rows, by=nadia)

        beauvais = Collectivite.objects.get(code_insee="60057")
        assert run.counts == {"created": 1, "updated": 1, "unchanged": 1}
        assert (beauvais.name, beauvais.search_name) == ("Beauvais-en-Oise", "beauvais en oise")
        assert (beauvais.epci, beauvais.postal_codes) == (epci, "60000")
        assert Collectivite.objects.get(code_insee="60700").departement_id == "60"
        assert carry("communes", self.COMMUNES, rows, by=nadia).counts == {"unchanged": 3}

    def test_a_column_that_is_not_in_the_file_is_left_alone(self, nadia, communes):
        carry("communes", ["code_insee", "nom"], [["60057", "Beauvais-en-Oise"]], by=nadia)

        beauvais = Collectivite.objects.get(code_insee="60057")
        assert (beauvais.population, beauvais.population_year, beauvais.siren) == (
            55550,
            2023,
            "216000562",
        )

    def test_an_empty_cell_erases_nothing(self, nadia, communes):
        before = Collectivite.objects.filter(code_insee="60057").values().get()

        run = carry("communes", self.COMMUNES, [["60057", "", "", "", "", ""]], by=nadia)

        assert run.counts == {"unchanged": 1}
        assert Collectivite.objects.filter(code_insee="60057").values().get() == before

    def test_the_year_of_a_population_is_that_of_the_file(self, nadia, communes):
        header = ["code_insee", "nom", "population", "Année de la population"]

        carry("communes", header, [["60057", "Beauvais", "56 000", "2024"]], by=nadia)

        beauvais = Collectivite.objects.get(code_insee="60057")
        assert (beauvais.population, beauvais.population_year) == (56000, 2024)

    @pytest.mark.parametrize(
        ("population", "year"), [("56000", None), ("55 550", 2023), ("", 2023)]
    )
    def test_or_is_not_known_when_the_file_changes_the_population_without_it(
        self, nadia, communes, population, year
    ):
        header = ["code_insee", "nom", "population"]

        carry("communes", header, [["60057", "Beauvais-en-Oise", population]], by=nadia)

        assert Collectivite.objects.get(code_insee="60057").population_year == year

    def test_a_population_that_changes_is_shown_as_one_writes_it(self, nadia, communes):
        header = ["code_insee", "nom", "population", "Année de la population"]

        run = carry("communes", header, [["60057", "Beauvais", "56000", "2024"]], by=nadia)

        assert read_lines(run)[0].changes == [
            ("Population", "55\u202f550", "56\u202f000"),
            ("Année de la population", "2023", "2024"),
        ]

    def test_two_communes_of_one_siren_are_refused_by_their_line(self, nadia, communes):
        header = ["code_insee", "nom", "siren"]
        rows = [
            ["60700", "Une", "200067999"],
            ["60701", "Deux", "200067999"],
            ["60702", "Trois", communes["meru"].siren],
        ]

        run = carry("communes", header, rows, by=nadia)

        assert run.counts == {"created": 1, "rejected": 2}
        assert [p.sentence for line in read_lines(run) for p in line.problems] == [
            "Ce SIREN est déjà celui de la ligne 2.",
            "Ce SIREN est déjà celui d’une autre fiche, « Méru ».",
        ]

    def test_an_epci_that_an_opsn_created_under_another_type_is_named(self, nadia, communes):
        CollectiviteFactory(kind="autre", code_insee=None, siren="200067999", name="Agglo")
        header = ["siren", "nom", "type", "departement"]

        run = carry("epcis", header, [["200067999", "CA du Beauvaisis", "CA", "60"]], by=nadia)

        assert run.counts == {"rejected": 1}
        (problem,) = read_lines(run)[0].problems
        assert problem.sentence == "Ce SIREN est déjà celui d’une autre fiche, « Agglo »."

    def test_epcis_are_created(self, nadia, oise):
        header = ["siren", "nom", "type", "departement"]

        run = carry("epcis", header, [["200067999", "CA du Beauvaisis", "CA", "60"]], by=nadia)

        assert run.counts == {"created": 1}
        assert Collectivite.objects.get(siren="200067999").kind == "ca"

    def test_a_merged_commune_is_retired_and_its_assessments_stay(self, nadia, communes):
        merged, successor = communes["meru"], communes["beauvais"]
        assessment = AssessmentFactory(collectivite=merged)
        rows = [
            ["60395", "Méru", "commune-deleguee", "60057", "Beauvais"],
            ["60998", "Ailleurs", "ancien-code", "60057", "Beauvais"],
        ]

        run = carry("former_communes", self.MERGED, rows, by=nadia)

        merged.refresh_from_db()
        assert run.counts == {"created": 2}
        assert (merged.successor, merged.retired_at is not None) == (successor, True)
        assert Assessment.objects.get() == assessment
        assert list(successor.predecessors.all()) == [merged]
        assert FormerCommune.objects.get(code="60395").collectivite == successor
        assert carry("former_communes", self.MERGED, rows, by=nadia).counts == {"unchanged": 2}

    def test_a_line_that_retires_two_communes_is_counted_once(self, nadia, communes):
        merged, successor = communes["meru"], communes["beauvais"]
        row = ["60395", "Méru", "", "60057", "Beauvais"]
        FormerCommune.objects.create(
            code="60395", name="Méru", search_name="meru", collectivite=successor
        )
        CollectiviteFactory(
            code_insee="60998", name="Avant", successor=merged, retired_at=date(2020, 1, 1)
        )

        run = carry("former_communes", self.MERGED, [row], by=nadia)

        assert run.counts == {"updated": 1}
        assert successor.predecessors.count() == 2

    def test_a_merge_is_dated_of_the_day_in_paris(self, nadia, communes):
        run = start_list(
            [["60395", "Méru", "", "60057", ""]],
            kind="former_communes",
            header=self.MERGED,
            opsn=None,
            by=nadia,
            at=datetime(2026, 12, 31, 23, 30, tzinfo=UTC),
        )

        ((*_, ended),) = [line.changes for line in read_lines(run)]
        assert (ended.label, ended.new) == ("N’existe plus depuis", "2027-01-01")

    def test_a_merge_is_undone(self, nadia, communes):
        from imports.undoing import undo

        run = carry("former_communes", self.MERGED, [["60395", "Méru", "", "60057", ""]], by=nadia)

        undo(run=run, by=nadia, at=timezone.now())

        merged = Collectivite.objects.get(code_insee="60395")
        assert (merged.successor, merged.retired_at) == (None, None)
        assert not FormerCommune.objects.filter(code="60395").exists()
