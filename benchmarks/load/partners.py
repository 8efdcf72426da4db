"""How many templates, each of which costs money, the partners of one booking get on the straight way.

Confirmed, told to provider and place, told again the evening before, given and done: nobody of them writes a word that
is not a tap. Real processes, the simulated WhatsApp and Xendit; the digest waits for the worker's own minute.
"""

import asyncio
import re
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import httpx

from benchmarks.load.journeys import WITH_TIME, BenchCustomer, Json, by_chat
from benchmarks.load.rig import API_TOKEN, Rig
from benchmarks.load.wire import Broken

DATABASE: Final = "bench_partners"
_PHONE: Final = re.compile(r'phone: "\+(\d+)"')
_ZONE: Final = ZoneInfo("Asia/Makassar")
_EVENING: Final = 18
"""The hour of the sample's digest."""
SOON: Final = 30.0
A_MOMENT: Final = 1.0
"""Longer than a process goes by the business time it has read."""
A_MINUTE: Final = 75.0
"""Within so many seconds the worker has tidied once: also where nothing comes of it, the evening's digests went."""
A_ROUND: Final = 100.0
"""Seconds within which the worker tidies once, and sends what the evening brings."""
TO_DISPATCH: Final = "I want to book the private day tour in two weeks at 8 am at Villa Melati for 2 people"
_STAY: Final = ("pre-arrival-cleaning", "check-in-meeting", "check-out-meeting", "post-departure-cleaning")
_HOST: Final = "dewi"
_GUEST: Final = "Emma"
_DAYS: Final = 12
"""The stay begins at least so many days ahead: before its cleaning is offered."""
_ASKED_DAYS: Final = 6
"""So many days before it begins the sample asks who cleans."""
_TUESDAY: Final = 1
_SHOW, _DONE, _JOBS, _ACCEPT = "work:show:", "work:done:", "work:jobs", "work:accept:"


async def measure(rig: Rig) -> int:
    """Templates to all partners of one booking, from its order to its end: the way that costs most."""
    more = {"MONGODB_DATABASE": DATABASE, "GRAPH_API_BASE_URL": rig.simulator_url}
    await rig.product.run("migrate", **more)
    await rig.product.run("templates", "push", **more)
    await rig.product.start(**more, JANJI_API_TOKEN=API_TOKEN, CLOCK_MAY_MOVE="true")
    sample = (rig.product.tree / "bot" / "business" / "sample.yaml").read_text("utf-8")
    numbers = sorted(set(_PHONE.findall(sample)))
    try:
        return await asyncio.to_thread(_played, rig, numbers)
    finally:
        await rig.product.stop()
        await rig.drop(DATABASE)
        async with httpx.AsyncClient(base_url=rig.simulator_url, trust_env=False) as http:
            await http.post("/sim/reset", json={})


def _played(rig: Rig, numbers: list[str]) -> int:
    headers = {"Authorization": f"Bearer {API_TOKEN}"}
    with (
        httpx.Client(base_url=rig.simulator_url, trust_env=False, timeout=60) as http,
        httpx.Client(base_url=f"{rig.product.url}/api/v1", headers=headers, trust_env=False, timeout=30) as api,
    ):
        http.post("/sim/templates/review", json={}).raise_for_status()
        partners = [BenchCustomer(http, number) for number in range(100, 100 + len(numbers))]
        for partner, number in zip(partners, numbers, strict=True):
            partner.join(number, "Partner")
        played = _Played(http, api, partners)
        counts = {"auto": played.auto(), "dispatch": played.dispatched(), "stay": played.stay()}
        rig.notes.append(f"templates to partners: {told_by_way(counts)}")
        return max(counts.values())


def told_by_way(counts: Mapping[str, int]) -> str:
    """How many each way costs, for the notes of a run."""
    return ", ".join(f"{way} {count}" for way, count in counts.items())


def templates(bubbles: Iterable[Json]) -> int:
    """How many of these cost money."""
    return sum(bubble["kind"] == "template" for bubble in bubbles)


@dataclass(frozen=True, slots=True)
class _Played:
    """The phones of all partners of the business file, one booking after the other."""

    http: httpx.Client
    api: httpx.Client
    partners: list[BenchCustomer]

    def auto(self) -> int:
        """Sold from the provider's own hours: told of the job, told of it the evening before, done."""
        before = self._templates()
        by_chat(BenchCustomer(self.http, 1), WITH_TIME)
        provider, given = _awaited(lambda: _with(self.partners, _SHOW), SOON, "a provider who is told of the job")
        provider.does("tap", choice=given)
        self._lived_through(provider, "balinese-massage")
        return self._templates() - before

    def dispatched(self) -> int:
        """Both drivers are asked, one takes it, and is told the evening before, done."""
        before = self._templates()
        with ThreadPoolExecutor(1) as pool:
            # the guest is asked for money only after somebody has said yes
            ordered = pool.submit(by_chat, BenchCustomer(self.http, 2), TO_DISPATCH)
            provider, offered = _awaited(lambda: _with(self.partners, _ACCEPT), SOON, "an offer")
            provider.does("tap", choice=offered)
            ordered.result()
        self._lived_through(provider, "day-tour")
        return self._templates() - before

    def stay(self) -> int:
        """A villa and its four tasks: a cleaner who is asked has both cleanings, a host is given both meetings."""
        before = self._templates()
        reference = self._stay_paid()
        tasks = {str(one["id"]).split(":")[1]: one for one in self._booking(reference)["tasks"]}
        begins = datetime.fromisoformat(tasks["pre-arrival-cleaning"]["begin"])
        _go_to(self.http, begins - timedelta(days=_ASKED_DAYS) + timedelta(minutes=5))
        asked = "an offer to a cleaner"
        cleaner, offered = _awaited(lambda: _with(self.partners, _ACCEPT, about=reference), A_ROUND, asked)
        cleaner.does("tap", choice=offered)
        first, last = tasks["pre-arrival-cleaning"]["id"], tasks["post-departure-cleaning"]["id"]
        theirs = _awaited(lambda: self._get(f"/tasks/{first}")["who"], SOON, "the cleaner's yes")
        for task, who in ((last, theirs["id"]), *((tasks[f"check-{at}-meeting"]["id"], _HOST) for at in ("in", "out"))):
            self._post(f"/tasks/{task}/take", who=who)
        for name, task in sorted(tasks.items(), key=lambda one: str(one[1]["begin"])):
            begins = datetime.fromisoformat(task["begin"])
            if name != "post-departure-cleaning":
                # that is on one day with the meeting before it
                self._evening_before(begins)
            _go_to(self.http, begins + timedelta(minutes=5))
            if name == "pre-arrival-cleaning":
                self._done_with_a_picture(cleaner, str(task["id"]))
            else:
                self._post(f"/tasks/{task['id']}/done")
            if name == "check-in-meeting":
                _go_to(self.http, datetime.fromisoformat(task["due"]) + timedelta(minutes=5))
                self._post(f"/bookings/{reference}/check-in")
            elif name == "check-out-meeting":
                self._post(f"/bookings/{reference}/check-out")
        _awaited(lambda: _is_done(self.api, reference), SOON, "the end of the stay")
        return self._templates() - before

    def _done_with_a_picture(self, cleaner: BenchCustomer, task: str) -> None:
        seen = len(cleaner.bubbles())
        cleaner.does("tap", choice=f"{_DONE}{task}")
        _awaited(lambda: cleaner.bubbles()[seen:] or None, SOON, "the question for a picture")
        cleaner.does("file")
        _awaited(lambda: self._get(f"/tasks/{task}")["state"] == "done" or None, SOON, "the cleaning that is done")

    def _stay_paid(self) -> str:
        """Its reference, confirmed, and its tasks there."""
        guest = BenchCustomer(self.http, 3)
        guest.join(name=_GUEST)
        guest.does("say", text="Hello")
        lead = _awaited(self._guest, SOON, "the guest")
        day = (datetime.fromisoformat(self._get("/clock")["now"]).astimezone(_ZONE) + timedelta(days=_DAYS)).date()
        # from the day before it to the day after it both cleaners work
        day += timedelta(days=(_TUESDAY - day.weekday()) % 7)
        query = {"from": day.isoformat(), "to": day.isoformat(), "nights": "3", "guests": "2"}
        slots = self.api.get("/services/kamboja-stay/slots", params=query).raise_for_status().json()["items"]
        body = {"lead_id": lead, "service": "kamboja-stay", "slot_id": slots[0]["slot_id"], "guests": 2}
        reference = str(self._post("/bookings", **body)["reference"])

        def confirmed() -> Json | None:
            guest.pays()
            found = self._booking(reference)
            return found if found["state"] == "CONFIRMED" and len(found["tasks"]) >= len(_STAY) else None

        _awaited(confirmed, SOON, "the confirmed stay")
        return reference

    def _guest(self) -> str | None:
        items = self._get("/conversations")["items"]
        return next((str(one["id"]) for one in items if one["name"] == _GUEST), None)

    def _booking(self, reference: str) -> Json:
        return self._get(f"/bookings/{reference}")

    def _get(self, path: str) -> Json:
        told: Json = self.api.get(path).raise_for_status().json()
        return told

    def _post(self, path: str, **body: Any) -> Json:
        told: Json = self.api.post(path, json=body).raise_for_status().json()
        return told

    def _evening_before(self, moment: datetime) -> None:
        """The evening's digests are sent, whoever gets one."""
        local = moment.astimezone(_ZONE) - timedelta(days=1)
        _go_to(self.http, local.replace(hour=_EVENING, minute=10, second=0))
        time.sleep(A_MINUTE)

    def _lived_through(self, provider: BenchCustomer, service: str) -> None:
        items = self.api.get("/bookings").raise_for_status().json()["items"]
        (booking,) = [one for one in items if one["service"] == service]
        start, end = (datetime.fromisoformat(booking[at]) for at in ("start", "end"))
        reference = str(booking["reference"])
        _, done = _awaited(lambda: _with([provider], f"{_DONE}{reference}"), SOON, "the job card")
        local = start.astimezone(_ZONE) - timedelta(days=1)
        _go_to(self.http, local.replace(hour=_EVENING, minute=10, second=0))
        digests = len(provider.bubbles())
        _, jobs = _awaited(lambda: _after(provider, digests, _JOBS), A_ROUND, "the digest")
        provider.does("tap", choice=jobs)
        # a tour is over when its driver says so and its time is over
        _go_to(self.http, end + timedelta(minutes=5))
        provider.does("tap", choice=done)
        _awaited(lambda: _is_done(self.api, reference), SOON, "the end of the booking")

    def _templates(self) -> int:
        return sum(templates(partner.bubbles()) for partner in self.partners)


def _after(partner: BenchCustomer, seen: int, tap: str) -> tuple[BenchCustomer, str] | None:
    """That button in a message which came after so many."""
    for bubble in partner.bubbles()[seen:]:
        for choice in bubble["choices"]:
            if str(choice["id"]).startswith(tap):
                return partner, str(choice["id"])
    return None


def _with(partners: list[BenchCustomer], tap: str, about: str = "") -> tuple[BenchCustomer, str] | None:
    """Whoever was sent a button that begins so, of that booking where one is named, and its id."""
    for partner in partners:
        for bubble in reversed(partner.bubbles()):
            for choice in bubble["choices"]:
                if str(choice["id"]).startswith(tap) and about in str(choice["id"]):
                    return partner, str(choice["id"])
    return None


def _is_done(api: httpx.Client, reference: str) -> Json | None:
    booking: Json = api.get(f"/bookings/{reference}").json()
    return booking if booking.get("state") == "COMPLETED" else None


def _go_to(http: httpx.Client, moment: datetime) -> None:
    told = http.post("/sim/time", json={"to": moment.isoformat()}).raise_for_status().json()
    if not told["backend"]["available"]:
        raise Broken(f"the clock cannot be moved: {told['backend']}")
    # told before it is read again, a step would be judged by the time before
    time.sleep(A_MOMENT)


def _awaited(look: Callable[[], Any], seconds: float, what: str) -> Any:
    ends = time.monotonic() + seconds
    while (found := look()) is None:
        if time.monotonic() > ends:
            raise Broken(f"{what} did not come")
        time.sleep(0.5)
    return found
