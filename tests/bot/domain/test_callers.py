"""Numbers as people say and write them."""

import pytest

from bot.domain.callers import read_number


@pytest.mark.parametrize(
    "written",
    [
        "+6281234567890",
        "+62 812-3456-7890",
        "+62 (812) 3456.7890",
        "0062 812 3456 7890",
        "\u202a+62 812 3456 7890\u202c",
    ],
)
def test_a_number_with_its_country_is_read_however_it_is_written(written: str) -> None:
    assert read_number(written) == "+6281234567890"


@pytest.mark.parametrize(
    "written",
    [
        "",
        "081234567890",
        "6281234567890",
        "+0812345678",
        "+62 812",
        "+62812345678901234",
        "+62 812 call me",
        "+६२८१२३४५६७८९०",
    ],
)
def test_a_number_without_its_country_or_no_number_at_all_is_none(written: str) -> None:
    assert read_number(written) is None
