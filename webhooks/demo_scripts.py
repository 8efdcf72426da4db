"""What the demo's customers say and see: one conversation a language."""

from typing import Any, Final

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
            *_say("bisa apa di sini?", "Di sini Anda bisa"),
            *_say("saya mau bicara dengan orang", "Saya sudah memanggil"),
        ],
    },
    {
        "name": "Linh",
        "user_id": "VN.18245550123456789",
        "username": "linh.nguyen",
        "steps": [
            *_say("Xin chào bạn", "Xin chào Linh"),
            *_tap("Ngôn ngữ", "Bạn muốn dùng ngôn ngữ nào"),
            *_tap("English", "English from now on"),
            *_say("talk to a person", "I have called a person"),
        ],
    },
)

PAYING: Final[tuple[Json, ...]] = (
    {
        "name": "Emma",
        "wa_id": "6281200000004",
        "steps": [
            *_say("I want to book the Balinese massage 60 min in two days at 3pm at Villa Melati", "Tap one"),
            *_say("the first", "Please confirm"),
            *_tap("Yes, book it", "Please pay by", "Paid and confirmed"),
        ],
    },
    {
        "name": "Rizky",
        "wa_id": "6281200000005",
        "steps": [
            *_say("Halo, mau pesan Pijat Bali 90 menit besok jam 2 siang di Villa Melati", "Pilih satu"),
            *_say("yang pertama", "Mohon konfirmasi"),
            *_tap("Ya, pesan", "Mohon bayar sebelum", "Lunas, terkonfirmasi"),
        ],
    },
)
"""Customers who book what has to be paid; the demo pays their links a moment later."""
