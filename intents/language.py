"""Which language a message is in, from its letters and its small words."""

from __future__ import annotations

import re

from intents.dates.tokens import fold
from intents.dates.values import Language

_VIETNAMESE_LETTERS = re.compile(r"[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)
_MAYBE_VIETNAMESE = re.compile(r"[àáâãèéêìíòóôõùúýĩũ]", re.IGNORECASE)
_ORDINAL = re.compile(r"\d(?:st|nd|rd|th)\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_INDONESIAN_ENDING = re.compile(r"\w{3,}(nya|kan|lah)$|^(meng|peng|ber|ter|mem)\w{4,}(an|kan|i)$")

_ENGLISH_WORDS = """
    the a an i you we is are am do does did can could would will how what when where which who why my your
    our it its this that there for of to in on at with and or but not no yes please thanks thank hello hey
    hi want need like have has had get got be been was were me us any some book booking much many cost price
    tomorrow today tonight next week morning afternoon evening available cancel change pay payment english
    one from about let make still already again just i'd i'm it's don't can't what's that's im dont cant
    wanna gonna speak talk someone good great okay sure sorry monday tuesday wednesday thursday friday
    saturday sunday people up out so if they he she them time ok jan feb mar apr jun jul aug sep sept oct nov dec
    thu wed tue fri pm am clock oclock
"""
_ENGLISH = frozenset(_ENGLISH_WORDS.split())
_INDONESIAN_WORDS = """
    yang yg dan di ke dari untuk utk buat ini itu saya aku gue gw kami kita kamu anda ada tidak tdk gak ga
    nggak enggak ngga gk ya iya bisa bs mau mo ingin pengen pingin kak kakak min mas mbak pak bu berapa brp
    harga harganya jam hari besok bsk lusa minggu depan tolong dong deh sih kok nih aja saja sama dengan dgn
    apa apakah gimana bagaimana kapan dimana kalo kalau sudah udah udh belum blm lagi lg jadi pesan pesen
    booking bayar pembayaran batal batalin batalkan ganti ubah jadwal pindah siang sore malam pagi orang
    terima kasih makasih halo hai selamat permisi oke ok masih banget tanggal tgl senin selasa rabu kamis
    jumat sabtu kosong lebih tapi juga karena nanti cuma mohon info bagus boleh tanya nya bilang pakai pake
    semua orangnya kasih paket reservasi sy km lo lu bgt dulu siapa cari cara bikin kirim minta lihat cek
    punya beli jual rumah teman baru hilang mati hidup buka tutup jadwal ulang kurang coba jelas ganti
"""
_INDONESIAN = frozenset(_INDONESIAN_WORDS.split())
_VIETNAMESE_WORDS = """
    khong minh toi ban dat lich ngay gio cho duoc bao nhieu nhe nha oi em chi anh cua la co va muon hom nay
    mai hen voi di roi chua thi nay vay nao gi sao cam on xin chao ad shop giup huy doi thanh toan chuyen
    khoan gia tien sang chieu trua tuan sau thu nguoi dich vu con trong xac nhan dong y vang khach hang
    tieng viet lai nua den tu het dc ko hok khum bn bnhiu mk dk dky ak ah uh uhm lam on nhu the cai mot hai
    nhung cung luc tam khoang phong dia o dau bay goi noi chuyen nhan vien tra biet hoi biet can ben qua
    nhieu it thoi vao ra do dung lay mo nhac tat tang xoa so tim cach ke viec ruoi ha ne he thong luong
    nguoi nhom rieng lop tieng gui tin nhan bai giup dum nghe hieu lam nghia phim mua ban nen
"""
_VIETNAMESE = frozenset(_VIETNAMESE_WORDS.split())
_SHARED_WORD_WEIGHT = 0.5


def detect(text: str) -> Language | None:
    """The language of a message, or `None` when it is too short or too mixed to say."""
    if _VIETNAMESE_LETTERS.search(text):
        return Language.VI
    words = [fold(word) for word in _WORD.findall(text[:1000])]
    scores = dict.fromkeys(Language, 0.0)
    for word in words:
        homes = [language for language, known in _KNOWN if word in known]
        for home in homes:
            scores[home] += 1 if len(homes) == 1 else _SHARED_WORD_WEIGHT
        if not homes and _INDONESIAN_ENDING.search(word):
            scores[Language.ID] += 1
    if _ORDINAL.search(text):
        scores[Language.EN] += 1
    if _MAYBE_VIETNAMESE.search(text):
        scores[Language.VI] += 2
    best, second, _ = sorted(scores, key=lambda language: -scores[language])
    return best if scores[best] >= 1 and scores[best] > scores[second] else None


_KNOWN = ((Language.EN, _ENGLISH), (Language.ID, _INDONESIAN), (Language.VI, _VIETNAMESE))


_NAMED = (
    (Language.EN, re.compile(r"\b(english|englis|inggris|tieng anh)\b")),
    (Language.VI, re.compile(r"\b(vietnamese|vietnames|tieng viet|bahasa vietnam|vietnam)\b")),
    (Language.ID, re.compile(r"\b(indonesian?|bahasa|indo)\b")),
)


def named(text: str) -> Language | None:
    """The language a message speaks of by name; the last named wins ("not English, bahasa please")."""
    folded = fold(text)
    found = [(match.start(), language) for language, name in _NAMED for match in name.finditer(folded)]
    return max(found)[1] if found else None
