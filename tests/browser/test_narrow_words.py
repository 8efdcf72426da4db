"""The bot's own words on a phone of 360 pixels, short, middle and as long as they get, in three languages."""

from string import Formatter
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from bot.domain import message_limits as limits
from bot.domain.languages import CATALOGUE
from bot.replies.booking import fitting
from bot.replies.words import keys, say
from tests.bot.business.makers import sample
from tests.browser import bodies
from tests.browser.shop import Shop
from tests.browser.test_chat import say as types
from tests.conftest import sampled

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

LANGUAGES = ("en", "id", "vi")
NARROW = 360
URL = "https://checkout-staging.example.com/web/" + "0123456789abcdef" * 4
"""One word without a place to break it."""
FIELDS = {
    "service": {
        "en": "Private chef dinner at the villa",
        "id": "Makan malam chef pribadi",
        "vi": "Đầu bếp nấu tại villa",
    },
    "day": {"en": "Wednesday, 23 September 2026", "id": "Rabu, 23 September 2026", "vi": "Chủ Nhật, 23/9/2026"},
    "zone_note": {"en": " (Central Indonesia Time)", "id": " (WITA)", "vi": " (Giờ Miền Trung Indonesia)"},
}
SAME = {
    "hours": "19:00–22:00",
    "place": "\nVilla Kamboja, Jl. Pantai Berawa No. 88, Canggu, Badung 80361",
    "people": "12",
    "price": "IDR 12,750,000",
    "amount": "IDR 12,750,000",
    "paid": "IDR 2,750,000",
    "until": "Wed 23 Sep 11:00",
    "paid_at": ", Wed 23 Sep 10:00",
    "reference": "BK-26110201-6EHCYK",
    "url": URL,
    "list": "• " + "\n• ".join(["Balinese massage 60 min"] * 12),
    "expect": "\n\n" + "The chef brings the groceries and leaves the kitchen clean. " * 4,
}
CUT_OFF = """
() => {
  const seen = [...document.querySelectorAll(
    '.bubble, .bubble *, .choice, [role=dialog], [role=dialog] *, #composer-text')];
  const wrong = [];
  for (const one of seen) {
    const box = one.getBoundingClientRect();
    if (!box.width || !box.height) continue;
    const style = getComputedStyle(one);
    const isHidden = style.position === 'absolute' && box.width <= 1;
    const name = one.tagName + '.' + one.className + ': ' + (one.textContent || '').slice(0, 60);
    if (!isHidden && (box.left < -0.5 || box.right > innerWidth + 0.5)) wrong.push('beyond the edge: ' + name);
    const cuts = style.overflowX !== 'visible' && style.overflowX !== 'auto' && style.overflowX !== 'scroll';
    if (!isHidden && cuts && one.scrollWidth > one.clientWidth + 1) wrong.push('cut off: ' + name);
    if (!isHidden && style.overflowY === 'hidden' && one.scrollHeight > one.clientHeight + 1)
      wrong.push('cut off below: ' + name);
  }
  if (document.documentElement.scrollWidth > innerWidth) wrong.push('the page scrolls sideways');
  return wrong;
}
"""


def filled(key: str, language: str) -> str:
    """That text with what its fields hold at their longest."""
    forms = CATALOGUE.languages[language].sentences[key].forms
    names = {name for _, name, _, _ in Formatter().parse(forms[-1]) if name}
    said: dict[str, str | int] = {}
    for name in names:
        said[name] = FIELDS[name][language] if name in FIELDS else 12 if name == "count" else SAME.get(name, "x" * 24)
    return say(key, language, **said)


def of_length(language: str) -> tuple[str, str, str]:
    """A short, a middle and the longest text of the chat, cut as the product cuts it."""
    spoken = [
        key for key in keys() if not key.startswith(("template.", "reason.", "format.")) and ".button." not in key
    ]
    whole = {text for key in spoken if (text := filled(key, language)).endswith((".", "?", "!", "🙏"))}
    texts = sorted(whole, key=len)
    return texts[0], texts[len(texts) // 2], fitting(texts[-1], limits.BODY)


def longest(start: str, language: str, number: int) -> list[str]:
    """The widest labels of one kind."""
    labels = {say(key, language) for key in keys() if start in f".{key}"}
    return sorted(labels, key=len)[-number:]


async def to(page: Page, shop: Shop) -> str:
    """Whom the phone of the page belongs to, once it has written."""
    await page.set_viewport_size({"width": NARROW, "height": 640})
    await types(page, "halo")
    number: str = (await shop.heard("text"))[0]["from"]
    return number


async def fits(page: Page) -> None:
    """Nothing is cut off, nothing stands beyond the edge, nothing scrolls sideways."""
    assert await page.evaluate("innerWidth") == NARROW
    assert await page.evaluate(CUT_OFF) == []


async def shown(bubble: Locator, words: str) -> None:
    """Every line of these words can be read in that bubble."""
    await expect(bubble).to_be_visible()
    read = " ".join((await bubble.inner_text()).split())
    for line in words.replace("*", "").splitlines():
        assert " ".join(line.split()) in read


@pytest.mark.parametrize("language", sampled(LANGUAGES[::-1], 3))
async def test_short_middle_and_longest_replies_are_read_whole(page: Page, shop: Shop, language: str) -> None:
    number = await to(page, shop)
    for place, words in enumerate((*of_length(language), filled("payment.refused", language))):
        await shop.send(number, bodies.text(words))
        bubbles = page.locator(".bubble.business")
        await expect(bubbles).to_have_count(place + 1)
        await shown(bubbles.last, words)
        await fits(page)


@pytest.mark.parametrize("language", sampled(LANGUAGES[::-1], 3))
async def test_buttons_of_every_length_are_whole_under_texts_of_every_length(
    page: Page, shop: Shop, language: str
) -> None:
    number = await to(page, shop)
    labels = longest(".button.", language, 40)
    for place, words in enumerate(of_length(language)):
        few = (labels[:3], labels[18:21], labels[-3:])[place]
        await shop.send(number, bodies.buttons(words, *few))
        bubbles = page.locator(".bubble.business")
        await expect(bubbles).to_have_count(place + 1)
        await shown(bubbles.last, words)
        assert [one.strip() for one in await bubbles.last.locator(".choice").all_inner_texts()] == few
        await fits(page)
    await shop.send(number, bodies.link(filled("payment.link.first", language), labels[-1], URL))
    await expect(page.locator(".bubble.business")).to_have_count(4)
    await fits(page)


@pytest.mark.parametrize("language", sampled(LANGUAGES[::-1], 3))
async def test_lists_of_every_length_are_whole_in_the_chat_and_in_their_sheet(
    page: Page, shop: Shop, language: str
) -> None:
    number = await to(page, shop)
    services = [
        (
            fitting(one.name.say(language), limits.ROW_TITLE),
            fitting(one.summary.say(language), limits.ROW_DESCRIPTION),
        )
        for one in sample().services
    ]
    actions = [(label, "W" * 20 + " " + "m" * 51) for label in longest(".action.label.", language, 10)]
    for place, (rows, words) in enumerate(zip((services[:1], services[:5], actions), of_length(language), strict=True)):
        opener = say("booking.button.choose", language)
        await shop.send(number, listing(words, opener, rows))
        bubbles = page.locator(".bubble.business")
        await expect(bubbles).to_have_count(place + 1)
        await fits(page)
        await bubbles.last.get_by_role("button", name=opener).click()
        sheet = page.get_by_role("dialog", name=opener)
        await expect(sheet.get_by_role("radio")).to_have_count(len(rows))
        for title, description in rows:
            await expect(sheet).to_contain_text(title)
            await expect(sheet).to_contain_text(description)
        await fits(page)
        await page.keyboard.press("Escape")
        await expect(sheet).to_have_count(0)


def listing(words: str, opener: str, rows: list[tuple[str, str]]) -> dict[str, Any]:
    """A list as our backend sends it: one section, without a title."""
    body = bodies.listing(words, opener, only=rows)
    del body["interactive"]["action"]["sections"][0]["title"]
    return body


@pytest.mark.parametrize("language", sampled(LANGUAGES[::-1], 3))
async def test_the_whole_of_what_is_said_fits(page: Page, shop: Shop, language: str) -> None:
    number = await to(page, shop)
    spoken = [
        key for key in keys() if not key.startswith(("template.", "reason.", "format.")) and ".button." not in key
    ]
    texts = [fitting(filled(key, language), limits.BODY) for key in spoken]
    # some at a time in a bubble: only how they break is looked at
    joined = ["\n\n".join(texts[start : start + 12])[: limits.TEXT] for start in range(0, len(texts), 12)]
    for words in joined:
        await shop.send(number, bodies.text(words))
    await expect(page.locator(".bubble.business")).to_have_count(len(joined))
    await fits(page)
