"""Whom a customer's words name: where the words around a name say so, in three languages; two so called both."""

import pytest

from bot.business.definition import Business
from bot.business.file import parse
from bot.dialogue.provider_names import NamedProviders, providers_named
from tests.bot.business.makers import sample, with_changes

TWO_AYUS = ("name: Komang Wellness", "name: Ayu Lestari")


def house(*changes: tuple[str, str]) -> Business:
    made = parse(with_changes(*changes), "business.yaml")
    assert isinstance(made, Business)
    return made


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("massage with Ayu tomorrow", "ayu"),
        ("can I have it with ms ayu at 10?", "ayu"),
        ("is Ayu free on Friday?", "ayu"),
        ("I want Komang please", "komang"),
        ("could we have Ayu", "ayu"),
        ("Ayu Spa tomorrow please", "ayu"),
        ("sama Ayu besok ya", "ayu"),
        ("mau pijat sama mbak Ayu besok jam 10", "ayu"),
        ("dengan bli Komang dong", "komang"),
        ("Ayu ada?", "ayu"),
        ("với chị Ayu ngày mai", "ayu"),
        ("voi chi ayu nhe", "ayu"),
        ("chị Ayu rảnh không", "ayu"),
        ("Ayu", "ayu"),
        ("Ayu please", "ayu"),
        ("tomorrow morning, ms Ayu", "ayu"),
        ("besok pagi mbak Ayu", "ayu"),
        ("cho mình chị Ayu nhé", "ayu"),
    ],
)
def test_a_name_is_heard_where_the_words_around_it_say_so(text: str, who: str) -> None:
    assert providers_named(sample(), text).wished == (who,)


@pytest.mark.parametrize(
    "text",
    [
        *("my name is Ayu", "I'm Ayu", "this is Ayu", "nama saya Ayu", "saya Ayu", "tôi là Ayu", "em tên Ayu"),
        *(
            "a massage for Ayu and me",
            "with a driver please",
            "made a booking",
            "I have made a payment",
            "đám cưới của Àyu",
            "the spa",
        ),
        *("thanks Ayu", "halo mbak Ayu", "terima kasih ya mbak Ayu", "selamat pagi mbak Ayu", "good morning Ms Ayu"),
        *("cảm ơn chị Ayu", "cam on chi Ayu", "chào chị Ayu"),
        *("massage tomorrow at ten", "mau pijat besok", "ngày mai nhé", "", "with Rina"),
    ],
)
def test_a_name_alone_in_other_words_is_nobodys(text: str) -> None:
    assert providers_named(sample(), text) == NamedProviders()


def test_of_two_who_are_called_so_both_are_meant_and_a_whole_name_is_one() -> None:
    house_of_two = house(TWO_AYUS)
    assert providers_named(house_of_two, "with Ayu Lestari tomorrow").wished == ("komang",)
    both = house(("name: Ayu Spa", "name: Ayu Dewi"), TWO_AYUS)
    assert providers_named(both, "sama Ayu besok").wished == ("ayu", "komang")
    assert providers_named(both, "với chị Ayu Dewi").wished == ("ayu",)


@pytest.mark.parametrize(
    "text",
    [
        *("the same time but with Ayu", "no but with Ayu", "can we change to Ayu", "switch me to Ayu"),
        *("ganti terapis jadi Ayu", "ganti ke Ayu aja", "ganti Ayu aja", "jam yang sama tapi sama Ayu"),
        *("đổi qua Ayu", "đổi sang Ayu nhé", "cùng giờ nhưng với Ayu"),
    ],
)
def test_a_name_in_a_change_is_wished(text: str) -> None:
    assert providers_named(sample(), text) == NamedProviders(wished=("ayu",))


@pytest.mark.parametrize(
    "text",
    [
        "not with Ayu please",
        "anyone but Ayu",
        "jangan sama mbak Ayu",
        "đừng chị Ayu",
        "bukan Ayu, sama Komang",
        "someone other than Ayu",
        "instead of Ayu",
        "không phải chị Ayu",
        "khong lay Ayu",
    ],
)
def test_whom_they_refuse_is_not_wished(text: str) -> None:
    named = providers_named(sample(), text)
    assert named.refused == ("ayu",)
    assert "ayu" not in named.wished


@pytest.mark.parametrize(
    "text",
    [
        *("any therapist is fine", "with anyone", "whoever is free", "no preference"),
        *("siapa saja boleh", "sama siapa aja", "terserah siapa kak"),
        *("ai cũng được", "ai cung duoc", "bất kỳ ai ạ"),
    ],
)
def test_that_anybody_will_do_is_heard(text: str) -> None:
    assert providers_named(sample(), text).anyone


def test_marks_may_be_left_out_and_are_no_others() -> None:
    mai = house(("name: Ayu Spa", "name: Mai"))
    assert providers_named(mai, "với chị Mai ngày mai").wished == ("ayu",)
    assert providers_named(mai, "ngày mai").wished == ()
    assert providers_named(mai, "với Mãi").wished == ()
