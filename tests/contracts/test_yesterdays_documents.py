"""What version 0.1.0 stored is read by today's code, and today's code carries on with it.

The documents lie in `tests/fixtures/stored_0_1` exactly as they lay in MongoDB (its README says how they were made).
"""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from bson import json_util
from pydantic import SecretStr
from pymongo import MongoClient

from bot.adapters.whatsapp import parse
from bot.domain.commands import SendText
from bot.domain.ids import BookingReference, DeliveryId, EffectId, LeadId
from bot.domain.outbox import Status
from bot.domain.states import Mode, State
from bot.engine.channel import PartKind
from bot.engine.performers import money
from bot.store.claims import HoldId
from bot.store.delivery import Delivery, DeliveryState
from bot.store.driver import aggregate, close, open_client
from bot.store.driver import database as as_our_stores_see_it
from bot.store.flow_sessions import FlowSessions
from bot.store.idempotency import Idempotency, KeyState
from bot.store.migrations import migrate
from bot.store.next_due import NextDue
from flows.definition import EDITION
from flows.session import Wished
from payments.domain.invoice import InvoiceStatus
from payments.domain.payout import PayoutState
from payments.domain.refund import RefundState
from payments.services.cashier import money_check
from payments.store.records import Records
from tests.conftest import Database
from tests.contracts.makers import decision, effect
from tests.contracts.stored_0_1 import AT, EFFECTS, LEADS, ORDERS
from tests.faults.graph import listening
from tests.journeys.world import QUICK, settings_for, simulated
from tests.payments.loopback import Request, answer, serving
from webhooks.wiring import MoneyParts, Process, opened

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(120)]

FOLDER: Final = Path(__file__).parent.parent / "fixtures" / "stored_0_1"
NOT_STORED: Final = {"cast.json", "keys_to_open.json", "provider_answer.json"}
EVERY_EFFECT: Final = LeadId("every-effect")
CAST: Final[dict[str, dict[str, str]]] = json.loads((FOLDER / "cast.json").read_text())
SECRET: Final[str] = json.loads((FOLDER / "keys_to_open.json").read_text())["secret_key"]
SEND_KINDS: Final = frozenset({"send_text", "send_buttons", "send_list", "send_link", "send_flow", "send_template"})


def documents(collection: str) -> list[dict[str, Any]]:
    """The documents of one collection, as BSON values."""
    rows: list[dict[str, Any]] = json_util.loads((FOLDER / f"{collection}.json").read_text(encoding="utf-8"))
    return rows


def lead_of(story: str) -> LeadId:
    return LeadId(CAST["leads"][story])


def money_of(story: str) -> BookingReference:
    return BookingReference(CAST["money"][story])


async def provider_says(request: Request) -> bytes:
    """What the simulated Xendit said of the paid invoice when the documents were made; it knows nothing else."""
    known: list[dict[str, Any]] = json.loads((FOLDER / "provider_answer.json").read_text())
    path = request.path.partition("?")[0]
    if path == "/v2/invoices":
        return answer(200, json.dumps(known).encode())
    if path == f"/v2/invoices/{known[0]['id']}":
        return answer(200, json.dumps(known[0]).encode())
    if path == "/transactions":
        return answer(200, b'{"data": [], "has_more": false, "links": []}')
    return answer(404, b'{"error_code": "DATA_NOT_FOUND", "message": "not known"}')


@pytest.fixture(scope="module")
def loaded(mongodb_uri: str) -> Iterator[str]:
    """The name of a database with yesterday's documents, brought to today's version; each test has a copy."""
    name = f"yesterday_{secrets.token_hex(6)}"

    async def migrated() -> None:
        client = open_client(mongodb_uri)
        await migrate(as_our_stores_see_it(client, name))
        await close(client)

    with MongoClient[dict[str, Any]](mongodb_uri) as client:
        for path in sorted(FOLDER.glob("*.json")):
            if path.name not in NOT_STORED:
                client[name][path.stem].insert_many(documents(path.stem))
        asyncio.run(migrated())
        yield name
        client.drop_database(name)


@pytest.fixture
async def process(mongodb_uri: str, loaded: str, database: Database) -> AsyncIterator[Process]:
    """One process of today over a copy of yesterday's database."""
    whole = database.client[loaded]
    for name in await whole.list_collection_names():
        await aggregate(whole[name], [{"$out": {"db": database.name, "coll": name}}])
    async with listening(lambda: 0.0) as graph, serving(provider_says) as xendit:
        settings = settings_for(simulated(""), graph.url, 1, database.name)
        settings = settings.with_changes(secret_key=SecretStr(SECRET), xendit_base_url=xendit)
        async with opened(settings, mongodb_uri, QUICK) as running:
            yield running


def money_parts(process: Process) -> MoneyParts:
    assert process.money is not None
    return process.money


async def test_every_lead_is_read_and_saved_again_as_it_was(process: Process) -> None:
    leads, read = process.parts.leads, 0
    for row in documents("leads"):
        if row.get("erased"):
            assert await leads.load(LeadId(row["_id"])) is None
            continue
        stored = await leads.load(LeadId(row["_id"]))
        assert stored is not None
        assert [one.state.value for one in stored.lead.bookings] == row["states"]
        assert (stored.lead.conversation.mode.value, stored.lead.conversation.epoch) in {
            (row["mode"], row["epoch"]),
            (row["mode"], row["epoch"] - bool(stored.merged_into)),
        }
        words = effect(f"today-{row['_id']}:0", SendText("carried on"), epoch=stored.lead.conversation.epoch)
        saved = await leads.commit(stored, decision(stored.lead, words), ["today"])
        if stored.merged_into is not None:
            assert saved is None
            continue
        assert saved is not None
        again = await leads.load(stored.lead.id)
        assert again is not None
        assert again.lead == stored.lead
        assert [one.effect.id for one in again.outbox] == [*(one.effect.id for one in stored.outbox), words.id]
        read += 1
    assert read > 30


async def test_a_lead_of_each_state_comes_back_with_every_field(process: Process) -> None:
    for wanted in LEADS:
        stored = await process.parts.leads.load(wanted.id)
        assert stored is not None
        assert stored.lead == wanted
        recorded = await process.parts.bookings.find(wanted.bookings[0].reference)
        assert recorded is not None
        assert recorded.booking == wanted.bookings[0]


def test_the_fixture_has_every_state_and_every_kind_there_was() -> None:
    assert {lead.bookings[0].state.value for lead in LEADS} >= {
        state for row in documents("leads") for state in row["states"]
    }
    (row,) = [row for row in documents("leads") if row["_id"] == EVERY_EFFECT]
    assert [one["kind"] for one in row["outbox"]] == [order.kind for order in ORDERS]
    assert len({order.kind for order in ORDERS}) == len(ORDERS)


async def test_an_effect_of_every_kind_comes_back_with_its_order_and_its_place(process: Process) -> None:
    stored = await process.parts.leads.load(EVERY_EFFECT)
    assert stored is not None
    for waiting, wanted in zip(stored.outbox, EFFECTS, strict=True):
        assert waiting.effect == replace(wanted, draft=waiting.effect.draft)
        assert waiting.effect.lane is wanted.lane
        # the lanes' names are stored beside the order: what was chat then is chat now
        assert (waiting.effect.command.kind in SEND_KINDS) == (wanted.lane.value == "chat")
    standing = dict.fromkeys(range(len(EFFECTS)), Status.QUEUED)
    standing |= {1: Status.CLAIMED, 2: Status.UNKNOWN, 3: Status.DRAFT}
    assert {number: one.status for number, one in enumerate(stored.outbox)} == standing


async def test_effects_of_every_kind_are_claimed_and_settled_today(process: Process) -> None:
    leads = process.parts.leads
    now = await leads.server_now()
    assert EVERY_EFFECT in await NextDue(process.database).visits(now, now)
    await process.database["leads"].update_one({"_id": EVERY_EFFECT}, {"$unset": {"lease": ""}})
    stored = await leads.acquire(EVERY_EFFECT, "today")
    assert stored is not None
    for waiting in stored.outbox:
        if waiting.status is Status.QUEUED:
            assert await leads.claim(EVERY_EFFECT, "today", waiting.effect), waiting.effect.command.kind
        await leads.settle(EVERY_EFFECT, [waiting.effect.id])
    left = await leads.load(EVERY_EFFECT)
    assert left is not None
    assert left.outbox == ()


async def test_a_conversation_with_an_agent_has_its_drafts_and_is_handed_back(process: Process) -> None:
    stored = await process.parts.leads.load(lead_of("with_agent"))
    assert stored is not None
    assert stored.lead.conversation.mode is Mode.AGENT
    assert {one.status for one in stored.outbox} == {Status.DRAFT}
    assert [one.state for one in stored.lead.bookings] == [State.CONFIRMED]
    lines = await process.parts.messages.of(stored.lead.id)
    assert [line.text for line in lines if line.author == "agent"] == ["Hello, Rina here"]


async def test_every_delivery_opens_and_says_what_it_said(process: Process) -> None:
    parts = process.parts
    kinds: set[tuple[str, str]] = set()
    for row in documents("received"):
        delivery = await parts.received.find(DeliveryId(row["_id"]))
        assert delivery is not None
        assert delivery.state is DeliveryState(row["state"])
        await _is_read(process, delivery)
        kinds.add((delivery.source, delivery.kind))
    assert kinds >= {
        ("whatsapp", "message"),
        ("whatsapp", "status"),
        ("whatsapp", "address"),
        ("whatsapp", "error"),
        ("whatsapp:another-number", "message"),
        ("whatsapp:another-number", "other"),
        ("xendit", "callback"),
        ("internal", "agent_wrote"),
        ("internal", "form"),
        ("internal", "merge"),
        ("internal", "payment_news"),
        ("internal", "refund_news"),
        ("internal", "payout_news"),
    }


async def _is_read(process: Process, delivery: Delivery) -> None:
    body = await process.parts.vault.open_inbound(delivery.id, delivery.body)
    assert body
    match delivery.kind:
        case PartKind.MESSAGE:
            assert parse.message(body, AT).bubble.wamid
        case PartKind.STATUS:
            assert parse.status(body).status in {"sent", "delivered", "read", "failed"}
        case kind if kind in money.KINDS:
            assert money.event_of(delivery, body, AT) is not None
        case _:
            assert delivery.kind in {"address", "error", "other", "callback", "agent_wrote", "form", "merge"}


async def test_what_was_understood_asked_of_a_model_and_written_down_is_remembered(process: Process) -> None:
    parts = process.parts
    answers, spoken, understood = [], [], 0
    for row in documents("received"):
        if row["lead"] is None or not row.get("understanding"):
            continue
        kept = await parts.interpreter.kept_about(LeadId(row["lead"]), DeliveryId(row["_id"]))
        assert kept is not None
        understood += 1
        if row.get("model"):
            assert kept.answer is not None
            answers.append(kept.answer)
        if row.get("voice"):
            spoken.append(await parts.interpreter.words_written_down(DeliveryId(row["_id"])))
    assert understood > 50
    assert any(one.said is not None and one.said.service == "balinese-massage" for one in answers)
    assert spoken == ["hello"]


async def test_what_came_in_and_was_not_worked_off_is_worked_off_today(process: Process) -> None:
    parts = process.parts
    assert await parts.pause.current() is not None
    new = [DeliveryId(row["_id"]) for row in documents("received") if row["state"] == "new"]
    messages = [one for one in new if one.startswith("whatsapp:")]
    await parts.router.route_all()
    await process.database["received"].update_many({"state": "new"}, {"$set": {"due_at": AT}})
    for lead in await parts.received.leads_with_work(await parts.leads.server_now()):
        assert await parts.lead_worker.work(lead)
    for one in messages:
        delivery = await parts.received.find(one)
        assert delivery is not None
        assert (delivery.state, delivery.reason) == (DeliveryState.DONE, None), one
    pending = await parts.leads.load(lead_of("payment_pending"))
    assert pending is not None
    assert [one for one in pending.outbox if one.effect.command.kind in SEND_KINDS], "the question was answered"


async def test_a_callback_of_yesterday_is_applied_to_yesterdays_invoice(process: Process) -> None:
    reference = money_of("payment_pending")
    before = await money_parts(process).store.invoices.load(reference)
    assert before is not None
    assert before.status is InvoiceStatus.PENDING
    await money_parts(process).rounds.hear_all()
    after = await money_parts(process).store.invoices.load(reference)
    assert after is not None
    assert (after.status, after.paid.amount) == (InvoiceStatus.PAID, 350_000)
    lead = lead_of("payment_pending")
    (news,) = [one for one in await process.parts.received.new_for(lead) if one.kind == money.PAYMENT_NEWS]
    assert await process.parts.lead_worker.work(lead)
    done = await process.parts.received.find(news.id)
    assert done is not None
    assert done.state is DeliveryState.DONE
    stored = await process.parts.leads.load(lead)
    assert stored is not None
    assert [one.state for one in stored.lead.bookings] == [State.CONFIRMED]


async def test_all_money_is_read_and_holds(process: Process) -> None:
    store = money_parts(process).store
    every: list[tuple[str, Records[Any]]] = [
        ("invoices", store.invoices),
        ("payables", store.payables),
        ("payouts", store.payouts),
        ("refunds", store.refunds),
        ("payees", store.payees),
        ("balance_guards", store.guards),
        ("movements", store.movements),
        ("statement_readings", store.readings),
        ("reconciliations", store.reconciliations),
    ]
    for name, records in every:
        found = await records.every({})
        assert len(found) == len(documents(name)), name
        if name == "reconciliations":
            # its id carries microseconds that the record itself has not kept: it is written once and only read
            continue
        for record in found:
            assert records.id_of(record) in {row["_id"] for row in documents(name)}, name
            assert (await records.save(record)).version == record.version + 1
    assert len((await store.ledger.page("", 1_000)).records) == len(documents("ledger"))
    checked = await money_check(store)
    assert checked.holds, checked.differences


async def test_what_became_of_each_storys_money_is_still_so(process: Process) -> None:
    cashier = money_parts(process).cashier
    paid_out = await cashier.money_of(money_of("paid_out"))
    assert {one.state for one in paid_out.payouts} == {PayoutState.SUCCEEDED}
    assert PayoutState.PERSON in {one.state for one in (await cashier.money_of(money_of("payout_failed"))).payouts}
    assert [one.state for one in (await cashier.money_of(money_of("refunded"))).refunds] == [RefundState.SUCCEEDED]
    asked = await cashier.money_of(money_of("account_asked"))
    assert [one.state for one in asked.refunds] == [RefundState.NEEDS_ACCOUNT]
    stored = await process.parts.leads.load(lead_of("account_asked"))
    assert stored is not None
    (question,) = stored.lead.account_questions
    assert (question.channel, question.number, question.holder) == ("ID_BCA", "9988776655", "Budi Santoso")
    disputed = await cashier.money_of(money_of("disputed"))
    assert disputed.invoice is not None
    assert disputed.invoice.dispute is not None


async def test_bookings_transcripts_and_histories_are_read(process: Process) -> None:
    parts = process.parts
    rows = documents("bookings")
    page = await parts.bookings.page(None, None, len(rows) + 1, None)
    assert {one.booking.reference: one.booking.state.value for one in page.bookings} == {
        row["_id"]: row["state"] for row in rows
    }
    said = recorded = 0
    for lead in {LeadId(row["lead"]) for row in documents("messages")}:
        said += len(await parts.messages.of(lead, 500))
    assert said == len(documents("messages"))
    for lead in {LeadId(row["lead"]) for row in documents("audit")}:
        recorded += len(await parts.audit.of(lead))
    assert recorded == len(documents("audit"))


async def test_forms_are_read_and_saved_again(process: Process) -> None:
    forms = FlowSessions(process.database, process.parts.vault)
    rows = documents("flow_sessions")
    for row in rows:
        form = await forms.load(row["_id"])
        assert form is not None
        assert (form.lead, form.session.version) == (row["lead"], row["version"])
        assert await forms.save(form)
    sent = [row for row in rows if row["submitted_at"] is not None]
    assert [row["lead"] for row in sent] == [lead_of("form_sent")]
    half = await forms.load(next(row["_id"] for row in rows if row["lead"] == lead_of("form_open")))
    assert half is not None
    assert half.session.submitted_at is None
    # it goes on in the edition it was published in, and begins with nothing
    assert half.session.edition == 1
    assert (half.session.answers.place_id, half.session.answers.wished) == (None, Wished())


async def test_claims_addresses_house_and_answers_to_machines_are_as_they_were(process: Process) -> None:
    parts = process.parts
    for row in documents("claims"):
        holding = await parts.claims.holding(HoldId(row["hold"]))
        assert holding is not None
        assert (holding.lead, holding.is_booked) == (row["lead"], row["booked"])
    now = max(row["expires_at"] for row in documents("claims") if row["expires_at"] is not None)
    assert await parts.claims.forget_expired(now=now + timedelta(days=1)) > 0
    for row in documents("aliases"):
        assert await parts.aliases.find(row["_id"]) == row["lead"]
    pause = await parts.pause.current()
    assert pause is not None
    assert (pause.reason, pause.code) == ("an account of tests", 131031)
    assert await parts.published_flows.ids() == {"en": "flow-en", "id": "flow-id", "vi": "flow-vi"}
    assert await parts.published_flows.ids(drafts=True) == {"en": "draft-en"}
    assert (await parts.published_flows.published())[1] == {}
    await parts.published_flows.set_ids({"en": "draft-en"}, drafts=True)
    assert (await parts.published_flows.published())[1] == {}, "a draft is not what phones get"
    await parts.published_flows.set_ids({"vi": "flow-vi"})
    assert (await parts.published_flows.published())[1] == {"vi": EDITION}
    assert await process.clock.offset() > timedelta(days=10)
    for version in await parts.businesses.versions():
        assert await parts.businesses.find(version) is not None
    for row in documents("idempotency"):
        known = await Idempotency(process.database, parts.vault).begin(row["_id"], row["body"])
        assert (known.found, known.status) == (KeyState.ANSWERED, row["status"])
        assert json.loads(known.body)


async def test_merged_and_erased_leads_stay_what_they_are(process: Process) -> None:
    (merged,) = [row for row in documents("leads") if row["merged_into"]]
    younger = await process.parts.leads.load(LeadId(merged["_id"]))
    assert younger is not None
    assert younger.merged_into == merged["merged_into"]
    older = await process.parts.leads.load(LeadId(merged["merged_into"]))
    assert older is not None
    assert {one.reference for one in older.lead.bookings} == {one.reference for one in younger.lead.bookings}
    assert await process.parts.leads.load(LeadId("erased")) is None
    assert not await process.parts.leads.claim(younger.lead.id, "today", effect(EffectId("any")))
