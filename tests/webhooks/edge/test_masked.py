"""What is personal in an answer, masked at any depth, and nothing else changed."""

from typing import Annotated

import pytest

from webhooks.edge.masked import Personal, masked
from webhooks.edge.models import EdgeModel


class Inner(EdgeModel):
    """Somebody."""

    phone: Annotated[str | None, Personal.NUMBER]
    note: Annotated[list[str], Personal.WORDS]
    place: str


class Outer(EdgeModel):
    """Several of them."""

    name: Annotated[str | None, Personal.NAME]
    items: list[Inner]
    by_key: dict[str, Inner]
    one: Inner | None


SARI = Inner(phone="6281234567890", note=["call +62 812 3456 7890", "two guests at 10:00"], place="villa-padi")


def test_what_is_personal_is_masked_however_deep() -> None:
    whole = Outer(name="Sari Dewi", items=[SARI], by_key={"a": SARI}, one=SARI)
    hidden = masked(whole)
    inner = Inner(phone="•••90", note=["call •••", "two guests at 10:00"], place="villa-padi")
    assert hidden == Outer(name="S•••", items=[inner], by_key={"a": inner}, one=inner)
    assert whole.items == [SARI], "the answer itself is nobody else's to change"


def test_what_is_not_there_stays_so_and_an_answer_without_people_is_the_same_one() -> None:
    empty = Outer(name=None, items=[], by_key={}, one=None)
    assert masked(empty) is empty or masked(empty) == empty


@pytest.mark.parametrize(
    ("kind", "text", "shown"),
    [
        (Personal.NUMBER, "123", "•••"),
        (Personal.NUMBER, "ID.QWERTYUIOP", "•••OP"),
        (Personal.NAME, " Ayu", "A•••"),
        (Personal.NAME, "Đặng", "Đ•••"),
        (Personal.NAME, "", "•••"),
    ],
)
def test_so_much_is_shown(kind: Personal, text: str, shown: str) -> None:
    assert kind.hide(text) == shown
