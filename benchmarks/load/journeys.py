"""How many messages of the bot lie between a customer's first word and a paid booking.

The customer is scripted and goes by what is asked, so that a shorter conversation needs no other script.
"""

import asyncio
import json
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from benchmarks.load.rig import Rig
from benchmarks.load.wire import Broken

Json = dict[str, Any]

DATABASE: Final = "bench_journeys"
SERVICE_ONLY: Final = "I want to book the Balinese massage 60 min"
WITH_TIME: Final = "I want to book the Balinese massage 60 min in three weeks at 3pm at Villa Melati"
FOR_THE_FORM: Final = "I would like to book something"
FORM_STEPS: Final[tuple[dict[str, str], ...]] = (
    {"service": "balinese-massage"},
    {"place": "villa-senja"},
    {"day": "#4"},
    {"time": "#2"},
    {"guests": "1", "name": "Sari", "notes": ""},
    {},
)
MOST_TURNS: Final = 15
PAYING: Final = threading.Lock()
ANSWER_WITHIN: Final = 30.0
ANSWERS: Final = (
    (re.compile(r"which (day|date)|what (day|date|time)|\bwhen\b", re.IGNORECASE), "in two weeks at 3pm"),
    (re.compile(r"which villa|at which|\bwhere\b", re.IGNORECASE), "Villa Melati"),
    (re.compile(r"how many", re.IGNORECASE), "one person"),
    (re.compile(r"tap one|which (time|one)|\d\d:\d\d", re.IGNORECASE), "the first"),
)
"""What is asked, in words, and what this customer says to it; the first that fits."""


@dataclass(slots=True)
class BenchCustomer:
    """A phone of the simulator."""

    http: httpx.Client
    number: int
    who: str = ""
    seen: list[Json] = field(default_factory=list)

    def join(self, wa_id: str = "", name: str = "Sari") -> None:
        """Have a phone, under that number or one of its own."""
        told = self._post("/sim/customers", {"name": name, "wa_id": wa_id or f"62812{self.number:08d}"})
        self.who = str(told["id"])

    def _post(self, path: str, body: Json) -> Any:
        answer = self.http.post(path, json=body)
        if answer.status_code >= 400:
            raise Broken(f"{path}: {answer.text[:300]}")
        return answer.json()

    def does(self, act: str, **body: Any) -> None:
        """Say, tap or fill something in."""
        self._post(f"/sim/customers/{self.who}/{act}", body)

    def next_bubble(self) -> Json:
        """The next message of the bot; Broken when none comes."""
        after = self.seen[-1]["seq"] if self.seen else 0
        ends = time.monotonic() + ANSWER_WITHIN
        while time.monotonic() < ends:
            answer = self.http.get(f"/sim/customers/{self.who}/bubbles", params={"after": after, "wait": 5})
            for bubble in answer.json()["items"]:
                self.seen.append(bubble)
                return dict(bubble)
        raise Broken(f"no answer after {[one['text'][:60] for one in self.seen]}")

    def bubbles(self) -> list[Json]:
        """All that came."""
        return list(self.http.get(f"/sim/customers/{self.who}/bubbles").json()["items"])

    def pays(self) -> None:
        """Pay every invoice that is open, also those of the others: each once."""
        with PAYING:
            found = self.http.get("/sim/xendit/invoices").json()
            for invoice in found["items"] if isinstance(found, dict) else found:
                if invoice["status"] == "PENDING":
                    self._post("/sim/xendit/pay", {"invoice": invoice["id"], "channel": "QRIS"})


def _is_paid(bubble: Json) -> bool:
    return "paid" in bubble["text"].casefold() and "confirmed" in bubble["text"].casefold()


def _goes_on(customer: BenchCustomer, bubble: Json) -> None:
    """Do what this message asks for; nothing when it asks nothing."""
    choices = [choice["title"] for choice in bubble["choices"]]
    if any(choice["url"] for choice in bubble["choices"]):
        customer.pays()
    elif yes := next((title for title in choices if title.casefold().startswith("yes")), ""):
        customer.does("tap", choice=yes)
    elif bubble["kind"] != "flow":
        asked = f"{bubble['text']}\n{' '.join(choices)}"
        answer = next((words for pattern, words in ANSWERS if pattern.search(asked)), None)
        if answer is not None:
            customer.does("say", text=answer)


def by_chat(customer: BenchCustomer, first_words: str) -> int:
    """Messages of the bot until it is paid and confirmed."""
    customer.join()
    customer.does("say", text=first_words)
    while len(customer.seen) < MOST_TURNS:
        bubble = customer.next_bubble()
        if _is_paid(bubble):
            return len(customer.seen)
        _goes_on(customer, bubble)
    raise Broken(f"not booked: {[one['text'][:60] for one in customer.seen]}")


def _by_form(customer: BenchCustomer) -> int:
    customer.join()
    customer.does("say", text=FOR_THE_FORM)
    while len(customer.seen) < MOST_TURNS:
        bubble = customer.next_bubble()
        if _is_paid(bubble):
            return len(customer.seen)
        if bubble["kind"] == "flow":
            customer.does("fill", flow=_form(customer.http), steps=list(FORM_STEPS))
        else:
            _goes_on(customer, bubble)
    raise Broken(f"not booked: {[one['text'][:60] for one in customer.seen]}")


def _form(http: httpx.Client) -> Json:
    """The published English form as the phone has it."""
    items = http.get("/sim/flows").json()["items"]
    told: Json = json.loads(next(one["published"] for one in items if one["name"].endswith("-en")))
    return told


@dataclass(frozen=True, slots=True)
class Journeys:
    """Messages of the bot up to and with "paid and confirmed"."""

    service_only: int
    with_time: int
    form: int


async def measure(rig: Rig) -> Journeys:
    """Three customers book and pay through the doors, against the simulated WhatsApp and Xendit."""
    outside = {"MONGODB_DATABASE": DATABASE, "GRAPH_API_BASE_URL": rig.simulator_url}
    await rig.product.run("migrate", **outside)
    await rig.product.start(**outside)
    try:
        await rig.publish_forms(DATABASE)
        found = await asyncio.gather(
            asyncio.to_thread(_played, rig.simulator_url, 1, lambda customer: by_chat(customer, SERVICE_ONLY)),
            asyncio.to_thread(_played, rig.simulator_url, 2, lambda customer: by_chat(customer, WITH_TIME)),
            asyncio.to_thread(_played, rig.simulator_url, 3, _by_form),
        )
        return Journeys(*found)
    finally:
        await rig.product.stop()
        await rig.drop(DATABASE)
        async with httpx.AsyncClient(base_url=rig.simulator_url, trust_env=False) as http:
            await http.post("/sim/reset", json={})


def _played(url: str, number: int, play: Callable[[BenchCustomer], int]) -> int:
    with httpx.Client(base_url=url, trust_env=False, timeout=60) as http:
        return play(BenchCustomer(http, number))
