"""What the demo's customers say and see: one conversation a language."""

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
        {"day": "#12"},
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
