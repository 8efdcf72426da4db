"""A moment of a request: with its offset, and in a year that every zone has."""

from datetime import UTC, datetime

import pytest
from pydantic import TypeAdapter, ValidationError

from webhooks.edge.fields import Moment

MOMENT = TypeAdapter(Moment)


def test_a_moment_has_its_offset() -> None:
    assert MOMENT.validate_python("2026-12-31T09:00:00+08:00") == datetime(2026, 12, 31, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "given", ["2026-12-31T09:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "soon", "", 5]
)
def test_what_is_no_moment_in_every_zone_is_refused(given: object) -> None:
    with pytest.raises(ValidationError):
        MOMENT.validate_python(given)


def test_a_refused_moment_is_not_repeated() -> None:
    with pytest.raises(ValidationError) as refused:
        MOMENT.validate_python("their own words")
    assert "their own words" not in str(refused.value.errors(include_input=False))
