"""What guests of a stay write to say that they have arrived, or have left."""

from typing import Final

ARRIVED: Final = (
    *("i'm here", "im here", "i am here", "we're here", "we are here", "i have arrived", "i've arrived", "ive arrived"),
    *("we have arrived", "we've arrived", "i arrived", "we arrived", "arrived", "just arrived", "we just arrived"),
    *("i just arrived", "i'm at the villa", "we are at the villa", "we're at the villa", "we made it"),
    *("i'm checked in", "we checked in", "checked in", "we have checked in", "we've checked in", "i have checked in"),
    *("sudah sampai", "udah sampai", "sdh sampai", "saya sudah sampai", "kami sudah sampai", "kita sudah sampai"),
    *("aku udah sampai", "kami udah sampai", "sampai", "sudah sampai di villa", "udah sampai di villa"),
    *("udah di villa",),
    *("sudah di villa", "kami sudah di villa", "sudah tiba", "saya sudah tiba", "kami sudah tiba", "baru sampai"),
    *("baru saja sampai", "sudah check in", "udah check in", "kami sudah check in", "saya sudah check in"),
    *("tôi đến rồi", "mình đến rồi", "em đến rồi", "chúng tôi đến rồi", "bọn mình đến rồi", "đến rồi", "đến nơi rồi"),
    *("tới rồi", "tôi tới rồi", "mình tới rồi", "em tới rồi", "tới nơi rồi", "mình đến nơi rồi", "đã đến"),
    *("đã đến nơi",),
    *("tôi đã đến", "mình đã đến", "chúng tôi đã đến", "đã tới", "nhận phòng rồi", "mình nhận phòng rồi"),
    *("đã nhận phòng", "chúng tôi đã nhận phòng", "anh đến rồi", "chị đến rồi", "anh tới rồi", "chị tới rồi"),
)
"""Whole messages that say the guest is there."""
HERE: Final = (
    *("i am in the villa", "i'm inside", "we are inside", "i'm at the pool", "coming out", "i'm coming", "come in"),
    *("saya di sini", "saya ada", "ada di villa", "saya di dalam", "kami di dalam", "masuk saja", "saya keluar"),
    *("mình ở đây", "mình đang ở đây", "tôi ở đây", "em ở đây", "mình ở trong", "tôi đang ở đây", "mình ra ngay"),
)
"""Whole messages that say where somebody is whom their provider does not find."""
LATE: Final = (
    *("late", "i'm late", "running late", "i'm running late", "we are late", "we're late", "5 minutes", "10 minutes"),
    *("on my way", "i'm on my way", "on the way", "we're on our way", "15 minutes", "give me 10 minutes"),
    *("wait please",),
    *("telat", "agak telat", "saya telat", "otw", "masih di jalan", "5 menit", "10 menit", "15 menit"),
    *("tunggu sebentar",),
    *("sebentar lagi", "tunggu ya", "mình đến trễ", "trễ chút", "đến trễ", "đang trên đường", "mình đang trên đường"),
    *("5 phút", "10 phút", "15 phút", "chờ chút", "đợi chút", "đợi mình chút", "chờ mình chút"),
)
"""Whole messages that say that somebody comes late."""
NOT_YET: Final = (
    *("not yet", "no not yet", "no", "nope", "later", "on the way", "i'm on my way", "we are on our way"),
    *("still on the way",),
    *("belum", "blm", "belum sampai", "belum kak", "masih di jalan", "masih otw", "otw", "nanti", "sebentar lagi"),
    *("chưa", "dạ chưa", "chưa đến", "chưa tới", "chưa ạ", "mình chưa đến", "đang trên đường", "đang đi", "lát nữa"),
)
"""Whole messages that say the guest is not there yet."""
LEFT: Final = (
    *("we've left", "we have left", "i've left", "i have left", "we left", "i left", "checked out", "we checked out"),
    *("we have checked out", "we've checked out", "i have checked out", "i've checked out", "i checked out"),
    *("we're out",),
    *("we are leaving now", "we're leaving now", "leaving now", "just left", "we just left", "we have just left"),
    *("sudah check out", "udah check out", "kami sudah check out", "saya sudah check out", "sudah checkout"),
    *("udah checkout", "kami sudah checkout", "sudah keluar", "kami sudah keluar", "sudah pergi", "kami sudah pergi"),
    *("sudah pulang", "kami sudah pulang", "udah pulang", "kami udah pergi", "baru check out"),
    *("trả phòng rồi", "mình trả phòng rồi", "đã trả phòng", "chúng tôi đã trả phòng", "tôi đã trả phòng"),
    *("mình đã trả phòng", "đi rồi", "mình đi rồi", "chúng tôi đi rồi", "chúng tôi đã đi", "em trả phòng rồi"),
    *("tôi trả phòng rồi", "anh trả phòng rồi", "chị trả phòng rồi", "đã rời villa", "mình về rồi", "chúng tôi về rồi"),
)
"""Whole messages that say the guest has left."""
POLITE: Final = frozenset(
    word
    for words in (
        "hi hello hey yes ok okay now thanks thank you finally",
        "halo hai ya iya kak kakak min mas mbak nih ini oke sekarang makasih terima kasih",
        "dạ vâng ạ nhé nha nè em ơi shop bạn cảm ơn rồi",
    )
    for word in words.split()
)
"""Words around them that say nothing else."""
