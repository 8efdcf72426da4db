"""Words by which customers speak of a booking they have, where no reading of the whole message tells."""

from typing import Final

from bot.dialogue.customer_turn import CustomerTurn
from bot.dialogue.matching import names_only, says_one_of
from intents.commitment import CommitmentVerdict, judged
from intents.understanding import Confidence, Intent

_SAME_TIME: Final = (
    *("same time", "same hour", "instead"),
    *("jam yang sama", "waktu yang sama", "jam sama", "jamnya sama"),
    *("cùng giờ", "giờ đó", "giờ như cũ", "vẫn giờ cũ"),
)
_KEEP: Final = (
    *("keep it", "keep my booking", "leave it", "do not cancel", "don't cancel", "dont cancel", "never mind"),
    *("tetap", "jangan batalkan", "jangan dibatalkan", "tidak jadi batal", "gak jadi batal"),
    *("giữ lại", "giữ nguyên", "đừng hủy", "không hủy nữa"),
)
_COMPANIONS: Final = (
    *("my wife", "my husband", "my friend", "my partner", "my girlfriend", "my boyfriend", "my mother", "my mom"),
    *("my father", "my dad", "my son", "my daughter", "my sister", "my brother"),
    *("istri saya", "istriku", "suami saya", "suamiku", "teman saya", "temanku", "pacar saya", "ibu saya", "anak saya"),
    *("vợ tôi", "vợ mình", "chồng tôi", "chồng mình", "bạn tôi", "bạn mình", "mẹ tôi", "con tôi"),
)
_TOO: Final = (
    *("too", "as well", "also", "joins", "join us", "join me", "comes along", "come along"),
    *("ikut", "juga"),
    *("đi cùng", "nữa", "cũng"),
)


_MY_BOOKING: Final = (
    *("my booking", "my bookings", "my reservation", "my reservations", "my appointment", "my appointments"),
    *("my schedule", "show booking", "check booking", "manage booking", "booking status", "what did i book"),
    *("booking saya", "bookingan saya", "booking ku", "bookingku", "bookingan ku", "bookinganku", "booking gue"),
    *("bookingan gue", "booking gw", "bookingan gw", "pesanan saya", "pesananku", "reservasi saya", "reservasiku"),
    *("jadwal saya", "jadwalku", "cek booking", "lihat booking", "cek jadwal", "lihat jadwal", "cek pesanan"),
    *("lihat pesanan", "status booking", "status pesanan"),
    *("lịch của tôi", "lịch của mình", "lịch của em", "lịch của anh", "lịch của chị", "lịch tôi", "lịch mình"),
    *("lịch em", "lịch hẹn của tôi", "lịch hẹn của mình", "lịch hẹn của em", "lịch đã đặt", "lịch đặt"),
    *("đặt chỗ của tôi", "đặt chỗ của mình", "đặt chỗ của em", "booking của tôi", "booking của mình"),
    *("booking của em", "đơn của tôi", "đơn của mình", "đơn của em", "xem lịch", "xem lại lịch", "kiểm tra lịch"),
)
_NOW: Final = ("now", "sekarang", "bây giờ")
_ASKING: Final = (
    *("show", "see", "check", "view", "manage", "where is", "please", "me", "to", "i want", "can i", "could i"),
    *("cek", "lihat", "mau", "tolong", "dong", "ya", "kak", "min", "bisa"),
    *("xem", "cho", "mình", "em", "tôi", "xin", "với", "nhé", "ạ", "lại", "kiểm tra", "giúp", "shop", "ơi"),
)
"""Words around it that add nothing."""


def asks_for_booking(turn: CustomerTurn) -> bool:
    """Whether it is asked how their booking stands: read so surely, or by its own words."""
    if turn.tap is not None:
        return False
    if turn.understanding.intent is Intent.BOOKING_STATUS:
        return turn.understanding.confidence is Confidence.ACT or says_one_of(turn.text, _MY_BOOKING)
    return names_only(turn.text, _MY_BOOKING, _ASKING)


def names_booking(turn: CustomerTurn) -> bool:
    """The same, said of the booking itself and not of its payment."""
    return asks_for_booking(turn) and says_one_of(turn.text, _MY_BOOKING)


def means_the_same_hour(turn: CustomerTurn) -> bool:
    """Whether a day is named with "the same time": the booking they have is meant, not a new one."""
    return turn.tap is None and bool(turn.understanding.entities.dates) and says_one_of(turn.text, _SAME_TIME)


def brings_somebody(turn: CustomerTurn) -> bool:
    """Whether one more person comes, who is named and not counted."""
    return turn.tap is None and says_one_of(turn.text, _COMPANIONS) and says_one_of(turn.text, _TOO)


def counts_them_now(turn: CustomerTurn) -> bool:
    """Whether "now" goes with a number of people and names no time: "we are four now"."""
    said = turn.understanding.entities
    return said.guests is not None and len(said.dates) == 1 and says_one_of(turn.text, _NOW)


def wants_to_keep(turn: CustomerTurn) -> bool:
    """Whether a no at "cancel it?" means that it stays: a plain no, or words that say so; "too dear" is a reason."""
    is_no = judged(turn.text, turn.understanding.language).verdict is CommitmentVerdict.NO
    return is_no or says_one_of(turn.text, _KEEP)
