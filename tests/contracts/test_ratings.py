"""Scores and the read model: once a booking, without words, and of what an earlier version wrote nothing is missing."""

from dataclasses import replace

import pytest

from bot.domain.booking import Booking
from bot.domain.commands import RecordBooking
from bot.domain.ids import BookingReference, EffectId, LeadId
from bot.domain.lead import Lead
from bot.domain.states import State
from bot.domain.visits import Rating, RecordVisit, Visit
from bot.engine.performers.records import RecordPerformer
from bot.slots.standing import ScoreSum
from bot.store import driver
from bot.store.audit import Audit
from bot.store.bookings import Bookings
from bot.store.messages import Messages
from bot.store.photos import SealedPhotos
from bot.store.ratings import Ratings
from bot.store.tasks import Tasks
from bot.store.waiting import WaitingRows
from tests.conftest import DRIVERS
from tests.contracts.makers import NOW, leads, loaded, vault, with_outbox
from tests.contracts.makers import effect as an_effect

pytestmark = [pytest.mark.mongo, pytest.mark.parametrize("database", DRIVERS, indirect=True)]

REFERENCE = BookingReference("BK-1")
LEAD = LeadId("lead-1")
VISIT = Visit(REFERENCE, "balinese-massage", "ayu", "villa-melati", NOW, Rating(2, "customer", NOW, "the oil was cold"))


def performer(db: driver.Database) -> RecordPerformer:
    return RecordPerformer(
        Audit(db),
        Messages(db, vault(db)),
        Bookings(db),
        Tasks(db),
        Ratings(db),
        SealedPhotos(db, vault(db)),
        WaitingRows(db),
    )


async def test_a_rating_is_one_row_a_booking_and_the_read_model_has_it_without_words(db: driver.Database) -> None:
    records = performer(db)
    completed = Booking(REFERENCE, State.COMPLETED, service="balinese-massage")
    await records.perform(LEAD, EffectId("e:0"), RecordBooking(completed, LEAD, NOW))
    better = replace(VISIT, rating=Rating(5, "customer", NOW))
    for visit in (VISIT, VISIT, better):
        await records.perform(LEAD, EffectId("e:1"), RecordVisit(visit, NOW))
    found = await Bookings(db).find(REFERENCE)
    assert found is not None
    assert found.booking == replace(completed, rating=Rating(5, "customer", NOW))
    assert found.lead == LEAD
    assert await Ratings(db).sums(["ayu", "komang"]) == {"ayu": ScoreSum(1, 5)}


async def test_words_stand_in_no_document_that_is_not_sealed(db: driver.Database) -> None:
    known = Lead(LEAD).with_visit(VISIT)
    await with_outbox(leads(db), an_effect("e:0", RecordVisit(VISIT, NOW)), of=known)
    await Bookings(db).record(Booking(REFERENCE, State.COMPLETED), LEAD, NOW)
    await performer(db).perform(LEAD, EffectId("e:0"), RecordVisit(VISIT, NOW))
    stored = await loaded(leads(db), LEAD)
    assert stored.lead == known
    assert stored.outbox[0].effect.command == RecordVisit(VISIT, NOW)
    for name in await db.list_collection_names():
        for row in await db[name].find({}).to_list(None):
            assert "oil was cold" not in repr(row), name


async def test_what_nobody_delivered_alone_or_nobody_recorded_ranks_nobody(db: driver.Database) -> None:
    records, ratings = performer(db), Ratings(db)
    await records.perform(LEAD, EffectId("e:0"), RecordVisit(replace(VISIT, provider=None), NOW))
    await records.perform(LEAD, EffectId("e:1"), RecordVisit(replace(VISIT, rating=None), NOW))
    assert await Bookings(db).find(REFERENCE) is None
    assert await ratings.sums(["ayu", "komang"]) == {}
    await records.perform(LEAD, EffectId("e:2"), RecordVisit(VISIT, NOW))
    # where there is nobody to choose between nothing is asked
    assert await ratings.sums(["ayu"]) == {}
    assert await ratings.sums(["ayu", "komang"]) == {"ayu": ScoreSum(1, 2)}
