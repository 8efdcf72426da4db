"""The simulator as a process: how it is told its settings, what it says where it cannot start, and how it ends."""

import asyncio
import io
import json
import os
import secrets
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from simulator.__main__ import WrongSettings, read_settings

pytestmark = [pytest.mark.processes, pytest.mark.asyncio]

PIPE = asyncio.subprocess.PIPE


@asynccontextmanager
async def started(*arguments: str, **more: Any) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "simulator", *arguments, stdout=PIPE, stderr=PIPE, **more
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def address(process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None
    return str(json.loads(await process.stdout.readline())["url"])


def command_line(pid: int) -> bytes:
    """What `ps` shows of a process."""
    return Path(f"/proc/{pid}/cmdline").read_bytes()


async def graph_status(url: str, token: str) -> int:
    async with httpx.AsyncClient(trust_env=False, headers={"Authorization": f"Bearer {token}"}) as client:
        return (await client.get(f"{url}/v26.0/106540352242922/whatsapp_business_encryption")).status_code


async def test_the_process_prints_its_address_and_ends_cleanly_on_sigterm() -> None:
    async with started("--port", "0", "--token", "t") as process:
        url = await address(process)
        async with httpx.AsyncClient(trust_env=False) as client:
            assert (await client.get(f"{url}/sim/health")).json()["ok"]
            async with client.stream("GET", f"{url}/sim/events", headers={"Accept": "text/event-stream"}):
                process.terminate()
                assert await process.wait() == 0
        assert await process.communicate() == (b"", b"")


async def test_a_token_that_begins_with_a_dash_comes_by_the_environment_and_stands_in_no_command_line() -> None:
    token = f"--{secrets.token_urlsafe(9)}"
    async with started(env={**os.environ, "SIMULATOR_TOKEN": token}) as process:
        url = await address(process)
        assert await graph_status(url, token) == 200
        assert await graph_status(url, "simulated-token") == 401
        assert token.encode() not in command_line(process.pid)


async def test_settings_come_as_one_line_of_standard_input_and_its_end_is_the_end() -> None:
    token = f"-{secrets.token_urlsafe(9)}"
    async with started("--settings", "-", "--end-with-stdin", stdin=PIPE) as process:
        assert process.stdin is not None
        process.stdin.write(json.dumps({"token": token, "api_token": "-x", "port": 0}).encode() + b"\n")
        await process.stdin.drain()
        url = await address(process)
        assert await graph_status(url, token) == 200
        process.stdin.write(b"words nobody asked for\n")
        await process.stdin.drain()
        assert await graph_status(url, token) == 200
        process.stdin.close()
        assert await process.wait() == 0


async def test_settings_come_from_a_file_and_a_flag_wins(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({"token": "from-the-file", "phone_number_id": "1", "pair_rate": False}))
    settings, _ = read_settings(
        ["--settings", str(path), "--phone-number-id", "3"], {"SIMULATOR_TOKEN": "from-outside"}
    )
    assert (settings.token, settings.phone_number_id, settings.pair_rate) == ("from-outside", "3", False)


@pytest.mark.parametrize("token", ["-", "--", "--token", "-x=y", "=", "a b", "'", '"', "€", "-" * 40])
async def test_a_token_of_any_shape_is_taken_as_it_is(token: str) -> None:
    by_environment, _ = read_settings([], {"SIMULATOR_TOKEN": token, "SIMULATOR_API_TOKEN": token})
    by_input, _ = read_settings(["--settings", "-"], {}, io.StringIO(json.dumps({"token": token, "api_token": token})))
    assert by_environment == by_input
    assert by_input.token == by_input.api_token == token


async def test_a_taken_port_is_one_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        async with started("--port", str(port)) as process:
            _, said = await process.communicate()
    assert said.decode() == f"simulator: 127.0.0.1:{port} is taken; choose another --port, or 0 for a free one\n"
    assert process.returncode == 1


@pytest.mark.parametrize(
    ("arguments", "words", "status"),
    [
        (["--host", "203.0.113.9"], "cannot listen on 203.0.113.9:0: Cannot assign requested address", 1),
        (["--host", "no-such-machine.invalid"], "is no address of any machine", 1),
        (["--host", "x" * 80], "is no address of any machine", 1),
        (["--port", "70000"], "port: 70000 is none", 2),
        (["--port", "http"], "port: cannot be read", 2),
        (["--app-url", "127.0.0.1:8000"], "app_url: '127.0.0.1:8000' is no address", 2),
        (["--app-url", "http://[::1"], "is no address", 2),
        (["--settings", "/nowhere/at/all"], "No such file or directory", 2),
        (["--settings", "/dev/null"], "is not JSON", 2),
    ],
)
async def test_what_it_cannot_start_with_is_one_line(arguments: list[str], words: str, status: int) -> None:
    async with started(*arguments) as process:
        said, complained = await process.communicate()
    assert said == b""
    assert words in complained.decode()
    assert len(complained.decode().splitlines()) == 1
    assert process.returncode == status


async def test_a_setting_nobody_has_is_named_and_a_secret_in_the_wrong_place_is_not_said() -> None:
    with pytest.raises(WrongSettings, match="no setting is named 'tokn'"):
        read_settings(["--settings", "-"], {}, io.StringIO('{"tokn": "x"}'))
    with pytest.raises(WrongSettings) as wrong:
        read_settings([], {"SIMULATOR_PORT": "s3cret"})
    assert "s3cret" not in str(wrong.value)
