"""Words by which a customer who waits for somebody's yes asks whether it is there, or would like to pay already."""

from typing import Final

from bot.dialogue.customer_turn import CustomerTurn
from bot.dialogue.matching import names_only, says_one_of

_MOST_WORDS: Final = 6
"""Longer texts say more than that somebody would like to know."""
_ALREADY: Final = (
    *("any news", "any update", "any answer", "heard back", "still waiting", "still nothing", "nothing yet"),
    *("how is it", "is it confirmed", "confirmed yet", "found someone", "found anyone", "anyone yet", "somebody yet"),
    *("who is coming", "who comes"),
    *("sudah belum", "udah belum", "udah blm", "sudah ada", "udah ada", "ada kabar", "ada jawaban", "gimana"),
    *("bagaimana", "masih lama", "dikonfirmasi", "ada yang bisa", "siapa yang datang"),
    *("chưa ạ", "được chưa", "có chưa", "xong chưa", "nhận chưa", "xác nhận chưa", "sao rồi", "thế nào rồi"),
    *("có ai nhận", "có tin gì", "lâu không", "ai đến", "ai làm"),
)
_PAYING: Final = (
    *("pay now", "i pay", "where is the link", "payment link"),
    *("bisa bayar", "bayar sekarang", "link bayar", "linknya mana"),
    *("trả tiền", "thanh toán", "link đâu"),
)
"""Who would like to pay already; "now" is no other time then."""
_ALONE: Final = (
    *("already", "update", "how long", "and", "so"),
    *("sudah", "udah", "belum", "berapa lama"),
    *("rồi", "bao lâu"),
)
"""The same where nothing else is said but …"""
_AROUND: Final = (
    *("yet", "ok", "hi", "hello"),
    *("kak", "ya", "min", "lagi"),
    *("ạ", "em", "shop", "ơi", "hả", "chưa", "vậy", "nữa"),
)


def says_already(turn: CustomerTurn) -> bool:
    """Whether a few words ask just that; none that name a day, a place or whatever else was wanted."""
    if turn.tap is not None or len(turn.text.split()) > _MOST_WORDS:
        return False
    if says_one_of(turn.text, _PAYING):
        return True
    return not turn.says_facts and (says_one_of(turn.text, _ALREADY) or names_only(turn.text, _ALONE, _AROUND))
