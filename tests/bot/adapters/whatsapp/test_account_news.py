"""News about our account: every kind is read, a ban is loud, and nothing is taken for a message."""

from typing import Any

import orjson
import pytest

from bot.adapters.whatsapp import account_news, parse
from bot.engine.channel import AccountChange, AccountNews, Gravity, PartKind

Json = dict[str, Any]


def told(field: Any, value: Any) -> AccountNews:
    entry = [{"id": "waba", "time": 1, "changes": [{"field": field, "value": value}]}]
    (part,) = parse.split(orjson.dumps({"object": "whatsapp_business_account", "entry": entry}))
    assert part.kind is PartKind.ACCOUNT
    return account_news.news(part.payload)


@pytest.mark.parametrize(
    ("field", "value", "kind", "gravity"),
    [
        ("message_template_status_update", {"event": "APPROVED"}, "template_status", Gravity.NOTICE),
        ("message_template_status_update", {"event": "PAUSED"}, "template_status", Gravity.WARNING),
        ("message_template_quality_update", {"new_quality_score": "RED"}, "template_quality", Gravity.NOTICE),
        ("template_category_update", {"new_category": "MARKETING"}, "template_category", Gravity.WARNING),
        ("template_category_update", {"new_category": "UTILITY"}, "template_category", Gravity.NOTICE),
        ("account_update", {"event": "VERIFIED_ACCOUNT"}, "account_update", Gravity.NOTICE),
        ("account_update", {"event": "ACCOUNT_RESTRICTION"}, "account_update", Gravity.CRITICAL),
        ("account_update", {"event": "DISABLED_UPDATE"}, "account_update", Gravity.CRITICAL),
        ("account_alerts", {"alert_severity": "CRITICAL"}, "account_alert", Gravity.CRITICAL),
        ("account_review_update", {"decision": "REJECTED"}, "account_review", Gravity.CRITICAL),
        ("phone_number_quality_update", {"event": "DOWNGRADE"}, "number_quality", Gravity.WARNING),
        ("security", {"event": "PIN_CHANGED"}, "security", Gravity.CRITICAL),
        ("flows", {"event": "ENDPOINT_AVAILABILITY", "alert_state": "ACTIVATED"}, "flows", Gravity.WARNING),
        ("of_next_year", {"x": 1}, "other", Gravity.NOTICE),
        (["odd"], None, "other", Gravity.NOTICE),
    ],
)
def test_each_kind_has_its_name_and_its_gravity(field: Any, value: Any, kind: str, gravity: Gravity) -> None:
    news = told(field, value)
    assert (news.kind, news.gravity) == (kind, gravity)


@pytest.mark.parametrize(
    ("state", "change"),
    [
        ("DISABLE", AccountChange.BANNED),
        ("REINSTATE", AccountChange.FREED),
        ("SCHEDULE_FOR_DISABLE", AccountChange.NONE),
    ],
)
def test_a_ban_stops_sending_and_its_end_frees_it(state: str, change: AccountChange) -> None:
    assert told("account_update", {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": state}}).change is change


def test_only_words_for_the_operator_are_kept() -> None:
    news = told("security", {"event": "PIN_CHANGED", "requester": "61555822107539"})
    assert news.facts == (("event", "PIN_CHANGED"),)
