"""Foreign text: whatever comes in, nothing that cannot be stored, sent or seen goes on."""

from bot.domain.foreign_text import clean, clean_json

DIRECTIONS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"


def test_what_is_no_text_is_taken_out_of_any_other_text_and_all_else_stays() -> None:
    gone = {chr(code) for code in (*range(0x20), *range(0x7F, 0xA0), *range(0xD800, 0xE000))} - {"\n", "\t"}
    gone |= set(DIRECTIONS)
    for code in range(0x3000):
        letter = chr(code)
        # a carriage return is a line break
        kept = "\n" if letter == "\r" else "" if letter in gone else letter
        assert clean(letter) == kept, hex(code)
        assert clean(f"a{letter}b") == f"a{kept}b", hex(code)
    assert clean("\udfff\ufeff\U0001f64f") == "\U0001f64f"


def test_a_text_is_cut_at_what_anybody_may_write_whether_there_is_something_to_clean_or_not() -> None:
    assert clean("x" * 11, 10) == "x" * 10
    assert clean("\x00" + "x" * 11, 10) == "x" * 10


def test_names_and_values_however_deep_are_cleaned() -> None:
    assert clean_json({"a\x00": ["b\u202e", {"c": "d\r\n"}], "e": 2**80}) == {"a": ["b", {"c": "d\n"}], "e": None}
