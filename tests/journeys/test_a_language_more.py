"""A language that Janji only answers in: one file in each folder, and a customer who taps its name is served in it."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

import bot

ROOT: Final = Path(bot.__file__).parents[1]

pytestmark = [pytest.mark.mongo, pytest.mark.processes, pytest.mark.timeout(120), pytest.mark.prove]

DUTCH: Final = {
    "language.name": "Nederlands",
    "talk.language_set": "Goed, verder in het Nederlands.",
    "form.invitation": "Kies dienst, dag en tijd.",
    "form.button.open": "Nu boeken",
    "screen.service_title": "Boeken",
}
"""What the added files say in Dutch; all else in them is the English text, but for the number of people."""

CUSTOMER: Final = """
import asyncio
import json
import os
from pathlib import Path
from tests.journeys import flow_world
from tests.journeys.flow_world import CALL, flow_json

async def main():
    async with flow_world.opened(os.environ["A_MONGOD"], ("en", "nl")) as world:
        told, phone = {}, await world.phone(wa_id="6281200000001")
        await phone.say("can we change the language?")
        told["offered"] = (await phone.expect(kind="list")).choices
        await phone.tap("Nederlands")
        told["chosen"] = (await phone.expect("Nederlands.")).text
        # words of a language that is detected change nothing for one who has chosen
        await phone.say("I would like to book something")
        form = await phone.expect("Kies dienst", kind="flow")
        told["invited"] = [form.text, *form.choices]
        told["title"] = flow_json("nl")["screens"][0]["title"]
        filled = await phone.fill(flow_json("nl"), CALL)
        told["screens"] = "2 personen" in json.dumps(filled)
        told["booked"] = "2 personen" in (await phone.expect("BK-")).text
        await world.quiet()
        lead = await world.lead_of(phone)
        stored = (await world.stored(lead["id"])).lead
        told["lead"] = [lead["language"], stored.conversation.language, stored.bookings[0].state.value]
        Path("told.json").write_text(json.dumps(told))

asyncio.run(main())
"""


def in_dutch(english: str) -> str:
    """A file of that folder's English one."""
    text = english.replace("Language: en", "Language: nl").replace('"{count} people"', '"{count} personen"')
    for key, sentence in DUTCH.items():
        text = re.sub(rf'(?<=msgid "{re.escape(key)}"\n)msgstr ".*"', f'msgstr "{sentence}"', text)
    return text


def test_a_customer_who_taps_a_language_that_is_one_file_is_answered_in_it_and_books_by_its_form(
    tmp_path: Path, mongodb_uri: str
) -> None:
    """The product's own packages, copied beside one file more in each folder, in a process of their own."""
    for package, inside in (("bot", "bot/replies/catalogue"), ("flows", "flows/catalogue")):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
        english = (ROOT / inside / "en.po").read_text("utf-8")
        (tmp_path / inside / "nl.po").write_text(in_dutch(english), "utf-8")
    ran = subprocess.run(
        [sys.executable, "-c", CUSTOMER],
        env={**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}", "PYTHONUTF8": "1", "A_MONGOD": mongodb_uri},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert json.loads((tmp_path / "told.json").read_text("utf-8")) == {
        "offered": ["English", "Bahasa Indonesia", "Nederlands", "Tiếng Việt"],
        "chosen": "Goed, verder in het Nederlands.",
        "invited": ["Kies dienst, dag en tijd.", "Nu boeken"],
        "title": "Boeken",
        "screens": True,
        "booked": True,
        "lead": ["nl", "nl", "CONFIRMED"],
    }
