"""What a good receptionist hears in the words themselves: a complaint, "are you a bot?", a wish for a lower price."""

import re
import unicodedata
from typing import Final

from bot.business.definition import Business
from bot.dialogue.customer_turn import CustomerTurn
from bot.dialogue.matching import of_length, says_one_of, services_meant
from bot.domain.lead import Lead
from bot.domain.side_question import About, SideQuestion
from bot.domain.states import CLOSED

_BOT: Final = (
    *("are you a bot", "are you bot", "is this a bot", "are you a robot", "are you human", "are you a human"),
    *("are you real", "are you a real", "am i talking to", "am i chatting with", "are you ai", "are you an ai"),
    *("is this a robot", "is it a bot", "is this a chatbot", "is this a real", "is this a person", "is this a human"),
    *("is this automated", "is this automatic", "are you a machine", "are you a chatbot", "is this ai"),
    *("ini bot", "bot ya", "ini robot", "robot ya", "kamu bot", "manusia atau bot", "bot atau manusia", "ini mesin"),
    *("ini orang beneran", "ini beneran orang", "ini manusia", "orang atau bot", "bot atau orang", "orang atau robot"),
    *("ini orang asli", "ini dijawab bot", "balasan otomatis", "jawaban otomatis", "ini otomatis", "ini chatbot"),
    *("ngobrol sama bot", "ngomong sama bot", "chat sama bot", "ini ai ya"),
    *("là bot", "là robot", "bot à", "robot à", "bot hả", "là người hay", "người hay máy", "người thật không"),
    *("người thật hả", "người thật à", "người thật đúng không", "người thật phải không", "máy trả lời", "máy à"),
    *("trả lời tự động", "tin nhắn tự động", "là chatbot", "với bot", "với robot", "hay robot", "hay bot"),
)
_DISCOUNT: Final = (
    *("discount", "discounts", "cheaper", "best price", "better price", "lower price", "promo", "special price"),
    *("promotion", "promotions", "coupon", "any deals"),
    *("diskon", "bisa kurang", "boleh kurang", "kurangin", "nego", "harga spesial", "lebih murah", "ada potongan"),
    *("korting", "kurang dikit", "harga teman", "ada promo", "promonya"),
    *("giảm giá", "bớt chút", "bớt được", "khuyến mãi", "ưu đãi", "rẻ hơn", "có bớt", "bớt không", "bớt cho"),
    *("giảm được", "giảm chút", "có giảm", "giảm cho"),
)
_DEAR: Final = (
    *("too expensive", "so expensive", "very expensive", "bit expensive", "quite expensive", "pretty expensive"),
    *("too pricey", "a bit pricey", "too dear", "mahal", "kemahalan"),
)
_DEAR_VI: Final = re.compile(r"\b(?:đắt|mắc) (?:quá|vậy|thế|ghê|luôn|nhỉ)|\b(?:hơi|khá|sao) (?:đắt|mắc)\b")
"""Only with its marks: without them "đắt" (dear) is "đặt" (book)."""
_COMPLAINT: Final = (
    *("rude", "complain", "complaint", "unacceptable", "terrible service", "very disappointed", "disgusting"),
    *("so disappointed", "never showed up", "did not show up", "didn't show up", "nobody came", "late again", "scam"),
    *("unprofessional", "horrible service", "worst service", "bad service", "poor service", "not happy with"),
    *("unhappy with", "no one came", "no one showed up"),
    *("judes", "jutek", "kurang ajar", "nyebelin", "mengecewakan", "tidak profesional", "ga profesional"),
    *("gak profesional", "pelayanan buruk", "pelayanannya jelek", "pelayanan jelek", "tidak ada yang datang"),
    *("gak ada yang datang", "ga ada yang datang", "bikin kesal"),
    *("thô lỗ", "bất lịch sự", "cọc cằn", "không chuyên nghiệp", "thiếu chuyên nghiệp", "dịch vụ tệ", "dịch vụ kém"),
    *("không hài lòng", "bực mình", "không ai đến", "chẳng ai đến"),
    *("komplain", "kecewa", "tidak sopan", "ga sopan", "gak sopan", "nggak sopan", "pelayanannya buruk", "penipuan"),
    *("terapisnya kasar", "tidak datang datang", "parah banget"),
    *("khiếu nại", "phàn nàn", "thái độ quá", "thái độ tệ", "quá tệ", "thất vọng", "lừa đảo", "không thấy ai đến"),
)
_NO_COMPLAINT: Final = ("no complaint", "no complaints", "not complaining", "bukan komplain", "không phàn nàn")
_MAY_COME: Final = (
    *(
        "can two",
        "can we be",
        "come too",
        "come along",
        "join me",
        "join us",
        "bring a friend",
        "bring my",
        "bring someone",
        "bring somebody",
        "come with me",
        "also come",
    ),
    *("boleh ajak", "bisa ajak", "bawa istri", "bawa suami", "bawa anak", "bawa pacar", "nambah orang"),
    *("thêm một bạn nữa được", "thêm 1 bạn nữa được", "thêm một người được", "thêm 1 người được"),
    *("thêm một người nữa được", "thêm 1 người nữa được", "rủ thêm", "dẫn thêm"),
    *("bisa berdua", "boleh berdua", "bisa bertiga", "boleh ikut", "bisa ikut", "bawa teman", "bisa 2 orang"),
    *("2 người được không", "hai người được không", "đi cùng được", "đi chung được", "dẫn theo", "thêm người được"),
)
_PAYMENT_IN: Final = (
    *("get my payment", "got my payment", "receive my payment", "received my payment", "my payment arrive"),
    *("payment go through", "payment gone through", "see my payment", "get the money", "receive the money"),
    *("payment come through", "payment arrived", "is my payment in", "got the money", "received the money"),
    *("receive the payment", "received the payment", "got the payment", "get the payment"),
    *("sudah masuk belum", "udah masuk belum", "pembayarannya sudah masuk", "pembayaran saya sudah masuk"),
    *("transferan saya sudah masuk", "uangnya sudah masuk", "sudah terima pembayaran", "pembayaran saya udah masuk"),
    *("pembayaranku sudah masuk", "pembayaranku udah masuk", "uangnya udah masuk", "dananya sudah masuk"),
    *("transfernya sudah masuk", "transferannya udah masuk", "transferanku udah masuk", "sudah diterima belum"),
    *("nhận được tiền chưa", "nhận tiền chưa", "nhận được thanh toán chưa", "tiền vào chưa", "thấy tiền chưa"),
    *("chuyển vào chưa", "nhận được chuyển khoản chưa", "tiền về chưa", "tiền tới chưa", "tiền đến chưa"),
    *("nhận thanh toán chưa", "nhận được rồi chưa", "tiền vô chưa"),
)


_PHONE: Final = (
    *("phone number", "your number", "contact number", "telephone number", "whatsapp number", "hotline"),
    *("nomor telepon", "nomor telpon", "nomor hp", "no hp", "no telp", "no telepon", "nomor wa", "no wa"),
    *("nomor kontak", "nomor yang bisa dihubungi"),
    *("số điện thoại", "sđt", "số phone", "số liên hệ", "số liên lạc"),
)
_THEIR_PHONE: Final = (
    *("my phone", "my number", "my contact", "my whatsapp", "my mobile"),
    *("hp saya", "telepon saya", "wa saya", "nomor saya", "nomorku", "hp ku"),
    *("số của mình", "số mình", "điện thoại của mình", "điện thoại của tôi", "điện thoại mình", "số của em"),
)


def _asks_for_phone(text: str) -> bool:
    """Whether our number is asked for; who tells their own asks nothing."""
    tells = says_one_of(text, _THEIR_PHONE) or sum(letter.isdigit() for letter in text) >= _DIGITS
    return not tells and says_one_of(text, _PHONE)


_DIGITS: Final = 5
"""So many make a number of somebody."""


def complains(turn: CustomerTurn) -> bool:
    """Whether somebody is angry about us: a person has to hear it, and the bot says sorry first."""
    return turn.tap is None and says_one_of(turn.text, _COMPLAINT) and not says_one_of(turn.text, _NO_COMPLAINT)


def asks_for_a_bot(turn: CustomerTurn) -> bool:
    """ "Are you a bot?" is a question, and no wish for a person yet."""
    return turn.tap is None and says_one_of(turn.text, _BOT)


def asked_in(turn: CustomerTurn, lead: Lead, business: Business) -> tuple[SideQuestion, ...]:
    """Questions that are known by their words, however the whole was read."""
    about = _about(lead, turn, business)
    owed = [one for one in lead.bookings if one.state not in CLOSED and one.needs_payment and one.booked_hold]
    found: list[SideQuestion] = []
    if asks_for_a_bot(turn):
        found.append(SideQuestion(About.BOT))
    if _asks_for_phone(turn.text):
        found.append(SideQuestion(About.PHONE))
    if says_one_of(turn.text, _DISCOUNT) or _finds_it_dear(turn, lead):
        found.append(SideQuestion(About.DISCOUNT, about))
    if owed and says_one_of(turn.text, _PAYMENT_IN):
        found.append(SideQuestion(About.PAID, str(owed[-1].reference)))
    if about and says_one_of(turn.text, _MAY_COME):
        found.append(SideQuestion(About.PEOPLE, about))
    return tuple(found)


def followed_up(turn: CustomerTurn, lead: Lead, business: Business) -> SideQuestion | None:
    """ "And for 90 min?" behind the price of the one of 60: the same question about its sibling."""
    spoken_of = lead.conversation.about
    if lead.open_booking is not None or not spoken_of or "?" not in turn.text:
        return None
    sibling = of_length(business, business.service(spoken_of[0]), turn.text)
    return None if sibling is None else SideQuestion(About.PRICE, sibling.id)


def _finds_it_dear(turn: CustomerTurn, lead: Lead) -> bool:
    """Whether the price is too high for them; where a change is decided on, that is why, and no question."""
    if any(one.change is not None for one in lead.bookings):
        return False
    return says_one_of(turn.text, _DEAR) or _DEAR_VI.search(unicodedata.normalize("NFC", turn.text.lower())) is not None


def _about(lead: Lead, turn: CustomerTurn, business: Business) -> str:
    """The service that is spoken of."""
    meant = services_meant(business, turn.text)
    if len(meant) == 1:
        return meant[0].id
    booking = lead.open_booking
    if booking is not None and booking.service is not None:
        return booking.service
    return lead.conversation.about[0] if len(lead.conversation.about) == 1 else ""
