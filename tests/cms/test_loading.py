import textwrap

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import Collection, Locale, Page, Site

from cms.loading import BadContent, load_pages
from cms.models import GuidePage, HomePage, LoadedPage, SiteSettings, StandardPage

HOME = """
    type: HomePage
    slug: home
    title: Accueil
    summary: Évaluez votre commune.
    promise: Un numérique plus sobre
    lead: Trente questions.
    themes:
      - {code: achats, title: Achats, text: "Acheter moins."}
"""
GUIDES = """
    type: GuideIndexPage
    slug: guides
    title: Guides
    summary: Tous les guides.
"""
GUIDE = """
    type: GuidePage
    slug: acheter
    title: "L'achat"
    theme: achats
    summary: Acheter mieux.
    published_on: 2026-11-24
    body:
      - type: text
        value: <p onclick="x()">Lisez <a href="page:contact">la suite</a>.</p>
"""
CONTACT = """
    type: StandardPage
    slug: contact
    title: Contact
    summary: Écrivez-nous.
    body:
      - {type: contact, value: {}}
"""
FILES = {
    "pages/home": HOME,
    "pages/guides": GUIDES,
    "guides/acheter": GUIDE,
    "pages/contact": CONTACT,
}


@pytest.fixture
def folder(tmp_path, db):
    for key, content in FILES.items():
        write(tmp_path, key, content)
    return tmp_path


def write(folder, key: str, content: str) -> None:
    file = folder / f"{key}.yaml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(textwrap.dedent(content), encoding="utf-8")


def test_each_file_becomes_a_published_page_at_its_place(folder):
    report = load_pages(folder)

    assert sorted(report.created) == sorted(FILES)
    assert {page.url_path for page in Page.objects.live().filter(depth__gt=1)} == {
        "/home/",
        "/home/guides/",
        "/home/guides/acheter/",
        "/home/contact/",
    }


def test_texts_are_cleaned_and_links_lead_to_pages(folder):
    load_pages(folder)

    guide = GuidePage.objects.get()
    contact = StandardPage.objects.get()
    assert guide.title == "L’achat"
    assert guide.body[0].value.source == (
        f'<p>Lisez <a id="{contact.pk}" linktype="page">la suite</a>.</p>'
    )


def test_the_welcome_page_of_wagtail_gives_way_to_the_home_page(folder):
    load_pages(folder)

    site = Site.objects.get()
    assert (site.hostname, site.port, site.is_default_site) == ("localhost", 8000, True)
    assert site.root_page.specific == HomePage.objects.get()
    assert not Page.objects.filter(title__startswith="Welcome").exists()


def test_loading_again_changes_nothing(folder):
    load_pages(folder)
    revisions = list(Page.objects.values_list("latest_revision", flat=True))

    report = load_pages(folder)

    assert sorted(report.unchanged) == sorted(FILES)
    assert list(Page.objects.values_list("latest_revision", flat=True)) == revisions


def test_a_new_version_of_a_file_updates_a_page_nobody_has_touched(folder):
    load_pages(folder)
    write(folder, "guides/acheter", GUIDE.replace("Acheter mieux.", "Acheter moins."))

    report = load_pages(folder)

    assert report.updated == ["guides/acheter"]
    assert GuidePage.objects.get().summary == "Acheter moins."


@pytest.mark.parametrize("published", [True, False])
def test_a_page_that_an_editor_has_changed_is_left_as_it_is(folder, published):
    load_pages(folder)
    guide = GuidePage.objects.get()
    guide.summary = "Les mots de Nadia."
    revision = guide.save_revision()
    if published:
        revision.publish()
    write(folder, "guides/acheter", GUIDE.replace("Acheter mieux.", "Acheter moins."))

    report = load_pages(folder)

    assert report.kept == ["guides/acheter"]
    assert guide.get_latest_revision_as_object().summary == "Les mots de Nadia."
    assert "moins" not in GuidePage.objects.get().summary


def test_a_page_that_an_editor_has_withdrawn_does_not_come_back(folder):
    load_pages(folder)
    GuidePage.objects.get().unpublish()
    write(folder, "guides/acheter", GUIDE.replace("mieux", "moins"))

    load_pages(folder)

    assert not GuidePage.objects.get().live


def test_a_page_that_an_editor_has_deleted_does_not_come_back(folder):
    load_pages(folder)
    GuidePage.objects.get().delete()
    write(folder, "guides/acheter", GUIDE.replace("mieux", "moins"))

    report = load_pages(folder)

    assert report.kept == ["guides/acheter"]
    assert not GuidePage.objects.exists()


def test_a_page_that_was_there_before_is_not_taken_over(folder):
    load_pages(folder)
    LoadedPage.objects.filter(key="guides/acheter").delete()
    write(folder, "guides/acheter", GUIDE.replace("mieux", "moins"))

    report = load_pages(folder)

    assert report.kept == ["guides/acheter"]
    assert GuidePage.objects.get().summary == "Acheter mieux."


def test_an_emptied_database_gets_its_root_its_language_and_its_site_back(folder):
    Site.objects.all().delete()
    Page.objects.all().delete()
    Collection.objects.all().delete()
    Locale.objects.all().delete()

    report = load_pages(folder)

    site = Site.objects.get()
    assert len(report.created) == len(FILES)
    assert Locale.objects.get().language_code == "fr"
    assert (site.hostname, site.port, site.is_default_site) == ("localhost", 8000, True)
    assert SiteSettings.objects.get().site == site


def test_a_link_to_a_page_that_no_file_describes_is_told_and_dropped(folder):
    write(folder, "guides/acheter", GUIDE.replace("page:contact", "page:absente"))

    report = load_pages(folder)

    assert report.broken_links == ["guides/acheter → page:absente"]
    assert GuidePage.objects.get().body[0].value.source == "<p>Lisez la suite.</p>"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("type: Inconnue\nslug: a\ntitle: A", "pages/contact : le type"),
        ("- une liste", "pages/contact : le type"),
        (CONTACT + "    couleur: rouge\n", "pages/contact : « couleur »"),
        (CONTACT.replace("type: contact,", "type: inconnu,"), "pages/contact : « body »"),
        (CONTACT.replace("Écrivez-nous.", "a" * 201), "pages/contact : "),
        (
            CONTACT.replace("{type: contact, value: {}}", "{type: sources, value: [{label: A}]}"),
            "pages/contact : ",
        ),
    ],
)
def test_a_file_that_is_no_page_stops_the_load_and_leaves_nothing(folder, content, said):
    write(folder, "pages/contact", content)

    with pytest.raises(BadContent, match="pages/contact") as error:
        load_pages(folder)

    assert str(error.value).startswith(said)
    assert not HomePage.objects.exists()


def test_the_command_says_what_it_did_and_fails_in_one_sentence(folder, monkeypatch, capsys):
    monkeypatch.setattr("cms.management.commands.load_pages.load_pages", lambda: load_pages(folder))

    call_command("load_pages")
    write(folder, "pages/contact", "- une liste")
    with pytest.raises(CommandError):
        call_command("load_pages")

    assert capsys.readouterr().out == "Pages : 4 créées, 0 mises à jour, 0 inchangées.\n"
