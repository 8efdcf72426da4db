"""The words around the answers of the business file, and around what we are not sure of."""

from collections.abc import Mapping
from typing import Final

from bot.replies.template import Template, t

INFO_WORDS: Final[Mapping[str, Template]] = {
    "info_hours": t(
        "Our team answers here ({zone}):\n{hours}",
        "Tim kami menjawab di sini ({zone}):\n{hours}",
        "Nhân viên trả lời tại đây ({zone}):\n{hours}",
    ),
    "info_days": t("{days}: {hours}", "{days}: {hours}", "{days}: {hours}"),
    "info_closed": t("closed", "tutup", "nghỉ"),
    "info_where": t("Here is where:\n{places}", "Lokasinya:\n{places}", "Địa điểm:\n{places}"),
    "info_to_you": t(
        "{service}: we come to you.", "{service}: kami datang ke tempat Anda.", "{service}: bên mình đến tận nơi."
    ),
    "info_online": t(
        "{service} takes place online.", "{service} diadakan secara online.", "{service} diễn ra trực tuyến."
    ),
    "info_offers": t("You can book:\n{list}", "Yang bisa dipesan:\n{list}", "Bạn có thể đặt:\n{list}"),
    "did_you_mean": t(
        "I am not quite sure. Do you mean:", "Saya kurang yakin. Maksud Anda:", "Mình chưa chắc lắm. Ý bạn là:"
    ),
    "something_else_button": t("Something else", "Bukan itu", "Ý khác"),
    "mean_book_button": t("Book something", "Pesan layanan", "Đặt dịch vụ"),
    "mean_choose_service_button": t("Choose a service", "Pilih layanan", "Chọn dịch vụ"),
    "mean_choose_slot_button": t("Choose a time", "Pilih waktu", "Chọn giờ"),
    "mean_reschedule_button": t("Change a booking", "Ubah pesanan", "Đổi lịch"),
    "mean_cancel_button": t("Cancel a booking", "Batalkan pesanan", "Hủy lịch"),
    "mean_pay_help_button": t("Help with paying", "Bantuan pembayaran", "Hỗ trợ thanh toán"),
    "mean_ask_price_button": t("Ask the price", "Tanya harga", "Hỏi giá"),
    "mean_ask_availability_button": t("Free times", "Jadwal kosong", "Giờ còn trống"),
    "mean_ask_info_button": t("Ask a question", "Tanya informasi", "Hỏi thông tin"),
    "mean_booking_status_button": t("My booking", "Pesanan saya", "Lịch của tôi"),
    "mean_talk_human_button": t("Talk to a person", "Bicara dengan orang", "Gặp nhân viên"),
    "mean_change_language_button": t("Another language", "Ganti bahasa", "Đổi ngôn ngữ"),
    "mean_help_button": t("What can I do here?", "Bisa apa di sini?", "Tôi làm được gì?"),
}
