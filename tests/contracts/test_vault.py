"""`vault`: what is sealed for a customer opens for that customer and field only, and never again once erased."""

import asyncio

import pytest

from bot.domain.ids import LeadId
from bot.store import driver
from bot.store.sealing import KeyDestroyed, MasterKeys, Tampered, UnknownMasterKey
from bot.store.vault import CACHED_FOR, Vault
from tests.conftest import DRIVERS
from tests.contracts.makers import MASTERS, WORDS, vault

pytestmark = [pytest.mark.mongo, pytest.mark.parametrize("database", DRIVERS, indirect=True)]

LEAD, OTHER = LeadId("$lead.1"), LeadId("lead-2")
PLAIN = WORDS.encode()


class Stopwatch:
    """A monotonic clock that is turned by hand."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


async def test_what_is_sealed_opens_as_it_was_also_in_another_process(
    db: driver.Database, db_again: driver.Database
) -> None:
    first, second = vault(db), vault(db_again)
    sealed = await first.seal(LEAD, "name", PLAIN)
    assert PLAIN not in sealed
    assert sealed != await first.seal(LEAD, "name", PLAIN)
    assert await first.open(LEAD, "name", sealed) == PLAIN
    assert await second.open(LEAD, "name", sealed) == PLAIN
    assert await second.open_inbound("d", await first.seal_inbound("d", b"")) == b""


async def test_two_processes_that_make_a_key_at_once_make_one(db: driver.Database, db_again: driver.Database) -> None:
    for race in range(40):
        lead = LeadId(f"lead-{race}")
        vaults = [vault(db), vault(db_again), vault(db), vault(db_again)]
        sealed = await asyncio.gather(*(one.seal(lead, "f", PLAIN) for one in vaults for _ in range(2)))
        fresh = vault(db)
        assert [await fresh.open(lead, "f", one) for one in sealed] == [PLAIN] * len(sealed)
    assert await db["keys"].count_documents({}) == 40


async def test_moved_or_changed_it_is_refused(db: driver.Database) -> None:
    keys = vault(db)
    sealed = await keys.seal(LEAD, "name", PLAIN)
    await keys.seal(OTHER, "name", b"something")
    for lead, field, held in (
        (OTHER, "name", sealed),
        (LEAD, "phone", sealed),
        (LEAD, "name", sealed[:-1] + bytes([sealed[-1] ^ 1])),
        (LEAD, "name", sealed[:20]),
        (LEAD, "name", b"\x02" + sealed[1:]),
        (LEAD, "name", b""),
    ):
        with pytest.raises(Tampered):
            await keys.open(lead, field, held)
    with pytest.raises(Tampered):
        await keys.open_inbound("another", await keys.seal_inbound("one", PLAIN))


async def test_one_customers_key_is_no_others(db: driver.Database) -> None:
    keys = vault(db)
    for lead in (LEAD, OTHER):
        await keys.seal(lead, "name", PLAIN)
    stolen = await db["keys"].find_one({"_id": LEAD})
    await db["keys"].update_one({"_id": OTHER}, {"$set": {"wrapped": stolen["wrapped"]}})
    with pytest.raises(Tampered):
        await vault(db).seal(OTHER, "name", PLAIN)


async def test_an_erased_customer_is_read_and_written_by_nobody_again(
    db: driver.Database, db_again: driver.Database
) -> None:
    keys, watch = vault(db), Stopwatch()
    elsewhere = Vault(db_again, MASTERS, watch)
    sealed = await keys.seal(LEAD, "name", PLAIN)
    assert await elsewhere.open(LEAD, "name", sealed) == PLAIN
    await keys.destroy(LEAD)
    watch.seconds += CACHED_FOR
    for one in (keys, elsewhere, vault(db)):
        with pytest.raises(KeyDestroyed):
            await one.open(LEAD, "name", sealed)
        with pytest.raises(KeyDestroyed):
            await one.seal(LEAD, "name", PLAIN)
    await keys.destroy(LEAD)
    assert await db["keys"].find_one({"_id": LEAD}) == {"_id": LEAD, "destroyed": True}


async def test_a_busy_process_hears_of_an_erasure_too(db: driver.Database) -> None:
    watch = Stopwatch()
    busy = Vault(db, MASTERS, watch)
    sealed = await busy.seal(LEAD, "name", PLAIN)
    await vault(db).destroy(LEAD)
    watch.seconds += CACHED_FOR / 2
    assert await busy.open(LEAD, "name", sealed) == PLAIN
    watch.seconds += CACHED_FOR / 2
    with pytest.raises(KeyDestroyed):
        await busy.open(LEAD, "name", sealed)


async def test_erasing_somebody_unknown_keeps_them_from_ever_being_written(db: driver.Database) -> None:
    await vault(db).destroy(LEAD)
    with pytest.raises(KeyDestroyed):
        await vault(db).seal(LEAD, "name", PLAIN)


async def test_what_was_never_sealed_does_not_open_and_makes_no_key(db: driver.Database) -> None:
    with pytest.raises(KeyDestroyed):
        await vault(db).open(LEAD, "name", b"anything")
    assert await db["keys"].count_documents({}) == 0


async def test_a_rotated_secret_still_opens_with_the_previous_one_and_not_without(db: driver.Database) -> None:
    sealed = await vault(db).seal(LEAD, "name", PLAIN)
    rotated = MasterKeys.from_secret("new secret", ("a secret of the tests",))
    assert await Vault(db, rotated).open(LEAD, "name", sealed) == PLAIN
    assert Vault(db, rotated).alias("wa_id", "628") == vault(db).alias("wa_id", "628")
    with pytest.raises(UnknownMasterKey):
        await Vault(db, MasterKeys.from_secret("new secret")).open(LEAD, "name", sealed)


async def test_an_alias_tells_kinds_apart_and_nothing_without_the_secret(db: driver.Database) -> None:
    keys = vault(db)
    assert keys.alias("wa_id", "6281") == keys.alias("wa_id", "6281")
    assert len({keys.alias(kind, value) for kind in ("wa_id", "user_id") for value in ("6281", "6282")}) == 4
    assert keys.alias("wa_id", "6281") != Vault(db, MasterKeys.from_secret("another")).alias("wa_id", "6281")
