"""How a person uses a page: with a mouse, or with the keyboard alone."""

from playwright.sync_api import Locator, Page, expect

MOST_TABS = 90


def expect_to_fit(page: Page) -> None:
    """Nothing is wider than the screen; waits, as every `expect`, for the page that a click has only asked for."""
    width = page.viewport_size["width"]
    expect(page.locator("html")).to_have_js_property("scrollWidth", width)


class Mouse:
    def __init__(self, page: Page):
        self.page = page

    def press(self, target: Locator) -> None:
        target.click()

    def write(self, target: Locator, text: str) -> None:
        target.fill(text)

    def choose(self, group: Locator, label: str) -> None:
        group.get_by_role("radio", name=label, exact=True).check()

    def tick(self, box: Locator) -> None:
        box.check()


class Keyboard:
    """Tab, arrows, space and return; whatever Tab does not reach does not exist."""

    def __init__(self, page: Page):
        self.page = page

    def press(self, target: Locator) -> None:
        self.reach(target)
        self.page.keyboard.press("Enter")

    def write(self, target: Locator, text: str) -> None:
        self.reach(target)
        self.page.keyboard.insert_text(text)

    def choose(self, group: Locator, label: str) -> None:
        radios = group.get_by_role("radio")
        wanted = radios.and_(group.get_by_role("radio", name=label, exact=True))
        self.reach(radios.first)
        self.page.keyboard.press("Space")
        for _ in range(radios.count()):
            if wanted.is_checked():
                return
            self.page.keyboard.press("ArrowRight")
        expect(wanted).to_be_checked()

    def tick(self, box: Locator) -> None:
        self.reach(box)
        self.page.keyboard.press("Space")
        expect(box).to_be_checked()

    def reach(self, target: Locator) -> None:
        expect(target).to_be_visible()
        for _ in range(MOST_TABS):
            if target.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{target} is not reached by the Tab key")
