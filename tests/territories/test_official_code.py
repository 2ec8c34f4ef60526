"""A code at the official address of a collectivité that nobody represents: the acts, then the screens."""

from datetime import timedelta

import pytest

from territories.affiliation import NothingToDecide, request_membership
from territories.enums import AuditAction, MemberRole, MemberState, Verification
from territories.models import AuditEntry, OfficialCode
from territories.official_code import (
    MAX_ATTEMPTS,
    MAX_CODES_A_DAY,
    VALIDITY,
    AlreadyRepresented,
    CodeExpired,
    NoOfficialAddress,
    TooManyCodes,
    WrongCode,
    enter_code,
    masked_address,
    send_code,
)
from tests.territories.factories import CollectiviteFactory, MemberFactory

pytestmark = pytest.mark.django_db

CODE = "/espace/collectivite/code/"
SEND = "/espace/collectivite/code/envoyer/"
OFFICIAL = "mairie@bourg-letang.example"


@pytest.fixture
def village(opsn):
    """Nobody represents it yet."""
    return CollectiviteFactory(name="Bourg-l’Étang", opsn=opsn, official_email=OFFICIAL)


@pytest.fixture
def luc(village, person, at):
    """Works at the town hall, and signed up with an address of his own."""
    luc = person("luc@gmail.com", first_name="Luc")
    request_membership(collectivite=village, by=luc, at=at)
    return luc


@pytest.fixture
def request_of_luc(luc):
    return luc.memberships.get()


@pytest.fixture
def sent(request_of_luc, luc, mails, at):
    """Send a code; return the eight digits that the mail holds."""

    def send() -> str:
        with mails:
            send_code(member=request_of_luc, by=luc, at=at)
        return mails.sent[-1].body.split("\n\n")[2]

    return send


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**8:08}"


class TestSending:
    def test_the_code_goes_to_the_official_address_alone(self, sent, village, mails):
        code = sent()

        assert mails.sent[-1].to == [OFFICIAL]
        assert "luc@gmail.com" in mails.sent[-1].body
        assert (len(code), code.isdigit()) == (8, True)
        last = AuditEntry.objects.filter(collectivite=village).latest("pk")
        assert (last.action, last.subject.first_name) == (AuditAction.OFFICIAL_CODE_SENT, "Luc")

    def test_only_its_digest_is_kept(self, sent):
        code = sent()

        kept = OfficialCode.objects.get()
        assert code not in kept.digest

    def test_a_mailbox_is_not_flooded_whoever_asks(self, sent, village, person, at):
        for _ in range(MAX_CODES_A_DAY):
            sent()
        zoe = person("zoe@gmail.com")
        request_membership(collectivite=village, by=zoe, at=at)

        with pytest.raises(TooManyCodes):
            send_code(member=zoe.memberships.get(), by=zoe, at=at)
        assert send_code(member=zoe.memberships.get(), by=zoe, at=at + timedelta(days=2))

    def test_nothing_is_sent_where_somebody_already_represents(self, sent, village, mails):
        MemberFactory(collectivite=village)

        with pytest.raises(AlreadyRepresented):
            sent()
        assert not [mail for mail in mails.sent if mail.to == [OFFICIAL]]

    def test_nothing_is_sent_without_an_official_address(self, sent, village):
        village.official_email = ""
        village.save()

        with pytest.raises(NoOfficialAddress):
            sent()

    def test_nobody_asks_in_the_name_of_another(self, request_of_luc, person, at):
        with pytest.raises(NothingToDecide):
            send_code(member=request_of_luc, by=person("zoe@gmail.com"), at=at)


class TestEntering:
    def test_the_right_code_opens_the_collectivite(self, sent, request_of_luc, luc, mails, at):
        code = sent()

        with mails:
            enter_code(member=request_of_luc, code=code, by=luc, at=at)

        request_of_luc.refresh_from_db()
        assert (request_of_luc.state, request_of_luc.role) == (
            MemberState.ACTIVE,
            MemberRole.REFERENT,
        )
        assert request_of_luc.verification == Verification.OFFICIAL_CODE
        told = [mail for mail in mails.sent if "/contester/" in mail.body]
        assert sorted(to for mail in told for to in mail.to) == sorted(
            [OFFICIAL, request_of_luc.collectivite.opsn.contact_email]
        )

    def test_it_serves_once(self, sent, request_of_luc, luc, at):
        code = sent()
        enter_code(member=request_of_luc, code=code, by=luc, at=at)

        assert not OfficialCode.objects.exists()
        with pytest.raises(NothingToDecide):
            enter_code(member=request_of_luc, code=code, by=luc, at=at)

    def test_a_wrong_one_opens_nothing_and_is_counted(self, sent, request_of_luc, luc, at):
        code = sent()

        with pytest.raises(WrongCode):
            enter_code(member=request_of_luc, code=wrong(code), by=luc, at=at)

        request_of_luc.refresh_from_db()
        assert request_of_luc.state == MemberState.PENDING
        assert OfficialCode.objects.get().attempts == 1

    def test_after_five_wrong_ones_the_right_one_is_refused_too(
        self, sent, request_of_luc, luc, at
    ):
        code = sent()
        for _ in range(MAX_ATTEMPTS):
            with pytest.raises(WrongCode):
                enter_code(member=request_of_luc, code=wrong(code), by=luc, at=at)

        with pytest.raises(CodeExpired):
            enter_code(member=request_of_luc, code=code, by=luc, at=at)

    def test_a_code_too_old_is_refused(self, sent, request_of_luc, luc, at):
        code, late = sent(), at + VALIDITY + timedelta(seconds=1)

        with pytest.raises(CodeExpired):
            enter_code(member=request_of_luc, code=code, by=luc, at=late)

    def test_another_code_cancels_the_one_before(self, sent, request_of_luc, luc, at):
        first, second = sent(), sent()
        assert first != second

        with pytest.raises(WrongCode):
            enter_code(member=request_of_luc, code=first, by=luc, at=at)
        assert enter_code(member=request_of_luc, code=second, by=luc, at=at)

    def test_the_code_of_another_request_is_not_hers(self, sent, village, person, at):
        code, zoe = sent(), person("zoe@gmail.com")
        request_membership(collectivite=village, by=zoe, at=at)
        send_code(member=zoe.memberships.get(), by=zoe, at=at)

        with pytest.raises(WrongCode):
            enter_code(member=zoe.memberships.get(), code=code, by=zoe, at=at)

    def test_it_is_refused_when_somebody_represents_the_collectivite_since(
        self, sent, village, request_of_luc, luc, at
    ):
        code = sent()
        MemberFactory(collectivite=village)

        with pytest.raises(AlreadyRepresented):
            enter_code(member=request_of_luc, code=code, by=luc, at=at)


class TestScreens:
    def test_who_waits_is_shown_the_way(self, client_of, luc):
        browser = client_of(luc)

        assert f'href="{CODE}"' in browser.get("/espace/").content.decode()
        page = browser.get(CODE).content.decode()
        assert "m…@bourg-letang.example" in page
        assert OFFICIAL not in page

    def test_she_asks_for_the_code_then_types_it_with_spaces(
        self, client_of, luc, mails, mailoutbox
    ):
        browser = client_of(luc)
        with mails:
            assert browser.post(SEND, follow=True).status_code == 200
        code = mailoutbox[-1].body.split("\n\n")[2]

        page = browser.post(CODE, {"code": f" {code[:4]} {code[4:]} "}, follow=True)

        assert "vous en êtes le référent" in page.content.decode()
        assert luc.memberships.get().state == MemberState.ACTIVE

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            ("", "Recopiez les huit chiffres"),
            ("abcd", "Le code a huit chiffres"),
            ("١٢٣٤٥٦٧٨", "Le code a huit chiffres"),
            ("00000000", "Demandez-en un nouveau"),
        ],
    )
    def test_what_is_not_a_code_is_said_beside_the_field_and_kept(
        self, client_of, luc, typed, sentence
    ):
        page = client_of(luc).post(CODE, {"code": typed}).content.decode()

        assert sentence in page
        assert typed in page

    def test_the_page_says_so_where_no_code_can_help(self, client_of, luc, village):
        MemberFactory(collectivite=village)
        browser = client_of(luc)

        assert CODE not in browser.get("/espace/").content.decode()
        assert "aucun code ne peut être envoyé" in browser.get(CODE).content.decode()
        assert "Un code ne suffit pas" in browser.post(SEND, follow=True).content.decode()

    def test_a_link_does_not_send_a_code(self, client_of, luc):
        assert client_of(luc).get(SEND).status_code == 405

    def test_it_does_not_exist_for_who_does_not_wait(self, client_of, alice, omar):
        for somebody in (alice, omar):
            assert client_of(somebody).get(CODE).status_code == 404
            assert client_of(somebody).post(SEND).status_code == 404


def test_the_official_address_is_shown_to_who_knows_it():
    assert masked_address(CollectiviteFactory.build(official_email=OFFICIAL)) == (
        "m…@bourg-letang.example"
    )
    assert masked_address(CollectiviteFactory.build(official_email="")) == ""
