"""A page used without a mouse: everything is reached by Tab, written by keys and pressed by Enter."""

from playwright.sync_api import Locator, Page, expect

MOST_STOPS = 250
IS_FOCUSED = "element => element === document.activeElement"


class Keyboard:
    """Hands on the keyboard of one page. What Tab does not reach fails the test, as it would fail a person."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def reach(self, wanted: Locator) -> None:
        """Press Tab until the focus is there; past the last stop the page begins anew."""
        expect(wanted).to_be_visible()
        for _ in range(MOST_STOPS):
            if wanted.evaluate(IS_FOCUSED):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{MOST_STOPS} times Tab never reached {wanted}.")

    def press(self, wanted: Locator) -> None:
        """Follow a link or press a button."""
        self.reach(wanted)
        self.page.keyboard.press("Enter")

    def write(self, wanted: Locator, text: str) -> None:
        """Write into a field instead of what stands there."""
        self.reach(wanted)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def choose(self, wanted: Locator, beginning: str) -> None:
        """Choose from a list by the first letters."""
        self.reach(wanted)
        self.page.keyboard.type(beginning)

    def tick(self, wanted: Locator) -> None:
        """Tick a box, or the first answer of a question that has none yet."""
        self.reach(wanted)
        self.page.keyboard.press("Space")
        expect(wanted).to_be_checked()
