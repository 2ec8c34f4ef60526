"""A campaign: opened for a list that is kept, followed from the invitation to the closing, compared, closed."""

import io
from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.utils import timezone
from openpyxl import load_workbook

from questions.closing import close_assessment
from questions.models import Assessment
from questions.opening import open_assessment
from supervision.campaigning import CampaignClosed, NobodyAsked, close_campaign, open_campaign
from supervision.campaigns import Turnout, results, turnout
from supervision.models import Campaign, Relaunch
from supervision.territory import Territory
from territories.affiliation import NotEntitled
from territories.enums import AuditAction, MemberRole
from territories.invitations import invite
from territories.models import AuditEntry, Collectivite
from territories.scoping import acting_as
from tests.questions.factories import MORNING, AssessmentFactory, QuestionnaireFactory, answer
from tests.supervision.strategies import editions
from tests.territories.factories import CollectiviteFactory, MemberFactory

pytestmark = pytest.mark.django_db

LIST = "/opsn/campagnes/"
CREATE = "/opsn/campagnes/creer/"
TODAY = MORNING.date()
YES = {"ACH1": "oui", "ACH2": "oui", "PAR1": "toujours", "USA1": "oui"}
NO = {"ACH1": "non", "PAR1": "jamais", "USA1": "non"}
OLDER = {"ACH1": "non", "PAR1": "jamais", "PAR2": "non"}  # of the edition of 2026


@pytest.fixture
def by_name(db):
    cache.clear()
    return editions()


@pytest.fixture
def campaign_of(by_name, omar):
    """Return a campaign of thirty days on the edition of 2027."""

    def make(opsn, *communes, by=omar, starts_on=TODAY, **kwargs) -> Campaign:
        rows = Collectivite.objects.filter(pk__in=[c.pk for c in communes])
        values = {
            "title": "Campagne 2027",
            "questionnaire": by_name["2027"],
            "starts_on": starts_on,
            "ends_on": starts_on + timedelta(days=30),
            "text": "À vous !",
            "audience": "",
            "at": MORNING,
        }
        return open_campaign(
            territory=Territory(opsn), collectivites=rows, by=by, **values | kwargs
        )

    return make


def read(response) -> dict[str, list[tuple]]:
    book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def close(commune, edition, answers, *, days=1) -> Assessment:
    at = MORNING + timedelta(days=days)
    assessment = AssessmentFactory(collectivite=commune, questionnaire=edition, opened_at=at)
    answer(assessment, at=at, **answers)
    return close_assessment(assessment=assessment, by=None, at=at)


class TestOpening:
    def test_it_keeps_who_was_chosen_and_the_journal_tells(self, opsn, omar, commune, campaign_of):
        campaign = campaign_of(opsn, commune)
        CollectiviteFactory(opsn=opsn)

        assert list(campaign.collectivites.all()) == [commune]
        entry = AuditEntry.objects.get()
        assert (entry.action, entry.actor, entry.opsn, entry.ground) == (
            AuditAction.CAMPAIGN_OPENED,
            omar,
            opsn,
            "Campagne 2027",
        )

    def test_one_of_another_territory_is_not_asked(self, opsn, commune, other_commune, campaign_of):
        campaign = campaign_of(opsn, commune, other_commune)

        assert list(campaign.collectivites.all()) == [commune]

    def test_without_anybody_to_ask_it_is_refused(self, opsn, other_commune, campaign_of):
        with pytest.raises(NobodyAsked):
            campaign_of(opsn, other_commune)

    @pytest.mark.parametrize("name", ["sonia", "alice", "lone"])
    def test_others_do_not(self, request, opsn, commune, campaign_of, name):
        with pytest.raises(NotEntitled):
            campaign_of(opsn, commune, by=request.getfixturevalue(name))

    def test_the_national_team_asks_the_whole_country(
        self, nadia, commune, other_commune, campaign_of
    ):
        campaign = campaign_of(None, commune, other_commune, by=nadia)

        assert (campaign.opsn, campaign.collectivites.count()) == (None, 2)

    def test_it_ends_after_it_starts(self, opsn, commune, campaign_of):
        with pytest.raises(IntegrityError), transaction.atomic():
            campaign_of(opsn, commune, ends_on=TODAY - timedelta(days=1))


class TestTurnout:
    def test_each_step_is_counted(self, opsn, omar, commune, alice, by_name, campaign_of, villages):
        invited, begun, silent = villages()
        invite(collectivite=invited, email="mairie@ici.example", role=MemberRole.REFERENT,
               message="", by=omar, at=MORNING)  # fmt: skip
        MemberFactory(collectivite=begun)
        open_assessment(collectivite=begun, by=begun.members.get().user, at=MORNING)
        close(commune, by_name["2027"], YES)
        campaign = campaign_of(opsn, commune, invited, begun, silent)

        counts = turnout(campaign, Territory(opsn))

        assert counts == Turnout(collectivites=4, reached=3, registered=2, begun=2, closed=1)
        assert counts.share == 25

    def test_what_was_closed_before_or_in_another_edition_does_not_count(
        self, opsn, commune, by_name, campaign_of
    ):
        close(commune, by_name["2026"], OLDER, days=3)
        earlier = CollectiviteFactory(opsn=opsn)
        close(earlier, by_name["2027"], YES, days=-1)

        counts = turnout(campaign_of(opsn, commune, earlier), Territory(opsn))

        assert (counts.begun, counts.closed) == (0, 0)

    def test_one_that_left_the_territory_is_counted_no_more(
        self, opsn, other_opsn, commune, by_name, campaign_of
    ):
        close(commune, by_name["2027"], YES)
        campaign = campaign_of(opsn, commune)
        commune.opsn = other_opsn
        commune.save()

        assert turnout(campaign, Territory(opsn)).collectivites == 0
        assert results(campaign, Territory(opsn)).indices.count == 0


class TestResults:
    def test_they_stand_beside_those_of_the_campaign_before(
        self, opsn, commune, by_name, campaign_of
    ):
        new = CollectiviteFactory(opsn=opsn)
        past = campaign_of(opsn, commune, title="Campagne 2026")
        close(commune, by_name["2027"], NO)
        campaign = campaign_of(opsn, commune, new, starts_on=TODAY + timedelta(days=300))
        close(commune, by_name["2027"], YES, days=301)
        close(new, by_name["2027"], NO, days=302)

        found = results(campaign, Territory(opsn))

        assert found.indices.counts == {100: 1, 0: 1}
        assert found.before == past
        assert [(m.before, m.after) for m in found.progress.moves] == [(0, 100)]
        assert results(past, Territory(opsn)).progress is None

    def test_of_two_closings_the_last_counts(self, opsn, commune, by_name, campaign_of):
        close(commune, by_name["2027"], NO, days=1)
        close(commune, by_name["2027"], YES, days=2)

        assert results(campaign_of(opsn, commune), Territory(opsn)).indices.counts == {100: 1}


class TestCloseIt:
    def test_its_participation_is_kept(self, opsn, omar, commune, by_name, campaign_of):
        campaign = campaign_of(opsn, commune)
        close(commune, by_name["2027"], YES)
        close_campaign(campaign=campaign, by=omar, at=MORNING + timedelta(days=5))
        commune.opsn = None
        commune.save()
        campaign.refresh_from_db()

        assert turnout(campaign, Territory(opsn)).closed == 1
        assert campaign.ends_on == TODAY + timedelta(days=5)
        assert AuditEntry.objects.filter(action=AuditAction.CAMPAIGN_CLOSED, actor=omar).exists()

    def test_only_once(self, opsn, omar, commune, campaign_of):
        campaign = campaign_of(opsn, commune)
        close_campaign(campaign=campaign, by=omar, at=MORNING)

        with pytest.raises(CampaignClosed):
            close_campaign(campaign=campaign, by=omar, at=MORNING)

    def test_others_do_not(self, opsn, sonia, commune, campaign_of):
        with pytest.raises(NotEntitled):
            close_campaign(campaign=campaign_of(opsn, commune), by=sonia, at=MORNING)


class TestWhoSeesIt:
    @pytest.mark.parametrize(
        ("name", "seen"), [("omar", 2), ("nadia", 3), ("sonia", 1), ("alice", 0), ("lone", 0)]
    )
    def test_its_own_team_the_national_one_and_the_opsn_whose_collectivites_that_one_asks(
        self, request, opsn, nadia, commune, other_commune, campaign_of, name, seen
    ):
        campaign_of(opsn, commune)
        campaign_of(None, commune, by=nadia)
        campaign_of(None, other_commune, by=nadia)

        with acting_as(request.getfixturevalue(name)):
            assert Campaign.objects.count() == seen


class TestNational:
    """An OPSN reads a campaign of the national team, and follows its own collectivités in it."""

    @pytest.fixture
    def national(self, nadia, commune, other_commune, by_name, campaign_of):
        campaign = campaign_of(None, commune, other_commune, by=nadia, title="Pays 2027")
        close(commune, by_name["2027"], YES)
        close(other_commune, by_name["2027"], NO)
        return campaign

    def test_it_stands_in_the_list_and_says_whose_it_is(self, client_of, omar, national):
        page = client_of(omar).get(LIST).content.decode()

        assert "Pays 2027" in page
        assert "équipe nationale" in page

    def test_only_its_own_collectivites_are_counted_and_named(
        self, client_of, omar, national, commune, other_commune
    ):
        page = client_of(omar).get(f"{LIST}{national.pk}/")

        assert [row.pk for row in page.context["page"]] == [commune.pk]
        assert page.context["turnout"].collectivites == page.context["turnout"].closed == 1
        assert page.context["results"].indices.counts == {100: 1}
        assert other_commune.name not in page.content.decode()

    def test_closed_it_still_counts_its_own_and_not_those_of_the_country(
        self, client_of, omar, nadia, national
    ):
        close_campaign(campaign=national, by=nadia, at=MORNING + timedelta(days=31))
        browser = client_of(omar)

        assert "2 sur 2" not in browser.get(LIST).content.decode()
        assert browser.get(f"{LIST}{national.pk}/").context["turnout"].collectivites == 1
        assert "2 sur 2" in client_of(nadia).get(LIST).content.decode()

    def test_the_opsn_neither_invites_nor_closes_in_its_name(
        self, client_of, omar, national, commune
    ):
        browser = client_of(omar)

        page = browser.get(f"{LIST}{national.pk}/").content.decode()

        assert "Campagne de l’équipe nationale" in page
        assert "Pour les collectivités cochées" not in page
        assert "cloturer" not in page
        assert browser.post(f"{LIST}{national.pk}/cloturer/").status_code == 404
        national.refresh_from_db()
        assert not national.is_closed

    def test_an_opsn_of_which_it_asks_nobody_does_not_see_it(
        self, client_of, nadia, sonia, commune, campaign_of
    ):
        campaign = campaign_of(None, commune, by=nadia, title="Pays 2027")
        browser = client_of(sonia)

        assert "Pays 2027" not in browser.get(LIST).content.decode()
        assert browser.get(f"{LIST}{campaign.pk}/").status_code == 404

    def test_one_that_left_takes_the_campaign_with_it(
        self, client_of, omar, nadia, sonia, commune, other_opsn, campaign_of
    ):
        campaign = campaign_of(None, commune, by=nadia)
        commune.opsn = other_opsn
        commune.save()

        assert client_of(omar).get(f"{LIST}{campaign.pk}/").status_code == 404
        assert client_of(sonia).get(f"{LIST}{campaign.pk}/").status_code == 200


class TestPages:
    def data(self, by_name, **kwargs) -> dict:
        return {
            "title": "Printemps",
            "questionnaire": by_name["2027"].pk,
            "starts_on": "2026-11-24",
            "ends_on": "2026-12-24",
            "text": "À vous de jouer.",
        } | kwargs

    def test_it_is_opened_for_those_that_the_filters_keep(
        self, client_of, omar, opsn, commune, by_name
    ):
        CollectiviteFactory(name="Grande", opsn=opsn, population=12_000)
        browser = client_of(omar)
        assert "1 collectivité : Nom ou code : valmont" in browser.get(
            CREATE, {"q": "valmont"}
        ).content.decode().replace("\u00a0", " ")

        response = browser.post(CREATE, self.data(by_name, q="valmont"))

        campaign = Campaign.objects.get()
        assert response.url == f"{LIST}{campaign.pk}/"
        assert list(campaign.collectivites.all()) == [commune]
        assert campaign.audience == "Nom ou code : valmont"

    def test_or_for_those_that_were_ticked(self, client_of, omar, villages, by_name):
        rows = villages(3)

        client_of(omar).post(CREATE, self.data(by_name, c=[row.pk for row in rows[:2]]))

        campaign = Campaign.objects.get()
        assert set(campaign.collectivites.all()) == set(rows[:2])
        assert campaign.audience == "2 collectivités choisies"

    def test_one_that_was_ticked_is_said_in_the_singular(self, client_of, omar, commune, by_name):
        client_of(omar).post(CREATE, self.data(by_name, c=commune.pk))

        assert Campaign.objects.get().audience == "1 collectivité choisie"

    def test_one_of_elsewhere_stops_all(self, client_of, omar, commune, other_commune, by_name):
        data = self.data(by_name, c=[commune.pk, other_commune.pk])

        assert client_of(omar).post(CREATE, data).status_code == 404
        assert not Campaign.objects.exists()

    def test_dates_the_wrong_way_round_are_said(self, client_of, omar, commune, by_name):
        data = self.data(by_name, ends_on="2026-01-01")

        page = client_of(omar).post(CREATE, data).content.decode()

        assert "La fin vient avant le début" in page
        assert not Campaign.objects.exists()

    @pytest.mark.parametrize(
        "days",
        [{"ends_on": "9999-12-31"}, {"starts_on": "0001-01-01"}],
    )
    def test_dates_that_are_not_of_our_time_are_refused(
        self, days, client_of, omar, commune, by_name
    ):
        page = client_of(omar).post(CREATE, self.data(by_name, **days)).content.decode()

        assert "Donnez une date entre 01/01/1980 et 31/12/2060" in page
        assert not Campaign.objects.exists()

    @pytest.mark.parametrize("days", [{"ends_on": date.max}, {"starts_on": date.min}])
    def test_the_database_refuses_them_too(self, days, opsn, commune, campaign_of):
        campaign = campaign_of(opsn, commune)

        with pytest.raises(IntegrityError, match="a_campaign_is_in_days_of_our_time"):
            Campaign.objects.filter(pk=campaign.pk).update(**days)

    def test_at_level_two_only_those_where_it_is_open_are_asked(
        self, client_of, omar, commune, by_name
    ):
        two = QuestionnaireFactory(level=2, content={"parc": ["PAR9"]})

        page = client_of(omar).post(CREATE, self.data(by_name, questionnaire=two.pk))

        assert "ouvrez d’abord le niveau 2" in page.content.decode()

    def test_the_page_shows_where_each_is_and_filters_by_step(
        self, client_of, omar, opsn, commune, by_name, campaign_of, villages
    ):
        close(commune, by_name["2027"], YES)
        campaign = campaign_of(opsn, commune, *villages(1))
        browser = client_of(omar)

        whole = browser.get(f"{LIST}{campaign.pk}/")
        left = browser.get(f"{LIST}{campaign.pk}/", {"etape": "a-inviter"})

        names = [(row.name, row.step) for row in whole.context["page"].object_list]
        assert names == [("Valmont-sur-Claire", "close"), ("Village 0", "a-inviter")]
        assert [row.name for row in left.context["page"].object_list] == ["Village 0"]
        assert "checked" in left.content.decode()

    def test_the_relaunches_of_another_opsn_are_its_own(
        self, client_of, omar, opsn, other_opsn, commune, campaign_of
    ):
        campaign = campaign_of(opsn, commune)
        ours, theirs = date(2026, 11, 24), date(2026, 11, 25)
        Relaunch.objects.create(collectivite=commune, opsn=opsn, day=ours, text="Nous")
        Relaunch.objects.create(collectivite=commune, opsn=other_opsn, day=theirs, text="Avant")

        page = client_of(omar).get(f"{LIST}{campaign.pk}/")

        (row,) = page.context["page"].object_list
        assert row.relaunched_on == ours

    def test_its_text_is_proposed_and_one_comes_back_to_it(
        self, client_of, omar, opsn, commune, campaign_of, mails
    ):
        campaign = campaign_of(opsn, commune)
        where = {"c": commune.pk, "campagne": campaign.pk}
        browser = client_of(omar)

        for address in ("/opsn/collectivites/inviter/", "/opsn/collectivites/relancer/"):
            assert "À vous !" in browser.get(address, where).content.decode()
        with mails:
            response = browser.post(
                "/opsn/collectivites/inviter/",
                where
                | {f"email_{commune.pk}": "mairie@valmont.example", "etape": "envoyer"}
                | {"message": "À vous !"},
            )

        assert response.url == f"{LIST}{campaign.pk}/"
        assert mails.to == ["mairie@valmont.example"]

    @pytest.mark.parametrize(
        ("address", "sent"),
        [
            ("/opsn/collectivites/inviter/", {"message": "Venez"}),
            ("/opsn/collectivites/relancer/", {"text": "Venez"}),
        ],
    )
    def test_one_comes_back_to_the_step_from_which_one_wrote(
        self, address, sent, client_of, omar, opsn, commune, campaign_of, mails
    ):
        campaign = campaign_of(opsn, commune)
        step = f"{LIST}{campaign.pk}/?etape=a-inviter"
        browser = client_of(omar)
        where = {"c": commune.pk, "campagne": campaign.pk, "retour": step}
        sent |= {f"email_{commune.pk}": "mairie@valmont.example"}

        assert f'name="retour" value="{step}"' in browser.get(step).content.decode()
        for stage in ("", "apercu"):
            page = browser.post(address, where | sent | {"etape": stage}).content.decode()
            assert f'name="retour" value="{step}"' in page
        with mails:
            response = browser.post(address, where | sent | {"etape": "envoyer"})

        assert response.url == step

    @pytest.mark.parametrize(
        "elsewhere", ["https://evil.example/opsn/", "//evil.example", "/admin/"]
    )
    def test_one_never_comes_back_out_of_the_console(
        self, elsewhere, client_of, omar, opsn, commune, campaign_of, mails
    ):
        campaign = campaign_of(opsn, commune)
        data = {"c": commune.pk, "campagne": campaign.pk, "retour": elsewhere}

        with mails:
            response = client_of(omar).post(
                "/opsn/collectivites/relancer/", data | {"text": "Venez", "etape": "envoyer"}
            )

        assert response.url == f"{LIST}{campaign.pk}/"

    def test_a_whole_batch_is_taken_at_once(
        self, client_of, omar, opsn, commune, campaign_of, villages, by_name, monkeypatch
    ):
        monkeypatch.setattr("supervision.views.campaigns.PER_PAGE", 1)
        monkeypatch.setattr("supervision.views.access.MAX_BATCH", 2)
        close(commune, by_name["2027"], YES)
        mute, relaunched, first, second, third = villages(5)
        Collectivite.objects.exclude(pk=mute.pk).update(official_email="mairie@village.example")
        today = timezone.localdate()
        Relaunch.objects.create(collectivite=relaunched, opsn=opsn, day=today, text="Venez")
        campaign = campaign_of(opsn, commune, mute, relaunched, first, second, third)
        browser = client_of(omar)

        page = browser.get(f"{LIST}{campaign.pk}/?etape=a-inviter").content.decode()
        data = {"campagne": campaign.pk, "etape": "a-inviter", "tout": "1"}
        response = browser.get("/opsn/collectivites/inviter/", data)

        assert "Prendre les 5 collectivités de cette étape" in page
        assert list(response.context["collectivites"]) == [first, second]

    def test_a_batch_of_a_campaign_that_ended_takes_nobody(
        self, client_of, omar, opsn, commune, campaign_of
    ):
        campaign = campaign_of(opsn, commune)
        close_campaign(campaign=campaign, by=omar, at=MORNING)

        response = client_of(omar).get(
            "/opsn/collectivites/relancer/", {"campagne": campaign.pk, "tout": "1"}
        )

        assert response.status_code == 302

    def test_it_is_closed_by_a_button(self, client_of, omar, opsn, commune, campaign_of):
        campaign = campaign_of(opsn, commune)
        browser = client_of(omar)
        address = f"{LIST}{campaign.pk}/cloturer/"

        assert browser.get(address).status_code == 405
        page = browser.post(address, follow=True).content.decode()
        again = browser.post(address, follow=True).content.decode()

        assert "est clôturée." in page
        assert "déjà clôturée" in again
        assert "Pour les collectivités cochées" not in again

    def test_it_leaves_as_a_file_with_its_list_its_results_and_its_definitions(
        self, client_of, omar, opsn, commune, by_name, campaign_of, villages
    ):
        (village,) = villages(1)
        year = timedelta(days=365)
        campaign_of(
            opsn, commune, title="2026", questionnaire=by_name["2026"], starts_on=TODAY - year
        )
        close(commune, by_name["2026"], OLDER, days=-364)
        close(commune, by_name["2027"], YES)
        campaign = campaign_of(opsn, commune, village)

        book = read(client_of(omar).post(f"{LIST}{campaign.pk}/fichier/xlsx/"))

        assert book["Participation"][1] == ("Collectivités interrogées", 2, None)
        assert book["Participation"][-1] == ("Évaluation close", 1, 50)
        assert [row[2:8] for row in book["Collectivités"][1:]] == [
            ("Valmont-sur-Claire", "60", "évaluation close", None, None, 100),
            ("Village 0", "60", "à inviter", None, None, None),
        ]
        assert book["Résultats"][1] == ("Ensemble", 1, 100, 100, 0, 100, 100)
        assert ("Contenu", "Campagne : Campagne 2027") in [
            tuple(str(cell).replace("\u00a0", " ") for cell in row) for row in book["Lisez-moi"]
        ]
        entry = AuditEntry.objects.get(action=AuditAction.TERRITORY_EXPORTED)
        assert (entry.actor, entry.opsn) == (omar, opsn)

    def test_the_file_keeps_the_step_and_refuses_a_wrong_one(
        self, client_of, omar, opsn, commune, by_name, campaign_of, villages
    ):
        close(commune, by_name["2027"], YES)
        campaign = campaign_of(opsn, commune, *villages(1))
        address = f"{LIST}{campaign.pk}/fichier/xlsx/"
        browser = client_of(omar)

        book = read(browser.post(address, {"etape": "a-inviter"}))

        assert [row[2] for row in book["Collectivités"][1:]] == ["Village 0"]
        assert browser.post(address, {"etape": "ailleurs"}).status_code == 404

    def test_the_file_of_a_national_campaign_has_the_collectivites_of_who_reads_it(
        self, client_of, omar, nadia, commune, other_commune, campaign_of
    ):
        campaign = campaign_of(None, commune, other_commune, by=nadia)

        book = read(client_of(omar).post(f"{LIST}{campaign.pk}/fichier/xlsx/"))

        assert [row[2] for row in book["Collectivités"][1:]] == [commune.name]
        assert book["Participation"][1] == ("Collectivités interrogées", 1, None)

    def test_the_file_leaves_by_post_as_csv_too_and_of_no_other_kind(
        self, client_of, omar, opsn, commune, campaign_of
    ):
        address = f"{LIST}{campaign_of(opsn, commune).pk}/fichier/"
        browser = client_of(omar)

        assert browser.post(f"{address}csv/")["Content-Type"] == "application/zip"
        assert browser.post(f"{address}pdf/").status_code == 404
        assert browser.get(f"{address}csv/").status_code == 405

    @pytest.mark.parametrize("name", ["sonia", "alice", "lone"])
    def test_for_others_it_does_not_exist(
        self, request, client_of, opsn, commune, campaign_of, name
    ):
        campaign = campaign_of(opsn, commune)
        browser = client_of(request.getfixturevalue(name))

        assert browser.get(f"{LIST}{campaign.pk}/").status_code == 404
        assert browser.post(f"{LIST}{campaign.pk}/fichier/xlsx/").status_code == 404
        assert browser.post(f"{LIST}{campaign.pk}/cloturer/").status_code == 404
        assert not Campaign.objects.get().is_closed

    @pytest.mark.parametrize("count", [1, 3])
    def test_queries_do_not_grow_with_rows(
        self, client_of, omar, opsn, villages, by_name, campaign_of, count,
        django_assert_max_num_queries,
    ):  # fmt: skip
        rows = villages(count)
        campaign_of(opsn, *rows, title="Avant", starts_on=date(2025, 1, 1))
        campaign = campaign_of(opsn, *rows)
        for row in rows:
            close(row, by_name["2027"], NO, days=-690)
            close(row, by_name["2027"], YES)
        browser = client_of(omar)
        browser.get(LIST)  # the settings of the site are read

        with django_assert_max_num_queries(20):
            page = browser.get(f"{LIST}{campaign.pk}/")
        assert page.context["results"].progress.count == count
        with django_assert_max_num_queries(10):
            browser.get(LIST)


def test_last_years_answers_come_back_to_be_confirmed(alice, opsn, commune, by_name, campaign_of):
    """Theme by theme, by the button of the page: tests/questions/test_answer_theme.py."""
    close(commune, by_name["2026"], OLDER, days=-300)
    campaign_of(opsn, commune)

    assessment = open_assessment(collectivite=commune, by=alice, at=MORNING)

    waiting = assessment.answers.filter(to_confirm=True).values_list("question__code", flat=True)
    assert set(waiting) == {"ACH1", "PAR1"}
