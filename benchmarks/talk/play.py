"""Scripted customers who talk to the product through the simulated phone, and what came of each conversation."""

import asyncio
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

import httpx

from bot.replies.words import in_all
from simulator.customer import Phone, Seen

CUSTOMERS: Final = Path(__file__).with_name("customers.txt")
MOST_TURNS: Final = 16
FIRST_ANSWER: Final = 45.0
"""Seconds; a busy machine is no dead end."""
QUIET: Final = 1.0
"""Seconds without another bubble after which the customer writes."""
_HANDED_OVER: Final = frozenset(
    sentence
    for key in ("talk.handed_over", "talk.person_called", "talk.complaint", "talk.passed_on", "talk.no_booking_here")
    for sentence in in_all(key).values()
)
_ASKED: Final = frozenset(sentence.partition("{")[0] for sentence in in_all("acceptance.providers").values())
"""The time is theirs as soon as a provider says yes, whom nobody plays here."""
_ANSWERS: Final = (
    (re.compile(r"how many people|how many shall|berapa orang|mấy người", re.IGNORECASE), {"": "2"}),
    (
        re.compile(
            r"(?:which|other|what) (?:other )?day|hari apa|hari lain|hari mana|tanggal berapa|ngày nào|ngày khác",
            re.IGNORECASE,
        ),
        {"en": "on friday at 4pm", "id": "jumat jam 4 sore", "vi": "thứ sáu lúc 4h chiều"},
    ),
    (
        re.compile(r"for one\?|satu orang\?|một người nhé\?"),
        {"en": "yes please", "id": "iya kak", "vi": "vâng ạ"},
    ),
)
"""What is asked in plain words, and what anybody would say to it."""
_YES: Final = {"en": "yes please", "id": "iya kak", "vi": "đồng ý"}


@dataclass(frozen=True, slots=True)
class Customer:
    """Who writes, in what mood, and what must come of it."""

    number: int
    language: str
    mood: str
    wants: str
    says: tuple[str, ...]


@dataclass(slots=True)
class Score:
    """What came of one conversation."""

    customer: Customer
    came: str = "open"
    turns: int = 0
    bubbles: list[str] = field(default_factory=list)
    transcript: list[str] = field(default_factory=list)
    dead_ends: int = 0

    @property
    def is_right(self) -> bool:
        """Whether what was wanted came of it."""
        wanted, _, words = self.customer.wants.partition(" ")
        if wanted == "said":
            return any(words.casefold() in bubble.casefold() for bubble in self.bubbles)
        return self.came == wanted

    @property
    def repeated(self) -> int:
        """Sentences of the bot that were said in more than one message of this conversation."""
        lines = Counter(line for bubble in self.bubbles for line in set(bubble.splitlines()) if len(line) >= 30)
        return sum(count - 1 for count in lines.values() if count > 1)


class MindFailed(Exception):
    """Whoever thinks for the customers said nothing that can be used."""


class Mind(Protocol):
    """Who thinks of what a customer writes next; none where the script and common sense do."""

    async def next_words(self, customer: Customer, transcript: list[str]) -> str:
        """The next message; raises MindFailed."""


def customers(path: Path = CUSTOMERS) -> tuple[Customer, ...]:
    """All of the file, in order."""
    lines = [line for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    found = []
    for number, line in enumerate(lines, 1):
        language, mood, wants, says = line.split(" · ", 3)
        found.append(Customer(number, language, mood, wants, tuple(says.split(" | "))))
    return tuple(found)


async def play(url: str, customer: Customer, paying: asyncio.Lock, mind: Mind | None = None) -> Score:
    """One conversation, to its end; where no model answers for the customer it ends there, and the others go on.

    Who holds `paying` is the only one who pays links.
    """
    score = Score(customer)
    try:
        await _play(url, score, paying, mind)
    except MindFailed as failed:
        score.dead_ends += 1
        score.transcript.append(f"model: {failed}")
    return score


async def _play(url: str, score: Score, paying: asyncio.Lock, mind: Mind | None) -> None:
    customer, script, after = score.customer, list(score.customer.says), 0
    async with Phone(url, name="Sari", wa_id=f"62813{customer.number:08d}") as phone:
        words: str | None = script.pop(0) if mind is None else await mind.next_words(customer, [])
        while score.turns < MOST_TURNS:
            score.turns += 1
            if words is not None:
                score.transcript.append(f"customer: {words}")
                await phone.say(words)
            came = await _answered(phone, after)
            if not came:
                score.dead_ends += 1
                break
            after = came[-1].seq
            score.bubbles += [bubble.text for bubble in came]
            score.transcript += [f"bot: {bubble.text} {list(bubble.choices)}" for bubble in came]
            if _is_over(score, came):
                break
            if any(bubble.links for bubble in came):
                await _pay(url, paying)
                words = None
            elif mind is not None:
                words = await mind.next_words(customer, score.transcript)
            elif script:
                words = script.pop(0)
            else:
                words = await _goes_on(phone, customer, came[-1])
                if words == "":
                    score.dead_ends += 1
                    break


async def _answered(phone: Phone, after: int) -> tuple[Seen, ...]:
    """What the bot says, until it is quiet."""
    seen = list(await _waited(phone, after, FIRST_ANSWER))
    while seen and (more := await _waited(phone, seen[-1].seq, QUIET)):
        seen += more
    return tuple(seen)


async def _waited(phone: Phone, after: int, seconds: float) -> tuple[Seen, ...]:
    left = seconds
    while left > 0:
        came = await phone.bubbles(after, wait=min(left, 10.0))
        if came:
            return came
        left -= 10.0
    return ()


def _is_over(score: Score, came: tuple[Seen, ...]) -> bool:
    if any("✅" in bubble.text or any(words in bubble.text for words in _ASKED) for bubble in came):
        score.came = "booked"
    elif any(sentence in bubble.text for bubble in came for sentence in _HANDED_OVER):
        score.came = "person"
    return score.came != "open" or (score.customer.wants.startswith("said") and score.is_right)


async def _goes_on(phone: Phone, customer: Customer, bubble: Seen) -> str | None:
    """What anybody would do next: words, or none after a tap; nothing ("") where the bot leaves no way on."""
    first = bubble.choice_ids[0] if bubble.choice_ids else ""
    if first.startswith("confirm:"):
        return _YES[customer.language]
    if first.startswith("place:"):
        return "villa padi" if "place:villa-padi" in bubble.choice_ids else bubble.choices[0]
    if first.startswith(("slot:", "svc:", "day:", "mean:")):
        await phone.tap(first)
        return None
    for pattern, answers in _ANSWERS:
        if pattern.search(bubble.text):
            return answers.get("") or answers[customer.language]
    return ""


async def _pay(url: str, paying: asyncio.Lock) -> None:
    """Every open link is paid, also those of the others: each once."""
    async with paying, httpx.AsyncClient(base_url=url, trust_env=False, timeout=60) as http:
        found = (await http.get("/sim/xendit/invoices")).json()
        for invoice in found["items"] if isinstance(found, dict) else found:
            if invoice["status"] == "PENDING":
                await http.post("/sim/xendit/pay", json={"invoice": invoice["id"], "channel": "QRIS"})


async def play_all(url: str, who: tuple[Customer, ...], at_once: int = 6, mind: Mind | None = None) -> list[Score]:
    """All of them, a few at a time."""
    gate, paying = asyncio.Semaphore(at_once), asyncio.Lock()

    async def one(customer: Customer) -> Score:
        async with gate:
            return await play(url, customer, paying, mind)

    return list(await asyncio.gather(*map(one, who)))


def report(scores: list[Score]) -> dict[str, float]:
    """The figures of the table."""
    n = len(scores)
    return {
        "right": sum(score.is_right for score in scores) / n,
        "turns": sum(score.turns for score in scores) / n,
        "bot messages": sum(len(score.bubbles) for score in scores) / n,
        "repeated sentences": sum(score.repeated for score in scores) / n,
        "dead ends": sum(score.dead_ends for score in scores) / n,
    }


def line_of(name: str, scores: list[Score]) -> str:
    """A line of the table that is printed."""
    told = " · ".join(
        f"{key} {value:.0%}" if key == "right" else f"{key} {value:.1f}" for key, value in report(scores).items()
    )
    return f"{name:10} {len(scores):3} conversations · {told}"
