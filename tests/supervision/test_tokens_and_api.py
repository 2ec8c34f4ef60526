"""Tokens of an OPSN, and what they open: its figures, read only, until they end."""

import json
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from accounts.models import User
from accounts.retention import anonymise
from questions.closing import close_assessment
from supervision.models import ApiToken, Campaign
from supervision.team import change_member_role, remove_opsn_member
from supervision.tokens import (
    MAX_TOKENS,
    TokenRevoked,
    TooManyTokens,
    create_token,
    find_token,
    note_use,
    revoke_token,
)
from supervision.views.api import contract
from territories.affiliation import NotEntitled
from territories.enums import AuditAction, OpsnRole
from territories.models import AuditEntry, OpsnMember
from territories.scoping import acting_as
from tests.questions.factories import MORNING, AssessmentFactory, QuestionnaireFactory
from tests.questions.factories import answer as answer_questions
from tests.supervision.strategies import close_all, editions
from tests.territories.factories import CollectiviteFactory, MemberFactory, OpsnMemberFactory

pytestmark = pytest.mark.django_db

ROOT = "/api/v1/"
FIGURES = ["territoire/", "collectivites/", "themes/", "campagnes/"]
PAGE = "/opsn/jetons/"
YES = {"ACH1": "oui", "ACH2": "oui", "PAR1": "toujours", "USA1": "oui"}


@pytest.fixture(autouse=True)
def _no_limit_reached():
    cache.clear()


@pytest.fixture
def secret(opsn, rosa):
    return create_token(opsn=opsn, name="Tableau", days=90, by=rosa, at=timezone.now())[1]


@pytest.fixture
def ask(client):
    def get(path, secret=None, **kwargs):
        headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        return client.get(ROOT + path, kwargs, headers=headers)

    return get


class TestToken:
    def test_its_secret_is_kept_as_a_digest_and_the_journal_tells(self, opsn, rosa, at):
        token, secret = create_token(opsn=opsn, name="Tableau", days=90, by=rosa, at=at)

        assert secret not in str(ApiToken.objects.values().get())
        assert find_token(secret, at=at) == token
        entry = AuditEntry.objects.get()
        assert (entry.action, entry.actor, entry.opsn, entry.ground) == (
            AuditAction.TOKEN_CREATED,
            rosa,
            opsn,
            "Tableau",
        )

    @pytest.mark.parametrize("name", ["omar", "sonia", "alice", "lone"])
    def test_only_who_manages_the_opsn_makes_and_revokes_one(self, request, opsn, rosa, at, name):
        token, _ = create_token(opsn=opsn, name="Tableau", days=90, by=rosa, at=at)
        person = request.getfixturevalue(name)

        with pytest.raises(NotEntitled):
            create_token(opsn=opsn, name="x", days=90, by=person, at=at)
        with pytest.raises(NotEntitled):
            revoke_token(token=token, by=person, at=at)

    def test_a_revoked_one_opens_nothing_and_is_revoked_once(self, opsn, rosa, at):
        token, secret = create_token(opsn=opsn, name="Tableau", days=90, by=rosa, at=at)
        revoke_token(token=token, by=rosa, at=at)

        assert find_token(secret, at=at) is None
        with pytest.raises(TokenRevoked):
            revoke_token(token=token, by=rosa, at=at)
        assert AuditEntry.objects.filter(action=AuditAction.TOKEN_REVOKED).count() == 1

    def test_it_ends_on_its_day(self, opsn, rosa, at):
        _, secret = create_token(opsn=opsn, name="Tableau", days=90, by=rosa, at=at)

        assert find_token(secret, at=at + timedelta(days=89))
        assert find_token(secret, at=at + timedelta(days=90)) is None

    def test_that_of_a_deactivated_opsn_opens_nothing(self, opsn, rosa, at):
        _, secret = create_token(opsn=opsn, name="Tableau", days=90, by=rosa, at=at)
        opsn.active = False
        opsn.save()

        assert find_token(secret, at=at) is None

    @pytest.mark.parametrize("act", ["remove", "demote"])
    def test_it_ends_with_the_role_of_who_made_it(self, opsn, rosa, at, act):
        member = OpsnMemberFactory(opsn=opsn, role=OpsnRole.RESPONSABLE)
        made = {"opsn": opsn, "days": 90, "at": at}
        create_token(name="Périmé", by=member.user, **made | {"at": at - timedelta(days=100)})
        _, secret = create_token(name="Tableau", by=member.user, **made)
        _, of_rosa = create_token(name="Carte", by=rosa, **made)

        if act == "remove":
            remove_opsn_member(member=member, by=rosa, at=at)
        else:
            change_member_role(member=member, role=OpsnRole.CONSEILLER, by=rosa, at=at)
        OpsnMember.objects.update_or_create(
            user=member.user, opsn=opsn, defaults={"role": OpsnRole.RESPONSABLE}
        )  # comes back: the token does not

        assert find_token(secret, at=at) is None
        assert find_token(of_rosa, at=at)
        entries = AuditEntry.objects.filter(action=AuditAction.TOKEN_REVOKED)
        assert list(entries.values_list("ground", "actor", "opsn")) == [
            ("Tableau", rosa.pk, opsn.pk)
        ]

    def test_that_of_another_opsn_of_hers_stays(self, opsn, other_opsn, rosa, nadia, at):
        OpsnMemberFactory(user=rosa, opsn=other_opsn, role=OpsnRole.RESPONSABLE)
        _, secret = create_token(opsn=other_opsn, name="Tableau", days=90, by=rosa, at=at)

        OpsnMemberFactory(opsn=opsn, role=OpsnRole.RESPONSABLE)  # one stays

        here = OpsnMember.objects.get(user=rosa, opsn=opsn)
        remove_opsn_member(member=here, by=nadia, at=at)

        assert find_token(secret, at=at)

    @pytest.mark.parametrize(
        "left",
        [
            lambda rosa: User.objects.filter(pk=rosa.pk).update(is_active=False),
            anonymise,
            lambda rosa: rosa.opsn_memberships.all().delete(),  # in the back office
            lambda rosa: rosa.opsn_memberships.update(role=OpsnRole.CONSEILLER),
            lambda rosa: ApiToken.objects.update(created_by=None),  # her account is deleted
        ],
    )
    def test_nor_does_it_open_anything_however_she_left(self, opsn, rosa, at, left):
        _, secret = create_token(opsn=opsn, name="Tableau", days=90, by=rosa, at=at)

        left(rosa)

        assert find_token(secret, at=at) is None

    def test_that_of_the_national_team_ends_when_one_leaves_it(self, opsn, nadia, at):
        _, secret = create_token(opsn=opsn, name="Tableau", days=90, by=nadia, at=at)
        assert find_token(secret, at=at)

        User.objects.filter(pk=nadia.pk).update(is_staff=False)

        assert find_token(secret, at=at) is None

    def test_an_opsn_has_ten_at_most(self, opsn, rosa, at):
        for _ in range(MAX_TOKENS):
            create_token(opsn=opsn, name="Tableau", days=90, by=rosa, at=at)

        with pytest.raises(TooManyTokens):
            create_token(opsn=opsn, name="Un de trop", days=90, by=rosa, at=at)

    def test_the_journal_tells_once_a_day_that_it_was_used(self, opsn, rosa, at):
        token, _ = create_token(opsn=opsn, name="Tableau", days=90, by=rosa, at=at)
        for hours in (0, 1, 26):
            note_use(token=ApiToken.objects.get(pk=token.pk), at=at + timedelta(hours=hours))

        assert AuditEntry.objects.filter(action=AuditAction.TOKEN_USED).count() == 2
        assert ApiToken.objects.get().last_used_at == at + timedelta(hours=26)

    @pytest.mark.parametrize(
        ("name", "seen"), [("rosa", 1), ("nadia", 1), ("sonia", 0), ("alice", 0)]
    )
    def test_its_own_opsn_and_the_national_team_see_it(self, request, secret, name, seen):
        with acting_as(request.getfixturevalue(name)):
            assert ApiToken.objects.count() == seen


class TestPages:
    def test_the_secret_is_shown_once(self, client_of, rosa):
        browser = client_of(rosa)

        made = browser.post(PAGE, {"name": "Tableau", "days": 90})
        again = browser.get(PAGE)

        secret = made.context["secret"]
        assert secret in made.content.decode()
        assert made["Cache-Control"] == "private, no-store"
        assert find_token(secret, at=timezone.now())
        assert secret not in again.content.decode()
        assert "Jamais utilisé" in again.content.decode()

    def test_one_whose_maker_left_is_not_said_to_be_good(self, client_of, rosa, nadia, opsn):
        create_token(opsn=opsn, name="Tableau", days=90, by=rosa, at=timezone.now())
        assert "valable jusqu’au" in client_of(rosa).get(PAGE).content.decode()

        rosa.opsn_memberships.all().delete()
        browser = client_of(nadia)
        browser.post("/opsn/choisir/", {"opsn": opsn.pk})
        page = browser.get(PAGE).content.decode()

        assert "valable jusqu’au" not in page
        assert "n’ouvre plus rien" in page

    @pytest.mark.parametrize("count", [1, 3])
    def test_queries_do_not_grow_with_rows(
        self, client_of, rosa, opsn, count, django_assert_max_num_queries
    ):
        for _ in range(count):
            create_token(opsn=opsn, name="Tableau", days=90, by=rosa, at=timezone.now())
        browser = client_of(rosa)
        browser.get(PAGE)

        with django_assert_max_num_queries(10):
            browser.get(PAGE)

    def test_a_duration_that_is_not_offered_is_refused(self, client_of, rosa):
        client_of(rosa).post(PAGE, {"name": "Tableau", "days": 9999})

        assert not ApiToken.objects.exists()

    def test_it_is_revoked_by_a_button(self, client_of, rosa, secret):
        browser, token = client_of(rosa), ApiToken.objects.get()
        address = f"{PAGE}{token.pk}/revoquer/"

        assert browser.get(address).status_code == 405
        assert "n’ouvre plus rien" in browser.post(address, follow=True).content.decode()
        assert "déjà révoqué" in browser.post(address, follow=True).content.decode()
        assert find_token(secret, at=timezone.now()) is None

    @pytest.mark.parametrize("name", ["omar", "sonia", "alice", "lone"])
    def test_for_others_it_does_not_exist(self, request, client_of, commune, secret, name):
        browser = client_of(request.getfixturevalue(name))

        assert browser.get(PAGE).status_code == 404
        assert browser.post(f"{PAGE}{ApiToken.objects.get().pk}/revoquer/").status_code == 404
        assert ApiToken.objects.get().revoked_at is None


@pytest.mark.parametrize("path", FIGURES)
class TestWhoReads:
    def test_with_a_token(self, ask, secret, commune, path):
        response = ask(path, secret)

        assert response.status_code == 200
        assert response["Cache-Control"] == "private, no-store"

    def test_not_without_nor_with_a_wrong_one(self, ask, secret, commune, path):
        for wrong in (None, "eco_inconnu", secret[:-1], ""):
            response = ask(path, wrong)
            assert (response.status_code, response["WWW-Authenticate"]) == (401, "Bearer")
            assert "Valmont" not in response.content.decode()

    def test_a_session_is_no_token(self, client_of, rosa, nadia, commune, path):
        for user in (rosa, nadia):
            assert client_of(user).get(ROOT + path).status_code == 401

    def test_not_once_it_is_revoked_expired_or_its_opsn_closed(self, ask, secret, opsn, rosa, path):
        token = ApiToken.objects.get()
        token.expires_at = timezone.now() - timedelta(seconds=1)
        token.save()
        expired = ask(path, secret).status_code
        token.expires_at = timezone.now() + timedelta(days=1)
        token.save()
        opsn.active = False
        opsn.save()
        closed = ask(path, secret).status_code
        opsn.active = True
        opsn.save()
        revoke_token(token=token, by=rosa, at=timezone.now())

        assert (expired, closed, ask(path, secret).status_code) == (401, 401, 401)

    def test_it_only_reads(self, client, secret, path):
        headers = {"Authorization": f"Bearer {secret}"}

        assert client.post(ROOT + path, headers=headers).status_code == 405

    def test_nothing_of_another_opsn(
        self, ask, secret, commune, other_commune, other_opsn, omar, path
    ):
        by_name = editions()
        close_all([other_commune], [[{"edition": "2027", "answers": YES}]], by_name)
        Campaign.objects.create(
            opsn=other_opsn, title="Du Sud", questionnaire=by_name["2027"],
            starts_on=MORNING.date(), ends_on=MORNING.date(), text="x",
        )  # fmt: skip

        body = ask(path, secret).content.decode()

        assert "Épine" not in body
        assert "Du Sud" not in body
        assert '"closes": 1' not in body
        assert '"indice": 100' not in body
        assert '"moyenne": 100.0' not in body

    def test_the_answer_is_the_one_that_the_contract_describes(
        self, ask, secret, commune, alice, path
    ):
        by_name = editions()
        close_all([commune], [[{"edition": "2027", "answers": YES}]], by_name)
        campaign = Campaign.objects.create(
            opsn=commune.opsn, title="La nôtre", questionnaire=by_name["2027"],
            starts_on=MORNING.date(), ends_on=MORNING.date(), text="x",
        )  # fmt: skip
        campaign.collectivites.add(commune)

        answer = ask(path, secret).json()

        method = contract()["paths"][f"/{path}"]["get"]
        schema = method["responses"]["200"]["content"]["application/json"]["schema"]
        assert mistakes(answer, schema) == []


def mistakes(value, schema, at="$") -> list[str]:
    """Return what a value has that its schema has not, or the other way round; types, names and choices."""
    if "$ref" in schema:
        schema = contract()["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    names = {dict: "object", list: "array", str: "string", bool: "boolean", int: "integer",
             float: "number", type(None): "null"}  # fmt: skip
    if names[type(value)] not in kinds:
        return [f"{at} : {value!r} n’est pas {kinds}"]
    if "enum" in schema and value not in schema["enum"]:
        return [f"{at} : {value!r} n’est pas un choix"]
    if isinstance(value, dict):
        if set(value) != set(schema["properties"]):
            return [f"{at} : {sorted(set(value) ^ set(schema['properties']))}"]
        parts = [(v, schema["properties"][k], f"{at}.{k}") for k, v in value.items()]
        return [m for part in parts for m in mistakes(*part)]
    if isinstance(value, list):
        found = [mistakes(v, schema["items"], f"{at}[]") for v in value]
        return [m for part in found for m in part] if value else [f"{at} : vide"]
    return []


class TestValues:
    def test_they_are_those_of_the_territory(self, ask, secret, opsn, commune, alice):
        CollectiviteFactory(name="Village", opsn=opsn)
        close_all([commune], [[{"edition": "2027", "answers": YES}]], editions())

        figures = ask("territoire/", secret).json()
        rows = ask("collectivites/", secret).json()["collectivites"]

        assert figures["participation"] == {
            "collectivites": 2, "inscrites": 1, "commencees": 1, "closes": 1,
            "plans": 0, "actions_realisees": 0,
        }  # fmt: skip
        assert figures["indice"]["moyenne"] == 100.0
        assert [(row["nom"], row["etape"], row["indice"], row["lettre"]) for row in rows] == [
            ("Valmont-sur-Claire", "clos", 100, "A"),
            ("Village", "non-inscrite", None, None),
        ]

    def test_an_open_evaluation_is_in_no_index(self, ask, secret, commune, assess):
        assess(commune, index=40)

        (row,) = ask("collectivites/", secret).json()["collectivites"]

        assert (row["etape"], row["indice"]) == ("commence", None)

    def test_the_level_is_asked_for(self, ask, secret, commune):
        assert ask("themes/", secret, niveau="2").json()["niveau"] == 2
        assert ask("themes/", secret).json()["niveau"] == 1

    @pytest.mark.parametrize("niveau", ["3", "x", "", "-1", "2 "])
    @pytest.mark.parametrize("path", ["themes/", "territoire/"])
    def test_a_level_that_does_not_exist_is_not_taken_for_another(self, ask, secret, path, niveau):
        answer = ask(path, secret, niveau=niveau)

        assert answer.status_code == 404
        assert answer.json() == {"erreur": "Ce niveau n’existe pas : « niveau » vaut 1 ou 2."}

    @pytest.mark.parametrize(
        ("path", "query", "taken"),
        [
            ("territoire/", {"strate": "500"}, "« niveau »"),
            ("themes/", {"niveau": "1", "edition": "2027"}, "« niveau »"),
            ("collectivites/", {"niveau": "2"}, "« page »"),
            ("campagnes/", {"page": "1"}, "aucun"),
        ],
    )
    def test_a_parameter_that_is_not_taken_is_refused(self, ask, secret, path, query, taken):
        """A program that filters what is not filtered would count everybody."""
        answer = ask(path, secret, **query)

        assert answer.status_code == 400
        name = list(query)[-1]
        sentence = f"Paramètre inconnu : « {name} ». Cette adresse prend : {taken}."
        assert answer.json() == {"erreur": sentence}

    def test_without_a_token_parameters_are_not_even_read(self, ask):
        assert ask("territoire/", "eco_x", strate="500").status_code == 401

    def test_each_collectivite_has_its_index_of_level_two(self, ask, secret, commune):
        two = QuestionnaireFactory(level=2, content={"achats": ["ACH9"]})
        assessment = AssessmentFactory(
            collectivite=commune, questionnaire=two, level=2, opened_at=MORNING
        )
        answer_questions(assessment, ACH9="oui")
        close_assessment(assessment=assessment, by=None, at=MORNING)

        (row,) = ask("collectivites/", secret).json()["collectivites"]

        assert (row["indice"], row["indice_niveau_2"], row["lettre_niveau_2"]) == (None, 100, "A")

    @pytest.mark.parametrize("page", ["2", "0", "-1", "x", "9" * 5000])
    def test_beyond_the_last_page_there_is_none(self, ask, secret, commune, page):
        """A program that asks for pages until there are none would never stop."""
        assert ask("collectivites/", secret, page="1").json()["pages"] == 1

        answer = ask("collectivites/", secret, page=page)

        assert answer.status_code == 404
        assert answer.json() == {"erreur": "Cette page n’existe pas : « page » va de 1 à 1."}

    @pytest.mark.parametrize("count", [1, 3])
    def test_queries_do_not_grow_with_rows(
        self, ask, secret, opsn, villages, count, django_assert_max_num_queries
    ):
        for village in villages(count):
            MemberFactory(collectivite=village)
        ask("territoire/", secret)

        with django_assert_max_num_queries(6):
            assert ask("collectivites/", secret).json()["total"] == count


class TestLimits:
    def test_beyond_the_limit_of_a_token_it_waits(self, ask, secret, settings):
        settings.API_RATE_LIMITS = {"api": "2/m/key", "api_refused": "20/m/ip"}
        answers = [ask("themes/", secret).status_code for _ in range(3)]

        assert answers == [200, 200, 429]
        assert ask("themes/", secret)["Retry-After"] == "60"

    def test_another_token_is_not_slowed(self, ask, secret, other_opsn, nadia, settings):
        settings.API_RATE_LIMITS = {"api": "1/m/key", "api_refused": "20/m/ip"}
        other = create_token(opsn=other_opsn, name="x", days=90, by=nadia, at=timezone.now())[1]
        ask("themes/", secret)

        assert ask("themes/", other).status_code == 200

    def test_guessing_is_slowed_by_address(self, ask, settings):
        settings.API_RATE_LIMITS = {"api": "9/m/key", "api_refused": "2/m/ip"}

        assert [ask("themes/", "eco_x").status_code for _ in range(3)] == [401, 401, 429]


class TestContract:
    def test_it_is_served_to_everybody_and_names_every_address(self, client):
        response = client.get(f"{ROOT}openapi.json")

        served = json.loads(response.content)
        assert served["openapi"].startswith("3.1")
        assert set(served["paths"]) == {f"/{path}" for path in FIGURES}

    def test_the_page_says_how(self, client):
        page = client.get(ROOT).content.decode()

        assert "Authorization: Bearer" in page
        assert "/api/v1/collectivites/" in page
