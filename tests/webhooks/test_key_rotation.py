"""SECRET_KEY changes: what the former keys sealed, signed and hashed is still known, as long as they are kept."""

import secrets
from collections.abc import AsyncIterator

import pytest
from cryptography.exceptions import InvalidTag
from pydantic import SecretStr

from bot.domain.commands import SendFlow
from bot.domain.ids import EffectId, LeadId
from bot.domain.lead import Address, Lead
from bot.store.sealing import UnknownMasterKey
from flows.request import FormOpened
from tests.journeys.world import QUICK, settings_for, simulated
from webhooks.processes.payments import PayeeCodec
from webhooks.settings import Settings
from webhooks.wiring import opened

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(90)]

KEYS = ("the-first-key-forty-characters-long-abcdef", "the-second-key-forty-characters-long-abcde", "third-key" * 5)
CUSTOMER = Lead(LeadId("wayan"), Address(wa_id="6281200000001"), name="Wayan")


def keyed(settings: Settings, key: str, *former: str) -> Settings:
    """The same house under that key."""
    previous = SecretStr(" ".join(former)) if former else None
    return settings.with_changes(secret_key=SecretStr(key), secret_key_previous=previous)


@pytest.fixture
async def settings(mongodb_uri: str) -> AsyncIterator[Settings]:
    """Of a process without an outside world, over a fresh database."""
    made = settings_for(simulated(""), "http://127.0.0.1:1", 1, f"rotation_{secrets.token_hex(6)}")
    yield made
    async with opened(made, mongodb_uri, QUICK) as process:
        await process.client.drop_database(made.mongodb_database)


async def test_customers_addresses_and_open_forms_outlive_two_rotations(mongodb_uri: str, settings: Settings) -> None:
    first, second, third = KEYS
    async with opened(keyed(settings, first), mongodb_uri, QUICK) as process:
        parts = process.parts
        await parts.leads.create(CUSTOMER)
        address = parts.vault.alias("wa_id", "6281200000001")
        await parts.aliases.resolve([address], CUSTOMER.id)
        await parts.businesses.keep(process.business)
        sent = await parts.forms.invited(CUSTOMER, EffectId("e:0"), 0, SendFlow("body", "Book", "flow", "en"))
    for key, former in ((second, (first,)), (third, (second, first))):
        async with opened(keyed(settings, key, *former), mongodb_uri, QUICK) as process:
            parts = process.parts
            stored = await parts.leads.load(CUSTOMER.id)
            assert stored is not None
            assert stored.lead == CUSTOMER
            assert parts.vault.alias("wa_id", "6281200000001") == address
            assert await parts.businesses.find(process.business.version) == process.business
            shown = await parts.forms.exchange(FormOpened(sent.token))
            assert "SERVICE" in shown.body


async def test_without_the_former_key_nothing_is_guessed(mongodb_uri: str, settings: Settings) -> None:
    async with opened(keyed(settings, KEYS[0]), mongodb_uri, QUICK) as process:
        await process.parts.leads.create(CUSTOMER)
    async with opened(keyed(settings, KEYS[1]), mongodb_uri, QUICK) as process:
        with pytest.raises(UnknownMasterKey):
            await process.parts.leads.load(CUSTOMER.id)


def test_accounts_of_payees_open_with_a_former_key_and_are_sealed_with_the_new_one() -> None:
    old, both, new = PayeeCodec(KEYS[0]), PayeeCodec(KEYS[1], (KEYS[0],)), PayeeCodec(KEYS[1])
    assert both.open(old.seal(b"1234567890")) == b"1234567890"
    assert new.open(both.seal(b"1234567890")) == b"1234567890"
    with pytest.raises(InvalidTag):
        new.open(old.seal(b"1234567890"))


def test_former_keys_are_parted_by_spaces_the_newest_first(settings: Settings) -> None:
    assert keyed(settings, "now", "before", "once").former_secrets == ("before", "once")
    assert settings.former_secrets == ()
