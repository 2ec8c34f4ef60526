"""The discussion of a question: remarks, mentions, settled and opened again; its mark « à revoir »."""

import pytest
from django.urls import reverse

from questions.answering import AssessmentClosed
from questions.discussing import add_remark, settle
from questions.enums import AssessmentState, Channel
from questions.marking import mark
from questions.models import Answer, Discussion, Mark, Question, Remark
from questions.team import NotInTheTeam
from tests.questions.factories import MORNING, answer

OUTSIDERS = ["chloe", "sonia", "paul", "lone", "editor"]
READERS = ["lea", "nadia"]


def question(code="ACH1") -> Question:
    return Question.objects.get(code=code)


def address(name, assessment, code="ACH1") -> str:
    return reverse(f"questions:{name}", args=[assessment.pk, question(code).pk])


def page(assessment) -> str:
    return address("discussion", assessment)


def say(
    assessment, by, text="À vérifier avec Bob.", *, mentioned=(), code="ACH1", **more
) -> Remark:
    return add_remark(
        assessment=assessment,
        question=question(code),
        text=text,
        mentioned=mentioned,
        by=by,
        at=MORNING,
        **more,
    )


def close(assessment) -> None:
    assessment.state, assessment.closed_at = AssessmentState.CLOSED, MORNING
    assessment.save()


# --- Remarks


def test_a_remark_is_added_and_shown(together, alice, alices):
    response = alices.post(
        page(together), {"text": "Vu <b>avec</b> Bob.\n\nIl confirme."}, follow=True
    )

    remark = Remark.objects.get()
    assert (remark.author, remark.channel, remark.discussion.question) == (
        alice,
        Channel.AGENT,
        question(),
    )
    html = response.content.decode()
    assert "<p>Vu &lt;b&gt;avec&lt;/b&gt; Bob.</p>" in html
    assert "Alice Martin, le " in html
    assert ">OPSN</span>" not in html


def test_that_of_the_adviser_says_so(together, omar, alice, client_of):
    client_of(omar).post(page(together), {"text": "Regardez la facture d’août."})

    assert Remark.objects.get().channel == Channel.OPSN
    assert ">OPSN</span>" in client_of(alice).get(page(together)).content.decode()


@pytest.mark.parametrize("who", OUTSIDERS)
def test_who_does_not_read_sees_nothing_of_it(request, together, alice, client_of, who):
    say(together, alice, text="Une remarque de Valmont")
    client = client_of(request.getfixturevalue(who))

    for response in (client.get(page(together)), client.post(page(together), {"text": "Oui"})):
        assert response.status_code == 404
        assert "Valmont" not in response.content.decode()
    assert Remark.objects.count() == 1


@pytest.mark.parametrize("who", READERS)
def test_who_only_reads_reads_and_does_not_write(request, together, alice, client_of, who):
    say(together, alice)
    client = client_of(request.getfixturevalue(who))

    html = client.get(page(together)).content.decode()
    assert "À vérifier avec Bob." in html
    assert "<textarea" not in html
    assert client.post(page(together), {"text": "Non"}).status_code == 404
    assert Remark.objects.count() == 1


def test_an_empty_remark_is_no_remark(together, alices):
    response = alices.post(page(together), {"text": "  "})

    assert response.status_code == 422
    assert "Écrivez votre remarque." in response.content.decode()
    assert not Discussion.objects.exists()


def test_one_that_is_too_long_keeps_what_was_typed(together, alices):
    response = alices.post(page(together), {"text": "é" * 5_001})

    assert response.status_code == 422
    assert "é" * 5_001 in response.content.decode()


def test_the_same_remark_sent_twice_is_one(together, alice, bob, alices, mails):
    with mails:
        for _ in range(2):
            alices.post(page(together), {"text": "Bob ?", "mentioned": [bob.pk]})

    assert Remark.objects.count() == 1
    assert mails.to == [bob.email]


def test_the_same_remark_sent_again_tells_those_it_did_not_yet_mention(
    together, alices, bob, omar, mails
):
    alices.post(page(together), {"text": "Qui sait ?", "mentioned": [bob.pk]})

    with mails:
        alices.post(page(together), {"text": "Qui sait ?", "mentioned": [bob.pk, omar.pk]})

    assert set(Remark.objects.get().mentioned.all()) == {bob, omar}
    assert mails.to == [omar.email]


def test_the_same_words_later_in_the_thread_are_another_remark(together, alice, bob):
    for author, text in ((alice, "Oui."), (bob, "Sûre ?"), (alice, "Oui.")):
        say(together, author, text)

    assert Remark.objects.count() == 3


def test_nobody_discusses_a_closed_assessment_and_everybody_still_reads(together, alice, alices):
    say(together, alice)
    close(together)

    response = alices.post(page(together), {"text": "Trop tard"})

    assert "Cette évaluation est clôturée" in response.content.decode()
    html = alices.get(page(together)).content.decode()
    assert "À vérifier avec Bob." in html
    assert "<textarea" not in html
    for act in (lambda: say(together, alice, "Non"), lambda: settling(together, alice)):
        with pytest.raises(AssessmentClosed):
            act()


def settling(assessment, by, settled=True):
    settle(assessment=assessment, question=question(), settled=settled, by=by, at=MORNING)


def test_level_one_has_no_discussion(assessment, alices):
    assert alices.get(page(assessment)).status_code == 404


def test_a_question_of_another_edition_has_none_here(together, assessment, alices):
    stranger = Question.objects.get(code="ACH1", theme__questionnaire=assessment.questionnaire)
    url = reverse("questions:discussion", args=[together.pk, stranger.pk])

    assert alices.get(url).status_code == 404
    assert alices.post(url, {"text": "Ici ?"}).status_code == 404


# --- Mentions


def test_who_is_mentioned_gets_a_mail_and_is_named(together, alices, bob, omar, lea, mails):
    data = {"text": "Qui a la facture ?", "mentioned": [bob.pk, omar.pk, lea.pk]}

    with mails:
        response = alices.post(page(together), data, follow=True)

    assert mails.to == sorted([bob.email, omar.email, lea.email])
    mail = mails.sent[0]
    assert mail.subject == "Alice Martin vous demande votre avis – Valmont-sur-Claire"
    assert "Qui a la facture ?" in mail.body
    assert page(together) in mail.body
    assert "Prévenu par courriel\u00a0: " in response.content.decode()


@pytest.mark.parametrize("who", ["chloe", "sonia", "paul", "lone", "nadia"])
def test_nobody_outside_the_team_is_mentioned(request, together, alices, bob, mails, who):
    """Her id in the body tells her nothing, and the page nothing of her."""
    person = request.getfixturevalue(who)

    with mails:
        response = alices.post(page(together), {"text": "Vous ?", "mentioned": [person.pk]})

    assert response.status_code == 422
    assert not Remark.objects.exists()
    assert mails.sent == []
    assert person.email not in response.content.decode()


def test_the_act_refuses_a_stranger_by_itself(together, alice, chloe):
    with pytest.raises(NotInTheTeam):
        say(together, alice, mentioned=[chloe])


def test_the_page_offers_the_team_but_for_oneself(together, alices, bob, omar, lea, chloe, paul):
    html = alices.get(page(together)).content.decode()

    for name in ("Bob Martin, contributeur", "Omar Martin, conseiller, OPSN du Nord", "Léa Martin"):
        assert name in html
    for name in ("Alice Martin, référent</span>", "Chloé", "Paul"):
        assert name not in html


# --- Settled, opened again


def test_a_discussion_is_settled_then_opened_again(together, alice, bob, alices):
    say(together, bob)

    done = alices.post(address("settle", together), {"settled": "1"}, follow=True)
    assert Discussion.objects.get().resolved_by == alice
    assert "Réglée par Alice Martin" in done.content.decode()

    alices.post(address("settle", together), {"settled": "0"})
    assert Discussion.objects.get().resolved_at is None


def test_settling_twice_keeps_who_did_it_first(together, alice, bob):
    say(together, alice)
    settling(together, alice)
    settling(together, bob)

    assert Discussion.objects.get().resolved_by == alice


def test_a_new_remark_opens_it_again(together, alice, bob):
    say(together, alice)
    settling(together, alice)

    say(together, bob, "Pas si vite.")

    assert Discussion.objects.get().resolved_at is None


def test_what_nobody_began_is_not_settled(together, alices):
    assert alices.post(address("settle", together), {"settled": "1"}).status_code == 302
    assert not Discussion.objects.exists()


@pytest.mark.parametrize("who", [*OUTSIDERS, *READERS])
def test_nobody_else_settles(request, together, alice, client_of, who):
    say(together, alice)

    client = client_of(request.getfixturevalue(who))

    assert client.post(address("settle", together), {"settled": "1"}).status_code == 404
    assert Discussion.objects.get().resolved_at is None


@pytest.mark.parametrize("name", ["settle", "mark"])
def test_acts_refuse_get(together, alices, name):
    assert alices.get(address(name, together)).status_code == 405


# --- Where one answers


def theme(client, assessment, code="achats") -> str:
    return client.get(reverse("questions:theme", args=[assessment.pk, code])).content.decode()


def test_the_theme_says_how_many_remarks_there_are(together, alice, bob, alices):
    assert "Discuter, confier" in theme(alices, together)
    say(together, alice)
    say(together, bob, "Vu.")

    assert "2 remarques" in theme(alices, together)
    settling(together, alice)
    assert "2 remarques (réglé)" in theme(alices, together)


# --- À revoir


def marking(assessment, by, marked=True, code="ACH1"):
    mark(assessment=assessment, question=question(code), marked=marked, by=by, at=MORNING)


def test_the_script_marks_and_takes_the_mark_away(together, alice, alices):
    url = f"{address('mark', together)}?script"

    assert alices.post(url, {"marked": "1"}).status_code == 204
    assert Mark.objects.get().marked_by == alice
    assert alices.post(url, {"marked": "0"}).status_code == 204
    assert not Mark.objects.exists()


def test_without_script_the_page_is_saved_with_the_mark(together, alices):
    data = {f"q{question('ACH2').pk}-state": "oui", "mark": question().pk}

    alices.post(reverse("questions:theme", args=[together.pk, "achats"]), data)

    assert Mark.objects.get().question == question()
    assert Answer.objects.get().question == question("ACH2")


def test_without_script_the_mark_is_taken_away_too(together, alice, alices):
    marking(together, alice)

    data = {"unmark": question().pk}
    alices.post(reverse("questions:theme", args=[together.pk, "achats"]), data)

    assert not Mark.objects.exists()


def test_without_script_the_mark_confirms_nothing_that_she_did_not_change(together, alice, alices):
    answer(together, by=alice, ACH1="oui", ACH2="oui")
    Answer.objects.update(to_confirm=True)
    data = {f"q{question(code).pk}-version": 1 for code in ("ACH1", "ACH2")}
    data |= {f"q{question('ACH1').pk}-state": "oui", f"q{question('ACH2').pk}-state": "non"}

    alices.post(
        reverse("questions:theme", args=[together.pk, "achats"]), data | {"mark": question().pk}
    )

    rows = Answer.objects.values_list("question__code", "choice", "to_confirm")
    assert set(rows) == {("ACH1", "oui", True), ("ACH2", "non", False)}


def test_marking_twice_is_marking_once(together, alice, bob):
    marking(together, alice)
    marking(together, bob)

    assert Mark.objects.get().marked_by == alice


@pytest.mark.parametrize("who", [*OUTSIDERS, *READERS])
def test_nobody_else_marks(request, together, client_of, who):
    client = client_of(request.getfixturevalue(who))

    assert client.post(address("mark", together), {"marked": "1"}).status_code == 404
    client.post(reverse("questions:theme", args=[together.pk, "achats"]), {"mark": question().pk})
    assert not Mark.objects.exists()


def test_a_closed_assessment_is_not_marked(together, alices):
    close(together)

    assert alices.post(f"{address('mark', together)}?script", {"marked": "1"}).status_code == 409
    response = alices.post(address("mark", together), {"marked": "1"}, follow=True)
    assert "Cette évaluation est clôturée" in response.content.decode()
    alices.post(reverse("questions:theme", args=[together.pk, "achats"]), {"mark": question().pk})
    assert not Mark.objects.exists()


def test_a_question_of_another_edition_is_not_marked(together, assessment, alices):
    stranger = Question.objects.get(code="ACH1", theme__questionnaire=assessment.questionnaire)
    url = reverse("questions:mark", args=[together.pk, stranger.pk])

    assert alices.post(url, {"marked": "1"}).status_code == 404
    alices.post(reverse("questions:theme", args=[together.pk, "achats"]), {"mark": stranger.pk})
    assert not Mark.objects.exists()


def test_what_is_to_review_is_what_one_does_not_know_and_what_is_marked(
    together, alice, bob, alices
):
    answer(together, by=alice, ACH1="nsp", ACH2="oui", PAR1="oui")
    marking(together, bob, code="PAR1")

    html = alices.get(reverse("questions:unknown", args=[together.pk])).content.decode()

    assert "Question ACH1 ?" in html
    assert "Question ACH2 ?" not in html
    assert "par Bob Martin, le 24 novembre 2026" in html
    assert "ne sait pas</span>" in html


def test_the_list_takes_a_mark_away_and_comes_back(together, alice, alices):
    marking(together, alice)
    listed = reverse("questions:unknown", args=[together.pk])

    response = alices.post(
        address("mark", together), {"marked": "0", "from_list": "1"}, follow=True
    )

    assert response.request["PATH_INFO"] == listed
    assert "Rien à revoir" in response.content.decode()


# --- Queries


@pytest.mark.parametrize("count", [1, 3])
def test_the_discussion_costs_the_same(
    together, alice, bob, alices, django_assert_max_num_queries, count
):
    for number in range(count):
        say(together, alice, f"Remarque {number}", mentioned=[bob])

    with django_assert_max_num_queries(20):
        assert alices.get(page(together)).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_the_theme_costs_the_same(
    together, alice, bob, alices, django_assert_max_num_queries, count
):
    for code in ("ACH1", "ACH2", "PAR1")[:count]:
        say(together, alice, code=code)
        marking(together, alice, code=code)

    with django_assert_max_num_queries(18):
        assert theme(alices, together)


@pytest.mark.parametrize("count", [1, 3])
def test_what_is_to_review_costs_the_same(
    together, alice, alices, django_assert_max_num_queries, count
):
    for code in ("ACH1", "ACH2", "PAR1")[:count]:
        marking(together, alice, code=code)

    with django_assert_max_num_queries(18):
        assert alices.get(reverse("questions:unknown", args=[together.pk])).status_code == 200
