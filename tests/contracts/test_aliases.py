"""`aliases`: one customer is one lead, however the first words race each other."""

import asyncio

import pytest

from bot.domain.ids import LeadId
from bot.store import driver
from bot.store.aliases import Aliases
from tests.conftest import DRIVERS

pytestmark = [pytest.mark.mongo, pytest.mark.parametrize("database", DRIVERS, indirect=True)]


async def test_two_first_messages_of_one_customer_make_one_lead(db: driver.Database, db_again: driver.Database) -> None:
    stores = [Aliases(db), Aliases(db_again)]
    for race in range(150):
        hashes = [f"wa_id:{race}", f"user_id:{race}"]
        found = await asyncio.gather(
            *(stores[number % 2].resolve(hashes, LeadId(f"lead-{race}-{number}")) for number in range(4))
        )
        assert len({one.lead for one in found}) == 1
        assert [one.is_new for one in found].count(True) == 1
        assert all(one.others == () for one in found)
        assert {await stores[0].find(one) for one in hashes} == {found[0].lead}


async def test_first_messages_with_different_addresses_end_as_one_lead_or_are_known_as_one_person(
    db: driver.Database, db_again: driver.Database
) -> None:
    stores = [Aliases(db), Aliases(db_again)]
    for race in range(100):
        both, one = [f"wa_id:{race}", f"user_id:{race}"], [f"user_id:{race}"]
        first, second = await asyncio.gather(
            stores[0].resolve(both, LeadId(f"a-{race}")), stores[1].resolve(one, LeadId(f"b-{race}"))
        )
        told = {first.lead, *first.others}
        assert second.lead in told
        after = await stores[0].resolve(both, LeadId(f"c-{race}"))
        assert {after.lead, *after.others} == told
        assert not after.is_new


async def test_an_unknown_address_is_the_new_lead_and_a_known_one_is_not(db: driver.Database) -> None:
    aliases = Aliases(db)
    assert await aliases.find("wa_id:1") is None
    first = await aliases.resolve(["wa_id:1"], LeadId("$lead"))
    assert (first.lead, first.is_new, first.others) == ("$lead", True, ())
    again = await aliases.resolve(["wa_id:1", "user_id:1"], LeadId("another"))
    assert (again.lead, again.is_new, again.others) == ("$lead", False, ())
    assert await aliases.find("user_id:1") == "$lead"


async def test_two_aliases_that_are_one_person_name_the_older_lead_and_the_other(db: driver.Database) -> None:
    aliases = Aliases(db)
    older = (await aliases.resolve(["user_id:1"], LeadId("older"))).lead
    await aliases.resolve(["wa_id:1"], LeadId("younger"))
    found = await aliases.resolve(["wa_id:1", "user_id:1"], LeadId("new"))
    assert (found.lead, found.is_new, found.others) == (older, False, ("younger",))
    assert await aliases.find("wa_id:1") == "younger"


async def test_a_number_moves_to_another_lead_once(db: driver.Database) -> None:
    aliases = Aliases(db)
    former, new = LeadId("former"), LeadId("$new")
    await aliases.resolve(["user_id:1", "wa_id:1"], former)
    await aliases.resolve(["wa_id:2"], LeadId("number-only"))
    assert await aliases.has_user_id(former)
    assert not await aliases.has_user_id(LeadId("number-only"))
    await aliases.move("wa_id:1", former, new)
    await aliases.move("wa_id:1", former, LeadId("too-late"))
    assert await aliases.known(["user_id:1", "wa_id:1"]) == {"user_id:1": former, "wa_id:1": new}


async def test_after_a_merge_every_address_leads_to_the_older_lead(db: driver.Database) -> None:
    aliases = Aliases(db)
    await aliases.resolve(["user_id:1"], LeadId("older"))
    await aliases.resolve(["wa_id:1", "wa_id:2"], LeadId("younger"))
    await aliases.repoint(LeadId("younger"), LeadId("older"))
    await aliases.repoint(LeadId("younger"), LeadId("older"))
    found = await aliases.resolve(["wa_id:1", "user_id:1", "wa_id:2"], LeadId("new"))
    assert (found.lead, found.others) == ("older", ())
