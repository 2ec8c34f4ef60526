"""The bar of an export goes on when the network comes back."""

import pytest
from playwright.sync_api import expect

from supervision.enums import ExportKind, ExportState
from supervision.models import TerritoryExport

pytestmark = pytest.mark.browser

# The first look finds no network, as in a train; the others do.
AWAY_ONCE = """
const reached = window.fetch;
let away = true;
window.fetch = (...asked) => {
  if (!away) return reached(...asked);
  away = false;
  return Promise.reject(new TypeError("Failed to fetch"));
};
"""


def test_the_bar_goes_on_after_the_network_was_away(open_browser, omar, opsn):
    export = TerritoryExport.objects.create(
        opsn=opsn,
        asked_by=omar,
        kind=ExportKind.choices[0][0],
        words="Collectivités",
        state=ExportState.RUNNING,
        progress=10,
        file="exports/x",
    )
    page = open_browser(omar)
    page.add_init_script(AWAY_ONCE)
    page.goto(f"/opsn/exports/{export.pk}/")
    bar = page.locator("[data-live] progress")
    expect(bar).to_have_attribute("value", "10")

    TerritoryExport.objects.update(progress=42)

    expect(bar).to_have_attribute("value", "42")
