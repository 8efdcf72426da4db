"""A yes is a phrase of the list and nothing else beside it; whatever may take it back is asked again."""

import pytest

from intents.assent import is_explicit_yes

YES = [
    *("yes", "Yes!", "yes please book it", "ok", "go ahead", "book it", "sure, thanks", "yes, that one"),
    *("ya", "ya, pesan", "iya betul kak", "oke lanjut", "jadi ya kak", "pesan saja", "ya saya mau itu"),
    *("đồng ý", "vâng ạ", "Vâng, tôi xác nhận đặt lịch", "ok chốt luôn nhé", "dạ đặt luôn nha", "được rồi"),
]
NO = [
    *("yes?", "yes but later", "ok sunday then", "ok, no", "yes, how much is it", "not yet", "maybe", "", "hello"),
    *("ya, berapa harganya?", "ya jangan", "ya tapi jam 5", "gak jadi", "oke nanti dulu", "boleh tanya dulu"),
    *("ok đổi giờ", "không", "được không", "vâng nhưng mà đắt quá", "ừ để xem đã", "co gi khac khong"),
    "yes " * 30,
]


@pytest.mark.parametrize("text", YES)
def test_a_plain_yes_is_one(text: str) -> None:
    assert is_explicit_yes(text)


@pytest.mark.parametrize("text", NO)
def test_a_yes_with_anything_beside_it_is_none(text: str) -> None:
    assert not is_explicit_yes(text)
