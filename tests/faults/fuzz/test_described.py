"""The API against its own description, by a tool that knows nothing of us: what is answered is what is declared."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.faults.fuzz.inputs import SEED
from tests.faults.fuzz.processes import running
from tests.journeys.world import API_TOKEN

pytestmark = [pytest.mark.mongo, pytest.mark.processes, pytest.mark.timeout(1800)]

EXAMPLES: Final = int(os.environ.get("JANJI_PROVE_EXAMPLES") or 40)
"""Of each operation."""
CHECKS: Final = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "ignored_auth",
)
OTHERS_DOORS: Final = "^/(webhooks|pay|livez|readyz|healthz|metrics|api)"


async def test_the_api_answers_what_its_description_says(mongodb_uri: str, tmp_path: Path) -> None:
    async with running(mongodb_uri, tmp_path) as up:
        phone = await up.world.phone("Sari", wa_id="6281200000001")
        await phone.say("Hello")
        await phone.expect("Hello Sari", timeout=60)
        code, said = await _schemathesis(up.world.url, tmp_path)
        print(f"JANJI_PROVE_SEED={SEED}\n{said[-6000:]}")
        assert up.dead() == {}
        assert up.complaints() == []
        assert code == 0, said[-20_000:]


async def _schemathesis(url: str, folder: Path) -> tuple[int, str]:
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "schemathesis.cli", "run", f"{url}/api/v1/openapi.json"),
        *("--header", f"Authorization: Bearer {API_TOKEN}"),
        *("--checks", ",".join(CHECKS), "--exclude-path-regex", OTHERS_DOORS),
        *("--max-examples", str(EXAMPLES), "--seed", str(SEED), "--phases", "examples,coverage,fuzzing"),
        *("--request-timeout", "60", "--no-color", "--continue-on-failure", "--suppress-health-check", "all"),
        cwd=folder,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await child.communicate()
    assert child.returncode is not None
    return child.returncode, said.decode("utf-8", "replace")
