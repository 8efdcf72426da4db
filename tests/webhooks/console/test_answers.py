"""Noting in the console what a customer answered: by whom, of which question, and never over another answer."""

from collections.abc import AsyncIterator

import pytest

from bot.domain.users import Role
from tests.journeys.test_booking_by_chat import said
from tests.journeys.world import World, opened
from tests.webhooks.console.people import colleague
from webhooks.business import sample_path

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(120)]

HISTORY = "dị ứng penicillin"


@pytest.fixture
async def clinic(mongodb_uri: str) -> AsyncIterator[World]:
    """The clinic that ships, with a new patient who was asked and has not answered."""
    async with opened(mongodb_uri, ours={"business_file": sample_path("clinic")}) as world:
        phone = await world.phone("Ngọc", wa_id="84900000777")
        await said(world, phone, "mình muốn đặt khám răng hai tuần nữa buổi sáng")
        yield world


async def where(clinic: World) -> tuple[str, str]:
    """The lead, and where the answer is noted."""
    lead = (await clinic.lead_of(clinic.phones[-1]))["id"]
    return lead, f"/bookings/{(await clinic.stored(lead)).lead.bookings[0].reference}/answers"


async def answers(clinic: World, lead: str) -> list[str]:
    return [field.value for field in (await clinic.stored(lead)).lead.fields]


async def test_an_answer_that_came_meanwhile_is_not_written_over(clinic: World) -> None:
    lead, path = await where(clinic)
    async with colleague(clinic.process, clinic.url) as dewi:
        assert "Lần đầu bạn đến khám" in (await dewi.get(f"{path}?field=medical-history")).text
        await said(clinic, clinic.phones[-1], HISTORY)
        late = await dewi.post(path, field="medical-history", answer="asthma")
        assert (late.status_code, "Nothing waits for this answer" in late.text) == (200, True)
        assert "Nothing waits" in (await dewi.get(f"{path}?field=medical-history")).text
    assert await answers(clinic, lead) == [HISTORY]


async def test_no_other_question_is_answered_and_nothing_by_who_may_not(clinic: World) -> None:
    lead, path = await where(clinic)
    async with colleague(clinic.process, clinic.url) as dewi:
        for field, answer in (("shoe-size", "42"), ("", HISTORY), ("medical-history", " \u200b ")):
            await dewi.post(path, field=field, answer=answer)
        assert (await dewi.get("/bookings/BK-0/answers?field=x")).status_code == 404
    async with colleague(clinic.process, clinic.url, "Ketut", Role.FINANCE) as ketut:
        assert (await ketut.post(path, field="medical-history", answer=HISTORY)).status_code == 403
        assert (await ketut.get(f"{path}?field=medical-history")).status_code == 403
    assert await answers(clinic, lead) == []


async def test_an_answer_sent_twice_is_one(clinic: World) -> None:
    lead, path = await where(clinic)
    async with colleague(clinic.process, clinic.url) as dewi:
        for _ in range(2):
            done = await dewi.post(path, field="medical-history", answer=HISTORY, once="one")
            assert done.status_code == 200
    await clinic.phones[-1].expect("chọn một giờ")
    assert await answers(clinic, lead) == [HISTORY]
