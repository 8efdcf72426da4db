"""The words of a booking: questions, proposals, the summary, and what happens to a booking later."""

from collections.abc import Mapping
from typing import Final

from bot.replies.template import Template, t

BOOKING_WORDS: Final[Mapping[str, Template]] = {
    "cannot_do": t(
        "I am sorry, I cannot do that for {reference}. A person from our team will look at it and answer you here.",
        "Maaf, itu tidak bisa saya lakukan untuk {reference}. Tim kami akan melihatnya dan menjawab di sini.",
        "Xin lỗi, mình không làm được việc đó cho {reference}. Nhân viên sẽ xem và trả lời bạn tại đây.",
    ),
    "cannot_do_since": t(
        "I am sorry, I cannot do that for {reference}: {fact}. A person from our team will look at it and answer you "
        "here.",
        "Maaf, itu tidak bisa saya lakukan untuk {reference}: {fact}. Tim kami akan melihatnya dan menjawab di sini.",
        "Xin lỗi, mình không làm được việc đó cho {reference}: {fact}. Nhân viên sẽ xem và trả lời bạn tại đây.",
    ),
    "ask_service": t("What would you like to book?", "Anda ingin memesan apa?", "Bạn muốn đặt dịch vụ nào ạ?"),
    "which_service": t("Which of these do you mean?", "Yang mana maksud Anda?", "Ý bạn là dịch vụ nào ạ?"),
    "services_button": t("Choose", "Pilih", "Chọn"),
    "more_row": t("More …", "Lainnya …", "Xem thêm …"),
    "ask_place": t(
        "At which villa shall {service} take place?", "Di vila mana {service} dilakukan?", "{service} ở villa nào ạ?"
    ),
    "ask_when": t(
        "{service}: which day and time would you like?",
        "{service}: hari apa dan jam berapa yang Anda inginkan?",
        "{service}: bạn muốn ngày nào, mấy giờ ạ?",
    ),
    "ask_when_guests": t(
        "{service}: which day and time would you like, and for how many people?",
        "{service}: hari apa, jam berapa, dan untuk berapa orang?",
        "{service}: bạn muốn ngày nào, mấy giờ, và cho mấy người ạ?",
    ),
    "ask_when_nights": t(
        "{service}: from which day, for how many nights, and for how many people?",
        "{service}: mulai tanggal berapa, berapa malam, dan untuk berapa orang?",
        "{service}: từ ngày nào, mấy đêm, và cho mấy người ạ?",
    ),
    "ask_nights": t("For how many nights?", "Untuk berapa malam?", "Mấy đêm ạ?"),
    "ask_guests": t(
        "For how many people shall {service} be?", "{service} untuk berapa orang?", "{service} cho mấy người ạ?"
    ),
    "too_many_guests": t(
        "{service} takes {most} people at most. For how many shall I look?",
        "{service} paling banyak untuk {most} orang. Untuk berapa orang saya carikan?",
        "{service} nhận tối đa {most} người. Mình tìm cho mấy người ạ?",
    ),
    "one_at_a_time": t(
        "{service} is for one person per booking. Shall I look for one?",
        "{service} untuk satu orang per pesanan. Saya carikan untuk satu orang?",
        "{service} chỉ dành cho một người mỗi lần đặt. Mình tìm cho một người nhé?",
    ),
    "too_few_guests": t(
        "{service} needs {least} people at least. For how many shall I look?",
        "{service} paling sedikit untuk {least} orang. Untuk berapa orang saya carikan?",
        "{service} cần ít nhất {least} người. Mình tìm cho mấy người ạ?",
    ),
    "which_day": t(
        "Do you mean {first} or {second}?", "Maksud Anda {first} atau {second}?", "Ý bạn là {first} hay {second}?"
    ),
    "past_time": t(
        "That time has passed; nothing can be booked for the past.",
        "Waktu itu sudah lewat; tidak bisa memesan untuk waktu yang sudah lalu.",
        "Không thể booking cho thời gian trong quá khứ.",
    ),
    "offer_wished": t(
        "{service}, {people}: these times are free ({zone}):",
        "{service}, {people}: waktu yang masih kosong ({zone}):",
        "{service}, {people}: các giờ còn trống ({zone}):",
    ),
    "offer_other_times": t(
        "{service}, {people}: not free at that hour; the nearest times ({zone}):",
        "{service}, {people}: jam itu tidak kosong; waktu terdekat ({zone}):",
        "{service}, {people}: giờ đó không còn trống; giờ gần nhất ({zone}):",
    ),
    "offer_other_days": t(
        "{service}, {people}: nothing is free that day; the nearest times ({zone}):",
        "{service}, {people}: hari itu penuh; waktu terdekat ({zone}):",
        "{service}, {people}: ngày đó đã kín; giờ gần nhất ({zone}):",
    ),
    "kept_until": t(
        "I keep them for you until {until}. Tap one, or write another day or time.",
        "Saya simpan untuk Anda sampai {until}. Pilih satu, atau tulis hari atau jam lain.",
        "Mình giữ cho bạn đến {until}. Chọn một giờ, hoặc nhắn ngày giờ khác.",
    ),
    "first_come": t(
        "Little is left, so the first to confirm gets it. Tap one, or write another day or time.",
        "Tinggal sedikit, jadi siapa cepat dia dapat. Pilih satu, atau tulis hari atau jam lain.",
        "Còn ít chỗ, ai xác nhận trước sẽ được. Chọn một giờ, hoặc nhắn ngày giờ khác.",
    ),
    "nothing_free": t(
        "I found nothing free for {service} around that time. Which other day would suit you?",
        "Saya tidak menemukan waktu kosong untuk {service} sekitar itu. Hari lain mana yang cocok?",
        "Mình không tìm được giờ trống cho {service} quanh thời gian đó. Ngày nào khác tiện cho bạn ạ?",
    ),
    "just_taken": t(
        "I am sorry, that time has just been taken.", "Maaf, waktu itu baru saja diambil.", "Slot vừa mới bị book."
    ),
    "not_bookable": t(
        "I am sorry, that time cannot be booked.",
        "Maaf, waktu itu tidak bisa dipesan.",
        "Rất tiếc, giờ đó không đặt được.",
    ),
    "already_yours": t(
        "That time is yours already ({reference}).",
        "Waktu itu sudah menjadi milik Anda ({reference}).",
        "Giờ đó bạn đã đặt rồi ({reference}).",
    ),
    "summary": t(
        "Please confirm:\n*{service}*\n{day}\n{hours} ({zone}){place}\n{people}\n{price}{expect}",
        "Mohon konfirmasi:\n*{service}*\n{day}\n{hours} ({zone}){place}\n{people}\n{price}{expect}",
        "Vui lòng xác nhận:\n*{service}*\n{day}\n{hours} ({zone}){place}\n{people}\n{price}{expect}",
    ),
    "confirm_button": t("Yes, book it", "Ya, pesan", "Đồng ý đặt"),
    "other_button": t("Another time", "Waktu lain", "Giờ khác"),
    "cancel_button": t("Cancel", "Batal", "Hủy"),
    "which_time": t(
        "Which of the times shall it be? Write its number, or another day or time.",
        "Waktu yang mana? Tulis nomornya, atau hari atau jam lain.",
        "Bạn chọn giờ nào ạ? Nhắn số thứ tự, hoặc ngày giờ khác.",
    ),
    "ask_other_time": t(
        "Which other day or time would you like?",
        "Hari atau jam lain mana yang Anda inginkan?",
        "Bạn muốn ngày giờ nào khác ạ?",
    ),
    "booked": t(
        "Booked ✅\n*{service}*\n{day}\n{hours} ({zone}){place}\n{people}\n{price}\nReference: {reference}{expect}",
        "Dipesan ✅\n*{service}*\n{day}\n{hours} ({zone}){place}\n{people}\n{price}\nReferensi: {reference}{expect}",
        "Đã đặt ✅\n*{service}*\n{day}\n{hours} ({zone}){place}\n{people}\n{price}\nMã đặt: {reference}{expect}",
    ),
    "reserved_for_payment": t(
        "Reserved for you:\n*{service}*\n{day}\n{hours} ({zone}){place}\n{people}\n{price}\nReference: {reference}\n"
        "Our team sends you the payment link right here.",
        "Disimpan untuk Anda:\n*{service}*\n{day}\n{hours} ({zone}){place}\n{people}\n{price}\nReferensi: {reference}\n"
        "Tim kami mengirim tautan pembayaran di sini.",
        "Đã giữ chỗ cho bạn:\n*{service}*\n{day}\n{hours} ({zone}){place}\n{people}\n{price}\nMã đặt: {reference}\n"
        "Nhân viên sẽ gửi link thanh toán tại đây.",
    ),
    "nothing_booked": t(
        "Alright, nothing is booked. Write to me whenever you like.",
        "Baik, tidak ada yang dipesan. Tulis saja kapan pun Anda mau.",
        "Vâng, chưa đặt gì cả. Khi nào cần bạn cứ nhắn mình nhé.",
    ),
    "cancel_question": t(
        "Shall I cancel {service} on {day}, {hours}?",
        "Batalkan {service} pada {day}, {hours}?",
        "Xác nhận: Bạn muốn hủy {service} {day}, {hours}?",
    ),
    "yes_cancel_button": t("Yes, cancel it", "Ya, batalkan", "Xác nhận hủy"),
    "keep_button": t("Keep it", "Tetap", "Giữ lại"),
    "cancelled": t(
        "Cancelled: {service} on {day}, {hours}. If you would like another time later, just write.",
        "Dibatalkan: {service} pada {day}, {hours}. Kalau nanti ingin waktu lain, tulis saja.",
        "Đã hủy: {service} {day}, {hours}. Nếu sau này muốn đặt lại, bạn cứ nhắn.",
    ),
    "kept": t(
        "Good, it stays: {service} on {day}, {hours}.",
        "Baik, tetap: {service} pada {day}, {hours}.",
        "Vâng, giữ nguyên: {service} {day}, {hours}.",
    ),
    "reschedule_question": t(
        "Shall I free {service} on {day}, {hours}, and look for another time?",
        "Saya lepaskan {service} pada {day}, {hours}, lalu cari waktu lain?",
        "Mình bỏ giờ {service} {day}, {hours} và tìm giờ khác nhé?",
    ),
    "yes_change_button": t("Yes, change it", "Ya, ubah", "Đồng ý đổi"),
    "status": t(
        "Your booking {reference}: {service}, {day}, {hours} ({zone}){place}. Everything is arranged.",
        "Pesanan Anda {reference}: {service}, {day}, {hours} ({zone}){place}. Semua sudah diatur.",
        "Lịch của bạn {reference}: {service}, {day}, {hours} ({zone}){place}. Mọi thứ đã sẵn sàng.",
    ),
    "price_answer": t("{service}: {price}.", "{service}: {price}.", "{service}: {price}."),
    "unit_per_person": t("per person", "per orang", "mỗi người"),
    "unit_per_hour": t("per hour", "per jam", "mỗi giờ"),
    "unit_per_night": t("per night", "per malam", "mỗi đêm"),
    "price_free": t("free of charge", "gratis", "miễn phí"),
    "people": t("{count} people", "{count} orang", "{count} người"),
    "one_person": t("1 person", "1 orang", "1 người"),
    "nights": t("{count} nights", "{count} malam", "{count} đêm"),
    "with_provider": t("with {provider}", "bersama {provider}", "với {provider}"),
    "staff_cancelled": t(
        "We are sorry: {service} on {day}, {hours} had to be cancelled. {reason}",
        "Mohon maaf: {service} pada {day}, {hours} harus dibatalkan. {reason}",
        "Rất tiếc: {service} {day}, {hours} phải hủy. {reason}",
    ),
}
