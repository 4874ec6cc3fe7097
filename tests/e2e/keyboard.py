"""Hands that only touch the keyboard: everything is reached with Tab, followed with Enter, chosen by typing."""

from datetime import date

from playwright.sync_api import Locator, Page, expect

REACH = 250
HAS_THE_FOCUS = "element => element === document.activeElement"


class Keyboard:
    """One person, one page, no mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.keys = page.keyboard

    def reach(self, wanted: Locator) -> Locator:
        """Tab from where one stands until `wanted` has the focus."""
        expect(wanted).to_be_attached()
        for _key in range(REACH):
            if wanted.evaluate(HAS_THE_FOCUS):
                return wanted
            self.keys.press("Tab")
        raise AssertionError(f"The keyboard never reaches {wanted}.")

    def follow(self, name: str) -> None:
        """A link of the page, by its words, also one drawn as a button."""
        self.enter(self.page.locator("a").filter(has_text=name).first)

    def enter(self, link: Locator) -> None:
        """The page that this very link leads to."""
        self.reach(link)
        with self.page.expect_navigation():
            self.keys.press("Enter")

    def press(self, name: str) -> None:
        """A button of the page's own part, by its words."""
        self.reach(self.page.locator("main").get_by_role("button", name=name, exact=True).first)
        self.keys.press("Enter")

    def write(self, name: str, text: str, form: str = "main") -> None:
        """Replace the text of the field of this name. `form`: which one, where several have it."""
        self.reach(self.page.locator(f"{form} [name='{name}']"))
        self.keys.press("ControlOrMeta+a")
        self.keys.type(text)

    def select(self, name: str, typed: str) -> None:
        """The choice of a list whose words begin as `typed`."""
        field = self.reach(self.page.locator(f"main select[name='{name}']"))
        self.keys.type(typed)
        assert field.evaluate("element => element.selectedOptions[0].textContent").startswith(typed)

    def tick(self, name: str, value: str) -> None:
        """A box. Radio buttons are a group of one Tab stop: see `pick`."""
        self.reach(self.page.locator(f"main [name='{name}'][value='{value}']"))
        self.keys.press("Space")

    def write_day(self, name: str, day: date) -> None:
        """In the field that a browser has for dates, in the order of its own language: that of Chromium as it comes."""
        field = self.reach(self.page.locator(f"main [name='{name}']"))
        self.keys.type(f"{day:%m%d%Y}")
        expect(field).to_have_value(day.isoformat())

    def join(self, name: str, *, called: str, content: bytes) -> None:
        """A file, in the window that the button of its field opens."""
        with self.page.expect_file_chooser() as opened:
            self.reach(self.page.locator(f"main input[type=file][name='{name}']"))
            self.keys.press("Enter")
        opened.value.set_files([{"name": called, "mimeType": "application/octet-stream", "buffer": content}])

    def open(self, name: str) -> None:
        """What is folded under these words."""
        self.reach(self.page.locator("main summary, aside summary").filter(has_text=name).first)
        self.keys.press("Enter")

    def pick(self, name: str, value: str) -> None:
        """One of a group of radio buttons: Tab to the group, arrows to the one."""
        group = self.page.locator(f"main [name='{name}']")
        for _key in range(REACH):
            if group.evaluate_all("all => all.includes(document.activeElement)"):
                break
            self.keys.press("Tab")
        wanted = self.page.locator(f"main [name='{name}'][value='{value}']")
        self.keys.press("Space")
        for _choice in range(group.count()):
            if wanted.is_checked():
                return
            self.keys.press("ArrowDown")
        raise AssertionError(f"The arrows never reach {value}.")
