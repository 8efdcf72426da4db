"""What the demo's customers say and see, in the trade and the languages of each business that ships."""

import json
from typing import Any, Final

from flows.booking import booking_flow

Json = dict[str, Any]


def _say(text: str, *expected: str) -> list[Json]:
    return [{"say": text}, *({"expect": words} for words in expected)]


def _tap(choice: str, *expected: str) -> list[Json]:
    return [{"tap": choice}, *({"expect": words} for words in expected)]


FIRST_WORDS: Final[tuple[Json, ...]] = (
    {
        "name": "Hannah",
        "wa_id": "6281200000001",
        "steps": [
            *_say("Hello there!", "Hello Hannah"),
            *_tap("What can I do here?", "Here you can"),
            *_say("STOP", "We will not write"),
            *_say("START", "Welcome back"),
        ],
    },
    {
        "name": "Budi",
        "wa_id": "6281200000002",
        "steps": [
            *_say("Selamat pagi, halo!", "Halo Budi"),
            *_say("bisa apa di sini?", "Di sini kakak bisa"),
            *_say("saya mau bicara dengan orang", "Tim kami sudah saya panggil"),
        ],
    },
    {
        "name": "Linh",
        "user_id": "VN.18245550123456789",
        "username": "linh.nguyen",
        "steps": [
            *_say("Xin chào bạn", "Chào bạn Linh"),
            *_tap("Ngôn ngữ", "Bạn muốn dùng ngôn ngữ nào"),
            *_tap("English", "English from now on"),
            *_say("talk to a person", "I have called a person"),
        ],
    },
)

FREE: Final[tuple[Json, ...]] = (
    {
        "name": "Oliver",
        "wa_id": "6281200000006",
        "steps": [
            *_say("Hi, I'd like to book the free planning call in two weeks, in the afternoon", "Tap one"),
            *_say("the second one", "Please confirm"),
            *_say("yes please", "Booked"),
        ],
    },
    {
        "name": "Dewi",
        "wa_id": "6281200000007",
        "steps": [
            *_say("halo, mau pesan telepon rencana gratis", "hari apa"),
            # no exact hour: whether it is free would depend on the weekday of the day the demo is run on
            *_say("dua minggu lagi pagi", "Pilih satu"),
            *_say("yang pertama", "Mohon dicek"),
            *_tap("Ya, pesan", "Sudah dipesan"),
        ],
    },
    {
        "name": "Thảo",
        "wa_id": "6281200000008",
        "steps": [
            *_say("Mình muốn đặt gọi tư vấn miễn phí hai tuần nữa buổi sáng", "chọn một giờ"),
            *_say("chọn cái thứ 2", "Bạn xem lại giúp mình"),
            *_say("à nhầm, buổi chiều nhé", "chọn một giờ"),
            *_say("số 1", "mình đổi thành"),
            *_say("đồng ý", "Đã đặt"),
        ],
    },
)
"""Customers who book what is free, in three languages; one changes her mind in the middle."""

PAYING: Final[tuple[Json, ...]] = (
    {
        "name": "Emma",
        "wa_id": "6281200000004",
        "steps": [
            *_say("I want the Balinese massage 60 min in two weeks at Villa Melati, in the afternoon", "Tap one"),
            *_say("the first", "Please confirm"),
            *_tap("Yes, book it", "Please pay by", "Paid and confirmed"),
        ],
    },
    {
        "name": "Rizky",
        "wa_id": "6281200000005",
        "steps": [
            *_say("Mau pesan Pijat Bali 90 menit dua minggu lagi di Villa Melati, siang", "Pilih satu"),
            *_say("yang pertama", "Mohon dicek"),
            *_tap("Ya, pesan", "Bayarnya paling lambat", "Sudah lunas"),
        ],
    },
)
"""Customers who book what has to be paid; the demo pays their links a moment later."""


def by_form() -> Json:
    """A customer who fills the form instead of writing; `#2` is the second that can be tapped."""
    pages: list[Json] = [
        {"service": "balinese-massage"},
        {"place": "villa-senja"},
        # far from the "two weeks" of the others: who writes meets days near it that are full, and is offered others
        {"day": "#20"},
        {"time": "#4"},
        {"guests": "1", "name": "Hoa", "notes": ""},
        {},
    ]
    flow = json.loads(json.dumps(booking_flow("vi").as_json()))
    return {
        "name": "Hoa",
        "wa_id": "6281200000042",
        "steps": [
            *_say("Mình muốn đặt lịch", "bấm nút"),
            {"flow": flow, "steps": pages},
            {"expect": "Bạn thanh toán trước"},
            {"expect": "Đã nhận thanh toán"},
        ],
    }


CLINIC: Final[tuple[Json, ...]] = (
    {
        "name": "Ngọc",
        "wa_id": "84900000001",
        "steps": [
            *_say("Chào nha khoa", "Nha khoa Sao Mai"),
            *_say("lần đầu đến khám cần mang gì vậy?", "giấy tờ tùy thân"),
            *_say("mình muốn đặt khám răng hai tuần nữa buổi sáng", "bệnh nền, dị ứng"),
            *_say("mình bị dị ứng penicillin", "chọn một giờ"),
            *_say("số 1", "Bạn xem lại giúp mình"),
            *_tap("Đồng ý đặt", "Đã đặt"),
        ],
    },
    {
        "name": "Khoa",
        "wa_id": "84900000002",
        "steps": [
            *_say("cạo vôi răng bao nhiêu tiền ạ?", "400.000"),
            *_say("vậy đặt cho mình cạo vôi răng hai tuần nữa buổi chiều nhé", "bệnh nền, dị ứng"),
            *_say("không", "chọn một giờ"),
            *_say("chọn cái thứ 2", "Bạn xem lại giúp mình"),
            *_say("đồng ý", "Bạn thanh toán trước", "Đã nhận thanh toán"),
        ],
    },
    {
        "name": "Grace",
        "wa_id": "84900000003",
        "steps": [
            *_say("Hi, does it hurt to have a wisdom tooth out?", "numbs the tooth"),
            *_say("OK, I want the wisdom tooth removal in two weeks in the afternoon", "illness or allergy"),
            *_say("none, no medicine either", "Tap one"),
            *_say("the first", "Please confirm"),
            *_tap("Yes, book it", "Please pay by", "Paid and confirmed"),
        ],
    },
)
"""Patients: one at a first visit, two who pay before they come."""

CONSULTANT: Final[tuple[Json, ...]] = (
    {
        "name": "Daniel",
        "wa_id": "6281300000001",
        "steps": [
            *_say("Hello, is what I tell you confidential?", "confidentiality agreement"),
            *_say("I'd like an introductory call in two weeks, in the afternoon", "Tap one"),
            *_say("the second one", "Please confirm"),
            *_say("yes please", "Booked"),
        ],
    },
    {
        "name": "Putri",
        "wa_id": "6281300000002",
        "steps": [
            *_say("mau pesan tinjauan pajak online dua minggu lagi, siang", "Pilih satu"),
            *_say("yang pertama", "Mohon dicek"),
            *_tap("Ya, pesan", "Bayarnya paling lambat", "Sudah lunas"),
        ],
    },
    {
        "name": "Sophie",
        "wa_id": "6281300000003",
        "steps": [
            *_say("Can we have a meeting at your office in two weeks, in the afternoon? We are two", "Tap one"),
            *_say("the first", "Please confirm"),
            *_tap("Yes, book it", "Please pay by", "Paid and confirmed"),
        ],
    },
)
"""Clients: one calls for nothing, two pay, online and at the office."""


def customers_of(business: str) -> tuple[Json, ...]:
    """Who comes to that shipped business."""
    match business:
        case "clinic":
            return CLINIC
        case "consultant":
            return CONSULTANT
        case _:
            return (*FIRST_WORDS, *FREE, *PAYING, by_form())
