"""A message as the classifier sees it: words, pieces of words and ideas, hashed into a fixed number of places."""

from __future__ import annotations

import re
from collections.abc import Iterable
from unicodedata import normalize
from zlib import crc32

from intents import concepts
from intents.dates.tokens import fold

BUCKETS = 1 << 16
_LONGEST = 400
_WORD = re.compile(r"[^\W\d_]+|\d+|\?")
_STRETCHED = re.compile(r"(.)\1{2,}")
_APOSTROPHE = re.compile(r"(?<=\w)['’](?=\w)")

_SPELLINGS = {
    "u": "you", "ur": "your", "pls": "please", "plz": "please", "r": "are", "wanna": "want", "gonna": "going",
    "im": "i", "thnx": "thanks", "thanx": "thanks", "tnx": "thanks", "thks": "thanks", "tmrw": "tomorrow",
    "tmr": "tomorrow", "tmrow": "tomorrow", "tomorow": "tomorrow", "tommorow": "tomorrow", "gimme": "give me",
    "lemme": "let me", "shedule": "schedule", "reschedual": "reschedule", "reservasion": "reservation",
    "avaiable": "available", "recieve": "receive", "recieved": "received", "adress": "address", "wat": "what",
    "wats": "what is", "hw": "how", "abt": "about", "msg": "message", "msgs": "messages", "ppl": "people",
    "id": "i", "ill": "i", "cancle": "cancel", "cancl": "cancel", "bokking": "booking", "appt": "appointment",
    "appoinment": "appointment", "apointment": "appointment", "resv": "reservation", "avail": "available",
    "availble": "available", "avaliable": "available", "ga": "tidak", "gak": "tidak", "gk": "tidak", "nggak": "tidak",
    "ngga": "tidak", "enggak": "tidak", "tdk": "tidak", "engga": "tidak", "kagak": "tidak", "brp": "berapa",
    "brapa": "berapa", "brpa": "berapa", "berapaan": "berapa", "hrg": "harga", "hrga": "harga", "bs": "bisa",
    "bsa": "bisa", "mo": "mau", "pgn": "mau", "pengen": "mau", "pingin": "mau", "ingin": "mau", "yg": "yang",
    "dgn": "dengan", "sy": "saya", "gue": "saya", "gw": "saya", "aku": "saya", "gua": "saya", "q": "saya",
    "udh": "sudah", "udah": "sudah", "dah": "sudah", "blm": "belum", "gmn": "gimana", "gmna": "gimana",
    "bagaimana": "gimana", "kpn": "kapan", "dmn": "dimana", "dmana": "dimana", "kalo": "kalau", "klo": "kalau",
    "klu": "kalau", "utk": "untuk", "buat": "untuk", "tlg": "tolong", "tlong": "tolong", "jdwl": "jadwal",
    "pesen": "pesan", "pijet": "pijat", "pijit": "pijat", "trf": "transfer", "tf": "transfer", "jd": "jadi",
    "ko": "khong", "hok": "khong", "hong": "khong", "khum": "khong", "hem": "khong", "kh": "khong", "k": "khong",
    "dc": "duoc", "dk": "duoc", "duok": "duoc", "bn": "bao nhieu", "bnhieu": "bao nhieu", "nhiu": "nhieu",
    "bnhiu": "bao nhieu", "mk": "minh", "mik": "minh", "mjh": "minh", "e": "em", "a": "anh", "c": "chi", "j": "gi",
    "ck": "chuyen khoan", "lm": "lam", "lun": "luon", "ns": "noi", "vs": "voi", "hnay": "hom nay", "tui": "minh",
    "toi": "minh", "nv": "nhan vien", "ib": "nhan tin", "rep": "tra loi", "thui": "thoi", "mun": "muon", "bik": "biet",
    "bít": "biet", "ntn": "nhu the nao", "dv": "dich vu", "tt": "thanh toan",
    "trus": "terus", "trs": "terus", "sdh": "sudah", "dtg": "datang", "bsk": "besok", "bgmn": "gimana",
    "gimna": "gimana", "bkn": "bukan", "jgn": "jangan", "lgi": "lagi", "sblm": "sebelum",
    "stlh": "setelah", "krn": "karena", "ama": "sama", "pake": "pakai",
    "hrs": "harus", "byk": "banyak", "bnyk": "banyak", "skrg": "sekarang", "skrng": "sekarang", "bayarin": "bayar",
    "bkin": "bikin", "ntar": "nanti", "tgl": "tanggal", "dpt": "dapat", "dapet": "dapat",
    "nmr": "nomor", "mksd": "maksud", "bener": "benar", "slh": "salah", "cancelin": "cancel", "cnl": "cancel",
    "dag": "dang", "zay": "vay", "ng": "nguoi", "sdt": "so dien thoai",
    "hnao": "hom nao", "trc": "truoc", "kb": "khong biet", "thik": "thich",
    "iu": "yeu", "kq": "ket qua",
}  # fmt: skip


def words_of(text: str) -> list[str]:
    """Folded words, letters said long made short ("haloooo"), common spellings made one."""
    folded = _APOSTROPHE.sub("", fold(text[:_LONGEST]))
    words: list[str] = []
    for word in _WORD.findall(_STRETCHED.sub(r"\1", folded)):
        words.extend(_SPELLINGS.get(word, word).split())
    return words


def _accented(text: str) -> list[str]:
    """The words whose marks tell them apart ("đừng" is not "đúng"), with their neighbours."""
    words = _WORD.findall(normalize("NFC", text[:_LONGEST].lower()))
    marked = [word != fold(word) for word in words]
    names = [f"a:{word}" for word, is_marked in zip(words, marked, strict=True) if is_marked]
    pairs = zip(zip(words, marked, strict=True), zip(words[1:], marked[1:], strict=True), strict=False)
    return names + [f"a:{one} {two}" for (one, first), (two, second) in pairs if first or second]


def features(text: str, *, has_day: bool = False, has_time: bool = False, has_money: bool = False) -> list[int]:
    """The places of a message's features, each once."""
    words = ["0" if word[0].isdigit() else word for word in words_of(text)]
    ideas = dict.fromkeys(
        concepts.concepts(_WORD.findall(_STRETCHED.sub(r"\1", _APOSTROPHE.sub("", fold(text[:_LONGEST])))))
        + concepts.concepts(words)
    )
    names = [f"w:{word}" for word in words]
    names += [f"b:{first} {second}" for first, second in zip(["^", *words], [*words, "$"], strict=True)]
    names += [f"k:{words[i]} {words[i + 2]}" for i in range(len(words) - 2)]
    for word in words:
        padded = f"<{word}>"
        names += [padded[i : i + n] for n in (3, 4) for i in range(len(padded) - n + 1)]
    names += _accented(text)
    names += [f"c:{idea}" for idea in ideas]
    tags = sorted(ideas)[:10]
    names += [f"p:{first}+{second}" for i, first in enumerate(tags) for second in tags[i + 1 :]]
    names += _outside(words, ideas)
    names.append(f"n:{min(len(words), 12) // 2}")
    facts = ("D" if has_day else "") + ("T" if has_time else "") + ("M" if has_money else "")
    if facts:
        names.append(f"f:{facts}")
        names += [f"f:{facts}+{idea}" for idea in tags]
    if not ideas:
        names.append("c:none")
    return list({crc32(name.encode()) % BUCKETS for name in names})


def _outside(words: list[str], ideas: Iterable[str]) -> list[str]:
    """Which everyday topics are named, how often any of them is, and whether the trade is named next to them."""
    topics = concepts.topics(words)
    often = min(3, len(topics) + sum(concepts.is_outside(idea) for idea in ideas))
    trade = min(2, sum(idea in concepts.TRADE for idea in ideas))
    return [*(f"c:{topic}" for topic in topics), f"o:{often}", f"o:{often}+t{trade}"]
