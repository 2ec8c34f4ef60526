"""What pages weigh in Chromium, cold: the table of docs/sobriety.md. Ends with 1 when one is over the limits.

    python -m benchmarks.pages http://127.0.0.1:8001 / /guides/
    python -m benchmarks.pages http://127.0.0.1:8001 --session omar.json /opsn/chiffres/

The server is that of `make serve-deployed`; `benchmarks.storage_state` makes the session. EcoIndex, from 0 to 100: the
method of ecoindex.fr, whose quantiles are below. Each page is opened at both widths, then at 320 px to see that nothing
overflows; axe looks for violations of WCAG, and the console must stay silent.
"""

import argparse
import shutil
import sys
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import pairwise

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

WIDTHS = ((360, 640), (1366, 768))
NARROW = (320, 256)
# Requests, Ko transferred, elements, EcoIndex at least, Ko of scripts and of styles.
LIMITS = (8, 100, 290, 85, 15, 15)
# Source: ecoindex.fr, « Comment ça marche ? »: twentieths of the pages of the web, and their weights out of six.
ELEMENTS = (
    *(0, 47, 75, 159, 233, 298, 358, 417, 476, 537, 603),
    *(674, 753, 843, 949, 1076, 1237, 1459, 1801, 2479, 594601),
)
REQUESTS = (
    *(0, 2, 15, 25, 34, 42, 49, 56, 63, 70, 78),
    *(86, 95, 105, 117, 130, 147, 170, 205, 281, 3920),
)
KILOBYTES = (
    *(0, 1.37, 144.7, 319.53, 479.46, 631.97, 783.38, 937.91, 1098.62, 1265.47, 1448.32),
    *(1648.27, 1876.08, 2142.06, 2465.37, 2866.31, 3401.59, 4155.73, 5400.08, 8037.54, 223212.26),
)


@dataclass
class Weight:
    requests: int = 0
    transferred: dict[str, int] = field(default_factory=dict)  # bytes, by kind of resource
    elements: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def figures(self) -> tuple:
        kilobytes = sum(self.transferred.values()) / 1000
        scripts, styles = (
            self.transferred.get(kind, 0) / 1000 for kind in ("Script", "Stylesheet")
        )
        index = ecoindex(self.elements, self.requests, kilobytes)
        return self.requests, kilobytes, self.elements, index, scripts, styles

    @property
    def is_over(self) -> bool:
        over = [figure > limit for figure, limit in zip(self.figures, LIMITS, strict=True)]
        over[3] = self.figures[3] < LIMITS[3]
        return any(over)


def ecoindex(elements: int, requests: int, kilobytes: float) -> float:
    rank = 3 * _rank(elements, ELEMENTS) + 2 * _rank(requests, REQUESTS)
    return 100 - 5 * (rank + _rank(kilobytes, KILOBYTES)) / 6


def _rank(value: float, quantiles: tuple) -> float:
    """Return how many twentieths of the web are lighter: from 0 to 20."""
    place = bisect_right(quantiles, value)
    if place == len(quantiles):
        return place - 1
    low, high = list(pairwise(quantiles))[place - 1]
    return place - 1 + (value - low) / (high - low)


def weigh(browser: Browser, address: str, session: str | None, size: tuple[int, int]) -> Weight:
    weight, kinds = Weight(), {}
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height}, storage_state=session, locale="fr-FR"
    )
    page = context.new_page()
    page.on("console", lambda said: said.type == "error" and weight.problems.append(said.text))
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    network.on("Network.responseReceived", lambda event: _keep_kind(kinds, event))
    network.on("Network.loadingFinished", lambda event: _add(weight, kinds, event))
    answer = page.goto(address, wait_until="networkidle")
    if answer.status != 200 or page.url != address:
        weight.problems.append(f"{answer.status}, {page.url}")
    weight.elements = page.evaluate("document.querySelectorAll('*:not(svg *)').length")
    if size != NARROW:
        weight.problems += [rule["id"] for rule in Axe().run(page).response["violations"]]
    if _overflows(page):
        weight.problems.append(f"défile de côté à {width} px")
    context.close()
    return weight


def _keep_kind(kinds: dict[str, str], event: dict) -> None:
    if not event["response"]["url"].startswith("data:"):  # which ask nobody
        kinds[event["requestId"]] = event["type"]


def _add(weight: Weight, kinds: dict[str, str], event: dict) -> None:
    kind = kinds.get(event["requestId"])
    if kind:
        weight.requests += 1
        weight.transferred[kind] = weight.transferred.get(kind, 0) + int(event["encodedDataLength"])


def _overflows(page: Page) -> bool:
    root = "document.documentElement"
    return page.evaluate(f"{root}.scrollWidth > {root}.clientWidth")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("base")
    parser.add_argument("paths", nargs="+")
    parser.add_argument("--session", help="what benchmarks.storage_state wrote")
    given = parser.parse_args()
    failed = False
    print(
        "| page | largeur | requêtes | Ko transférés | éléments du DOM | EcoIndex | JS, CSS (Ko) |"
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        for path in given.paths:
            for size in (*WIDTHS, NARROW):
                weight = weigh(browser, given.base + path, given.session, size)
                failed |= bool(weight.problems) or weight.is_over
                requests, kilobytes, elements, index, scripts, styles = weight.figures
                print(
                    f"| {path} | {size[0]} | {requests} | {kilobytes:.1f} | {elements} | {index:.0f} | "
                    f"{scripts:.1f} ; {styles:.1f} |{' au-delà' * weight.is_over}"
                )
                for problem in weight.problems:
                    print(f"    {problem}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
