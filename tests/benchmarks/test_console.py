"""The measure of the console runs, asks every kind of call, and answers each of them."""

import pytest

from benchmarks.console.__main__ import measured

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(300)]


async def test_list_search_conversation_pages_and_news_are_measured() -> None:
    found = await measured(leads=40, rounds=8, seed=1, cache_gb=0.25)
    search = {f"search_{kind}" for kind in ("reference", "digits", "name", "amount", "words", "nothing")}
    pages = {f"page_{part}" for part in ("list", "search", "conversation")}
    assert set(found) == {"list", "counts", "conversation", "row", "event"} | search | pages
    assert all(0 < figures["p50"] <= figures["p95"] <= figures["worst"] for figures in found.values())
