"""The components print what they are given, and say it to assistive technologies."""

import re

import pytest
from django import forms
from django.core.paginator import Paginator
from django.http import QueryDict
from django.template.loader import render_to_string
from django.test import RequestFactory

from config.gallery import gallery

INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", re.IGNORECASE)


class Registration(forms.Form):
    name = forms.CharField(label="Nom", help_text="Celui de la commune.")
    role = forms.ChoiceField(label="Rôle", widget=forms.RadioSelect, choices=[("r", "Référent")])
    agree = forms.BooleanField(label="J’accepte")
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


def component(template: str, /, **context) -> str:
    return " ".join(render_to_string(f"components/{template}.html", context).split())


@pytest.fixture
def page():
    """The whole gallery, rendered."""
    return gallery(RequestFactory().get("/composants/")).content.decode()


def test_a_field_has_its_label_its_help_and_its_error_tied_to_it():
    html = component("field", field=Registration({"name": ""})["name"])

    assert '<label class="field__label" for="id_name">Nom</label>' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'aria-invalid="true"' in html


def test_a_field_without_error_says_none():
    html = component("field", field=Registration()["name"])

    assert "aria-invalid" not in html
    assert "field__error" not in html


def test_radios_stand_in_a_fieldset_with_a_legend():
    html = component("field", field=Registration()["role"])

    assert html.startswith("<fieldset")
    assert '<legend class="field__label">Rôle</legend>' in html
    assert '<label class="choice" for="id_role_0"><input type="radio"' in html


def test_a_box_comes_before_its_label():
    html = component("field", field=Registration()["agree"])

    assert re.search(
        r'<label class="choice" for="id_agree"><input type="checkbox".*?<span>J’accepte', html
    )


def test_a_hidden_field_is_only_itself():
    assert component("field", field=Registration()["secret"]).startswith('<input type="hidden"')


def test_the_summary_of_errors_links_to_the_fields():
    html = component("form_errors", form=Registration({"name": "", "role": "r", "agree": "on"}))

    assert '<a href="#id_name">Nom' in html
    assert html.count("<li>") == 1


def test_what_was_typed_is_escaped_everywhere():
    html = component("alert", text="<script>alert(1)</script>", kind="error")

    assert "<script>" not in html


def test_the_answer_is_four_radios_of_one_name():
    options = [
        ("oui", "Oui", False),
        ("non", "Non", True),
        ("na", "Non concerné", False),
        ("nsp", "Ne sait pas", False),
    ]

    html = component(
        "answer", name="GOV1", options=options, legend="Avez-vous un référent ?", hint="Demandez."
    )

    assert html.count('type="radio"') == html.count('name="GOV1"') == 4
    assert html.count(" checked") == 1
    assert 'value="non" checked' in html
    assert '<legend class="question__text">Avez-vous un référent ?</legend>' in html
    assert 'aria-describedby="GOV1-aide"' in html


def test_pages_of_a_list_keep_its_filters():
    html = component(
        "pagination", page=Paginator(range(30), 10).get_page(2), params=QueryDict("q=val&page=2")
    )

    assert 'href="?q=val&amp;page=1"' in html
    assert 'href="?q=val&amp;page=3"' in html


def test_a_list_on_one_page_has_no_pagination():
    assert (
        component("pagination", page=Paginator(range(3), 10).get_page(1), params=QueryDict()) == ""
    )


def test_a_letter_never_goes_without_its_words():
    html = component("index_badge", letter="E", index=0)

    assert "tout commence" in html
    assert "<strong>0</strong>" in html


@pytest.mark.parametrize("value", [0, 48, 100, None])
def test_the_gauge_says_its_value(value):
    html = component("gauge", value=value, letter="C", label="Indice")

    assert 'role="img"' in html
    assert ("pas encore calculé" if value is None else f"Indice : {value} sur 100") in html


@pytest.mark.parametrize("name", ["radar", "bars"])
def test_a_chart_names_itself_and_its_figures_follow(name):
    rows = [
        {"label": label, "value": 12.5, "before": None} for label in ("Usages", "Achats", "Parc")
    ]

    html = component(name, axes=rows, rows=rows, title="Indice par thème")

    assert re.search(r'role="img" aria-label="Indice par thème.*tableau qui suit', html)
    assert html.index("</svg>") < html.index("<table")
    assert '<td class="num">12,5</td>' in html
    assert not re.search(r'(points|width|cx|cy)="[^"]*\d,\d+%', html)


def test_a_table_names_each_cell_for_small_screens():
    html = component(
        "table",
        caption="Communes",
        columns=[
            {"label": "Nom"},
            {"label": "Indice", "numeric": True, "sort": "ascending", "url": "?tri=i"},
        ],
        rows=[[{"text": "Valmont", "url": "/v/"}, 48]],
    )

    assert '<th scope="row"><a href="/v/">Valmont</a></th>' in html
    assert '<td data-label="Indice" class="num">48</td>' in html
    assert 'aria-sort="ascending"' in html


@pytest.mark.django_db
def test_every_component_is_shown_in_the_gallery(page, settings):
    inner = {
        "chart_table",
        "field_notes",
        "header_plain",
        "error",
        "wordmark",
        "header",
        "footer",
        "icon",
    }
    shown = set(
        re.findall(
            r"components/(\w+)\.html", (settings.BASE_DIR / "templates/composants.html").read_text()
        )
    )
    shown |= {"field", "form_errors"}  # by components/fields.html

    existing = {path.stem for path in (settings.BASE_DIR / "templates/components").glob("*.html")}

    assert existing - inner == shown - inner


@pytest.mark.django_db
def test_the_gallery_holds_no_script_nor_style_of_its_own(page):
    assert not INLINE.search(page)


@pytest.mark.django_db
def test_every_reference_of_the_gallery_leads_somewhere(page):
    ids = re.findall(r'\sid="([^"]+)"', page)
    named = re.findall(r'(?:for|aria-labelledby)="([^"]+)"', page)
    named += " ".join(re.findall(r'aria-describedby="([^"]+)"', page)).split()

    assert len(ids) == len(set(ids))
    assert set(named) <= set(ids)
