"""What a good receptionist hears in the words themselves: a complaint, "are you a bot?", a wish for a lower price."""

from typing import Final

from bot.business.definition import Business
from bot.dialogue.customer_turn import CustomerTurn
from bot.dialogue.matching import of_length, says_one_of, services_meant
from bot.domain.lead import Lead
from bot.domain.side_question import About, SideQuestion
from bot.domain.states import CLOSED

_BOT: Final = (
    *("are you a bot", "are you bot", "is this a bot", "are you a robot", "are you human", "are you a human"),
    *("are you real", "are you a real person", "am i talking to a bot", "am i talking to a robot", "are you ai"),
    *("ini bot", "bot ya", "ini robot", "robot ya", "kamu bot", "manusia atau bot", "bot atau manusia", "ini mesin"),
    *("là bot", "là robot", "bot à", "robot à", "bot hả", "là người hay", "người hay máy", "người thật không"),
)
_DISCOUNT: Final = (
    *("discount", "discounts", "cheaper", "best price", "better price", "lower price", "promo", "special price"),
    *("diskon", "bisa kurang", "boleh kurang", "kurangin", "nego", "harga spesial", "lebih murah", "ada potongan"),
    *("giảm giá", "bớt chút", "bớt được", "khuyến mãi", "ưu đãi", "rẻ hơn"),
)
_COMPLAINT: Final = (
    *("rude", "complain", "complaint", "unacceptable", "terrible service", "very disappointed", "disgusting"),
    *("so disappointed", "never showed up", "did not show up", "didn't show up", "nobody came", "late again", "scam"),
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
        "also come",
    ),
    *("bisa berdua", "boleh berdua", "bisa bertiga", "boleh ikut", "bisa ikut", "bawa teman", "bisa 2 orang"),
    *("2 người được không", "hai người được không", "đi cùng được", "đi chung được", "dẫn theo", "thêm người được"),
)
_PAYMENT_IN: Final = (
    *("get my payment", "got my payment", "receive my payment", "received my payment", "my payment arrive"),
    *("payment go through", "payment gone through", "see my payment", "get the money", "receive the money"),
    *("sudah masuk belum", "udah masuk belum", "pembayarannya sudah masuk", "pembayaran saya sudah masuk"),
    *("transferan saya sudah masuk", "uangnya sudah masuk", "sudah terima pembayaran"),
    *("nhận được tiền chưa", "nhận tiền chưa", "nhận được thanh toán chưa", "tiền vào chưa", "thấy tiền chưa"),
)


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
    if says_one_of(turn.text, _DISCOUNT):
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


def _about(lead: Lead, turn: CustomerTurn, business: Business) -> str:
    """The service that is spoken of."""
    meant = services_meant(business, turn.text)
    if len(meant) == 1:
        return meant[0].id
    booking = lead.open_booking
    if booking is not None and booking.service is not None:
        return booking.service
    return lead.conversation.about[0] if len(lead.conversation.about) == 1 else ""
