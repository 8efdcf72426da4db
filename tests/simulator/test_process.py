"""The simulator as a process."""

import asyncio
import json
import sys

import httpx
import pytest


@pytest.mark.processes
@pytest.mark.asyncio
async def test_the_process_prints_its_address_and_ends_cleanly_on_sigterm() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "simulator", "--port", "0", "--token", "t", stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    url = json.loads(await process.stdout.readline())["url"]
    async with httpx.AsyncClient(trust_env=False) as client:
        assert (await client.get(f"{url}/sim/health")).json()["ok"]
        async with client.stream("GET", f"{url}/sim/events", headers={"Accept": "text/event-stream"}):
            process.terminate()
            assert await process.wait() == 0
    assert await process.stdout.read() == b""
