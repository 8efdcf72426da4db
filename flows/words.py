"""The Flow's fixed words in English, Indonesian and Vietnamese; what changes from business to business
comes rendered in the view."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class FlowLanguage(StrEnum):
    """A language in which the Flow is published."""

    EN = "en"
    ID = "id"
    VI = "vi"


class ScreenNotice(StrEnum):
    """Why the customer sees a screen again, shown as the client's passing message."""

    PICK_SERVICE = "pick_service"
    PICK_DAY = "pick_day"
    PICK_TIME = "pick_time"
    TIME_TAKEN = "time_taken"
    NONE_FREE = "none_free"
    BAD_GUESTS = "bad_guests"
    NAME_MISSING = "name_missing"
    TOO_LONG = "too_long"
    MOVED_ON = "moved_on"


class Closing(StrEnum):
    """Why a form cannot be used any more; shown beside the message whose button it was."""

    UNKNOWN = "unknown"
    EXPIRED = "expired"
    USED = "used"
    NOTHING_OFFERED = "nothing_offered"


@dataclass(frozen=True, slots=True)
class ScreenWords:
    """All fixed words of one language."""

    service_title: str
    service_heading: str
    service_label: str
    day_title: str
    day_label: str
    day_helper: str
    time_title: str
    time_label: str
    details_title: str
    guests_label: str
    name_label: str
    notes_label: str
    review_title: str
    go_on: str
    confirm: str
    notices: dict[ScreenNotice, str]
    closings: dict[Closing, str]


ENGLISH: Final = ScreenWords(
    service_title="Book",
    service_heading="What would you like?",
    service_label="Service",
    day_title="Choose a day",
    day_label="Day",
    day_helper="Days that cannot be tapped are full or closed.",
    time_title="Choose a time",
    time_label="Time",
    details_title="Your details",
    guests_label="Guests",
    name_label="Your name",
    notes_label="Notes for us",
    review_title="Check and confirm",
    go_on="Continue",
    confirm="Confirm booking",
    notices={
        ScreenNotice.PICK_SERVICE: "Please choose one of these services.",
        ScreenNotice.PICK_DAY: "That day is not available. Please choose another.",
        ScreenNotice.PICK_TIME: "Please choose one of these times.",
        ScreenNotice.TIME_TAKEN: "Sorry, that time has just been taken. Please choose another.",
        ScreenNotice.NONE_FREE: "Nothing is free there any more. Please choose again.",
        ScreenNotice.BAD_GUESTS: "Please choose the number of guests from the list.",
        ScreenNotice.NAME_MISSING: "Please tell us your name.",
        ScreenNotice.TOO_LONG: "That text is too long. Please shorten it.",
        ScreenNotice.MOVED_ON: "This form has changed in the meantime. Please check and go on from here.",
    },
    closings={
        Closing.UNKNOWN: "This form is no longer valid. Write to us and we will send a new one.",
        Closing.EXPIRED: "This form has expired. Write to us and we will send a new one.",
        Closing.USED: "This form has already been sent. You can go on in the chat.",
        Closing.NOTHING_OFFERED: "Nothing can be booked at the moment. Write to us and we will help.",
    },
)

INDONESIAN: Final = ScreenWords(
    service_title="Pesan",
    service_heading="Mau pesan apa?",
    service_label="Layanan",
    day_title="Pilih hari",
    day_label="Hari",
    day_helper="Hari yang tidak bisa dipilih sudah penuh atau tutup.",
    time_title="Pilih jam",
    time_label="Jam",
    details_title="Data Anda",
    guests_label="Jumlah tamu",
    name_label="Nama Anda",
    notes_label="Catatan untuk kami",
    review_title="Periksa dan konfirmasi",
    go_on="Lanjut",
    confirm="Konfirmasi pesanan",
    notices={
        ScreenNotice.PICK_SERVICE: "Silakan pilih salah satu layanan ini.",
        ScreenNotice.PICK_DAY: "Hari itu tidak tersedia. Silakan pilih hari lain.",
        ScreenNotice.PICK_TIME: "Silakan pilih salah satu jam ini.",
        ScreenNotice.TIME_TAKEN: "Maaf, jam itu baru saja dipesan orang lain. Silakan pilih jam lain.",
        ScreenNotice.NONE_FREE: "Di sana sudah tidak ada yang kosong. Silakan pilih lagi.",
        ScreenNotice.BAD_GUESTS: "Silakan pilih jumlah tamu dari daftar.",
        ScreenNotice.NAME_MISSING: "Mohon isi nama Anda.",
        ScreenNotice.TOO_LONG: "Teksnya terlalu panjang. Mohon dipersingkat.",
        ScreenNotice.MOVED_ON: "Formulir ini sudah berubah. Mohon periksa lagi dan lanjutkan dari sini.",
    },
    closings={
        Closing.UNKNOWN: "Formulir ini tidak berlaku lagi. Tulis pesan kepada kami untuk mendapat yang baru.",
        Closing.EXPIRED: "Formulir ini sudah kedaluwarsa. Tulis pesan kepada kami untuk mendapat yang baru.",
        Closing.USED: "Formulir ini sudah dikirim. Silakan lanjut di obrolan.",
        Closing.NOTHING_OFFERED: "Saat ini belum ada yang bisa dipesan. Tulis pesan, kami akan membantu.",
    },
)

VIETNAMESE: Final = ScreenWords(
    service_title="Đặt lịch",
    service_heading="Bạn muốn đặt dịch vụ nào?",
    service_label="Dịch vụ",
    day_title="Chọn ngày",
    day_label="Ngày",
    day_helper="Ngày không chọn được là ngày đã kín lịch hoặc nghỉ.",
    time_title="Chọn giờ",
    time_label="Giờ",
    details_title="Thông tin của bạn",
    guests_label="Số khách",
    name_label="Tên của bạn",
    notes_label="Ghi chú",
    review_title="Kiểm tra và xác nhận",
    go_on="Tiếp tục",
    confirm="Xác nhận đặt lịch",
    notices={
        ScreenNotice.PICK_SERVICE: "Vui lòng chọn một trong các dịch vụ này.",
        ScreenNotice.PICK_DAY: "Ngày đó không còn chỗ. Vui lòng chọn ngày khác.",
        ScreenNotice.PICK_TIME: "Vui lòng chọn một trong các giờ này.",
        ScreenNotice.TIME_TAKEN: "Rất tiếc, giờ đó vừa có người đặt. Vui lòng chọn giờ khác.",
        ScreenNotice.NONE_FREE: "Ở đó không còn chỗ trống. Vui lòng chọn lại.",
        ScreenNotice.BAD_GUESTS: "Vui lòng chọn số khách trong danh sách.",
        ScreenNotice.NAME_MISSING: "Vui lòng cho chúng tôi biết tên của bạn.",
        ScreenNotice.TOO_LONG: "Nội dung quá dài. Vui lòng viết ngắn hơn.",
        ScreenNotice.MOVED_ON: "Biểu mẫu này đã thay đổi. Vui lòng kiểm tra và tiếp tục từ đây.",
    },
    closings={
        Closing.UNKNOWN: "Biểu mẫu này không còn hiệu lực. Hãy nhắn tin để nhận biểu mẫu mới.",
        Closing.EXPIRED: "Biểu mẫu này đã hết hạn. Hãy nhắn tin để nhận biểu mẫu mới.",
        Closing.USED: "Biểu mẫu này đã được gửi. Bạn có thể tiếp tục trong cuộc trò chuyện.",
        Closing.NOTHING_OFFERED: "Hiện chưa có gì để đặt. Hãy nhắn tin, chúng tôi sẽ giúp bạn.",
    },
)


def words_in(language: FlowLanguage) -> ScreenWords:
    """The fixed words of a language."""
    return {FlowLanguage.EN: ENGLISH, FlowLanguage.ID: INDONESIAN, FlowLanguage.VI: VIETNAMESE}[language]
