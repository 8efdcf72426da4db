"""Notices for when the customer's window is closed: each an approved template, all languages from one definition.

Outside the 24 hours Meta takes templates only (reference: whatsapp 3.5). The fields of a text are numbered in the
order in which they stand in it, language by language, so that no language needs another's order of words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Final

from bot.domain.commands import SendTemplate
from bot.replies.template import Template, t
from intents.understanding import Language

PREFIX: Final = "janji_"


@dataclass(frozen=True, slots=True)
class Notice:
    """What Meta is asked to approve: a utility text, and the label of a button that opens a payment link."""

    name: str
    words: Template
    button: Template | None = None

    def fields(self, language: Language) -> tuple[str, ...]:
        """The text's fields in the order of that language."""
        named = (name for _, name, _, _ in Formatter().parse(self.words[language]) if name is not None)
        return tuple(dict.fromkeys(named))

    def numbered(self, language: Language) -> str:
        """The text as it is approved: {{1}}, {{2}} …"""
        places = {name: f"{{{{{number}}}}}" for number, name in enumerate(self.fields(language), 1)}
        return self.words[language].format(**places)

    def filled(self, language: Language, parameters: tuple[str, ...]) -> str:
        """The text as the customer reads it."""
        return self.words[language].format(**dict(zip(self.fields(language), parameters, strict=True)))


SAMPLES: Final[Mapping[str, str]] = {
    "service": "Balinese massage 60 min",
    "day": "Tuesday, 24 November 2026",
    "hours": "15:00–16:00",
    "zone": "WITA, UTC+8",
    "amount": "IDR 350,000",
    "until": "Tue 24 Nov 10:00 WITA",
    "reference": "BK-26112409-A1B2C3",
}
"""An example of each field, for Meta's reviewers."""

_PAY_BUTTON: Final = t("Pay now", "Bayar sekarang", "Thanh toán")

_PAY_LINK: Final = Notice(
    f"{PREFIX}pay_link",
    t(
        "Your booking {reference} is still to be paid: {amount}, by {until}. Use the button below to pay; until then "
        "we keep the time for you.",
        "Pesanan {reference} masih perlu dibayar: {amount}, sebelum {until}. Gunakan tombol di bawah untuk membayar; "
        "sampai saat itu waktunya kami simpan untuk Anda.",
        "Lịch đặt {reference} còn cần thanh toán: {amount}, trước {until}. Bạn bấm nút bên dưới để thanh toán; đến "
        "lúc đó chúng tôi vẫn giữ giờ cho bạn.",
    ),
    _PAY_BUTTON,
)

NOTICES: Final[Mapping[str, Notice]] = {
    "pay_first": _PAY_LINK,
    "pay_rest": _PAY_LINK,
    "pay_new_link": _PAY_LINK,
    "pay_other_method": _PAY_LINK,
    "pay_nudge": Notice(
        f"{PREFIX}pay_nudge",
        t(
            "A reminder: {service} on {day} (booking {reference}) is waiting for your payment of {amount}. We keep the "
            "time for you until {until}. Use the button below to pay.",
            "Pengingat: {service} pada {day} (pesanan {reference}) masih menunggu pembayaran {amount}. Waktunya kami "
            "simpan sampai {until}. Gunakan tombol di bawah untuk membayar.",
            "Nhắc bạn: {service} vào {day} (mã đặt {reference}) đang chờ thanh toán {amount}. Chúng tôi giữ giờ đến "
            "{until}. Bạn bấm nút bên dưới để thanh toán nhé.",
        ),
        _PAY_BUTTON,
    ),
    "pay_expired": Notice(
        f"{PREFIX}pay_expired",
        t(
            "The time to pay for {service} on {day} (booking {reference}) is over, so we have cancelled it. Write to "
            "us here if you would still like it. Money that arrives now is not lost.",
            "Waktu pembayaran {service} pada {day} (pesanan {reference}) sudah habis, jadi kami batalkan. Kalau masih "
            "mau, tulis kepada kami di sini. Uang yang masuk sekarang tidak hilang.",
            "Đã hết hạn thanh toán {service} vào {day} (mã đặt {reference}) nên chúng tôi đã hủy lịch. Nếu vẫn muốn, "
            "bạn cứ nhắn tại đây. Tiền đến sau không bị mất.",
        ),
    ),
    "paid_confirmed": Notice(
        f"{PREFIX}paid_confirmed",
        t(
            "Paid and confirmed: {service} on {day}, {hours}. We have received {amount}. Your booking number is "
            "{reference}; we look forward to seeing you.",
            "Lunas dan terkonfirmasi: {service} pada {day}, {hours}. Pembayaran {amount} sudah kami terima, terima "
            "kasih. Nomor pesanan Anda {reference}; sampai jumpa di hari itu.",
            "Đã thanh toán và xác nhận: {service} vào {day}, {hours}. Chúng tôi đã nhận {amount}, cảm ơn bạn. Mã đặt "
            "của bạn là {reference}; hẹn gặp bạn.",
        ),
    ),
    "late_taken": Notice(
        f"{PREFIX}late_taken",
        t(
            "Your payment for booking {reference} has arrived, but after its time was over, and that time has been "
            "taken. Write to us here to choose another one; without a word from you within 24 hours we send the money "
            "back.",
            "Pembayaran Anda untuk pesanan {reference} sudah masuk, tetapi setelah batas waktu, dan jam itu sudah "
            "diambil. Tulis kepada kami di sini untuk memilih waktu lain; tanpa kabar dalam 24 jam uang kami "
            "kembalikan.",
            "Tiền cho lịch đặt {reference} đã đến, nhưng sau hạn và giờ đó đã có người đặt. Bạn nhắn tại đây để chọn "
            "giờ khác; nếu không có tin trong 24 giờ, chúng tôi sẽ hoàn tiền.",
        ),
    ),
    "late_refund": Notice(
        f"{PREFIX}late_refund",
        t(
            "Your payment for booking {reference} came after the booking was closed, so we send it back to you.",
            "Pembayaran Anda untuk pesanan {reference} masuk setelah pesanan ditutup, jadi kami kembalikan.",
            "Tiền cho lịch đặt {reference} đến sau khi lịch đã đóng nên chúng tôi hoàn lại cho bạn.",
        ),
    ),
    "refund_sent": Notice(
        f"{PREFIX}refund_sent",
        t(
            "We have sent {amount} for booking {reference} back to you. Your bank may take some days to show it.",
            "Kami sudah mengembalikan {amount} untuk pesanan {reference}. Bank Anda mungkin butuh beberapa hari untuk "
            "menampilkannya.",
            "Chúng tôi đã hoàn {amount} cho lịch đặt {reference}. Ngân hàng có thể mất vài ngày để hiển thị.",
        ),
    ),
    "refund_needs_account": Notice(
        f"{PREFIX}refund_account",
        t(
            "We want to send {amount} for booking {reference} back to you and need to know where. Please write to us "
            "here; we then ask for your account.",
            "Kami ingin mengembalikan {amount} untuk pesanan {reference} dan perlu tahu ke mana. Silakan tulis kepada "
            "kami di sini; setelah itu kami tanyakan rekening Anda.",
            "Chúng tôi muốn hoàn {amount} cho lịch đặt {reference} và cần biết chuyển về đâu. Bạn vui lòng nhắn tại "
            "đây, chúng tôi sẽ hỏi tài khoản nhận tiền.",
        ),
    ),
    "odd_money": Notice(
        f"{PREFIX}odd_money",
        t(
            "A payment for booking {reference} has arrived, but not as expected. Nothing is lost; our team looks at it "
            "and answers you here.",
            "Pembayaran untuk pesanan {reference} sudah masuk, tetapi tidak seperti seharusnya. Tidak ada yang hilang; "
            "tim kami memeriksa dan menjawab di sini.",
            "Đã nhận một khoản thanh toán cho lịch đặt {reference} nhưng không như dự kiến. Không mất gì cả; nhân viên "
            "sẽ kiểm tra và trả lời bạn tại đây.",
        ),
    ),
    "remind_day_before": Notice(
        f"{PREFIX}remind_day_before",
        t(
            "A reminder of your booking {reference}: {service} on {day}, {hours} ({zone}). If another time suits you "
            "better, please write to us here.",
            "Pengingat untuk pesanan {reference}: {service} pada {day}, {hours} ({zone}). Kalau Anda perlu waktu lain, "
            "silakan tulis kepada kami di sini.",
            "Nhắc bạn về lịch đặt {reference}: {service} vào {day}, {hours} ({zone}). Nếu cần đổi giờ, bạn vui lòng "
            "nhắn cho chúng tôi tại đây nhé.",
        ),
    ),
    "remind_hours_before": Notice(
        f"{PREFIX}remind_hours_before",
        t(
            "See you soon: your booking {reference}, {service}, begins at {hours} ({zone}). Write to us here if "
            "anything is in the way.",
            "Sampai jumpa sebentar lagi: pesanan {reference}, {service}, mulai {hours} ({zone}). Tulis kepada kami di "
            "sini kalau ada halangan.",
            "Hẹn gặp bạn lát nữa: lịch đặt {reference}, {service}, vào {hours} ({zone}). Nếu có gì thay đổi, bạn nhắn "
            "cho chúng tôi tại đây nhé.",
        ),
    ),
    "did_you_come": Notice(
        f"{PREFIX}did_you_come",
        t(
            "Your booking {reference}, {service} on {day}, has begun, and nobody has told us that you are there. Did "
            "you come? Please answer yes or no.",
            "Pesanan {reference}, {service} pada {day}, sudah mulai dan kami belum mendapat kabar bahwa Anda sudah di "
            "sana. Apakah Anda datang? Mohon jawab ya atau tidak.",
            "Lịch đặt {reference}, {service} vào {day}, đã bắt đầu mà chúng tôi chưa nhận được tin bạn đã đến. Bạn có "
            "đến không? Vui lòng trả lời có hoặc không.",
        ),
    ),
    "missed_you": Notice(
        f"{PREFIX}missed_you",
        t(
            "We missed you at {service} on {day} (booking {reference}). Would you like another time? Please write to "
            "us here when it suits you.",
            "Kami tidak bertemu Anda di {service} pada {day} (pesanan {reference}). Mau waktu lain? Silakan tulis "
            "kepada kami di sini kapan cocoknya.",
            "Chúng tôi đã không gặp bạn ở {service} vào {day} (mã đặt {reference}). Bạn muốn đặt giờ khác không? Vui "
            "lòng nhắn tại đây khi nào tiện.",
        ),
    ),
    "staff_cancelled": Notice(
        f"{PREFIX}cancelled",
        t(
            "We are sorry: your booking {reference}, {service} on {day}, had to be cancelled. Please write to us here, "
            "and we find another time.",
            "Mohon maaf, pesanan {reference}, {service} pada {day}, terpaksa dibatalkan. Silakan tulis kepada kami di "
            "sini, kami carikan waktu lain.",
            "Rất tiếc, lịch đặt {reference}, {service} vào {day}, phải hủy. Bạn vui lòng nhắn tại đây để chúng tôi tìm "
            "giờ khác.",
        ),
    ),
}
"""By the key of the words they stand for."""

ALL: Final = tuple({notice.name: notice for notice in NOTICES.values()}.values())
"""Every template to be approved, once."""


def outside(key: str, language: Language, facts: Mapping[str, str], url_suffix: str = "") -> SendTemplate | None:
    """What goes in place of those words when the window is closed; none where no template stands for them."""
    notice = NOTICES.get(key)
    if notice is None or (notice.button is not None and not url_suffix):
        return None
    parameters = tuple(_in_line(facts.get(name, "")) for name in notice.fields(language))
    return SendTemplate(notice.name, language.value, parameters, url_suffix)


def as_text(order: SendTemplate) -> str:
    """What the customer reads; one of an older version is told by its name and values."""
    notice = next((one for one in ALL if one.name == order.name), None)
    if notice is None or order.language not in set(Language):
        return f"({order.name}) {' · '.join(order.parameters)}"
    language = Language(order.language)
    if len(notice.fields(language)) != len(order.parameters):
        return f"({order.name}) {' · '.join(order.parameters)}"
    text = notice.filled(language, order.parameters)
    return text if notice.button is None else f"{text}\n[{notice.button[language]}]"


def _in_line(value: str) -> str:
    """Meta refuses line breaks, tabs and long runs of blanks in a value, and an empty one (132012)."""
    return " ".join(value.split()) or "–"
