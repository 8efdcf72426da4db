"""WhatsApp's marks: as on a phone, and nothing that a customer writes becomes an element of its own."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webhooks.console.marks import marked


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("*bold* and _it_", "<strong>bold</strong> and <em>it</em>"),
        ("~no~ yes", "<s>no</s> yes"),
        ("`code` here", "<code>code</code> here"),
        ("```two\nlines```", "<code>two\nlines</code>"),
        ("*_both_*", "<strong><em>both</em></strong>"),
        ("(*Budi*, 2 pax)", "(<strong>Budi</strong>, 2 pax)"),
        ("5*4*3 = 60", "5*4*3 = 60"),
        ("see_this_name", "see_this_name"),
        ("* not bold *", "* not bold *"),
        ("*one\ntwo*", "*one\ntwo*"),
        ("**", "**"),
        ("```*raw*```", "<code>*raw*</code>"),
    ],
)
def test_marks_are_read_as_on_a_phone(said: str, shown: str) -> None:
    assert str(marked(said)) == shown


@pytest.mark.parametrize("said", ["*<img src=x onerror=alert(1)>*", "```</code><script>```", "_&amp;_", "`\"'`"])
def test_what_is_marked_is_escaped_all_the_same(said: str) -> None:
    shown = re.sub(r"</?(strong|em|s|code)>", "", str(marked(said)))
    assert "<" not in shown
    assert not re.search(r"&(?!(amp|lt|gt|#34|#39);)", shown)


@given(st.text(alphabet="*_~`<>&a \n", max_size=200))
def test_every_element_that_opens_closes_and_no_other_is_made(said: str) -> None:
    open_now: list[str] = []
    for slash, name in re.findall(r"<(/?)(\w+)>", str(marked(said))):
        assert name in {"strong", "em", "s", "code"}
        if slash:
            assert open_now.pop() == name
        else:
            open_now.append(name)
    assert open_now == []
    assert re.sub(r"</?(strong|em|s|code)>", "", str(marked(said))).count("<") == 0


def test_a_long_line_of_marks_is_read_in_one_go() -> None:
    assert len(marked("*a " * 20_000)) == 60_000
