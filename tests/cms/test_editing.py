"""What the back office offers to those who write."""

import pytest
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from cms.models import HomePage
from cms.moderation import set_up_moderation
from tests.cms.factories import make_guide, stream

SOURCE = {"label": "Ademe", "year": 2025, "url": "https://a.example/etude"}


@pytest.fixture
def guide(guides):
    set_up_moderation(HomePage.objects.get())
    body = stream(
        {"type": "text", "value": "<p>Un ordinateur.</p>"},
        {"type": "key_number", "value": {**SOURCE, "value": "4 %", "source": "Ademe"}},
    )
    page = make_guide(guides, body=body)
    # As it is stored once it went through the editor.
    form = form_of(page, **posted(page))
    assert form.is_valid(), form.errors
    form.save()
    page.save_revision().publish()
    return page


def form_of(page, user=None, **data):
    form_class = page.get_edit_handler().get_form_class()
    return form_class(data or None, instance=page, for_user=user)


def posted(page, **changes) -> dict:
    """Return what the editor of a page posts when nothing was touched, but for the changes."""
    text, number = page.body
    blocks = [
        ("text", rich_text(text.value.source)),
        ("key_number", {**number.value, "year": str(number.value["year"])}),
    ]
    body = streamfield(blocks)
    body.update({"0-id": text.id or "", "1-id": number.id or ""})
    data = {
        "title": page.title,
        "slug": page.slug,
        "summary": page.summary,
        "theme": page.theme,
        "published_on": page.published_on.isoformat(),
        "seo_title": page.seo_title,
        "search_description": page.search_description,
        "body": body,
        "comments": {
            "TOTAL_FORMS": 0,
            "INITIAL_FORMS": 0,
            "MIN_NUM_FORMS": 0,
            "MAX_NUM_FORMS": "",
        },
    }
    flat = nested_form_data(data | changes)
    return {key.replace("comments_", "comments-"): value for key, value in flat.items()}


def test_a_page_that_was_only_read_does_not_count_as_changed(guide):
    form = form_of(guide, **posted(guide))

    assert form.is_valid(), form.errors
    assert form.changed_data == []


def test_a_change_counts(guide):
    assert form_of(guide, **posted(guide, summary="Autre.")).changed_data == ["summary"]


def test_approving_in_the_editor_publishes_at_once(guide, editor, nadia, client_of, client):
    """Approving needed approving again, for ever, when the form took every page for changed."""
    guide.summary = "Les mots d’Édith."
    guide.save_revision(user=editor)
    guide.get_workflow().start(guide, editor)
    approval = posted(guide) | {"action-workflow-action": "true", "workflow-action-name": "approve"}

    response = client_of(nadia).post(f"/admin/pages/{guide.pk}/edit/", approval)

    assert response.status_code == 302
    assert "Les mots d’Édith." in client.get("/guides/acheter/").content.decode()


def test_an_editor_cannot_publish_by_asking(guide, editor, client_of, client):
    data = posted(guide, summary="Les mots d’Édith.") | {"action-publish": "true"}

    client_of(editor).post(f"/admin/pages/{guide.pk}/edit/", data)

    assert "Les mots d’Édith." not in client.get("/guides/acheter/").content.decode()


def test_a_figure_without_its_source_is_refused(guide):
    number = {"value": "4 %", "label": "a", "source": "", "year": "", "url": ""}
    body = streamfield([("key_number", number)])

    form = form_of(guide, **posted(guide, body=body))

    errors = form.errors["body"].as_data()[0].block_errors[0].block_errors
    assert sorted(errors) == ["source", "url", "year"]


def test_the_themes_offered_are_those_of_the_home_page(guide):
    choices = form_of(guide).fields["theme"].choices

    assert list(choices) == [
        ("", "Tous les thèmes"),
        ("achats", "Achats"),
        ("parc", "Parc"),
        ("usages", "Usages"),
    ]


def test_a_theme_that_the_home_page_no_longer_has_stays_on_its_guide(guide):
    guide.theme = "ancien"

    assert ("ancien", "ancien") in form_of(guide).fields["theme"].choices
    assert form_of(guide, **posted(guide)).is_valid()


@pytest.mark.parametrize("person", ["alice", "omar", "lone"])
def test_nobody_else_opens_the_editor(guide, person, request, client_of):
    response = client_of(request.getfixturevalue(person)).get(f"/admin/pages/{guide.pk}/edit/")

    assert response.status_code == 403


def test_the_preview_belongs_to_the_back_office(guide, client, editor, client_of):
    address = f"/admin/pages/{guide.pk}/edit/preview/"

    assert client.get(address).status_code == 302
    assert client_of(editor).post(address, posted(guide)).status_code == 200


def test_what_is_pasted_in_the_editor_loses_what_is_not_allowed(guide):
    html = '<p onclick="x()">a</p><script>alert(1)</script><h1>b</h1>'
    body = streamfield([("text", rich_text(html))])
    form = form_of(guide, **posted(guide, body=body))

    assert form.is_valid()
    stored = form.cleaned_data["body"][0].value.source

    assert "onclick" not in stored
    assert "<script" not in stored
    assert "<h1" not in stored
