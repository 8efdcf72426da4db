"""`partners`: who is looked up together, whatever one of their rows has become."""

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.ids import LeadId
from bot.domain.partner import PartnerId
from bot.engine.digest import DigestCourier
from bot.store import driver
from bot.store.partners import Partners
from tests.bot.dialogue.partners.makers import a_partner
from tests.conftest import DRIVERS
from tests.contracts.makers import NOW, vault
from webhooks.business import load_business

pytestmark = [pytest.mark.mongo, pytest.mark.parametrize("database", DRIVERS, indirect=True)]

FIRST, SECOND = "+6281200000301", "+6281200000302"


async def two_of_whom_one_is_broken(db: driver.Database) -> Partners:
    partners = Partners(db, vault(db))
    for name, phone in (("a", FIRST), ("b", SECOND)):
        held = a_partner(phone).holding("BK-1:service:1")
        await partners.create(replace(held, id=PartnerId(LeadId(f"partner-{name}")), is_locked=True))
    await db["partners"].update_one({"_id": "partner-a"}, {"$set": {"sealed": b"nothing of ours"}})
    return partners


async def test_a_row_that_nobody_can_read_hides_no_other_partner(db: driver.Database) -> None:
    partners = await two_of_whom_one_is_broken(db)
    assert await partners.behind() == [SECOND]
    assert [one.phone for one in await partners.doubted()] == [SECOND]


async def test_who_cannot_be_told_of_tomorrow_keeps_it_from_nobody_else(db: driver.Database) -> None:
    told: list[str] = []

    class Directory:
        threads = Partners(db, vault(db))

        async def thread_of(self, phone: str) -> str:
            if phone == FIRST:
                raise ValueError("no thread of that number")
            return f"partner-{phone}"

    class Received:
        async def record(self, deliveries: list[Any]) -> None:
            told.extend(one.lead for one in deliveries)

    class Book:
        @staticmethod
        def context(_: object) -> Any:
            return type("Context", (), {"business": load_business(None)})

    class Courier(DigestCourier):
        async def _concerned(self, *_: object) -> set[str]:
            return {FIRST, SECOND}

    book, directory, received = (a_fake() for a_fake in (Book, Directory, Received))
    courier: Any = Courier
    evening = courier(book, directory, received, vault(db))
    late = NOW.replace(hour=15)
    # and again the next round, until nobody is left out
    assert [await evening.sweep(late), await evening.sweep(late)] == [1, 1]
    assert told == [f"partner-{SECOND}"] * 2
