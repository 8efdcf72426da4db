"""A person at the page: opens a phone, writes, taps, fills forms, pays; every wait is for what a person would see."""

from dataclasses import dataclass

from playwright.async_api import FrameLocator, Locator, Page, expect


@dataclass(frozen=True, slots=True)
class Person:
    """Who has the page before them."""

    page: Page

    async def opens_a_phone(self, name: str, language: str, number: str) -> None:
        """A customer of their own name, language and number."""
        await self.page.get_by_role("button", name="Open a second phone").click()
        dialog = self.page.get_by_role("dialog", name="A second phone")
        await dialog.get_by_label("Name").fill(name)
        await dialog.get_by_label("Number (empty: any)").fill(number)
        await dialog.get_by_label("Language").select_option(language)
        await dialog.get_by_role("button", name="Open the phone").click()
        await expect(self.page.locator(".person[aria-pressed=true]")).to_contain_text(name)
        await expect(self.page.locator(".phone-head .own")).to_contain_text(number)

    async def takes_the_phone_of(self, name: str) -> None:
        """Goes on with another customer's phone."""
        person = self.page.locator(".person", has_text=name)
        await person.click()
        await expect(person).to_have_attribute("aria-pressed", "true")

    def bubbles(self, words: str) -> Locator:
        """What the business said with these words, on this phone."""
        return self.page.locator(".bubble.business", has_text=words)

    async def says(self, words: str, *, answer: str) -> Locator:
        """Writes, and reads the answer."""
        before = await self.bubbles(answer).count()
        await self.page.locator("#composer-text").fill(words)
        await self.page.keyboard.press("Enter")
        return await self._reads(answer, before)

    async def taps(self, choice: str, *, answer: str) -> Locator:
        """Taps a choice of the newest bubble that has it, and reads the answer."""
        before = await self.bubbles(answer).count()
        await self.choice(choice).click()
        return await self._reads(answer, before)

    def choice(self, title: str) -> Locator:
        """The newest button of that title in the chat."""
        return self.page.locator(".bubble.business").get_by_role("button", name=title).last

    async def offered(self) -> list[str]:
        """The titles of the choices under the newest bubble."""
        found = self.page.locator(".bubble.business").last.locator(".choice")
        await expect(found).not_to_have_count(0)
        return [title.strip() for title in await found.all_inner_texts()]

    async def reads(self, words: str) -> Locator:
        """What the business says unasked, once it is there."""
        await expect(self.bubbles(words)).not_to_have_count(0)
        return self.bubbles(words).last

    async def _reads(self, words: str, before: int) -> Locator:
        await expect(self.bubbles(words)).to_have_count(before + 1)
        return self.bubbles(words).last

    async def opens_the_checkout(self, button: str) -> FrameLocator:
        """Taps the newest payment link."""
        await self.choice(button).click()
        frame = self.page.frame_locator("iframe[title=Checkout]")
        await expect(frame.locator(".sum")).to_be_visible()
        return frame

    async def is_at(self, state: str) -> None:
        """The drawing of the lifecycle lights this place for the phone in hand."""
        await expect(self.page.locator(".lifecycle [aria-current=step]")).to_have_text(state)

    @property
    def money(self) -> Locator:
        """The rows of money in the pane."""
        return self.page.locator("#happened-pane tbody tr")

    @property
    def log(self) -> Locator:
        """Webhooks and calls."""
        return self.page.locator(".log")

    @property
    def form(self) -> Locator:
        """The open form."""
        return self.page.get_by_role("dialog")
