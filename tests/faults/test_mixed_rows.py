"""Bookings by chat and by form, lived twice: once alone, once with bad rows mixed into every queue at its head.

What comes of them is the same: the lead, the booking, the money, every word of the transcript.
"""

import asyncio
import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import httpx
import pytest
from bson import Binary

from bot.domain.ids import LeadId
from bot.domain.outcome import Decision
from bot.domain.states import State
from payments.domain.ids import PayableId, PayeeId, PaymentKey
from payments.domain.money import Money
from payments.domain.payables import Payable
from payments.domain.splits import Party
from simulator.customer import Phone
from tests.journeys import flow_world
from tests.journeys import payments as p
from tests.journeys.flow_world import flow_json
from tests.journeys.world import World, until

pytestmark = [pytest.mark.mongo]

Json = dict[str, Any]

AT_A_TIME: Final = 60
"""Bad rows of each kind, before every step of a customer."""
LONG_AGO: Final = datetime(2001, 1, 1, tzinfo=UTC)
FAR: Final = datetime(2100, 1, 1, tzinfo=UTC)
SHARE: Final = 0.3
PAID_FORM: Final[tuple[dict[str, object], ...]] = (
    {"service": "balinese-massage"},
    {"place": "villa-senja"},
    {"day": "#4"},
    {"time": "#2"},
    {"guests": "1", "name": "Sari", "notes": ""},
    {},
)
FOREIGN: Final = (
    r'{"external_id":"x","id":"y","amount":1,"status":"\ud800"}',
    r'{"external_id":"\u0000.1","id":"y","amount":-1,"status":"PAID"}',
    r'{"event":"payout.failed","data":{"id":"z","reference_id":"\u202e","status":"FAILED"}}',
    r'{"event":{"a":[1]}}',
    "[]",
)


@dataclass(slots=True)
class BadRows:
    """Puts them into every queue; `leads` are those whose own queues get some as well."""

    world: World
    at_a_time: int
    leads: list[str] = field(default_factory=list)
    _count: int = 0

    async def mixed_in(self) -> None:
        """Some of each kind, at the head."""
        if not self.at_a_time:
            return
        await self._deliveries()
        await self._callbacks()
        await self._money()
        await self._other_leads()
        await self._forms()
        for lead in self.leads:
            # the version that knows them has taken the former ones: left for minutes, they rightly call a person
            gone = {"$pull": {"outbox": {"kind": "hologram"}}}
            await self.world.process.database["leads"].update_one({"_id": lead}, gone)
            await self._outbox(lead)
            await self._timer(lead)

    def _numbers(self) -> list[int]:
        self._count += self.at_a_time
        return list(range(self._count - self.at_a_time, self._count))

    async def _deliveries(self) -> None:
        """Unreadable rows, unknown kinds, bodies sealed by nobody; also of the leads themselves."""
        rows: list[Json] = []
        for number in self._numbers():
            row = _row(f"!bad-{number:06}", "whatsapp", "message")
            lead = self.leads[number % len(self.leads)] if self.leads else None
            match number % 5:
                case 0:
                    del row["body"]
                case 1:
                    row["kind"] = "hologram"
                case 2:
                    row["aliases"] = 7
                case 3:
                    row["due_at"] = row["sent_at"] = "yesterday"
                case _:
                    row |= {"lead": lead, "fingerprint": None} if lead else {}
                    row["attempts"] = "many"
            rows.append(row)
        await self.world.process.database["received"].insert_many(rows)

    async def _callbacks(self) -> None:
        numbers = self._numbers()
        rows = [_row(f"!callback-{number:06}", "xendit", "callback") for number in numbers]
        for number, row in zip(numbers, rows, strict=True):
            if number % 2:
                del row["fingerprint"]
        await self.world.process.database["received"].insert_many(rows)
        headers = {"x-callback-token": self.world.simulator.xendit_webhook_token}
        async with httpx.AsyncClient(base_url=self.world.url, trust_env=False, timeout=30) as client:
            for number in numbers[: len(FOREIGN)]:
                body = FOREIGN[number % len(FOREIGN)].encode()
                answer = await client.post(
                    "/webhooks/xendit", content=body, headers=headers | {"webhook-id": f"bad-{number}"}
                )
                assert answer.status_code == 200

    async def _money(self) -> None:
        """Records nobody can read, and shares of somebody without an account."""
        database, store = self.world.process.database, p.money_of(self.world).store
        for name in ("invoices", "payables", "payouts", "refunds", "payee_proposals", "money_alarms", "movements"):
            facts = {"next_at": LONG_AGO, "due_at": LONG_AGO, "dirty": True, "untold": True, "state": "open"}
            await database[name].insert_many(
                [{"_id": f"!{name}-{number:06}", "version": 1, **facts, "record": {}} for number in self._numbers()]
            )
        for number in self._numbers():
            await store.payables.insert(
                Payable(
                    id=PayableId(f"!payable-{number:06}"),
                    reference=f"BK-NOBODY{number}",
                    payment=PaymentKey(f"nobody-{number}"),
                    party=Party.FACILITY,
                    payee=PayeeId(f"place:nobody-{number}"),
                    share=Money(1_000, "IDR"),
                    fee_share=Money(0, "IDR"),
                    fee_known=True,
                    settled_at=LONG_AGO,
                    expected_settled_at=LONG_AGO,
                    release_at=LONG_AGO,
                )
            )

    async def _other_leads(self) -> None:
        """Leads that cannot be read, with timers and effects that are due."""
        rows = [
            {
                "_id": f"!lead-{number:06}",
                "version": 0,
                "outbox": [{"id": "x", "status": "queued", "look_at": LONG_AGO}] if number % 2 else [],
                "handled": [],
                "merged_into": None,
                "next_due_at": LONG_AGO,
                "sealed": b"sealed by nobody",
            }
            for number in self._numbers()
        ]
        await self.world.process.database["leads"].insert_many(rows)

    async def _forms(self) -> None:
        rows = [
            {
                "_id": f"booking~broken{number}~{lead}",
                "lead": lead,
                "version": 0,
                "expires_at": FAR if number % 2 else LONG_AGO,
                "submitted_at": FAR,
                "packed": b"sealed by nobody",
            }
            for number in self._numbers()
            for lead in (self.leads or ["nobody"])
        ]
        await self.world.process.database["flow_sessions"].insert_many(rows)

    async def _outbox(self, lead: str) -> None:
        """Orders of another version, sealed as ours are, at the head of every lane."""
        parts, rows = self.world.process.parts, []
        for number in self._numbers()[: max(2, self.at_a_time // 10)]:
            for lane in ("chat", "slots", "money", "record", "tasks"):
                name = f"other-version-{number}:{lane}"
                packed = b'{"kind": "hologram", "of": 1}'
                sealed = await parts.vault.seal(LeadId(lead), name, packed) if number % 2 else Binary(b"?")
                rows.append(
                    {
                        "id": name,
                        "lane": lane,
                        "kind": "hologram",
                        "epoch": 0,
                        "author": "bot",
                        "repeat": "safe",
                        "urgency": "normal",
                        "status": "queued",
                        "look_at": LONG_AGO,
                        "attempts": 0,
                        "sealed": sealed,
                    }
                )
        await self.world.process.database["leads"].update_one(
            {"_id": lead}, {"$push": {"outbox": {"$each": rows, "$position": 0}}}
        )

    async def _timer(self, lead: str) -> None:
        parts = self.world.process.parts

        async def is_set() -> bool:
            stored = await parts.leads.load(LeadId(lead))
            assert stored is not None
            other = stored.lead.with_timer(f"hologram-{self._count}", LONG_AGO)
            return await parts.leads.commit(stored, Decision(other), []) is not None

        await until(is_set, what="the timer of another version")


def _row(name: str, source: str, kind: str) -> Json:
    return {
        "_id": name,
        "source": source,
        "kind": kind,
        "state": "new",
        "lead": None,
        "received_at": LONG_AGO,
        "due_at": LONG_AGO,
        "sent_at": LONG_AGO,
        "body": b"sealed by nobody",
        "aliases": [f"wa_id:{name}"],
        "fingerprint": "f",
        "is_free_text": False,
        "attempts": 0,
    }


async def _lived(world: World, bad: BadRows) -> Json:
    """Two customers, one who writes and one who fills the form, until everybody has their money; what became of it."""
    emma, sari = await world.phone("Emma", wa_id="6281200000071"), await world.phone("Sari", wa_id="6281200000072")
    chat = await _by_chat(world, emma, bad)
    form = await _by_form(world, sari, bad)
    await bad.mixed_in()
    await _days_go_by(world)
    return {
        "chat": await _became(world, emma, chat),
        "form": await _became(world, sari, form),
        "payouts": sorted(one["amount"] for one in (await world.control.get("/xendit/payouts")).json()),
    }


async def _by_chat(world: World, phone: Phone, bad: BadRows) -> str:
    await bad.mixed_in()
    await phone.say("Hello")
    await phone.expect("Hello Emma", timeout=60)
    bad.leads.append((await world.lead_of(phone))["id"])
    await bad.mixed_in()
    await phone.say(p.WISH)
    await phone.expect("Tap one", timeout=60)
    await bad.mixed_in()
    await phone.say("the first")
    await phone.expect("Please confirm", timeout=60)
    await bad.mixed_in()
    await phone.tap("Yes, book it")
    link = await phone.expect("Please pay by", kind="cta_url", timeout=60)
    return await _paid(world, phone, p.reference_in(link), bad)


async def _by_form(world: World, phone: Phone, bad: BadRows) -> str:
    await phone.say("I would like to book something")
    await phone.expect("tap the button", kind="flow", timeout=60)
    bad.leads.append((await world.lead_of(phone))["id"])
    await bad.mixed_in()
    await phone.fill(flow_json("en"), PAID_FORM)
    link = await phone.expect("Please pay by", kind="cta_url", timeout=60)
    return await _paid(world, phone, p.reference_in(link), bad)


async def _paid(world: World, phone: Phone, reference: str, bad: BadRows) -> str:
    await bad.mixed_in()
    await p.pay(world, f"{reference}.1", "BNI")
    await phone.expect("Paid and confirmed", timeout=60)
    await p.is_in(world, reference, State.CONFIRMED)
    return reference


async def _days_go_by(world: World) -> None:
    """Six days, eleven hours at a time, each with all that is due then: else it would be the race of a clock, as it
    would be with a step that ends when WhatsApp's 24 hours do. It goes on when the last words are heard: words that
    wait while the clock is moved are as late as the clock, and so is the end of their 24 hours."""
    await _caught_up(world)
    for _ in range(13):
        await p.time_goes_on(world, timedelta(hours=11))
        await p.money_of(world).rounds.hear_all()
        await p.money_of(world).rounds.sweep()
        await _caught_up(world)


async def _caught_up(world: World) -> None:
    """Nothing of the two customers' waits; the bad rows are set aside or passed by."""
    waiting: list[int] = []

    async def nothing() -> bool:
        # a sent form is booked before its message comes in: first what the outside world has yet to send
        unsent = not (await world.told("GET", "/webhooks?wait=0"))["idle"]
        waiting[:] = [int(unsent), *await _waiting(world)]
        return not any(waiting)

    try:
        await until(nothing, timeout=90, what="every good row done", poll=0.1)
    except AssertionError as error:
        error.add_note(f"still to be sent, deliveries, timers, effects: {waiting}")
        raise


async def _waiting(world: World) -> list[int]:
    """How many deliveries, leads with timers that are due, and leads with effects of ours wait."""
    database, good = world.process.database, {"$not": {"$regex": "^!"}}
    now = await world.process.parts.clock.business_now()
    new = await database["received"].count_documents({"_id": good, "state": "new"})
    due = await database["leads"].count_documents({"_id": good, "merged_into": None, "next_due_at": {"$lte": now}})
    ours = {"kind": {"$ne": "hologram"}, "status": {"$ne": "draft"}}
    waiting = await database["leads"].count_documents({"_id": good, "outbox": {"$elemMatch": ours}})
    return [new, due, waiting]


async def _became(world: World, phone: Phone, reference: str) -> Json:
    """Everything that is known of one booking, without what differs from one run to the next."""
    lead = await world.lead_of(phone)
    stored = (await world.stored(lead["id"])).lead
    money = await p.books(world, reference)
    seen = _Seen(reference)
    return {
        "lead": seen.plain({name: value for name, value in lead.items() if name not in {"id", "user_id"}}),
        "conversation": seen.plain(replace(stored.conversation, last_inbound_at=None)),
        "booking": seen.plain(await p.booking(world, reference)),
        "bookings of the lead": len(stored.bookings),
        "timers": sorted(seen.plain(name) for name in stored.timers if not name.startswith("hologram")),
        # moments of WhatsApp are whole seconds: what is said in one second has no order of its own
        "transcript": sorted(seen.plain((line.author, line.text)) for line in await world.transcript(lead["id"])),
        "bubbles": [seen.plain((bubble.kind, bubble.text, bubble.choices)) for bubble in await phone.bubbles()],
        "books": seen.plain(money.books),
        "payables": sorted((str(one.party), one.net.amount, str(one.state)) for one in money.payables),
        "payouts": sorted((one.amount.amount, str(one.state), str(one.payee)) for one in money.payouts),
        "refunds": len(money.refunds),
    }


@dataclass(slots=True)
class _Seen:
    """Takes out of a value what is another one in every run: references, addresses, moments, ids."""

    reference: str
    _marks: tuple[tuple[str, str], ...] = (
        (r"https?://[^\s'\"]+", "URL"),
        (r"datetime\.datetime\([^()]*(?:\([^()]*\))?[^()]*\)", "MOMENT"),
        (r"\d{4}-\d\d-\d\dT[\d:.+-]+Z?", "MOMENT"),
        (r"\b\d{1,2}:\d\d\b", "TIME"),
        (r"[0-9a-f]{11}-[\w-]{16}", "LEAD"),
        (r"(?<=hold_id=')[^']+|(?<=booked_hold=')[^']+", "HOLD"),
        (r"ID\.\d+", "USER"),
        (r"wamid\.[\w=+/-]+", "WAMID"),
    )

    def plain(self, value: Any) -> str:
        """The same value in every run."""
        text = repr(value).replace(self.reference, "REFERENCE")
        for pattern, mark in self._marks:
            text = re.sub(pattern, mark, text)
        return text


@pytest.mark.prove
@pytest.mark.timeout(1200)
async def test_bookings_end_the_same_with_bad_rows_at_the_head_of_every_queue(mongodb_uri: str) -> None:
    async with flow_world.opened(mongodb_uri) as alone, flow_world.opened(mongodb_uri) as mixed:
        bad = BadRows(mixed, AT_A_TIME)
        wanted, found = await asyncio.gather(_lived(alone, BadRows(alone, 0)), _lived(mixed, bad))
        differences = _differences(wanted, found)
        assert not differences, "\n".join(differences)
        received = mixed.process.database["received"]
        rows = await received.count_documents({})
        assert await received.count_documents({"_id": {"$regex": "^!"}}) >= SHARE * rows
        await _are_shown(mixed)


def _differences(wanted: Json, found: Json) -> list[str]:
    """What came out differently, each in a line of its own."""
    lines = []
    for customer, fates in wanted.items():
        if not isinstance(fates, dict):
            lines += [] if fates == found[customer] else [f"{customer}: {found[customer]!r}, alone {fates!r}"]
            continue
        for name, fate in fates.items():
            other = found[customer][name]
            if fate != other:
                lines += [f"{customer}, {name}:", *_parts(fate, other)]
    return lines


def _parts(alone: Any, mixed: Any) -> list[str]:
    """Where two values begin to differ, with a little around it."""
    one, other = repr(alone), repr(mixed)
    at = next((place for place, pair in enumerate(zip(one, other, strict=False)) if len(set(pair)) > 1), 0)
    return [f"  alone …{one[max(0, at - 200) : at + 300]}", f"  mixed …{other[max(0, at - 200) : at + 300]}"]


async def _are_shown(world: World) -> None:
    """What was set aside is counted where an operator looks."""
    ready = (await world.api.get(f"{world.url}/readyz")).json()
    assert sum((ready.get("set_aside") or {"": 0}).values()) > 0, ready
