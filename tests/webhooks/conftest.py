"""The running world for doors."""

from collections.abc import AsyncIterator

import pytest

from tests.journeys.world import World, opened


@pytest.fixture
async def world(mongodb_uri: str) -> AsyncIterator[World]:
    """Simulator, doors and worker over a fresh database."""
    async with opened(mongodb_uri) as running:
        yield running
