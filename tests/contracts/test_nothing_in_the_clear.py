"""Nothing a customer said or is called by stands in the database for everybody to read."""

import base64
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from bson import CodecOptions
from bson.raw_bson import RawBSONDocument

from bot.domain.commands import Author, Button, Command, SendButtons, SendTemplate, SendText
from bot.domain.ids import EffectId, LeadId, Wamid
from bot.domain.lead import Address
from bot.domain.outbox import QueuedEffect, Status
from bot.store import driver
from bot.store.aliases import Aliases
from bot.store.messages import DeliveryStatus, Messages
from bot.store.received import Received
from bot.store.vault import Vault
from tests.conftest import DRIVERS
from tests.contracts.makers import (
    MINUTE,
    NAME,
    NOW,
    PHONE,
    decision,
    delivery,
    effect,
    lead,
    leads,
    loaded,
    vault,
    with_outbox,
)

pytestmark = [pytest.mark.mongo, pytest.mark.parametrize("database", DRIVERS, indirect=True)]

LEAD = LeadId("lead-1")
USER_ID = "ID.QWERTYUIOPASDFGH"
TEXT = "bekas operasi lutut, jangan ditekan"
SECRETS = (PHONE, PHONE[-10:], NAME, "Nguyễn", USER_ID, TEXT, "operasi lutut")


def _forms(secret: str) -> tuple[bytes, ...]:
    """How a text might show: as it is, escaped, in base64 at any offset, in hexadecimal."""
    plain = secret.encode()
    inner = {base64.b64encode(b"x" * shift + plain)[4:-4] for shift in range(3)}
    escaped = secret.encode("unicode_escape")
    return (plain, escaped, plain.hex().encode(), *(one for one in inner if len(one) > 7))


async def _raw_documents(db: driver.Database) -> AsyncIterator[tuple[str, bytes]]:
    options = CodecOptions(document_class=RawBSONDocument)
    for name in await db.list_collection_names():
        async for document in db.get_collection(name, codec_options=options).find({}):
            yield name, document.raw


async def _shown(db: driver.Database) -> set[tuple[str, str]]:
    """Which secret stands in which collection."""
    return {
        (name, secret)
        async for name, raw in _raw_documents(db)
        for secret in SECRETS
        if any(form in raw for form in _forms(secret))
    }


async def _live_through_everything(db: driver.Database, keys: Vault) -> None:
    """A customer writes, is answered, is taken over, parked, and merged."""
    received, messages, store = Received(db), Messages(db, keys), leads(db)
    aliases = [keys.alias("wa_id", PHONE), keys.alias("user_id", USER_ID)]
    body = f'{{"from": "{PHONE}", "name": "{NAME}", "text": "{TEXT}"}}'.encode()
    one = delivery("1", aliases=tuple(aliases))
    await received.record([replace(one, body=await keys.seal_inbound(one.id, body))])
    await Aliases(db).resolve(aliases, LEAD)
    await received.assign(one.id, LEAD, NOW)
    await received.remember_understanding(one.id, [one.id], await keys.seal_inbound(one.id, TEXT.encode()))
    await received.count_failure(one, NOW, "KeyError")

    known = replace(lead(), address=Address(wa_id=PHONE, user_id=USER_ID))
    orders: tuple[Command, ...] = (
        SendText(f"{NAME}: {TEXT}"),
        SendButtons(TEXT, (Button("id", NAME[:20], TEXT),)),
        SendTemplate("reminder", "id", (NAME, PHONE)),
    )
    effects = [effect(f"{one.id}:{number}", order=order) for number, order in enumerate(orders)]
    await with_outbox(store, *effects, of=known)
    await store.acquire(LEAD, "token")
    await store.claim(LEAD, "token", effects[0])
    await store.mark_unknown(LEAD, effects[0].id, 1)
    moved = known.with_timer("reminder", NOW + MINUTE)
    await store.commit(await loaded(store, LEAD), decision(moved, effect("x:0", order=orders[0])), ["x"])
    await store.adopt(LEAD, QueuedEffect(effect("y:0", order=orders[1]), Status.QUEUED, attempts=0, look_at=NOW))

    await messages.record_inbound(LEAD, one.id, TEXT, NOW)
    await messages.record_outbound(
        LEAD, EffectId("x:0"), Author.AGENT, f"{NAME} {TEXT}", NOW, DeliveryStatus.SENT, Wamid("wamid.1")
    )
    await messages.reassign(LEAD, LeadId("older"))


async def test_no_number_name_or_word_of_a_customer_stands_in_any_document(db: driver.Database) -> None:
    await _live_through_everything(db, vault(db))
    names = {name async for name, _ in _raw_documents(db)}
    assert names == {"aliases", "keys", "leads", "messages", "received"}
    assert await _shown(db) == set()


async def test_the_search_finds_what_stands_in_the_clear_in_any_guise(db: driver.Database) -> None:
    await db["a"].insert_one({"deep": [{"wa_id": PHONE}]})
    await db["b"].insert_one({"body": b"\x00" + TEXT.encode()})
    await db["c"].insert_one({"_id": "wamid." + base64.b64encode(b"\x1d\x18\x0d" + PHONE.encode() + b"\x15").decode()})
    shown = await _shown(db)
    assert {("a", PHONE), ("b", TEXT), ("c", PHONE)} <= shown


async def test_what_is_sealed_for_an_erased_customer_is_gone_and_others_stay(db: driver.Database) -> None:
    store = leads(db)
    await store.create(lead("erased"))
    await store.create(lead("stays"))
    await store.erase(LeadId("erased"))
    assert (await loaded(leads(db), LeadId("stays"))).lead == lead("stays")
    row = await db["leads"].find_one({"_id": "erased"})
    key = await db["keys"].find_one({"_id": "erased"})
    assert "wrapped" not in key
    assert row["erased"]
    assert "sealed" not in row
