"""How to mend a blocked step, in the reader's language: one sentence for each stable word of a rule."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from bot.replies.template import Template, t
from bot.rules.rule import Reason
from intents.understanding import Language

FIXES: Final[Mapping[str, Template]] = {
    "choose_a_legal_step": t(
        "Choose a step that leads on from where the booking stands.",
        "Pilih langkah yang mungkin dari status pesanan sekarang.",
        "Hãy chọn một bước đi tiếp được từ trạng thái hiện tại.",
    ),
    "ask_which_service": t(
        "Ask the customer which service it shall be.",
        "Tanyakan kepada pelanggan layanan mana yang diinginkan.",
        "Hãy hỏi khách muốn dịch vụ nào.",
    ),
    "ask_for_contact": t(
        "Ask the customer how we can reach them.",
        "Tanyakan cara menghubungi pelanggan.",
        "Hãy hỏi khách cách liên lạc.",
    ),
    "ask_how_many": t(
        "Ask for how many people; the service takes only so many.",
        "Tanyakan untuk berapa orang; jumlahnya terbatas.",
        "Hãy hỏi cho mấy người; dịch vụ có giới hạn số người.",
    ),
    "ask_where": t(
        "Say at which place; this service comes to the guests.",
        "Sebutkan tempatnya; layanan ini datang ke tempat tamu.",
        "Hãy cho biết địa điểm; dịch vụ này đến tận nơi khách ở.",
    ),
    "offer_other_days": t("Offer other days.", "Tawarkan hari lain.", "Hãy đề nghị ngày khác."),
    "offer_other_times": t("Offer other times.", "Tawarkan waktu lain.", "Hãy đề nghị giờ khác."),
    "ask_for_a_yes": t(
        "Ask the customer for an explicit yes.",
        "Minta persetujuan yang jelas dari pelanggan.",
        "Hãy xin khách xác nhận rõ ràng.",
    ),
    "ask_which_time": t(
        "Ask the customer which time it shall be.",
        "Tanyakan kepada pelanggan waktu yang diinginkan.",
        "Hãy hỏi khách chọn giờ nào.",
    ),
    "confirm_without_payment": t(
        "Confirm it at once; nothing has to be paid.",
        "Langsung konfirmasi; tidak ada yang harus dibayar.",
        "Xác nhận ngay; không phải thanh toán gì.",
    ),
    "send_a_payment_link": t(
        "Send the customer a payment link.",
        "Kirim tautan pembayaran kepada pelanggan.",
        "Hãy gửi khách link thanh toán.",
    ),
    "wait_for_payment": t(
        "Wait until the payment has come in.",
        "Tunggu sampai pembayaran masuk.",
        "Hãy chờ đến khi nhận được thanh toán.",
    ),
    "wait_until_24h_before": t(
        "Wait until 24 hours before the appointment.",
        "Tunggu sampai 24 jam sebelum waktunya.",
        "Hãy chờ đến 24 giờ trước giờ hẹn.",
    ),
    "wait_for_the_appointment": t(
        "Wait until the appointment has begun.", "Tunggu sampai waktunya tiba.", "Hãy chờ đến giờ hẹn."
    ),
    "correct_the_show_up": t(
        "Correct first whether the customer came.",
        "Perbaiki dulu catatan apakah pelanggan datang.",
        "Trước hết hãy sửa ghi nhận khách có đến hay không.",
    ),
    "ask_why": t("Give a reason.", "Sebutkan alasannya.", "Hãy nêu lý do."),
    "wait": t(
        "Wait; the customer may still answer.",
        "Tunggu; pelanggan mungkin masih menjawab.",
        "Hãy chờ; khách có thể còn trả lời.",
    ),
    "ask_who_can": t(
        "Ask somebody who may do this.", "Minta orang yang berwenang.", "Hãy nhờ người có quyền làm việc này."
    ),
}


def fix_in_words(fix: str, language: Language) -> str:
    """The sentence of that word; the word itself when it is not one of ours."""
    template = FIXES.get(fix)
    return fix if template is None else template[language]


def in_words(reasons: Iterable[Reason], language: Language) -> tuple[Reason, ...]:
    """The same reasons, each telling in words how it is mended."""
    return tuple(replace(reason, fix=fix_in_words(reason.fix, language)) for reason in reasons)
