"""Why a step is blocked and how to mend it, in the reader's language: one sentence for each stable word of a rule."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from bot.lifecycle.rules.rule import Reason
from bot.replies.template import Template, t
from intents.understanding import Language

FACTS: Final[Mapping[str, Template]] = {
    "no_way": t(
        "from {state} there is no way to {target}",
        "dari {state} tidak ada jalan ke {target}",
        "từ {state} không chuyển sang {target} được",
    ),
    "may_not": t(
        "the role {actor} may not bring it to {target}",
        "peran {actor} tidak berhak memindahkannya ke {target}",
        "vai trò {actor} không được phép chuyển sang {target}",
    ),
    "no_service": t("no service is chosen", "layanan belum dipilih", "chưa chọn dịch vụ"),
    "service_not_in_catalogue": t(
        "the service is not in the catalogue", "layanan itu tidak ada di katalog", "dịch vụ này không có trong danh mục"
    ),
    "no_contact": t(
        "there is no way to reach the customer", "pelanggan tidak bisa dihubungi", "không có cách liên lạc với khách"
    ),
    "too_few_times": t(
        "too few times are free: {number}", "waktu kosong terlalu sedikit: {number}", "quá ít giờ trống: {number}"
    ),
    "no_yes": t("the customer has not said yes", "pelanggan belum menyetujui", "khách chưa xác nhận"),
    "no_time_chosen": t("no time is chosen", "waktu belum dipilih", "chưa chọn giờ"),
    "time_taken": t(
        "that time has just been taken", "waktu itu baru saja diambil orang lain", "giờ đó vừa có người đặt"
    ),
    "time_past": t("that time has passed", "waktu itu sudah lewat", "thời gian đó đã qua"),
    "nothing_due": t("nothing has to be paid", "tidak ada yang harus dibayar", "không có gì phải thanh toán"),
    "no_way_to_pay": t("no way to pay is set", "cara pembayaran belum ditentukan", "chưa có cách thanh toán"),
    "not_paid": t("what is due has not come in", "tagihan belum dibayar", "khoản phải trả chưa được thanh toán"),
    "reminder_too_early": t(
        "the appointment is more than 24 hours away",
        "waktunya masih lebih dari 24 jam lagi",
        "còn hơn 24 giờ nữa mới đến giờ hẹn",
    ),
    "still_ahead": t("the appointment is still ahead", "waktunya belum tiba", "chưa đến giờ hẹn"),
    "marked_absent": t(
        "the customer is marked as not come", "pelanggan tercatat tidak datang", "khách được ghi nhận là không đến"
    ),
    "marked_present": t("the customer is marked as come", "pelanggan tercatat datang", "khách được ghi nhận là đã đến"),
    "no_reason": t("no reason is recorded", "alasannya belum dicatat", "chưa ghi lý do"),
    "recently_active": t(
        "the customer was active in the last 7 days",
        "pelanggan masih aktif dalam 7 hari terakhir",
        "khách còn hoạt động trong 7 ngày qua",
    ),
    "no_place": t("no place is named", "tempatnya belum disebutkan", "chưa có địa điểm"),
    "too_little_notice": t(
        "the service needs more notice than is left",
        "layanan ini harus dipesan lebih awal",
        "dịch vụ này cần đặt trước sớm hơn",
    ),
    "too_far_ahead": t(
        "the service cannot be booked so far ahead",
        "layanan ini belum bisa dipesan sejauh itu",
        "dịch vụ này chưa nhận đặt xa đến vậy",
    ),
    "needs_more_guests": t(
        "the service needs more guests", "layanan ini membutuhkan lebih banyak tamu", "dịch vụ này cần nhiều khách hơn"
    ),
    "takes_fewer_guests": t(
        "the service takes fewer guests", "layanan ini hanya untuk lebih sedikit tamu", "dịch vụ này nhận ít khách hơn"
    ),
    "nothing_free": t(
        "no time is free for this wish",
        "tidak ada waktu kosong untuk permintaan ini",
        "không có giờ trống cho yêu cầu này",
    ),
    "guests_do_not_fit": t(
        "the service does not take so many people, or needs more",
        "jumlah orangnya tidak sesuai untuk layanan ini",
        "số người không phù hợp với dịch vụ này",
    ),
    "already_theirs": t(
        "the customer has this very time already",
        "pelanggan sudah punya pesanan untuk waktu itu",
        "khách đã đặt đúng giờ đó rồi",
    ),
    "not_in_timetable": t("the timetable has no such time", "waktu itu tidak ada di jadwal", "lịch không có giờ đó"),
}

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


def fact_in_words(reason: Reason, language: Language) -> str:
    """The sentence of the fact a rule saw; the word itself when it is not one of ours."""
    template = FACTS.get(reason.fact)
    return reason.fact if template is None else template[language].format(**dict(reason.values))


def in_words(reasons: Iterable[Reason], language: Language) -> tuple[Reason, ...]:
    """The same reasons, each telling in words what it saw and how it is mended."""
    return tuple(
        replace(one, fact=fact_in_words(one, language), fix=fix_in_words(one.fix, language)) for one in reasons
    )
