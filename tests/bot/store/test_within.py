"""`driver.within`: what is asked of the database ends in its time, even if the cancel is lost."""

import asyncio
import contextlib

import pytest
from pymongo.errors import ServerSelectionTimeoutError

from bot.store import driver


async def test_a_driver_that_loses_the_cancel_still_gives_up_by_itself() -> None:
    client = driver.open_client("mongodb://127.0.0.1:1/?replicaSet=janji")

    async def asked() -> None:
        command = asyncio.ensure_future(client.admin.command("ping"))
        # hard of hearing as the driver is at times: the cancel is swallowed, and the command goes on
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.wait([command])
        # left alone it looks for a server for five seconds
        done, _ = await asyncio.wait([command], timeout=3)
        assert done
        await command

    try:
        with pytest.raises((ServerSelectionTimeoutError, TimeoutError)):
            async with driver.within(0.05):
                await asked()
    finally:
        await driver.close(client)
