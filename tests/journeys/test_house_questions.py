"""The clinic asks a patient of the first visit for their medical history before any time, in Vietnamese, once."""

from collections.abc import AsyncIterator

import pytest

from bot.domain.states import State
from simulator.customer import Phone
from tests.journeys.test_booking_by_chat import said
from tests.journeys.world import World, opened
from webhooks.business import sample_path

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(120)]

QUESTION = "Bạn có bệnh nền, dị ứng"
ANSWER = "Mình bị hen suyễn, dị ứng penicillin"
FIRST = "mình muốn đặt khám răng hai tuần nữa buổi sáng"
SECOND = "mình muốn đặt thêm khám răng ba tuần nữa buổi sáng"


@pytest.fixture
async def clinic(mongodb_uri: str) -> AsyncIterator[World]:
    """The clinic that ships."""
    async with opened(mongodb_uri, ours={"business_file": sample_path("clinic")}) as world:
        yield world


async def bubbles_with(phone: Phone, words: str) -> int:
    return len([bubble for bubble in await phone.bubbles() if bubble.says(words)])


async def test_a_new_patient_is_asked_once_and_before_any_time(clinic: World) -> None:
    phone = await clinic.phone("Ngọc", wa_id="84900000777")
    await said(clinic, phone, FIRST)
    asked = (await phone.bubbles())[-1]
    assert asked.says(QUESTION)
    assert asked.choices == ()
    assert not await clinic.process.database["claims"].count_documents({})
    await said(clinic, phone, ANSWER)
    offer = (await phone.bubbles())[-1]
    assert offer.says("chọn một giờ")
    assert len(offer.choices) >= 2
    await said(clinic, phone, "số 1", "đồng ý")
    lead = (await clinic.lead_of(phone))["id"]
    stored = await clinic.stored(lead)
    assert [booking.state for booking in stored.lead.bookings] == [State.CONFIRMED]
    assert [(one.name, one.value) for one in stored.lead.fields] == [("medical-history", ANSWER)]
    await said(clinic, phone, SECOND)
    assert (await phone.bubbles())[-1].says("chọn một giờ")
    assert await bubbles_with(phone, QUESTION) == 1
    # nothing that is stored can be read without the patient's own key
    for name in await clinic.process.database.list_collection_names():
        async for document in clinic.process.database[name].find():
            assert "penicillin" not in str(document), name
