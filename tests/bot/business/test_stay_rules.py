"""Rules of a stay in the business file: how many nights are sold, and how many stay empty after each."""

import pytest

from tests.bot.business.makers import problems_of

KNOWN = "least: 2, most: 21"


@pytest.mark.parametrize(
    ("changed", "path", "what"),
    [
        ("least: 22, most: 21", "nights", "the least nights are more than the most"),
        ("least: 0, most: 21", "nights.least", "greater than or equal to 1"),
        (f"{KNOWN}, gap: 40", "nights.gap", "less than or equal to 14"),
        (f"{KNOWN}, gap: soon", "nights.gap", "whole number"),
    ],
)
def test_a_rule_that_cannot_be_is_told_with_line_path_and_fix(changed: str, path: str, what: str) -> None:
    (item,) = problems_of((KNOWN, changed)).items
    assert item.path.endswith(path)
    assert item.mark.line > 0
    assert what in f"{item.what}; {item.fix}"
    assert item.fix
