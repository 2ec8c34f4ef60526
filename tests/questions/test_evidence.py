"""Evidence: added, sent by one door only, taken away with its file (rule 5 of SECURITY.md)."""

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from questions.accepting import MAX_BYTES
from questions.answering import AssessmentClosed
from questions.enums import AssessmentState
from questions.evidence import (
    PIECES_MAX,
    TooManyPieces,
    add_evidence,
    date_evidence,
    remove_evidence,
)
from questions.models import Assessment, Evidence, Question
from questions.retention import delete_stray_files
from questions.storage import private_storage
from territories.enums import AuditAction, MemberState
from territories.models import AuditEntry, CollectiviteMember
from tests.questions.factories import MORNING
from tests.questions.test_accepting import EXE, HTML, PDF, PNG, SVG

OUTSIDERS = ["chloe", "sonia", "paul", "lone", "editor"]
READERS = ["lea", "nadia"]
TEAM = ["alice", "bob", "omar"]


@pytest.fixture(autouse=True)
def _no_file_of_another_test():
    shutil.rmtree(settings.PRIVATE_MEDIA_ROOT, ignore_errors=True)


def question(code="ACH1") -> Question:
    return Question.objects.get(code=code)


def page(assessment, code="ACH1") -> str:
    return reverse("questions:evidence", args=[assessment.pk, question(code).pk])


def door(piece) -> str:
    return reverse("questions:download", args=[piece.assessment_id, piece.pk])


def removal(piece) -> str:
    return reverse(
        "questions:remove_evidence", args=[piece.assessment_id, piece.question_id, piece.pk]
    )


def sent(name="facture.pdf", content=PDF, **more) -> dict:
    return {"file": SimpleUploadedFile(name, content), **more}


def add(assessment, *, by=None, name="facture.pdf", content=PDF, code="ACH1", **more) -> Evidence:
    return add_evidence(
        assessment=assessment,
        question=question(code),
        name=name,
        content=content,
        by=by,
        at=MORNING,
        **more,
    )


def close(assessment) -> None:
    assessment.state, assessment.closed_at = AssessmentState.CLOSED, MORNING
    assessment.save()


def on_disk(piece) -> Path:
    return Path(private_storage().path(piece.file.name))


def received(response) -> bytes:
    return b"".join(response.streaming_content)


# --- Adding


@pytest.mark.parametrize("who", TEAM)
def test_the_team_adds_a_piece(request, together, client_of, who):
    user = request.getfixturevalue(who)

    response = client_of(user).post(page(together), sent(), follow=True)

    piece = Evidence.objects.get()
    assert "La pièce est jointe." in response.content.decode()
    assert (piece.name, piece.content_type, piece.size) == (
        "facture.pdf",
        "application/pdf",
        len(PDF),
    )
    assert (piece.added_by, piece.question, piece.assessment) == (user, question(), together)
    assert on_disk(piece).read_bytes() == PDF


@pytest.mark.parametrize("who", [*OUTSIDERS, *READERS])
def test_nobody_else_adds_one(request, together, client_of, who):
    response = client_of(request.getfixturevalue(who)).post(page(together), sent())

    assert response.status_code == 404
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("facture.pdf", EXE, "ce n’est pas ce qu’il contient"),
        ("page.html", HTML, "n’est pas accepté"),
        ("dessin.svg", SVG, "n’est pas accepté"),
        ("script.js", b"alert(1)", "n’est pas accepté"),
        ("vide.pdf", b"", "est vide"),
        ("gros.pdf", PDF + b"0" * MAX_BYTES, "dépasse 10 Mo"),
    ],
)
def test_a_file_that_is_refused_is_said_why(together, alices, name, content, sentence):
    response = alices.post(page(together), sent(name, content))

    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not Evidence.objects.exists()


def test_without_a_file_the_page_asks_for_one(together, alices):
    response = alices.post(page(together), {})

    assert response.status_code == 422
    assert "Choisissez un fichier." in response.content.decode()


@pytest.mark.parametrize(
    "name",
    ["../../../facture.pdf", "fac\x00ture.pdf", "\u202efdp.facture.pdf", "f" * 300 + ".pdf"],
)
def test_a_hostile_name_is_kept_nowhere(together, alices, name):
    alices.post(page(together), sent(name))

    piece = Evidence.objects.get()
    assert not set("/\\\x00\u202e") & set(piece.name)
    assert len(piece.name) <= 150
    folder, file = piece.file.name.rsplit("/", 1)
    assert folder == f"pieces/{together.pk}"
    assert len(file) == 32
    assert set(file) <= set("0123456789abcdef")


def test_the_name_is_shown_as_text(together, alice, alices):
    add(together, by=alice, name="<script>alert(1)<!script>.pdf")
    Evidence.objects.update(name="<b>gras</b>.pdf")

    assert "&lt;b&gt;gras&lt;/b&gt;.pdf" in alices.get(page(together)).content.decode()


def test_the_same_file_sent_twice_is_one(together, alices):
    for _ in range(2):
        assert alices.post(page(together), sent()).status_code == 302

    assert Evidence.objects.count() == 1


def test_the_same_file_sent_again_takes_the_date_that_comes_with_it(together, alice, alices):
    end = timezone.localdate() + timedelta(days=400)
    add(together, by=alice)

    alices.post(page(together), sent(expires_on=end.isoformat()))
    alices.post(page(together), sent())

    piece = Evidence.objects.get()
    entry = AuditEntry.objects.get(action=AuditAction.EVIDENCE_DATED)
    assert piece.expires_on == end
    assert "sans limite →" in entry.ground


def test_another_file_of_the_same_name_is_another_piece(together, alice):
    add(together, by=alice)
    add(together, by=alice, content=PDF.replace(b"1.7", b"1.4"))

    assert Evidence.objects.count() == 2


def test_a_question_takes_twenty_pieces(together, alice, alices):
    for number in range(PIECES_MAX):
        add(together, by=alice, name=f"{number}.txt", content=b"vu")

    with pytest.raises(TooManyPieces):
        add(together, by=alice, name="encore.txt", content=b"vu")
    add(together, by=alice, name="ailleurs.txt", content=b"vu", code="ACH2")
    assert "vingt pièces" in alices.get(page(together)).content.decode()


def test_a_failed_row_leaves_no_file(together, alice, monkeypatch):
    def fail(self, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(Evidence, "save", fail)

    with pytest.raises(RuntimeError):
        add(together, by=alice)

    folder = Path(settings.PRIVATE_MEDIA_ROOT) / "pieces" / str(together.pk)
    assert list(folder.iterdir()) == []


def test_nothing_is_added_to_a_closed_assessment(together, alice, alices):
    close(together)

    response = alices.post(page(together), sent())

    assert "Cette évaluation est clôturée" in response.content.decode()
    assert not Evidence.objects.exists()
    with pytest.raises(AssessmentClosed):
        add(together, by=alice)


def test_level_one_takes_no_evidence(assessment, alices):
    assert alices.get(page(assessment)).status_code == 404
    assert alices.post(page(assessment), sent()).status_code == 404


def test_a_question_of_another_edition_takes_nothing(together, assessment, alices):
    stranger = Question.objects.get(code="ACH1", theme__questionnaire=assessment.questionnaire)
    url = reverse("questions:evidence", args=[together.pk, stranger.pk])

    assert alices.post(url, sent()).status_code == 404


# --- The only door


@pytest.mark.parametrize("who", [*TEAM, *READERS])
def test_those_who_read_the_assessment_get_the_file(request, together, alice, client_of, who):
    piece = add(together, by=alice, name="Délibération n° 3.pdf")

    response = client_of(request.getfixturevalue(who)).get(door(piece))

    assert received(response) == PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''D%C3%A9lib")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("who", OUTSIDERS)
def test_nobody_else_gets_it(request, together, alice, client_of, who):
    piece = add(together, by=alice)

    response = client_of(request.getfixturevalue(who)).get(door(piece))

    assert response.status_code == 404
    assert PDF not in response.content


def test_a_visitor_is_sent_to_the_login_page(together, alice, client_of):
    piece = add(together, by=alice)

    assert client_of().get(door(piece)).url.startswith(reverse("account_login"))


def test_a_piece_does_not_exist_under_the_address_of_another_assessment(
    together, together_elsewhere, alice, chloe, client_of
):
    """Alice asks for Chloé's piece as if it were of her own assessment, and Chloé for hers by Alice's."""
    piece = add(together_elsewhere, by=chloe)

    for user in (alice, chloe):
        url = reverse("questions:download", args=[together.pk, piece.pk])
        assert client_of(user).get(url).status_code == 404


def test_who_has_left_gets_nothing_at_the_next_request(together, alice, bob, client_of):
    piece = add(together, by=alice)
    client = client_of(bob)
    assert client.get(door(piece)).status_code == 200

    CollectiviteMember.objects.filter(user=bob).update(state=MemberState.LEFT)

    assert client.get(door(piece)).status_code == 404


def test_no_address_leads_to_the_file(together, alice, alices):
    piece = add(together, by=alice)

    assert not Path(settings.PRIVATE_MEDIA_ROOT).is_relative_to(settings.MEDIA_ROOT)
    assert not Path(settings.PRIVATE_MEDIA_ROOT).is_relative_to(settings.STATIC_ROOT)
    with pytest.raises(ValueError, match="not accessible via a URL"):
        _ = piece.file.url
    for root in (settings.MEDIA_URL, settings.STATIC_URL, "/private/"):
        assert alices.get(f"{root}{piece.file.name}", follow=True).status_code == 404


def test_a_file_that_is_no_longer_there_is_a_404(together, alice, alices):
    piece = add(together, by=alice)
    on_disk(piece).unlink()

    assert alices.get(door(piece)).status_code == 404


def test_the_door_refuses_post(together, alice, alices):
    assert alices.post(door(add(together, by=alice))).status_code == 405


def test_the_file_is_for_the_server_alone(together, alice):
    path = on_disk(add(together, by=alice))

    assert path.stat().st_mode & 0o077 == 0


def test_a_closed_assessment_still_shows_its_evidence(together, alice, client_of, lea):
    piece = add(together, by=alice)
    close(together)

    html = client_of(lea).get(page(together)).content.decode()
    assert "facture.pdf" in html
    assert "Joindre une pièce" not in html
    assert received(client_of(lea).get(door(piece))) == PDF


# --- Taking away


@pytest.mark.parametrize("who", TEAM)
def test_a_piece_is_taken_away_with_its_file(request, together, alice, client_of, who, mails):
    piece = add(together, by=alice)
    path, user = on_disk(piece), request.getfixturevalue(who)

    with mails:
        response = client_of(user).post(removal(piece), follow=True)

    assert "son fichier effacé" in response.content.decode()
    assert not Evidence.objects.exists()
    assert not path.exists()
    entry = AuditEntry.objects.get(action=AuditAction.EVIDENCE_REMOVED)
    assert (entry.actor, entry.collectivite, entry.ground) == (
        user,
        together.collectivite,
        "ACH1 : facture.pdf",
    )
    assert client_of(user).get(door(piece)).status_code == 404


@pytest.mark.parametrize("who", [*OUTSIDERS, *READERS])
def test_nobody_else_takes_one_away(request, together, alice, client_of, who):
    piece = add(together, by=alice)

    assert client_of(request.getfixturevalue(who)).post(removal(piece)).status_code == 404
    assert on_disk(piece).exists()


def test_taking_away_twice_is_taking_away_once(together, alice, alices, mails):
    address = removal(add(together, by=alice))

    with mails:
        for _ in range(2):
            assert alices.post(address).status_code == 302

    assert AuditEntry.objects.count() == 1


def test_a_piece_of_another_is_not_taken_away_by_an_address_of_ones_own(
    together, together_elsewhere, chloe, alices, mails
):
    piece = add(together_elsewhere, by=chloe)
    url = reverse("questions:remove_evidence", args=[together.pk, piece.question_id, piece.pk])

    with mails:
        alices.post(url)

    assert Evidence.objects.get() == piece
    assert on_disk(piece).exists()


def test_a_closed_assessment_keeps_its_evidence(together, alice, alices, mails):
    piece = add(together, by=alice)
    close(together)

    with mails:
        response = alices.post(removal(piece), follow=True)

    assert "Cette évaluation est clôturée" in response.content.decode()
    assert on_disk(piece).exists()
    with pytest.raises(AssessmentClosed):
        remove_evidence(evidence=piece, by=alice, at=MORNING)


def test_taking_away_refuses_get(together, alice, alices):
    assert alices.get(removal(add(together, by=alice))).status_code == 405


# --- Until when


def test_a_date_that_is_past_is_refused_and_a_coming_one_kept(together, alices):
    today = timezone.localdate()

    refused = alices.post(page(together), sent(expires_on=str(today - timedelta(days=1))))
    alices.post(page(together), sent(expires_on=str(today)))

    assert "Cette date est passée" in refused.content.decode()
    assert Evidence.objects.get().expires_on == today


@pytest.mark.parametrize("given", ["31/12/2150", "1890-01-01", "demain"])
def test_a_date_that_cannot_be_is_refused(together, alices, given):
    assert alices.post(page(together), sent(expires_on=given)).status_code == 422
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (-1, "expirée</span>"),
        (0, "bientôt expirée"),
        (30, "bientôt expirée"),
        (31, "Valable jusqu’au"),
    ],
)
def test_the_page_says_what_is_expired_and_what_will_be(together, alice, alices, days, words):
    add(together, by=alice, expires_on=timezone.localdate() + timedelta(days=days))

    html = alices.get(page(together)).content.decode()

    assert words in html
    assert ("bientôt" in html) == (0 <= days <= 30)


def test_what_is_to_renew_is_recalled_where_one_answers(together, alice, alices):
    add(together, by=alice, expires_on=date(2020, 1, 1))

    theme = alices.get(reverse("questions:theme", args=[together.pk, "achats"]))
    review = alices.get(reverse("questions:unknown", args=[together.pk]))

    assert "pièce à renouveler" in theme.content.decode()
    assert "1 pièce à renouveler" in review.content.decode()


# --- How long


def test_the_file_of_a_deleted_assessment_is_erased(together, alice, alices):
    """Gone after deletion; its address at once, its file with the next night."""
    kept = add(together, by=alice, code="ACH2")
    piece = add(together, by=alice)
    path = on_disk(piece)
    Evidence.objects.filter(pk=piece.pk).delete()
    tonight = timezone.now() + timedelta(days=2)

    assert alices.get(door(piece)).status_code == 404
    assert delete_stray_files(at=timezone.now(), dry=False) == 0
    assert delete_stray_files(at=tonight, dry=True) == 1
    assert path.exists()
    assert delete_stray_files(at=tonight, dry=False) == 1
    assert not path.exists()
    assert on_disk(kept).exists()
    assert delete_stray_files(at=tonight, dry=False) == 0


def test_evidence_goes_with_its_assessment(together, alice):
    add(together, by=alice, content=PNG, name="salle.png")

    Assessment.objects.filter(pk=together.pk).delete()

    assert not Evidence.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same(together, alice, alices, django_assert_max_num_queries, count):
    for number in range(count):
        add(together, by=alice, name=f"{number}.txt", content=b"vu")

    with django_assert_max_num_queries(11):
        assert alices.get(page(together)).status_code == 200


# --- Until when, said later


def validity(piece) -> str:
    return reverse(
        "questions:date_evidence", args=[piece.assessment_id, piece.question_id, piece.pk]
    )


@pytest.mark.parametrize("who", TEAM)
def test_the_team_changes_until_when_a_piece_holds_and_the_journal_keeps_both_dates(
    request, together, alice, client_of, who
):
    piece = add(together, by=alice, expires_on=date(2099, 1, 31))
    user = request.getfixturevalue(who)
    client = client_of(user)

    assert 'value="2099-01-31"' in client.get(validity(piece)).content.decode()
    told = client.post(validity(piece), {"expires_on": "30/06/2099"}, follow=True)

    assert "Valable jusqu’au 30 juin 2099" in told.content.decode()
    entry = AuditEntry.objects.get(action=AuditAction.EVIDENCE_DATED)
    assert (entry.actor, entry.collectivite) == (user, together.collectivite)
    assert entry.ground == "ACH1 : 31/01/2099 → 30/06/2099, facture.pdf"


def test_a_piece_may_get_a_limit_and_lose_it(together, alice, alices):
    piece = add(together, by=alice)

    for end in ("2099-01-31", "2099-01-31", ""):
        alices.post(validity(piece), {"expires_on": end})

    assert Evidence.objects.get().expires_on is None
    grounds = AuditEntry.objects.order_by("pk").values_list("ground", flat=True)
    assert list(grounds) == [
        "ACH1 : sans limite → 31/01/2099, facture.pdf",
        "ACH1 : 31/01/2099 → sans limite, facture.pdf",
    ]


@pytest.mark.parametrize("given", ["2020-01-01", "31/12/2150", "demain"])
def test_a_date_that_cannot_be_changes_nothing(together, alice, alices, given):
    piece = add(together, by=alice, expires_on=date(2099, 1, 31))

    response = alices.post(validity(piece), {"expires_on": given})

    assert response.status_code == 422
    assert given in response.content.decode()
    assert Evidence.objects.get().expires_on == date(2099, 1, 31)
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("who", [*OUTSIDERS, *READERS])
def test_nobody_else_changes_a_date(request, together, alice, client_of, who):
    piece = add(together, by=alice)
    client = client_of(request.getfixturevalue(who))

    assert client.get(validity(piece)).status_code == 404
    assert client.post(validity(piece), {"expires_on": "2099-01-31"}).status_code == 404
    assert Evidence.objects.get().expires_on is None


def test_the_date_of_a_piece_of_another_is_not_reached_by_an_address_of_ones_own(
    together, together_elsewhere, chloe, alices
):
    piece = add(together_elsewhere, by=chloe)
    url = reverse("questions:date_evidence", args=[together.pk, piece.question_id, piece.pk])

    assert alices.post(url, {"expires_on": "2099-01-31"}).status_code == 404
    assert Evidence.objects.get().expires_on is None


def test_a_closed_assessment_keeps_the_dates_of_its_evidence(together, alice, alices):
    piece = add(together, by=alice)
    close(together)

    response = alices.post(validity(piece), {"expires_on": "2099-01-31"}, follow=True)

    assert "Cette évaluation est clôturée" in response.content.decode()
    assert Evidence.objects.get().expires_on is None
    with pytest.raises(AssessmentClosed):
        date_evidence(evidence=piece, expires_on=None, by=alice, at=MORNING)
