"""Words by which customers speak of a booking they have, where no reading of the whole message tells."""

from typing import Final

from bot.dialogue.customer_turn import CustomerTurn
from bot.dialogue.matching import says_one_of
from intents.commitment import CommitmentVerdict, judged

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


def means_the_same_hour(turn: CustomerTurn) -> bool:
    """Whether a day is named with "the same time": the booking they have is meant, not a new one."""
    return turn.tap is None and bool(turn.understanding.entities.dates) and says_one_of(turn.text, _SAME_TIME)


def brings_somebody(turn: CustomerTurn) -> bool:
    """Whether one more person comes, who is named and not counted."""
    return turn.tap is None and says_one_of(turn.text, _COMPANIONS) and says_one_of(turn.text, _TOO)


def wants_to_keep(turn: CustomerTurn) -> bool:
    """Whether a no at "cancel it?" means that it stays: a plain no, or words that say so; "too dear" is a reason."""
    is_no = judged(turn.text, turn.understanding.language).verdict is CommitmentVerdict.NO
    return is_no or says_one_of(turn.text, _KEEP)
