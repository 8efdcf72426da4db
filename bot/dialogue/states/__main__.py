"""`python -m bot.dialogue.states`: writes docs/states.md."""

from pathlib import Path

from bot.dialogue.states.page import page

Path("docs/states.md").write_text(page(), encoding="utf-8")
