"""Starter content: the pages of `cms/content/`, one YAML file for each; the shape is that of the models.

Safe to run again: a page is created once, and changed by a new version of its file only while nobody has touched it
(LoadedPage). A page that somebody deleted does not come back.
"""

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models, transaction
from wagtail.fields import StreamField
from wagtail.models import Page

from cms import ground
from cms.cleaning import clean_block, page_links
from cms.models import (
    FaqPage,
    GuideIndexPage,
    GuidePage,
    HomePage,
    LoadedPage,
    NewsIndexPage,
    NewsPage,
    StandardPage,
)
from cms.moderation import set_up_moderation
from cms.typography import typeset

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # twelve times faster in C
CONTENT = Path(__file__).parent / "content"
# In the order in which they are placed: a page comes after the one that contains it.
TYPES: dict[str, type[Page]] = {
    model.__name__: model
    for model in (
        HomePage,
        GuideIndexPage,
        NewsIndexPage,
        StandardPage,
        FaqPage,
        GuidePage,
        NewsPage,
    )
}
PARENTS = {GuidePage: GuideIndexPage, NewsPage: NewsIndexPage}
LINKS = {GuidePage: "guide", NewsPage: "news"}


class BadContent(ValueError):
    """A file of content cannot become a page."""


@dataclass(frozen=True)
class Source:
    """One page, as its file says it."""

    key: str
    model: type[Page]
    slug: str
    fields: dict[str, Any]

    @property
    def link(self) -> str:
        """How the other files link to this page: guide:un-slug."""
        return f"{LINKS.get(self.model, 'page')}:{self.slug}"


@dataclass
class Report:
    """What a load did to the pages, by the keys of their files."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    """Somebody has changed the page since: it was left as it is, though the file is new."""
    broken_links: list[str] = field(default_factory=list)


def read_sources(folder: Path = CONTENT) -> list[Source]:
    """Return the pages of a folder, those that contain others first. Raises BadContent on a file that is no page."""
    sources = []
    for file in sorted(folder.rglob("*.yaml")):
        key = file.relative_to(folder).with_suffix("").as_posix()
        fields = yaml.load(file.read_text(encoding="utf-8"), Loader=LOADER)  # noqa: S506 - both are safe
        if not isinstance(fields, dict) or fields.get("type") not in TYPES:
            raise BadContent(f"{key} : le type de page manque ou n’existe pas.")
        model = TYPES[fields.pop("type")]
        sources.append(Source(key=key, model=model, slug=fields.pop("slug", ""), fields=fields))
    order = list(TYPES.values())
    return sorted(sources, key=lambda source: order.index(source.model))


@transaction.atomic
def load_pages(folder: Path = CONTENT) -> Report:
    """Create the pages that are missing, and bring up to date those that nobody has touched."""
    report = Report()
    sources = read_sources(folder)
    root = ground.get_root()
    records = {record.key: record for record in LoadedPage.objects.select_related("page")}
    for source in sources:
        if source.key not in records:
            records[source.key] = _place(source, root, report)
    pages = {source.link: records[source.key].page_id for source in sources}
    for source in sources:
        _fill(source, records[source.key], pages, report)
        broken = sorted(page_links(source.fields) - set(pages))
        report.broken_links += [f"{source.key} → {link}" for link in broken]
    set_up_moderation(HomePage.objects.first() or root)
    return report


def _place(source: Source, root: Page, report: Report) -> LoadedPage:
    """Create a page at its place, empty and not live, so that the others can link to it.

    A page that is there already is somebody's: it is not taken over.
    """
    if source.model is HomePage:
        ground.remove_welcome_page(root)
        root.refresh_from_db()
    parent = _parent(source, root)
    siblings = source.model.objects.child_of(parent)
    page = (
        siblings.first()
        if source.model.max_count == 1
        else siblings.filter(slug=source.slug).first()
    )
    record = LoadedPage(key=source.key, page=page and page.page_ptr)
    if page is None:
        page = source.model(title=source.fields["title"], slug=source.slug, live=False)
        parent.add_child(instance=page)
        record.page = page.page_ptr
        report.created.append(source.key)
    if source.model is HomePage:
        ground.set_up_site(page)
    return record


def _parent(source: Source, root: Page) -> Page:
    if source.model is HomePage:
        return root
    container = PARENTS.get(source.model, HomePage)
    if page := container.objects.first():
        return page
    raise BadContent(f"{source.key} : il manque la page qui la contient ({container.__name__}).")


def _fill(source: Source, record: LoadedPage, pages: dict[str, int], report: Report) -> None:
    """Give a page the contents of its file, unless it has them or somebody has changed it."""
    values = _values(source, pages)
    digest = hashlib.sha256(json.dumps(values, sort_keys=True, default=str).encode()).hexdigest()
    is_new = source.key in report.created
    if digest == record.digest:
        report.unchanged.append(source.key)
    elif not is_new and not record.is_as_loaded():
        report.kept.append(source.key)
    else:
        record.revision = _publish(source, record.page.specific, values)
        record.digest = digest
        record.save()
        if not is_new:
            report.updated.append(source.key)


def _values(source: Source, pages: dict[str, int]) -> dict[str, Any]:
    """Return the value of each field of the page, as it is stored."""
    values = {}
    for name, value in source.fields.items():
        try:
            field_ = source.model._meta.get_field(name)
        except FieldDoesNotExist as error:
            raise BadContent(
                f"{source.key} : « {name} » n’est pas un champ de cette page."
            ) from error
        try:
            values[name] = _value(field_, value, pages)
        except (AttributeError, KeyError, TypeError) as error:
            raise BadContent(f"{source.key} : « {name} » n’a pas la forme attendue.") from error
    return values


def _value(field_: models.Field, value: Any, pages: dict[str, int]) -> Any:
    if isinstance(field_, StreamField):
        return clean_block(field_.stream_block, value, pages)
    if isinstance(field_, (models.CharField, models.TextField)) and not field_.choices:
        return typeset(value.strip())
    return value


def _publish(source: Source, page: Page, values: dict[str, Any]) -> int:
    """Write and publish a page. Return the number of its revision."""
    for name, value in values.items():
        setattr(page, name, json.dumps(value) if isinstance(value, list) else value)
    try:
        for stream in page.streams:
            stream.stream_block.clean(stream)
        revision = page.save_revision(log_action=False)
    except ValidationError as error:
        raise BadContent(f"{source.key} : {_reasons(error)}") from error
    revision.publish(log_action=False)
    return revision.pk


def _reasons(error: ValidationError) -> str:
    if not hasattr(error, "error_dict") and hasattr(error, "as_json_data"):
        return json.dumps(error.as_json_data(), ensure_ascii=False)
    return " ".join(error.messages)
