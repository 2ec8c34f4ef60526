"""The smallest valid pages, published where they belong."""

import json
from datetime import date

from cms.ground import get_root, remove_welcome_page, set_up_site
from cms.models import (
    FaqPage,
    GuideIndexPage,
    GuidePage,
    HomePage,
    NewsIndexPage,
    NewsPage,
    StandardPage,
)

THEMES = [
    {"code": "achats", "title": "Achats", "text": "Acheter moins.", "icon": "basket"},
    {"code": "parc", "title": "Parc", "text": "Garder longtemps.", "icon": "laptop"},
    {"code": "usages", "title": "Usages", "text": "Les gestes.", "icon": "hand"},
]


def make_home() -> HomePage:
    root = get_root()
    remove_welcome_page(root)
    root.refresh_from_db()
    home = HomePage(
        title="Accueil",
        slug="home",
        summary="Évaluez votre commune.",
        promise="Un numérique plus sobre",
        lead="Trente questions.",
        themes=json.dumps([{"type": "theme", "value": theme} for theme in THEMES]),
    )
    _publish(root, home)
    set_up_site(home)
    return home


def make_guides(home: HomePage) -> GuideIndexPage:
    return _publish(home, GuideIndexPage(title="Guides", slug="guides", summary="Tous les guides."))


def make_guide(
    guides: GuideIndexPage, slug: str = "acheter", live: bool = True, **fields
) -> GuidePage:
    values = {
        "title": "Acheter du reconditionné",
        "summary": "Un ordinateur d’occasion suffit presque toujours.",
        "theme": "achats",
        "published_on": date(2026, 11, 24),
        "body": text("<p>Un ordinateur dure longtemps.</p>"),
    }
    return _publish(guides, GuidePage(slug=slug, live=live, **values | fields))


def make_news_index(home: HomePage) -> NewsIndexPage:
    return _publish(
        home, NewsIndexPage(title="Actualités", slug="actualites", summary="Quoi de neuf.")
    )


def make_news(index: NewsIndexPage, slug: str = "ouverture", **fields) -> NewsPage:
    values = {
        "title": "La plateforme ouvre",
        "summary": "Elle est là.",
        "published_on": date(2026, 11, 24),
        "body": text("<p>Bienvenue.</p>"),
    }
    return _publish(index, NewsPage(slug=slug, **values | fields))


def make_page(home: HomePage, slug: str = "contact", **fields) -> StandardPage:
    values = {"title": "Contact", "summary": "Écrivez-nous.", "body": text("<p>Bonjour.</p>")}
    return _publish(home, StandardPage(slug=slug, **values | fields))


def make_faq(home: HomePage, answers: list[str]) -> FaqPage:
    entries = [{"question": "Combien de temps ?", "answer": answer} for answer in answers]
    sections = [{"type": "section", "value": {"title": "Avant", "entries": entries}}]
    page = FaqPage(title="FAQ", slug="faq", summary="Vos questions.", sections=json.dumps(sections))
    return _publish(home, page)


def text(html: str) -> str:
    return stream({"type": "text", "value": html})


def stream(*blocks: dict) -> str:
    return json.dumps(list(blocks))


def _publish(parent, page):
    parent.add_child(instance=page)
    if page.live:
        page.save_revision().publish()
        page.refresh_from_db()
    return page
