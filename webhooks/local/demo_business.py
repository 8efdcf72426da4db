"""The business of a demo for people: the shipped one, with somebody on call, so that the queue calls somebody."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from webhooks.business import SAMPLE
from webhooks.settings import Settings

# Not in the sample itself: whoever copies that names their own people, and every number there is written to.
ON_CALL: Final = """
# Who is told in WhatsApp of what waits, and how urgent it is (docs/attention.md).
on_call:
  - { name: Made, phone: "+6281200000901", hours: { daily: ["00:00-24:00"] }, language: en }
  - { name: Wira, phone: "+6281200000902", hours: { daily: ["00:00-24:00"] }, language: id }
escalations:
  - { on: [asked_for_person, reply_overdue], answer_within: 5 }
  - { on: [payout_stuck, chargeback], answer_within: 60, tell: [Made] }
"""


@contextmanager
def staffed(settings: Settings) -> Iterator[Settings]:
    """The same settings with a business that has people on call; a file of somebody's own stays as it is."""
    if settings.business_file is not None:
        yield settings
        return
    with TemporaryDirectory(prefix="janji-demo-") as folder:
        file = Path(folder) / SAMPLE
        file.write_text(resources.files("bot.business").joinpath(SAMPLE).read_text("utf-8") + ON_CALL, "utf-8")
        yield settings.with_changes(business_file=file)
