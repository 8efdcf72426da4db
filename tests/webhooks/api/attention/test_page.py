"""The page of what waits for a person lists every reason with its severity and words, and nothing else."""

import re
from pathlib import Path

from bot.domain.attention import ENDED_BY_SEEING, REASONS
from bot.lifecycle.attention import policy_of
from bot.replies.attention import why
from tests.bot.business.makers import sample
from webhooks.api.attention.fixes import FIXES

PAGE = Path(__file__).parents[4] / "docs" / "attention.md"


def test_the_page_lists_every_reason_as_it_is() -> None:
    listed = re.findall(r"^\| `(\w+)` \| (\w+) \| (.+) \|$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert listed == [
        (
            reason,
            policy_of(sample(), reason).severity.value,
            why(reason, "en") + ("; a person says *seen*" if reason in ENDED_BY_SEEING else ""),
        )
        for reason in REASONS
    ]


def test_every_button_is_an_act_of_the_api_or_a_command() -> None:
    from webhooks.api.operations import OPERATIONS

    posts = {re.sub(r"\{\w+(:path)?\}", "{}", one.path) for one in OPERATIONS if one.method.value == "post"}
    for fix in FIXES:
        path = re.sub(r"\{\w+\}", "{}", fix.path)
        assert bool(fix.path) != bool(fix.command), fix.key
        assert not fix.path or path in posts, fix.key
