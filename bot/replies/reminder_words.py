"""What customers write to say whether they came to an appointment."""

from typing import Final

CAME: Final = (
    *("yes", "i came", "i did", "i did come", "yes i came", "yes i did", "i was there", "i am here", "i am there"),
    *("ya", "iya", "sudah", "ya sudah", "datang", "saya datang", "ya saya datang", "sudah datang", "saya sudah datang"),
    *("có", "dạ có", "có đến", "đã đến", "đến rồi", "mình đã đến", "tôi đã đến", "em đã đến", "có mình đã đến"),
)
"""Whole messages that say the customer came."""
CAME_IN_PART: Final = (
    *("i came", "we came", "did come", "was there", "were there", "datang", "hadir", "có đến", "có tới", "đã tới"),
    *("đã đến", "đến rồi", "tới rồi", "có mặt"),
)
"""The same in a message that says no more."""
AROUND_CAME: Final = (
    *("yes", "yeah", "yep", "of course", "sure", "i", "we", "on time", "at", "the", "and", "sorry"),
    *("ya", "iya", "saya", "aku", "kami", "sudah", "udah", "kok", "dong", "kak", "tepat waktu", "maaf", "kan", "jadi"),
    *("có", "dạ", "vâng", "mình", "em", "tôi", "anh", "chị", "mà", "rồi", "ạ", "nhé", "đúng giờ", "đấy", "đó", "đã"),
)
"""Words around it that add nothing."""
ABSENT: Final = (
    *("no", "nope", "no i did not", "no i didn't", "i did not", "i didn't", "i did not come", "i didn't come"),
    *("tidak", "nggak", "enggak", "gak", "ga", "tidak datang", "saya tidak datang", "gak datang", "ga datang"),
    *("không", "ko", "dạ không", "không đến", "mình không đến", "tôi không đến", "em không đến", "không mình vắng"),
)
"""Whole messages that say the customer did not."""
