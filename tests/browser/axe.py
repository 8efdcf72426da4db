"""What axe finds wrong with a page that is open."""

from pathlib import Path
from typing import Any, Final

import pytest
from playwright.async_api import Page

AXE: Final = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


async def broken_rules(page: Page) -> list[str]:
    """Each rule that is broken, where, and why; none on a page that everybody can use."""
    if not AXE.is_file():
        pytest.skip(f"axe-core is missing: {AXE} is made by `npm ci`")
    # given to the page from outside: its policy lets no script in that stands in it
    await page.evaluate(AXE.read_text("utf-8"))
    found: dict[str, Any] = await page.evaluate(
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})", RULES
    )
    return [
        f"{broken['id']} at {node['target'][0]}: {node['failureSummary']}"
        for broken in found["violations"]
        for node in broken["nodes"]
    ]
