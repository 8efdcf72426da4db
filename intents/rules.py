"""What needs no model: yes and no, STOP and START, and short answers to what was asked."""

from __future__ import annotations

import re

from intents.dates.tokens import fold
from intents.understanding import Entities, ExpectedAnswer, Intent

_PARTICLES_WORDS = """
    ya yah kak kakak min mas mbak bang pak bu sis gan dong deh sih nih loh lah aja saja ok please pls plz
    sir madam dear bro nhe nha a ah ak oi shop ad em anh chi ban voi nghen nhen luon ha bot there guys team
    all
"""
_PARTICLES = frozenset(_PARTICLES_WORDS.split())
_NOT_LETTERS = re.compile(r"[\W_]+")
_STRETCHED = re.compile(r"(.)\1{2,}")


def _set(lines: str) -> frozenset[str]:
    return frozenset(phrase.strip() for phrase in lines.split("|"))


_OPT_OUT = _set(
    "stop|berhenti|unsubscribe|huy dang ky|unsub|stop all|stopall|opt out|optout|berhenti langganan|stop "
    "promo|ngung nhan tin|"
    "dung nhan tin|tu choi nhan tin|unreg|unsubscribe me|unsubscribe please|please stop|dung gui tin|ngung "
    "gui tin|stop it"
)
_OPT_IN = _set(
    "start|mulai|bat dau|unstop|subscribe|opt in|dang ky lai|dang ky nhan tin|langganan lagi|resubscribe|mulai lagi"
)
_YES = _set(
    "yes|y|yeah|yep|yup|yess|sure|ok|okay|okey|oke|okeh|okee|ok ok|correct|right|exactly|confirm|confirmed|"
    "i confirm|yes confirm|yes please|"
    "sounds good|perfect|go ahead|deal|of course|absolutely|definitely|yes i do|thats right|that is correct|"
    "thats correct|"
    "yes thats right|lets do it|works for me|all good|looks good|agreed|sip|siip|ya|iya|iyaa|iye|yoi|yo i|"
    "betul|bener|benar|setuju|"
    "boleh|lanjut|lanjutkan|gas|gaskeun|gass|jadi|konfirmasi|bisa|cocok|siap|mantap|ya betul|iya betul|iya "
    "bener|ya benar|iya jadi|"
    "oke lanjut|ya lanjut|iya lanjut|saya konfirmasi|ya saya konfirmasi|ya setuju|oke siap|ok siap|jadi "
    "dong|betul sekali|"
    "co|vang|da|da vang|vang a|da co|dung|dung roi|dung vay|dung the|dong y|duoc|duoc roi|chot|xac nhan|uh|"
    "u|um|uhm|chuan|oki|okie|"
    "ok chot|chot luon|ok luon|ok duoc|toi xac nhan|vang toi xac nhan|minh xac nhan|em xac nhan|chinh xac|"
    "nhat tri|co dung|"
    "da dung|da dung roi|vang dung roi|ok em|ok shop|👍|👌|✅|100|yes yes|yaa|hooh|ho oh|he eh|uh huh"
)
_NO = _set(
    "no|n|nope|nah|no thanks|no thank you|not really|never mind|nevermind|nvm|wrong|thats wrong|not this|"
    "incorrect|i dont|i disagree|"
    "no way|not correct|no its wrong|tidak|tdk|gak|ga|gk|nggak|enggak|ngga|engga|kagak|bukan|bukan itu|"
    "salah|jangan|ga usah|gak usah|"
    "nggak usah|tidak usah|gausah|ga mau|gak mau|tidak mau|ogah|tidak terima kasih|ga dulu|nggak dulu|gak "
    "dulu|salah itu|tidak jadi|"
    "tidak setuju|ndak|nda|khong|ko|k|hong|hok|hem|khum|chua|sai|sai roi|khong phai|khong dung|thoi|thoi "
    "khong|khoi|khong can|"
    "khong dong y|khong nhe|khong em|bo qua|da khong|khong phai vay|chua dung|khong duoc|khong muon|👎|❌"
)
_CHANGE = _set(
    "thay doi|change|change it|ubah|ganti|doi|doi lich|reschedule|ganti jadwal|doi gio|doi ngay|ubah jadwal|rubah"
)
_CANCEL = _set(
    "huy|huy lich|huy hen|cancel|batal|batalin|batalkan|cancel it|huy di|huy bo|huy nhe|cancel please|batalkan saja"
)
_HELP = _set("help|bantuan|tolong|tro giup|giup|help me|bantu|huong dan|menu bantuan|giup minh|giup voi|?|??|bantuin")
_HUMAN = _set(
    "agent|human|cs|admin|operator|nhan vien|tu van vien|person|real person|gap nhan vien|customer service|support"
)
_REPEAT = _set(
    "huh|pardon|repeat|ulang|ulangi|again|hah|what|nhac lai|lap lai|noi lai|sorry what|apa|gimana|sao co|gi|"
    "come again|hả|ha"
)
_BYE = _set("bye|bye bye|goodbye|dadah|tam biet|pp|bai|babay|see you|dah|good night|cya|sampai jumpa|see ya|byee")
_THANKS = _set(
    "thanks|thank you|thx|tks|ty|makasih|terima kasih|makasi|mksh|cam on|thank u|tq|trims|camon|thank|"
    "thankyou|thanks a lot|"
    "ok thanks|ok thank you|oke makasih|ok makasih|ok cam on|oke terima kasih|🙏|da cam on|cam on nhieu|cam "
    "on a|makasih banyak|"
    "terima kasih banyak|thank you so much|thanks so much|thank you very much|many thanks|great thanks|siap "
    "makasih"
)
_GREETING = _set(
    "hi|hello|hey|halo|hai|hallo|hy|hii|helo|xin chao|chao|alo|alo alo|p|ping|permisi|assalamualaikum|"
    "selamat pagi|selamat siang|"
    "selamat sore|selamat malam|pagi|siang|sore|malam|good morning|good afternoon|good evening|hello there|"
    "hi there|chao buoi sang|"
    "hola|halo selamat pagi|halo selamat siang|halo selamat sore|halo selamat malam|pagi kak|hi hello|yo|"
    "morning|evening|👋|tes|test"
)


def stripped(text: str) -> tuple[str, str]:
    """A short message as folded words, whole and without its polite particles."""
    bare = text.strip()
    if not any(ch.isalnum() for ch in bare):
        return bare, bare
    words = _NOT_LETTERS.sub(" ", _STRETCHED.sub(r"\1", fold(bare.replace("'", "").replace("’", "")))).split()
    core = [word for word in words if word not in _PARTICLES]
    return " ".join(words), " ".join(core)


_EXACT = (
    (Intent.OPT_OUT, _OPT_OUT),
    (Intent.OPT_IN, _OPT_IN),
    (Intent.RESCHEDULE, _CHANGE),
    (Intent.CANCEL, _CANCEL),
    (Intent.CONFIRM, _YES),
    (Intent.REJECT, _NO),
    (Intent.HELP, _HELP),
    (Intent.TALK_HUMAN, _HUMAN),
    (Intent.REPEAT, _REPEAT),
    (Intent.THANKS, _THANKS),
    (Intent.GOODBYE, _BYE),
    (Intent.GREETING, _GREETING),
)


def exact(text: str, expecting: ExpectedAnswer) -> Intent | None:
    """The intent of a message that is one known phrase and nothing else."""
    if len(text) > 60:
        return None
    whole, core = stripped(text)
    if expecting is ExpectedAnswer.WISH and core in _DAY_PARTS:
        return None
    if expecting is ExpectedAnswer.CONFIRMATION and whole in {"chua", "sai"}:
        return Intent.REJECT
    for form in dict.fromkeys((whole, core)):
        for intent, phrases in _EXACT:
            if form in phrases:
                return intent
    return None


_DAY_PARTS = frozenset({"pagi", "siang", "sore", "malam", "morning", "evening"})
_OPEN_TO_ANSWERS = frozenset(
    {
        Intent.BOOK,
        Intent.CHOOSE_SERVICE,
        Intent.CHOOSE_SLOT,
        Intent.OOS,
        Intent.CONFIRM,
        Intent.ASK_AVAILABILITY,
        Intent.GREETING,
    }
)


_COUNTING = frozenset(
    {ExpectedAnswer.NOTHING, ExpectedAnswer.WISH, ExpectedAnswer.GUESTS, ExpectedAnswer.NAME, ExpectedAnswer.BOOKING}
)


def answer(expecting: ExpectedAnswer, slots: Entities, guess: Intent, words: int) -> Intent | None:
    """The intent of a short message that gives what was asked, where the guess does not speak against it."""
    if guess not in _OPEN_TO_ANSWERS and words > 3:
        return None
    if words <= 3 and slots.guests is not None and expecting in _COUNTING:
        return Intent.BOOK
    match expecting:
        case ExpectedAnswer.SLOT:
            given = slots.ordinal is not None or bool(slots.dates) or slots.part_of_day is not None
            return Intent.CHOOSE_SLOT if given else None
        case ExpectedAnswer.WISH:
            return Intent.CHOOSE_SLOT if slots.dates or slots.part_of_day is not None else None
        case ExpectedAnswer.SERVICE:
            return Intent.CHOOSE_SERVICE if slots.service_words or slots.ordinal is not None else None
        case ExpectedAnswer.GUESTS:
            return Intent.BOOK if slots.guests is not None else None
        case ExpectedAnswer.NAME:
            return Intent.BOOK if slots.name is not None and guess in _OPEN_TO_ANSWERS else None
        case (
            ExpectedAnswer.NOTHING
            | ExpectedAnswer.CONFIRMATION
            | ExpectedAnswer.PAYMENT
            | ExpectedAnswer.LANGUAGE
            | ExpectedAnswer.BOOKING
        ):
            return None
