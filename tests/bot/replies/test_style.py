"""The words that the style pages (docs/style) rule out, in what the chat says; approved templates keep theirs."""

import re

import pytest

from bot.domain.languages import CATALOGUE

NEVER = {
    "id": ("anda", "kamu", "bapak", "saudara", "tautan", "vila"),
    "vi": ("quý khách", "anh chị", "chúng tôi", "đội ngũ", "slot", "booking"),
}


@pytest.mark.parametrize(("code", "word"), [(code, word) for code, words in NEVER.items() for word in words])
def test_the_chat_never_says_what_no_local_would_write_in_it(code: str, word: str) -> None:
    said = {
        key: form
        for key, sentence in CATALOGUE.languages[code].sentences.items()
        if not key.startswith("template.")
        for form in sentence.forms
        if re.search(rf"(?<![\w.{{]){word}(?![\w}}])", form.lower())
    }
    assert said == {}


@pytest.mark.parametrize(("code", "name"), [("id", "kak"), ("vi", "bạn")])
def test_the_customer_is_called_by_one_name(code: str, name: str) -> None:
    greeting = CATALOGUE.languages[code].sentences["talk.greeting"].forms[0]
    assert name in greeting.lower()
