"""Words by which customers speak of a booking they have, where no reading of the whole message tells."""

import re
import unicodedata
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
_CANNOT_COME: Final = (
    *("can't make it", "cannot make it", "won't make it", "can't come", "cannot come", "won't be able to come"),
    *("not able to come", "can't be there", "won't be there", "not coming", "unable to come", "can't attend"),
    *("won't be able to make it", "not able to make it", "won't be able to attend"),
    *("gak bisa dtg", "ga bisa dtg", "tidak bisa dtg", "tdk bisa dtg", "tdk bisa datang", "tak bisa datang"),
    *("không đến dc", "ko đến dc", "không tới dc", "ko tới dc", "k đến được", "k đến dc"),
    *("tidak bisa datang", "gak bisa datang", "ga bisa datang", "nggak bisa datang", "ngga bisa datang"),
    *("tidak jadi datang", "gak jadi datang", "ga jadi datang", "berhalangan", "tidak bisa hadir", "gak bisa hadir"),
    *("không đến được", "không tới được", "không đi được", "không thể đến", "không thể tới", "không qua được"),
    *("không đến nữa", "ko đến được", "bận không đến", "kẹt không đến"),
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


_NEVER_MIND: Final = (
    *("never mind", "nevermind", "forget it", "leave it", "leave it as it is", "stay as it is"),
    *("ga jadi", "gak jadi", "nggak jadi", "ngga jadi", "gajadi", "tidak jadi", "biarin", "seperti semula"),
    *("thôi khỏi", "khỏi đổi nữa", "không đổi nữa", "để như cũ", "giữ như cũ", "thôi không cần"),
)
_AROUND_NO: Final = (
    *("oh", "no", "ok", "sorry", "please", "then"),
    *("eh", "deh", "kak", "aja", "dulu", "ya", "maaf", "oke", "sih"),
    *("à", "ạ", "thôi", "nhé", "vậy", "em", "mình", "ơi", "nha", "đi"),
)
_DAYS_ON: Final = re.compile(
    r"(?:(?P<en>a|one|two|1|2) days? (?P<en_way>later|earlier))"
    r"|(?P<id_way>undur|mundur|maju)(?:in|kan)? (?P<id>sehari|satu hari|1 hari|dua hari|2 hari)"
    r"|(?P<vi_way>lùi|dời lùi|sớm hơn|trễ hơn|muộn hơn) (?:lại |thêm )?(?P<vi>một|1|hai|2) ngày"
)
"""So many days later or earlier than the time they have."""
_BACKWARDS: Final = frozenset({"earlier", "maju", "sớm hơn"})


def drops_it(turn: CustomerTurn) -> bool:
    """Whether the change is given up, in words that say nothing else."""
    return turn.tap is None and names_only(turn.text, _NEVER_MIND, _AROUND_NO)


def days_on(turn: CustomerTurn) -> int:
    """How many days later, or fewer than nothing earlier; nothing where none are named so."""
    found = None if turn.tap is not None else _DAYS_ON.search(unicodedata.normalize("NFC", turn.text.casefold()))
    if found is None:
        return 0
    number = found["en"] or found["id"] or found["vi"]
    way = found["en_way"] or found["id_way"] or found["vi_way"]
    days = 2 if number.split()[0] in {"two", "2", "dua", "hai"} else 1
    return -days if way in _BACKWARDS else days


def means_the_same_hour(turn: CustomerTurn) -> bool:
    """Whether a day is named with "the same time": the booking they have is meant, not a new one."""
    return bool(turn.understanding.entities.dates) and says_same_time(turn)


def says_same_time(turn: CustomerTurn) -> bool:
    """Whether the time they have is named as the one that stays."""
    return turn.tap is None and says_one_of(turn.text, _SAME_TIME)


def brings_somebody(turn: CustomerTurn) -> bool:
    """Whether one more person comes, who is named and not counted."""
    return turn.tap is None and says_one_of(turn.text, _COMPANIONS) and says_one_of(turn.text, _TOO)


def counts_them_now(turn: CustomerTurn) -> bool:
    """Whether "now" goes with a number of people and names no time: "we are four now"."""
    said = turn.understanding.entities
    return said.guests is not None and len(said.dates) == 1 and says_one_of(turn.text, _NOW)


def cannot_come(turn: CustomerTurn) -> bool:
    """Whether somebody says that they will not be there, in so many words or by a bare no."""
    if turn.tap is not None or "?" in turn.text:
        return False
    return judged(turn.text, turn.understanding.language).is_bare or says_one_of(turn.text, _CANNOT_COME)


def wants_to_keep(turn: CustomerTurn) -> bool:
    """Whether a no at "cancel it?" means that it stays: a plain no, or words that say so; "too dear" is a reason."""
    is_no = judged(turn.text, turn.understanding.language).verdict is CommitmentVerdict.NO
    return is_no or says_one_of(turn.text, _KEEP)
