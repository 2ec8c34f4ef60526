"""The adviser at level 2: she answers in the name of the collectivité and reviews its themes; nothing waits for her."""

from datetime import timedelta

import pytest
from django.urls import reverse

from questions import rules
from questions.answering import AssessmentClosed
from questions.enums import AssessmentState, Channel, ReviewState
from questions.models import Answer, AnswerHistory, Question, Theme, ThemeReview
from questions.reviewing import send_back_theme, submit_theme, validate_theme
from territories.enums import AuditAction, MemberState
from territories.models import AuditEntry, CollectiviteMember
from tests.questions.factories import MORNING, AssessmentFactory, answer
from tests.territories.factories import MemberFactory

OUTSIDERS = ["chloe", "sonia", "paul", "lone", "editor"]
READERS = ["lea", "nadia"]


def question(code="ACH1") -> Question:
    return Question.objects.get(code=code)


def theme() -> Theme:
    return Theme.objects.get(code="achats")


def page(assessment) -> str:
    return reverse("questions:theme", args=[assessment.pk, "achats"])


def address(name, assessment) -> str:
    return reverse(f"questions:{name}_theme", args=[assessment.pk, "achats"])


def saving(assessment) -> str:
    return reverse("questions:answer", args=[assessment.pk, question().pk])


def submit(assessment, by, at=MORNING) -> ThemeReview:
    return submit_theme(assessment=assessment, theme=theme(), by=by, at=at)


def validate(assessment, by, at=MORNING) -> ThemeReview:
    return validate_theme(assessment=assessment, theme=theme(), by=by, at=at)


def send_back(assessment, by, note="La facture de 2026 manque.", at=MORNING) -> ThemeReview:
    return send_back_theme(assessment=assessment, theme=theme(), note=note, by=by, at=at)


def close(assessment) -> None:
    assessment.state, assessment.closed_at = AssessmentState.CLOSED, MORNING
    assessment.save()


# --- Answering in the name of the collectivité


def test_the_adviser_answers_and_it_is_seen(together, omar, alice, client_of):
    response = client_of(omar).post(saving(together), {f"q{question().pk}-state": "non"})

    given, kept = Answer.objects.get(), AnswerHistory.objects.get()
    assert response.status_code == 200
    assert (given.author, given.channel) == (omar, Channel.OPSN)
    assert (kept.author, kept.channel) == (omar, Channel.OPSN)
    html = client_of(alice).get(page(together)).content.decode()
    assert "Enregistré par Omar Martin, conseiller de l’OPSN, le " in html


def test_the_adviser_answers_a_whole_page(together, omar, client_of):
    data = {f"q{question(code).pk}-state": "oui" for code in ("ACH1", "ACH2")}

    client_of(omar).post(page(together), data | {"go": "next"})

    assert set(Answer.objects.values_list("author", "channel")) == {(omar.pk, Channel.OPSN)}


def test_what_the_agent_had_answered_stays_hers(together, alice, omar, client_of):
    answer(together, by=alice, ACH1="oui")
    data = {
        f"q{question('ACH1').pk}-state": "oui",
        f"q{question('ACH1').pk}-version": 1,
        f"q{question('ACH2').pk}-state": "non",
    }

    client_of(omar).post(page(together), data)

    assert Answer.objects.get(question=question("ACH1")).author == alice
    assert Answer.objects.get(question=question("ACH2")).author == omar


def test_the_journal_says_once_a_day_that_she_answered_for_another(together, omar, client_of):
    """Who, on whose behalf, what, when, on which tenant."""
    client = client_of(omar)
    for code in ("ACH1", "ACH2"):
        url = reverse("questions:answer", args=[together.pk, question(code).pk])
        client.post(url, {f"q{question(code).pk}-state": "oui"})

    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor, entry.collectivite, entry.opsn) == (
        AuditAction.ANSWERED_FOR,
        omar,
        together.collectivite,
        together.collectivite.opsn,
    )


def test_an_agent_who_answers_leaves_no_such_entry(together, alice, client_of):
    client_of(alice).post(saving(together), {f"q{question().pk}-state": "oui"})

    assert not AuditEntry.objects.exists()
    assert Answer.objects.get().channel == Channel.AGENT


def test_an_agent_who_is_an_adviser_too_answers_as_an_agent_and_reviews_nothing(together, omar):
    MemberFactory(user=omar, collectivite=together.collectivite)

    assert rules.channel_of(omar, together) == Channel.AGENT
    assert not rules.reviews(omar, together)


def test_the_adviser_does_not_close(together, alice, omar, client_of):
    answer(together, by=alice, ACH1="oui", ACH2="oui", PAR1="oui")
    client = client_of(omar)
    closing = reverse("questions:close", args=[together.pk])

    assert client.get(closing).status_code == 404
    assert client.post(closing).status_code == 404
    assert client.post(reverse("questions:reopen", args=[together.pk])).status_code == 404
    resumed = client.get(f"{reverse('questions:resume', args=[together.pk])}?profil=plus-tard")
    assert resumed.url == reverse("questions:results", args=[together.pk])
    together.refresh_from_db()
    assert together.state == AssessmentState.OPEN


def refused(client, assessment) -> bool:
    data = {f"q{question().pk}-state": "oui"}
    answers = [client.post(url, data).status_code for url in (saving(assessment), page(assessment))]
    return answers == [404, 404] and not Answer.objects.exists()


@pytest.mark.parametrize("who", [*OUTSIDERS, *READERS])
def test_nobody_else_answers(request, together, client_of, who):
    """Neither the OPSN of another territory, nor the national team."""
    assert refused(client_of(request.getfixturevalue(who)), together)


def test_level_one_is_only_read_by_the_opsn(together, assessment, omar, client_of):
    code = Question.objects.get(code="ACH1", theme__questionnaire=assessment.questionnaire)
    url = reverse("questions:answer", args=[assessment.pk, code.pk])

    assert client_of(omar).post(url, {f"q{code.pk}-state": "oui"}).status_code == 404
    assert not Answer.objects.exists()


def test_a_commune_that_changes_its_opsn_changes_its_adviser(
    together, omar, sonia, other_opsn, client_of
):
    other_opsn.offers_level_two = True
    other_opsn.save()
    together.collectivite.opsn = other_opsn
    together.collectivite.save()

    assert refused(client_of(omar), together)
    assert (
        client_of(sonia).post(saving(together), {f"q{question().pk}-state": "oui"}).status_code
        == 200
    )


@pytest.mark.parametrize("what", ["offers_level_two", "active"])
def test_an_opsn_that_does_not_accompany_answers_no_more(together, omar, opsn, client_of, what):
    client = client_of(omar)
    opsn = together.collectivite.opsn
    setattr(opsn, what, False)
    opsn.save()

    assert refused(client, together)


def test_level_two_that_is_not_open_is_not_answered_by_the_opsn(together, omar, client_of):
    together.collectivite.level_two_opened_at = None
    together.collectivite.save()

    assert refused(client_of(omar), together)


def test_who_left_the_opsn_is_refused_at_the_next_request(together, omar, client_of):
    client = client_of(omar)
    assert client.get(page(together)).status_code == 200

    omar.opsn_memberships.all().delete()

    assert client.get(page(together)).status_code == 404
    assert refused(client, together)


def test_a_provisional_one_is_answered_by_nobody_but_its_author(
    team_edition, together, commune, paul, omar
):
    provisional = AssessmentFactory(
        questionnaire=team_edition, collectivite=commune, level=2, provisional_for=paul
    )

    assert not rules.answers(omar, provisional)
    assert not rules.has_team(provisional)


# --- Submitted, validated, sent back


def test_a_theme_is_submitted_and_the_adviser_is_told(together, alice, omar, client_of, mails):
    together.collectivite.level_two_opened_by = omar
    together.collectivite.save()

    with mails:
        response = client_of(alice).post(address("submit", together), follow=True)

    review = ThemeReview.objects.get()
    assert (review.state, review.submitted_by) == (ReviewState.SUBMITTED, alice)
    (mail,) = mails.sent
    assert mail.to == [omar.email]
    assert mail.subject == "À relire : Achats – Valmont-sur-Claire"
    assert page(together) in mail.body
    html = response.content.decode()
    assert "à relire</span>" in html
    assert "Demander la relecture" not in html


def test_when_the_adviser_is_gone_his_opsn_is_told(together, alice, omar, opsn, mails):
    together.collectivite.level_two_opened_by = omar
    together.collectivite.save()
    omar.opsn_memberships.all().delete()

    with mails:
        submit(together, alice)

    assert mails.to == [opsn.contact_email]


@pytest.fixture(params=["closed by the OPSN", "an OPSN that gave it up", "no OPSN"])
def alone(request, together):
    """Nobody accompanies the level 2 that Alice's commune began, any more."""
    commune = together.collectivite
    if request.param == "closed by the OPSN":
        commune.level_two_opened_at = None
    elif request.param == "an OPSN that gave it up":
        commune.opsn.offers_level_two = False
        commune.opsn.save()
    else:
        commune.opsn = None
    commune.save()
    return together


def test_where_nobody_reviews_nothing_is_submitted_nor_offered(alone, alice, client_of, mails):
    client = client_of(alice)

    html = client.get(page(alone)).content.decode()
    with mails:
        response = client.post(address("submit", alone), follow=True)

    assert "Relecture par l’OPSN" not in html
    assert "personne ne relirait ce thème" in response.content.decode()
    assert "Votre OPSN est prévenu" not in response.content.decode()
    assert not ThemeReview.objects.exists()
    assert mails.to == []


def test_where_nobody_reviews_any_more_the_review_that_was_is_read(alone, alice, client_of, omar):
    ThemeReview.objects.create(
        assessment=alone,
        theme=theme(),
        state=ReviewState.SENT_BACK,
        note="Il manque août.",
        reviewed_by=omar,
        reviewed_at=MORNING,
    )

    html = client_of(alice).get(page(alone)).content.decode()

    assert "Il manque août." in html
    assert "Demander la relecture" not in html


def test_submitting_twice_tells_once(together, alice, bob, mails):
    with mails:
        submit(together, alice)
        submit(together, bob)

    assert ThemeReview.objects.get().submitted_by == alice
    assert len(mails.sent) == 1


def test_a_theme_is_validated_and_who_asked_is_told(together, alice, omar, client_of, mails):
    submit(together, alice)

    with mails:
        response = client_of(omar).post(address("validate", together), follow=True)

    review = ThemeReview.objects.get()
    assert (review.state, review.reviewed_by) == (ReviewState.VALIDATED, omar)
    assert mails.to == [alice.email]
    assert mails.sent[0].subject == "Relu et validé : Achats – Valmont-sur-Claire"
    assert "validé</span>" in response.content.decode()
    entry = AuditEntry.objects.get(action=AuditAction.THEME_REVIEWED)
    assert (entry.actor, entry.opsn, entry.ground) == (
        omar,
        together.collectivite.opsn,
        "Achats : validé",
    )


def test_a_theme_is_sent_back_with_a_word(together, alice, omar, client_of, mails):
    submit(together, alice)

    with mails:
        client_of(omar).post(address("send_back", together), {"note": "Il manque <août>."})

    review = ThemeReview.objects.get()
    assert (review.state, review.note) == (ReviewState.SENT_BACK, "Il manque <août>.")
    assert mails.to == [alice.email]
    assert "Il manque <août>." in mails.sent[0].body
    assert "Il manque &lt;août&gt;." in mails.sent[0].alternatives[0][0]
    html = client_of(alice).get(page(together)).content.decode()
    assert "Il manque &lt;août&gt;." in html
    assert "Demander la relecture" in html


def test_a_theme_is_not_sent_back_without_a_word(together, omar, client_of):
    response = client_of(omar).post(address("send_back", together), {"note": " "})

    assert response.status_code == 422
    assert "Dites ce qui est à reprendre" in response.content.decode()
    assert not ThemeReview.objects.exists()


def test_a_theme_that_nobody_submitted_is_reviewed_all_the_same(
    together, alice, omar, client_of, mails
):
    """Nobody is ever blocked because somebody forgot a button; the référents are told."""
    with mails:
        client_of(omar).post(address("validate", together))

    assert ThemeReview.objects.get().state == ReviewState.VALIDATED
    assert mails.to == [alice.email]


def test_who_left_the_commune_is_not_told_the_word(together, alice, bob, omar, mails):
    submit(together, bob)
    CollectiviteMember.objects.filter(user=bob).update(state=MemberState.LEFT)

    with mails:
        send_back(together, omar)

    assert mails.to == [alice.email]


def test_reviewing_twice_tells_once(together, alice, omar, mails):
    with mails:
        for _ in range(2):
            validate(together, omar)
        for _ in range(2):
            send_back(together, omar)

    assert len(mails.sent) == 2


def test_an_answer_that_changes_after_validation_is_said(together, alice, omar, client_of):
    answer(together, by=alice, ACH1="oui")
    validate(together, omar, at=MORNING + timedelta(hours=1))
    client = client_of(alice)
    assert "changé depuis" not in client.get(page(together)).content.decode()

    answer(together, by=alice, at=MORNING + timedelta(hours=2), PAR1="oui")
    assert "changé depuis" not in client.get(page(together)).content.decode()
    answer(together, by=alice, at=MORNING + timedelta(hours=2), ACH1="non")

    html = client.get(page(together)).content.decode()
    assert html.count("validé, changé depuis") == 2  # the summary of the themes, and the theme
    assert "Demander la relecture" in html


def test_what_changed_is_validated_anew(together, alice, omar, mails):
    answer(together, by=alice, ACH1="oui")
    validate(together, omar)
    answer(together, by=alice, at=MORNING + timedelta(hours=1), ACH1="non")

    with mails:
        review = validate(together, omar, at=MORNING + timedelta(hours=2))

    assert review.reviewed_at == MORNING + timedelta(hours=2)
    assert len(mails.sent) == 1


@pytest.mark.parametrize("who", [*OUTSIDERS, *READERS, "omar"])
def test_nobody_else_submits(request, together, client_of, who):
    client = client_of(request.getfixturevalue(who))

    assert client.post(address("submit", together)).status_code == 404
    assert not ThemeReview.objects.exists()


@pytest.mark.parametrize("who", [*OUTSIDERS, *READERS, "alice", "bob"])
def test_nobody_else_reviews(request, together, client_of, who):
    client = client_of(request.getfixturevalue(who))

    assert client.post(address("validate", together)).status_code == 404
    assert client.get(address("send_back", together)).status_code == 404
    assert client.post(address("send_back", together), {"note": "Non"}).status_code == 404
    assert not ThemeReview.objects.exists()


def test_acts_refuse_get(together, alice, omar, client_of):
    assert client_of(alice).get(address("submit", together)).status_code == 405
    assert client_of(omar).get(address("validate", together)).status_code == 405


def test_a_theme_of_another_edition_is_not_reviewed(together, omar, client_of):
    url = reverse("questions:validate_theme", args=[together.pk, "autre"])

    assert client_of(omar).post(url).status_code == 404


def test_a_closed_assessment_is_reviewed_no_more(together, alice, omar, client_of):
    close(together)

    for act in (submit, validate, send_back):
        with pytest.raises(AssessmentClosed):
            act(together, omar)
    response = client_of(alice).post(address("submit", together), follow=True)
    assert "Cette évaluation est clôturée" in response.content.decode()
    assert not ThemeReview.objects.exists()


def test_level_one_has_no_review(assessment, alice, client_of):
    html = client_of(alice).get(page(assessment)).content.decode()

    assert client_of(alice).post(address("submit", assessment)).status_code == 404
    assert "Relecture par l’OPSN" not in html
    assert "Discuter" not in html


# --- Closing


def test_closing_does_not_wait_for_the_review_and_says_so(together, alice, omar, client_of):
    answer(together, by=alice, ACH1="oui", ACH2="oui", PAR1="oui")
    submit(together, alice)
    client = client_of(alice)
    closing = reverse("questions:close", args=[together.pk])

    html = client.get(closing).content.decode()
    client.post(closing)

    assert "Votre OPSN a validé aucun thème" not in html
    assert "Vous pouvez clôturer sans attendre sa relecture." in html
    together.refresh_from_db()
    assert together.state == AssessmentState.CLOSED


def test_closing_says_how_many_themes_are_validated(together, alice, omar, client_of):
    answer(together, by=alice, ACH1="oui", ACH2="oui", PAR1="oui")
    validate(together, omar, at=MORNING + timedelta(hours=1))

    html = client_of(alice).get(reverse("questions:close", args=[together.pk])).content.decode()

    assert "Votre OPSN a validé 1 thème sur 2." in html


def test_closing_says_nothing_of_a_review_where_nobody_reviews(alone, alice, client_of):
    answer(alone, by=alice, ACH1="oui", ACH2="oui", PAR1="oui")

    html = client_of(alice).get(reverse("questions:close", args=[alone.pk])).content.decode()

    assert "validé" not in html
