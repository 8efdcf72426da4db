"""What a fuzz starts from: every recorded payload of the tests, by the kind of thing it is."""

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

from tests.flows.vectors import vectors

TESTS: Final = Path(__file__).parents[2]


@cache
def whatsapp() -> tuple[Any, ...]:
    """Webhooks of Meta."""
    return _all(TESTS / "payloads" / "whatsapp")


@cache
def callbacks() -> tuple[Any, ...]:
    """Callbacks of the payment provider."""
    return _all(TESTS / "payments" / "payloads")


@cache
def flow_requests() -> tuple[Any, ...]:
    """Requests of a form in clear, recorded and as a phone makes them on each screen."""
    recorded = [json.loads(vector.plaintext) for vector in vectors()]
    token = "0.0.0"
    sent: list[Any] = [{"version": "3.0", "action": "INIT", "flow_token": token}]
    for screen, data in (
        ("SERVICE", {"service": "balinese-massage"}),
        ("PLACE", {"place": "villa-melati"}),
        ("DAY", {"day": "2026-12-24"}),
        ("TIME", {"time": "balinese-massage||20261224T070000Z|villa-melati"}),
        ("DETAILS", {"guests": "2", "name": "Sari", "notes": "no oil"}),
        ("REVIEW", {}),
    ):
        known = {"version": "3.0", "screen": screen, "flow_token": token}
        sent += [{**known, "action": "data_exchange", "data": {**data, "step": "1"}}, {**known, "action": "BACK"}]
    return (*recorded, *sent)


@cache
def envelopes() -> tuple[Any, ...]:
    """Sealed requests of a form, recorded."""
    return tuple(json.loads(vector.body) for vector in vectors())


@cache
def flows() -> tuple[Any, ...]:
    """Flow JSON documents that are right."""
    from flows.booking import booking_flow
    from flows.words import languages
    from tests.flows import meta_samples

    ours = [json.loads(json.dumps(booking_flow(language).as_json())) for language in languages()]
    metas = [value for name, value in vars(meta_samples).items() if name.isupper() and isinstance(value, dict)]
    return (*ours, *metas)


@cache
def texts() -> tuple[str, ...]:
    """What customers write."""
    return (
        "Hello",
        "I want to book the Balinese massage 60 min in four weeks in the afternoon at Villa Melati",
        "mau pijat besok sore jam 3 untuk 2 orang di Villa Melati",
        "đặt bàn thứ bảy này lúc 7 giờ tối cho 4 người",
        "the first",
        "Yes, book it",
        "cancel please",
        "STOP",
        "START",
        "can I move it to Friday 5pm instead",
        "from the 22nd of December till the 6th of January, 3 rooms",
        "Bank BCA, 1234567890, Sari Dewi",
        "any day but Tuesday, half past ten, 2 adults and a toddler",
        "how much for ninety minutes?",
    )


def _all(folder: Path) -> tuple[Any, ...]:
    found = tuple(json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json")))
    assert found, folder
    return found
