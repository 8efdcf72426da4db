"""The words before and after an appointment."""

from collections.abc import Mapping
from typing import Final

from bot.replies.template import Template, t

REMINDER_WORDS: Final[Mapping[str, Template]] = {
    "remind_day_before": t(
        "A reminder: *{service}*\n{day}, {hours} ({zone}){place}\nReference: {reference}{expect}\n"
        "If another time suits you better, just write to me here.",
        "Pengingat: *{service}*\n{day}, {hours} ({zone}){place}\nReferensi: {reference}{expect}\n"
        "Kalau perlu waktu lain, tulis saja di sini.",
        "Nhắc bạn: *{service}*\n{day}, {hours} ({zone}){place}\nMã đặt: {reference}{expect}\n"
        "Nếu cần đổi giờ, bạn cứ nhắn tại đây nhé.",
    ),
    "remind_hours_before": t(
        "See you soon: *{service}*\n{day}, {hours} ({zone}){place}\nReference: {reference}",
        "Sampai jumpa sebentar lagi: *{service}*\n{day}, {hours} ({zone}){place}\nReferensi: {reference}",
        "Hẹn gặp bạn lát nữa: *{service}*\n{day}, {hours} ({zone}){place}\nMã đặt: {reference}",
    ),
    "did_you_come": t(
        "Your appointment *{service}*, {day}, {hours}, has begun, and nobody has told me that you are there. "
        "Did you come?",
        "Janji *{service}*, {day}, {hours}, sudah mulai dan saya belum mendapat kabar bahwa Anda sudah di sana. "
        "Apakah Anda datang?",
        "Lịch hẹn *{service}*, {day}, {hours}, đã bắt đầu mà mình chưa nhận được tin là bạn đã đến. "
        "Bạn có đến không ạ?",
    ),
    "came_button": t("Yes, I came", "Ya, saya datang", "Có, mình đã đến"),
    "absent_button": t("No, I did not", "Tidak, saya absen", "Không, mình vắng"),
    "glad_you_came": t(
        "Thank you for coming! {reference} is done. We look forward to seeing you again.",
        "Terima kasih sudah datang! {reference} selesai. Sampai jumpa lagi.",
        "Cảm ơn bạn đã đến! {reference} đã hoàn tất. Hẹn gặp lại bạn.",
    ),
    "missed_you": t(
        "We missed you at *{service}*, {day}, {hours} ({reference}). Would you like another time? Just write when it "
        "suits you.",
        "Kami tidak bertemu Anda di *{service}*, {day}, {hours} ({reference}). Mau waktu lain? Tulis saja kapan "
        "cocoknya.",
        "Bên mình đã không gặp bạn ở *{service}*, {day}, {hours} ({reference}). Bạn muốn đặt giờ khác không? Cứ nhắn "
        "khi nào tiện nhé.",
    ),
    "show_up_passed_on": t(
        "Thank you, I pass this on to the team; they correct {reference} if it was noted otherwise.",
        "Terima kasih, saya teruskan ke tim; {reference} dibetulkan kalau tercatat lain.",
        "Cảm ơn bạn, mình chuyển cho nhân viên; {reference} sẽ được sửa nếu đã ghi khác.",
    ),
}

CAME: Final = (
    *("yes", "i came", "i did", "i did come", "yes i came", "yes i did", "i was there", "i am here", "i am there"),
    *("ya", "iya", "sudah", "ya sudah", "datang", "saya datang", "ya saya datang", "sudah datang", "saya sudah datang"),
    *("có", "dạ có", "có đến", "đã đến", "đến rồi", "mình đã đến", "tôi đã đến", "em đã đến", "có mình đã đến"),
)
"""Whole messages that say the customer came."""
ABSENT: Final = (
    *("no", "nope", "no i did not", "no i didn't", "i did not", "i didn't", "i did not come", "i didn't come"),
    *("tidak", "nggak", "enggak", "gak", "ga", "tidak datang", "saya tidak datang", "gak datang", "ga datang"),
    *("không", "ko", "dạ không", "không đến", "mình không đến", "tôi không đến", "em không đến", "không mình vắng"),
)
"""Whole messages that say the customer did not."""
