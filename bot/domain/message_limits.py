"""WhatsApp's limits on messages: the one table.

Enforced when words are built and when they are sent: a text over a limit is an error, never a cut in mid-word.
"""

from typing import Final

TEXT: Final = 4096
BODY: Final = 1024
"""Of an interactive message; safe for every kind."""
BUTTONS: Final = 3
BUTTON_TITLE: Final = 20
BUTTON_ID: Final = 256
LIST_ROWS: Final = 10
LIST_BUTTON: Final = 20
ROW_TITLE: Final = 24
ROW_DESCRIPTION: Final = 72
ROW_ID: Final = 200
LINK_LABEL: Final = 20
FLOW_LABEL: Final = 20
FLOW_TOKEN: Final = 300
"""Ours; Meta documents no length."""
CALLBACK_DATA: Final = 512
TEMPLATE_PARAMETER: Final = 1024
TEMPLATE_BUTTON: Final = 25
TEMPLATE_BUTTONS: Final = 10
TEMPLATE_TAP: Final = 128
"""What comes back from a quick reply of a template."""
URL: Final = 2000


class MessageOverLimit(Exception):
    """A text is longer than WhatsApp takes."""


def fits(what: str, text: str, limit: int) -> str:
    """The text itself, or OverLimit naming what is too long and by how much."""
    if not text.strip():
        raise MessageOverLimit(f"{what} is empty")
    if len(text) > limit:
        raise MessageOverLimit(f"{what} has {len(text)} characters, {limit} are allowed")
    return text
