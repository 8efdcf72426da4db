"""What the console's pages load: from this machine only, under names that change with the content."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

from webhooks.console.static_files import FOREVER, StaticFiles

CONSOLE = Path(__file__).parents[3] / "webhooks" / "console"
STATIC = CONSOLE / "static"
FILES = StaticFiles.read()
VENDORED: list[dict[str, Any]] = json.loads((STATIC / "vendored.json").read_text("utf-8"))["files"]
TEMPLATES = sorted((CONSOLE / "templates").rglob("*.html"))


@pytest.mark.parametrize("known", VENDORED, ids=lambda known: known["file"])
def test_what_others_wrote_is_named_with_version_licence_and_hash(known: dict[str, Any]) -> None:
    assert known["package"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", known["version"])
    assert known["licence"] in {"0BSD", "ISC", "MIT"}
    assert hashlib.sha256((STATIC / known["file"]).read_bytes()).hexdigest() == known["sha256"]


def test_nothing_is_vendored_that_is_not_named() -> None:
    here = {path.relative_to(STATIC).as_posix() for path in (STATIC / "vendor").iterdir()}
    assert here <= {known["file"] for known in VENDORED}


def test_every_icon_that_is_drawn_is_shipped_and_the_sprite_stays_small() -> None:
    sprite = (STATIC / "icons.svg").read_text("utf-8")
    shipped = set(re.findall(r'<symbol id="([\w-]+)"', sprite))
    drawn = {name for path in TEMPLATES for name in re.findall(r"(?:icon|empty)\('([\w-]+)'", path.read_text("utf-8"))}
    assert drawn
    assert drawn - shipped == set()
    assert len(sprite) < 20_000


async def test_a_file_is_kept_for_ever_under_the_hash_of_all() -> None:
    path = FILES.path("console.css")
    version = path.split("/")[3]
    kept = FILES.answer(version, "console.css")
    assert (kept.status_code, kept.headers["Cache-Control"]) == (200, FOREVER)
    assert FILES.answer("0" * 16, "console.css").status_code == 404
    assert FILES.answer(version, "../guard.py").status_code == 404


def test_a_page_cannot_name_a_file_that_does_not_ship() -> None:
    with pytest.raises(KeyError):
        FILES.path("b.css")


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_has_what_the_policy_forbids(template: Path) -> None:
    text = template.read_text("utf-8")
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"\sstyle\s*=|<style|\son\w+\s*=|hx-on|js:|javascript:", text)
    assert not re.search(r"https?://", text)
    assert "|safe" not in text.replace(" ", "")
