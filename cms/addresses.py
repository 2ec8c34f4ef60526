"""Addresses of pages without a query: the home page is the only child of the root, and the root of the site."""

from wagtail.models import Page


def address(page: Page) -> str:
    """Return the address of a page on the site: what follows the home page in its `url_path`."""
    _, _home, below = page.url_path.split("/", 2)
    return f"/{below}"
