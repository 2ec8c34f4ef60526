"""The back office of the questionnaire: what an editor does there, and what it refuses."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import ModelLogEntry

from questions.enums import EditionState, QuestionKind
from questions.models import Measure, Question, Questionnaire, QuestionSource, Theme
from tests.questions.factories import (
    AssessmentFactory,
    MeasureFactory,
    QuestionFactory,
    QuestionnaireFactory,
    ThemeFactory,
)

pytestmark = pytest.mark.django_db

ACH1 = {"code": "ACH1", "kind": QuestionKind.ONE_OF, "options": {"jamais": 0, "souvent": 2}}
FROZEN = "Cette édition est publiée"


@pytest.fixture
def edition():
    return QuestionnaireFactory(content={"achats": [ACH1, "ACH2"]})


@pytest.fixture
def draft():
    return QuestionnaireFactory(
        edition="2028",
        state=EditionState.DRAFT,
        content={"achats": ["ACH1", "ACH2", "ACH3"], "parc": ["PAR1"]},
    )


@pytest.fixture
def edith(client_of, editor):
    return client_of(editor)


def address(model, action: str, *args) -> str:
    return reverse(model.snippet_viewset.get_url_name(action), args=args)


def question_of(edition, code: str) -> Question:
    return Question.objects.get(theme__questionnaire=edition, code=code)


def filled(form) -> dict:
    """Return what the browser would post if nothing were touched; disabled fields are not sent."""
    data = {}
    for bound in form:
        value = bound.value()
        if bound.field.disabled or value is None or value is False:
            continue
        many = isinstance(value, list)
        data[bound.html_name] = [getattr(v, "pk", v) for v in value] if many else value
    for formset in getattr(form, "formsets", {}).values():
        data |= filled(formset.management_form)
        for child in formset.forms:
            data |= filled(child)
    return data


def edit(client, row, *, publish=False, **changes):
    """Open the form of a row, change some fields and send it."""
    url = address(type(row), "edit", row.pk)
    data = filled(client.get(url).context["form"]) | changes
    if publish:
        data["action-publish"] = "1"
    return client.post(url, data, follow=True)


def sentences(response) -> list[str]:
    return [str(message).strip() for message in response.context["messages"]]


def page(response) -> str:
    return response.content.decode()


# --- Who opens it


ACTS = ["copy_edition", "publish_edition", "retire_edition"]


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("who", ["editor", "nadia"])
def test_the_national_team_opens_each_act_and_opening_changes_nothing(
    client_of, request, edition, draft, act, who
):
    target = draft if act == "publish_edition" else edition
    before = list(Questionnaire.objects.order_by("pk").values())

    response = client_of(request.getfixturevalue(who)).get(address(Questionnaire, act, target.pk))

    assert response.status_code == 200
    assert list(Questionnaire.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(("who", "status"), [("alice", 403), ("omar", 403), (None, 302)])
def test_nobody_else_opens_them_or_acts(
    client_of, request, edition, draft, act, method, who, status
):
    target = draft if act == "publish_edition" else edition
    client = client_of(who and request.getfixturevalue(who))
    before = list(Questionnaire.objects.order_by("pk").values())

    response = getattr(client, method)(address(Questionnaire, act, target.pk), {"edition": "2029"})

    assert response.status_code == status
    assert list(Questionnaire.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("act", ACTS)
def test_an_edition_that_does_not_exist_is_not_found(edith, act):
    assert edith.get(address(Questionnaire, act, 999)).status_code == 404


@pytest.mark.parametrize("model", [Questionnaire, Theme, Question, Measure])
@pytest.mark.parametrize(("who", "status"), [("alice", 403), ("omar", 403), (None, 302)])
def test_nobody_else_opens_the_lists(client_of, request, model, who, status):
    client = client_of(who and request.getfixturevalue(who))

    assert client.get(address(model, "list")).status_code == status
    assert client.get(address(model, "add")).status_code == status


# --- Copy, publish, retire


def test_copying_makes_a_draft_and_opens_it(edith, edition):
    response = edith.post(address(Questionnaire, "copy_edition", edition.pk), {"edition": " 2028 "})

    copy = Questionnaire.objects.get(edition="2028")
    assert response.url == address(Questionnaire, "edit", copy.pk)
    assert (copy.state, copy.copied_from) == (EditionState.DRAFT, edition)
    assert Question.objects.filter(theme__questionnaire=copy).count() == 2


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("2027", "Une édition de ce niveau porte déjà ce nom. Choisissez-en un autre."),
        ("", "Champ requis."),
        ("x" * 21, "20 caractères"),
    ],
)
def test_a_name_that_is_refused_is_told_beside_the_field_and_kept(edith, edition, name, error):
    response = edith.post(address(Questionnaire, "copy_edition", edition.pk), {"edition": name})

    field = response.context["form"]["edition"]
    assert error in str(field.errors)
    assert field.value() == name
    assert Questionnaire.objects.count() == 1


def test_the_page_of_publication_tells_the_verdict_and_who_is_concerned(
    edith, edition, draft, commune
):
    AssessmentFactory(questionnaire=edition, collectivite=commune)

    text = page(edith.get(address(Questionnaire, "publish_edition", draft.pk)))

    assert "Verdict\u00a0: non comparable pour les questions signalées." in text
    assert "(1 évaluation en cours et 0 clôturée)" in text
    assert "question ajoutée" in text
    assert "Publier l’édition" in text


def test_publishing_publishes_and_says_so(edith, edition, draft):
    response = edith.post(address(Questionnaire, "publish_edition", draft.pk), follow=True)

    draft.refresh_from_db()
    edition.refresh_from_db()
    assert (draft.state, edition.state) == (EditionState.PUBLISHED, EditionState.RETIRED)
    assert sentences(response) == [
        "L’édition « 2028 » est publiée : les nouvelles évaluations la prennent."
    ]


def test_a_draft_that_is_not_ready_says_why_and_offers_no_button(edith, draft):
    ThemeFactory(questionnaire=draft, title="Usages", order=3)
    url = address(Questionnaire, "publish_edition", draft.pk)

    for response in (edith.get(url), edith.post(url)):
        assert "Le thème « Usages » n’a aucune question." in page(response)
        assert "Publier l’édition</button>" not in page(response)
    draft.refresh_from_db()
    assert draft.is_draft


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_second_click_on_publish_is_told(edith, edition, method):
    response = getattr(edith, method)(
        address(Questionnaire, "publish_edition", edition.pk), follow=True
    )

    assert sentences(response) == ["Cette édition n’est plus un brouillon."]


def test_retiring_retires_and_says_so(edith, edition):
    response = edith.post(address(Questionnaire, "retire_edition", edition.pk), follow=True)

    edition.refresh_from_db()
    assert edition.state == EditionState.RETIRED
    assert sentences(response) == ["L’édition « 2027 » n’est plus proposée."]


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_draft_is_not_retired(edith, draft, method):
    response = getattr(edith, method)(
        address(Questionnaire, "retire_edition", draft.pk), follow=True
    )

    draft.refresh_from_db()
    assert draft.is_draft
    assert sentences(response) == ["Seule une édition publiée se retire."]


# --- Lists


def test_the_actions_offered_follow_the_state(edith, edition, draft):
    text = page(edith.get(address(Questionnaire, "list")))

    assert text.count("Copier dans un brouillon") == 2
    assert text.count("Vérifier et publier") == 1
    assert address(Questionnaire, "publish_edition", draft.pk) in text
    assert text.count("Retirer") == 1


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("", ["ACH1", "ACH2", "ACH3", "PAR1", "ACH1", "ACH2"]),
        ("edition={draft}", ["ACH1", "ACH2", "ACH3", "PAR1"]),
        ("theme=achats", ["ACH1", "ACH2", "ACH3", "ACH1", "ACH2"]),
        ("edition={draft}&theme=parc", ["PAR1"]),
        ("kind=one_of", ["ACH1"]),
    ],
)
def test_questions_are_filtered_in_the_order_they_are_asked(edith, edition, draft, query, codes):
    url = f"{address(Question, 'list')}?{query.format(draft=draft.pk)}"

    assert [row.code for row in edith.get(url).context["object_list"]] == codes


def test_questions_are_searched_by_code_and_words(edith, edition):
    question = question_of(edition, "ACH2")
    question.text = "Réparez-vous les téléphones ?"
    question.save()

    for words in ("ACH2", "téléphones"):
        found = edith.get(f"{address(Question, 'list')}?q={words}").context["object_list"]
        assert [row.code for row in found] == ["ACH2"]


@pytest.mark.parametrize("model", [Questionnaire, Theme, Question, Measure])
def test_no_column_has_a_name_of_the_code(edith, edition, model):
    MeasureFactory()

    text = page(edith.get(address(model, "list")))

    assert "method" not in text.split("<tbody>")[0].split("<thead>")[1]
    assert "un(e)" not in text


@pytest.mark.parametrize("model", [Questionnaire, Theme, Question, Measure])
def test_three_rows_cost_no_more_queries_than_one(edith, model):
    def add_row(number: int) -> None:
        questionnaire = QuestionnaireFactory(edition=str(number), state=EditionState.DRAFT)
        theme = ThemeFactory(questionnaire=questionnaire)
        QuestionFactory(theme=theme)
        MeasureFactory()

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert edith.get(address(model, "list")).status_code == 200
        return len(queries)

    add_row(1)
    count()  # what is read once per process
    one = count()

    add_row(2)
    add_row(3)

    assert count() == one


# --- Words and structure of a question


def test_the_form_of_a_published_question_shows_its_structure_and_holds_it(edith, edition):
    form = edith.get(address(Question, "edit", question_of(edition, "ACH1").pk)).context["form"]

    disabled = {name for name, field in form.fields.items() if field.disabled}
    structure = {name.removesuffix("_id") for name in Question.STRUCTURE}
    assert disabled == structure & set(form.fields)
    assert not form.fields["text"].disabled
    option = form.formsets["options"].forms[0].fields
    assert {name for name in option if option[name].disabled} == {
        "code",
        "label",
        "points",
        "lower_bound",
    }


def test_the_form_says_what_can_be_done(edith, edition, draft):
    published = page(edith.get(address(Question, "edit", question_of(edition, "ACH1").pk)))
    free = page(edith.get(address(Question, "edit", question_of(draft, "ACH1").pk)))

    assert FROZEN in published
    assert FROZEN not in free


def test_words_of_a_published_question_are_published_and_logged(edith, edition, editor):
    question = question_of(edition, "ACH1")

    edit(edith, question, publish=True, text="Achetez-vous d’occasion ?", weight="5")

    question.refresh_from_db()
    assert (question.text, question.weight) == ("Achetez-vous d’occasion ?", 1)
    assert (question.live, question.has_unpublished_changes) == (True, False)
    log = ModelLogEntry.objects.for_instance(question).order_by("timestamp")
    assert [(entry.action, entry.user) for entry in log] == [
        ("wagtail.edit", editor),
        ("wagtail.publish", editor),
    ]
    assert "Édith" in page(edith.get(address(Question, "history", question.pk)))


def test_words_are_kept_as_a_draft_until_they_are_published(edith, edition):
    question = question_of(edition, "ACH1")

    edit(edith, question, text="Achetez-vous d’occasion ?")

    question.refresh_from_db()
    assert (question.text, question.live) == ("Question ACH1 ?", True)
    assert question.has_unpublished_changes
    again = edith.get(address(Question, "edit", question.pk)).context["form"]
    assert again["text"].value() == "Achetez-vous d’occasion ?"


def test_measures_and_sources_of_a_published_question_are_edited(edith, edition):
    measure, question = MeasureFactory(), question_of(edition, "ACH1")

    edit(
        edith,
        question,
        publish=True,
        measures=[measure.pk],
        **{
            "sources-TOTAL_FORMS": 1,
            "sources-0-label": "ADEME",
            "sources-0-year": 2025,
            "sources-0-url": "https://www.ademe.fr",
            "sources-0-ORDER": 1,
        },
    )

    question = Question.objects.get(pk=question.pk)
    assert list(question.measures.all()) == [measure]
    assert [(s.label, s.year) for s in question.sources.all()] == [("ADEME", 2025)]
    assert [o.code for o in question.options.all()] == ["jamais", "souvent"]


def test_a_measure_that_was_unpublished_stays_with_its_question(edith, edition):
    linked, question = MeasureFactory(live=False), question_of(edition, "ACH1")
    elsewhere = MeasureFactory(live=False)
    question.measures.set([linked])
    question.save()
    offered = edith.get(address(Question, "edit", question.pk)).context["form"].fields["measures"]

    edit(edith, question, publish=True, text="Achetez-vous d’occasion ?")

    question = Question.objects.get(pk=question.pk)
    assert question.text == "Achetez-vous d’occasion ?"
    assert list(question.measures.all()) == [linked]
    assert elsewhere not in offered.queryset


def test_a_source_of_a_published_question_is_taken_away(edith, edition):
    question = question_of(edition, "ACH1")
    QuestionSource.objects.create(question=question, label="Vieille", year=2010, url="https://a.fr")

    edit(edith, question, publish=True, **{"sources-0-DELETE": "1"})

    assert not QuestionSource.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {
            "options-TOTAL_FORMS": 3,
            "options-2-code": "parfois",
            "options-2-label": "Parfois",
            "options-2-points": "1",
            "options-2-ORDER": 3,
        },
        {"options-0-DELETE": "1"},
    ],
    ids=["added", "deleted"],
)
def test_answers_of_a_published_question_do_not_change_and_nothing_typed_is_lost(
    edith, edition, change
):
    question = question_of(edition, "ACH1")

    response = edit(edith, question, publish=True, help="Regardez le budget.", **change)

    assert [o.code for o in question_of(edition, "ACH1").options.all()] == ["jamais", "souvent"]
    if "options-TOTAL_FORMS" in change:
        assert FROZEN in str(response.context["form"].non_field_errors())
        assert response.context["form"]["help"].value() == "Regardez le budget."


def test_the_structure_of_a_draft_is_edited(edith, draft):
    question = question_of(draft, "ACH1")
    other = ThemeFactory(questionnaire=draft, order=3)
    QuestionFactory(theme=other, order=4)

    edit(edith, question, publish=True, theme=other.pk, weight="4", code="ACH9")

    question.refresh_from_db()
    assert (question.theme, question.weight, question.code) == (other, 4, "ACH9")


def test_a_new_question_comes_last_in_its_theme(edith, draft):
    url = address(Question, "add")
    theme = draft.themes.get(code="achats")
    data = filled(edith.get(url).context["form"]) | {
        "theme": theme.pk,
        "code": "ACH4",
        "text": "Louez-vous ?",
        "action-publish": "1",
    }

    edith.post(url, data)

    question = question_of(draft, "ACH4")
    assert (question.order, question.live) == (4, True)


@pytest.mark.parametrize("chosen", [True, False], ids=["published theme", "no theme"])
def test_a_question_without_a_theme_of_a_draft_is_refused_and_nothing_typed_is_lost(
    edith, edition, chosen
):
    url = address(Question, "add")
    data = filled(edith.get(url).context["form"]) | {
        "theme": edition.themes.get().pk if chosen else "",
        "code": "ACH4",
        "text": "Louez-vous ?",
        "options-TOTAL_FORMS": 1,
        "options-0-code": "jamais",
        "options-0-label": "Jamais",
        "options-0-points": "1",
        "options-0-ORDER": 1,
    }

    form = edith.post(url, data).context["form"]

    assert form["theme"].errors
    assert form["text"].value() == "Louez-vous ?"
    assert not Question.objects.filter(code="ACH4").exists()


def test_a_theme_without_questionnaire_is_refused_beside_its_field(edith):
    url = address(Theme, "add")

    form = edith.post(url, {"title": "Usages", "code": "usages"}).context["form"]

    assert str(form["questionnaire"].errors.as_text()) == "* Champ requis."
    assert form["title"].value() == "Usages"


def test_bounds_turned_round_are_told_beside_the_field(edith, draft):
    response = edit(edith, question_of(draft, "ACH1"), min_population="900", max_population="500")

    errors = response.context["form"]["max_population"].errors
    assert list(errors) == ["Ce maximum est plus petit que le minimum."]


def test_level_and_name_of_a_published_edition_are_settled(edith, edition):
    edit(edith, edition, level="2", edition="2030", title="Autre titre")

    edition.refresh_from_db()
    assert (edition.level, edition.edition, edition.title) == (1, "2027", "Autre titre")
    assert edition.state == EditionState.PUBLISHED


def test_the_code_of_a_measure_is_settled_at_creation(edith):
    measure = MeasureFactory(code="M-ACH1")

    edit(edith, measure, publish=True, code="M-AUTRE", title="Acheter moins")

    measure.refresh_from_db()
    assert (measure.code, measure.title) == ("M-ACH1", "Acheter moins")


# --- History


def test_an_older_version_of_a_published_question_brings_back_words_only(edith, draft):
    question = question_of(draft, "ACH1")
    question.text, question.weight = "Première version ?", 3
    old = question.save_revision()
    Question.objects.get(pk=question.pk).save_revision().publish()
    Questionnaire.objects.filter(pk=draft.pk).update(state=EditionState.PUBLISHED)
    url = address(Question, "revisions_revert", question.pk, old.pk)

    form = edith.get(url).context["form"]
    data = filled(form) | {"revision": old.pk, "action-publish": "1", "weight": "3"}
    edith.post(address(Question, "edit", question.pk), data)

    question.refresh_from_db()
    assert form["text"].value() == "Première version ?"
    assert (question.text, question.weight) == ("Première version ?", 1)


def test_an_older_version_of_an_edition_does_not_bring_its_state_back(edith, draft):
    old = draft.save_revision()
    edith.post(address(Questionnaire, "publish_edition", draft.pk))
    url = address(Questionnaire, "revisions_revert", draft.pk, old.pk)

    edith.post(
        address(Questionnaire, "edit", draft.pk),
        filled(edith.get(url).context["form"]) | {"revision": old.pk},
    )

    draft.refresh_from_db()
    assert draft.state == EditionState.PUBLISHED


# --- Unpublish, order, delete


@pytest.mark.parametrize("method", ["get", "post"])
def test_what_a_published_edition_asks_is_not_unpublished(edith, edition, method):
    for row in (question_of(edition, "ACH1"), edition.themes.get()):
        response = getattr(edith, method)(address(type(row), "unpublish", row.pk), follow=True)

        row.refresh_from_db()
        assert row.live
        assert FROZEN in sentences(response)[0]


def test_a_question_of_a_draft_is_unpublished(edith, draft):
    question = question_of(draft, "ACH1")

    edith.post(address(Question, "unpublish", question.pk))

    question.refresh_from_db()
    assert not question.live


def codes_in_order(edition) -> list[str]:
    rows = Question.objects.filter(theme__questionnaire=edition)
    return list(rows.order_by("theme__order", "order").values_list("code", flat=True))


@pytest.mark.parametrize(
    ("code", "position", "expected"),
    [
        ("ACH3", "0", ["ACH3", "ACH1", "ACH2", "PAR1"]),
        ("ACH1", "2", ["ACH2", "ACH3", "ACH1", "PAR1"]),
        ("ACH1", "3", ["ACH2", "ACH3", "ACH1", "PAR1"]),  # beyond its theme: last of its own
        ("PAR1", "0", ["ACH1", "ACH2", "ACH3", "PAR1"]),
        ("ACH1", "", ["ACH2", "ACH3", "ACH1", "PAR1"]),
        ("ACH1", "-1", ["ACH2", "ACH3", "ACH1", "PAR1"]),
        ("ACH1", "abc", ["ACH2", "ACH3", "ACH1", "PAR1"]),
    ],
)
def test_questions_of_a_draft_are_dragged_within_their_theme(
    edith, edition, draft, code, position, expected
):
    url = address(Question, "reorder", question_of(draft, code).pk)

    response = edith.post(f"{url}?position={position}")

    assert response.status_code == 200
    assert codes_in_order(draft) == expected
    assert codes_in_order(edition) == ["ACH1", "ACH2"]


def test_themes_of_a_draft_are_dragged(edith, draft):
    edith.post(f"{address(Theme, 'reorder', draft.themes.get(code='parc').pk)}?position=0")

    assert [theme.code for theme in draft.themes.order_by("order")] == ["parc", "achats"]


def test_while_dragging_only_drafts_are_listed(edith, edition, draft):
    rows = edith.get(f"{address(Question, 'list')}?ordering=order").context["object_list"]

    assert [row.code for row in rows] == ["ACH1", "ACH2", "ACH3", "PAR1"]
    assert {row.theme.questionnaire for row in rows} == {draft}


def test_the_order_of_a_published_edition_does_not_change(edith, edition):
    url = address(Question, "reorder", question_of(edition, "ACH2").pk)

    response = edith.post(f"{url}?position=0")

    assert response.status_code == 409
    assert response.json()["message"] == "L’ordre d’une édition publiée ne change plus."
    assert codes_in_order(edition) == ["ACH1", "ACH2"]


@pytest.mark.parametrize("pk", ["999", "abc"])
def test_what_does_not_exist_is_not_dragged(edith, draft, pk):
    url = address(Question, "reorder", question_of(draft, "ACH1").pk)

    url = url.replace(f"/{question_of(draft, 'ACH1').pk}/", f"/{pk}/")

    assert edith.post(f"{url}?position=0").status_code in (404, 409)


def test_dragging_is_a_post_of_the_national_team(client_of, edith, alice, draft):
    url = address(Question, "reorder", question_of(draft, "ACH3").pk)

    assert edith.get(f"{url}?position=0").status_code == 405
    assert client_of(alice).post(f"{url}?position=0").status_code == 403
    assert codes_in_order(draft) == ["ACH1", "ACH2", "ACH3", "PAR1"]


def bulk_delete(client, *rows):
    url = reverse("wagtail_bulk_action", args=["questions", rows[0]._meta.model_name, "delete"])
    ids = "&".join(f"id={row.pk}" for row in rows)
    return client.post(f"{url}?{ids}", follow=True)


def delete(client, row):
    return client.post(address(type(row), "delete", row.pk), follow=True)


@pytest.mark.parametrize("way", [delete, bulk_delete])
def test_nothing_of_a_published_edition_is_deleted(edith, edition, way):
    question = question_of(edition, "ACH1")
    measure = MeasureFactory(title="Acheter moins")
    question.measures.set([measure])
    question.save()

    told = [sentences(way(edith, row)) for row in (edition, edition.themes.get(), question)]
    told_of_measure = sentences(way(edith, measure))

    assert all(FROZEN in sentence for (sentence,) in told)
    assert told_of_measure[0].startswith("« Acheter moins » est proposée par une édition publiée")
    assert (Questionnaire.objects.count(), Theme.objects.count()) == (1, 1)
    assert (Question.objects.count(), Measure.objects.count()) == (2, 1)


def test_one_published_among_many_keeps_them_all(edith, edition, draft):
    bulk_delete(edith, question_of(draft, "ACH1"), question_of(edition, "ACH1"))

    assert Question.objects.count() == 6


@pytest.mark.parametrize("way", [delete, bulk_delete])
def test_a_draft_is_emptied_from_the_questions_up(edith, draft, way):
    theme = draft.themes.get(code="parc")

    assert "des questions en dépendent encore" in sentences(way(edith, theme))[0]
    assert "des thèmes en dépendent encore" in sentences(way(edith, draft))[0]

    for row in (*Question.objects.all(), *Theme.objects.all(), draft):
        way(edith, row)
    assert not Questionnaire.objects.exists()


@pytest.mark.parametrize("way", [delete, bulk_delete])
def test_a_measure_that_nothing_published_proposes_is_deleted(edith, draft, way):
    measure = MeasureFactory()
    question = question_of(draft, "ACH1")
    question.measures.set([measure])
    question.save()

    way(edith, measure)

    assert not Measure.objects.exists()
