"""`driver.ended`: a cancel that was lost on the way is said again."""

import asyncio

from bot.store.driver import ended


async def test_who_does_not_hear_the_first_word_is_told_again_until_they_end() -> None:
    heard: list[int] = []

    async def hard_of_hearing() -> None:
        while True:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                heard.append(len(heard))
                if len(heard) > 1:
                    raise

    task = asyncio.create_task(hard_of_hearing())
    await asyncio.sleep(0)
    await ended(task)
    assert task.cancelled()
    assert heard == [0, 1]


async def test_what_they_raise_on_the_way_is_nobodys_trouble() -> None:
    async def fails() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            raise ConnectionError

    task = asyncio.create_task(fails())
    await asyncio.sleep(0)
    await ended(task)
    assert task.done()
