"""`janji lead why`, `replay` and `export`: a customer explained, understood again, and given all we hold of them."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.ids import LeadId
from bot.store.shapes import pack_understanding
from intents.understanding import Intent
from tests.journeys import payments as p
from tests.journeys.world import World
from tests.webhooks.cli.test_main import janji

pytestmark = [pytest.mark.mongo, pytest.mark.processes, pytest.mark.timeout(120)]

NUMBER = "6281200000031"


def environment(world: World, uri: str) -> dict[str, str]:
    """The settings of the running world, as its operator has them."""
    known = world.settings
    assert known.secret_key is not None
    return {
        "SECRET_KEY": known.secret_key.get_secret_value(),
        "MONGODB_URI": uri,
        "MONGODB_DATABASE": known.mongodb_database,
        "XENDIT_SECRET_KEY": "xnd_development_x",
        "XENDIT_BASE_URL": world.simulator_url,
    }


async def command(world: World, uri: str, tmp_path: Path, *words: str) -> tuple[int, str]:
    """`janji lead …` beside the running world; its exit code and what it said."""
    done = await asyncio.to_thread(janji, "lead", *words, cwd=tmp_path, **environment(world, uri))
    return done.returncode, done.stdout + (done.stderr if done.returncode else "")


async def paid(world: World) -> tuple[str, str]:
    """A paid booking whose customer was refused something once; their lead and its reference."""
    phone = await world.phone("Emma", wa_id=NUMBER)
    await phone.say("a private chef at Villa Karang on friday evening for 40 people")
    await phone.expect("12")
    await phone.say("cancel that")
    await world.quiet()
    reference = p.reference_in(await p.linked(phone))
    await p.pay(world, f"{reference}.1")
    await phone.expect("Paid and confirmed")
    await world.quiet()
    return (await world.lead_of(phone))["id"], reference


async def test_why_tells_each_move_with_its_verdict_and_each_refusal_with_its_rule(
    world: World, mongodb_uri: str, tmp_path: Path
) -> None:
    lead, reference = await paid(world)
    code, told = await command(world, mongodb_uri, tmp_path, "why", lead)
    assert code == 0, told
    assert told.startswith("Times are those of Asia/Makassar.")
    assert f"{reference} went from “Paid” to “Confirmed”, by news from outside, about a payment." in told
    assert "The rule “guests” said no: " in told
    assert "by the customer, in a message of " in told
    assert "40 people" not in told
    assert NUMBER not in told
    code, read = await command(world, mongodb_uri, tmp_path, "why", lead, "--unmasked")
    assert code == 0
    assert "friday evening for 40 people" in read
    code, told = await command(world, mongodb_uri, tmp_path, "why", lead, "--json", "--last", "1000")
    items = json.loads(told)["items"]
    refused = [one for one in items if one.get("verdict") == "refused"]
    assert [one["reasons"][0]["rule"] for one in refused] == ["guests"]
    assert refused[0]["reasons"][0]["who_can"]
    confirmed = next(one for one in items if one.get("to") == "CONFIRMED")
    assert confirmed["checks"]
    assert all(one["passed"] for one in confirmed["checks"])
    assert (confirmed["actor"], confirmed["booked"]["service"]) == ("webhook", "balinese-massage")
    begun = next(one for one in items if one.get("to") == "INQUIRY")
    assert (begun["actor"], len(begun["messages"])) == ("customer", 1)


async def test_export_gives_the_customer_everything_and_nobody_elses(
    world: World, mongodb_uri: str, tmp_path: Path
) -> None:
    lead, reference = await paid(world)
    other = await world.phone("Somebody", wa_id="6281200000099")
    await other.say("these are my own words")
    await world.quiet()
    code, told = await command(world, mongodb_uri, tmp_path, "export", lead)
    assert code == 0, told
    found = json.loads(told)
    assert found["lead"]["address"]["wa_id"] == NUMBER
    booking = next(one for one in found["bookings"] if one["reference"] == reference)
    assert booking["money"][0]["captured"] == {"amount": p.PRICE, "currency": "IDR"}
    assert booking["invoices"][0]["status"] == "PAID"
    assert any("40 people" in line["text"] for line in found["messages"])
    assert any("40 people" in json.dumps(one["body"]) for one in found["received"])
    assert found["history"]
    assert "these are my own words" not in told


async def test_replay_understands_as_before_and_says_so(world: World, mongodb_uri: str, tmp_path: Path) -> None:
    lead, _ = await paid(world)
    code, told = await command(world, mongodb_uri, tmp_path, "replay", lead, "--json")
    found = json.loads(told)
    assert (code, found["differing"]) == (0, 0), told
    assert {"book"} <= {one["intent"] for one in found["items"]}
    assert all(one["same"] for one in found["items"])


async def test_replay_names_what_would_be_understood_otherwise_and_changes_nothing(
    world: World, mongodb_uri: str, tmp_path: Path
) -> None:
    lead, _ = await paid(world)
    parts = world.process.parts
    first = (await parts.received.understood(LeadId(lead)))[0]
    known = await parts.interpreter.kept_about(LeadId(lead), first.delivery)
    assert known is not None
    then = known.understanding
    as_if = pack_understanding(replace(then, intent=Intent.CANCEL, intents=(Intent.CANCEL,)))
    sealed = await parts.vault.seal_inbound(first.delivery, as_if)
    await parts.received.remember_understanding(first.delivery, first.of, sealed)
    before = await world.stored(lead)
    code, told = await command(world, mongodb_uri, tmp_path, "replay", lead)
    assert code == 1
    assert "intent: cancel -> book" in told
    assert await world.stored(lead) == before


@pytest.mark.parametrize("what", ["why", "replay", "export"])
async def test_of_a_lead_that_is_not_there_nothing_is_told(
    world: World, mongodb_uri: str, tmp_path: Path, what: str
) -> None:
    code, told = await command(world, mongodb_uri, tmp_path, what, "nobody")
    assert code == 1
    assert "there is no such lead" in told


async def test_an_erased_customer_is_no_longer_exported(world: World, mongodb_uri: str, tmp_path: Path) -> None:
    phone = await world.phone("Emma", wa_id=NUMBER)
    await phone.say("Hello")
    await world.quiet()
    lead = (await world.lead_of(phone))["id"]
    assert (await command(world, mongodb_uri, tmp_path, "erase", lead))[0] == 0
    code, told = await command(world, mongodb_uri, tmp_path, "export", lead)
    assert code == 1
    assert NUMBER not in told
