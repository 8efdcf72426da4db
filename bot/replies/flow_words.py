"""The words around the booking form: its invitation in the chat, and what its last screen says."""

from collections.abc import Mapping
from typing import Final

from bot.replies.template import Template, t

FLOW_WORDS: Final[Mapping[str, Template]] = {
    "form_invitation": t(
        "Choose service, day and time in one go: tap the button. Or simply write what you would like.",
        "Pilih layanan, hari, dan jam sekaligus: ketuk tombol ini. Atau tulis saja apa yang Anda inginkan.",
        "Chọn dịch vụ, ngày và giờ cùng lúc: chạm vào nút bên dưới. Hoặc cứ nhắn điều bạn muốn.",
    ),
    "form_button": t("Book now", "Pesan sekarang", "Đặt lịch ngay"),
    "form_price_from": t("from {price}", "mulai {price}", "từ {price}"),
    "form_summary": t(
        "Your booking:\n{service}\n{day}\n{hours} ({zone}){place}\n{people}",
        "Pesanan Anda:\n{service}\n{day}\n{hours} ({zone}){place}\n{people}",
        "Lịch hẹn của bạn:\n{service}\n{day}\n{hours} ({zone}){place}\n{people}",
    ),
    "form_terms_free": t(
        "Nothing to pay. The time is yours once you confirm; you can change or cancel it in the chat.",
        "Tanpa biaya. Waktu ini milik Anda setelah konfirmasi; Anda bisa mengubah atau membatalkannya di obrolan.",
        "Miễn phí. Giờ này là của bạn sau khi xác nhận; bạn có thể đổi hoặc hủy trong cuộc trò chuyện.",
    ),
    "form_terms_pay": t(
        "The time is reserved once you confirm; the payment link comes in the chat. You can change or cancel there.",
        "Waktu ini disimpan setelah konfirmasi; tautan pembayaran dikirim di obrolan. Anda bisa mengubah atau "
        "membatalkannya di sana.",
        "Giờ này được giữ sau khi bạn xác nhận; link thanh toán được gửi trong cuộc trò chuyện. Bạn có thể đổi hoặc "
        "hủy ở đó.",
    ),
}
