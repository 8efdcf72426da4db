"""News about our account at Meta: what kind it is, how grave, and its words for the operator (reference: whatsapp 4.5).

None of it names a number of ours, so none of it is a message that went astray.
"""

from typing import Any, Final

import orjson

from bot.domain.template_standing import WANTED_CATEGORY, wanted_category
from bot.engine.channel import AccountChange, AccountNews, Gravity

Json = dict[str, Any]

_KINDS: Final = {
    "message_template_status_update": "template_status",
    "message_template_quality_update": "template_quality",
    "message_template_components_update": "template_components",
    "template_category_update": "template_category",
    "account_update": "account_update",
    "account_alerts": "account_alert",
    "account_review_update": "account_review",
    "account_settings_update": "account_settings",
    "phone_number_quality_update": "number_quality",
    "phone_number_name_update": "number_name",
    "business_capability_update": "capability",
    "business_status_update": "business_status",
    "security": "security",
    "flows": "flows",
    "user_preferences": "customer_preference",
    "user_id_update": "customer_id",
    "history": "history",
    "smb_app_state_sync": "contacts_sync",
    "calls": "calls",
    "payment_configuration_update": "payment_configuration",
    "partner_solutions": "partner_solutions",
    "tracking_events": "tracking",
    "automatic_events": "tracking",
}
_LOUD_ACCOUNT: Final = frozenset(
    {"DISABLED_UPDATE", "ACCOUNT_RESTRICTION", "ACCOUNT_VIOLATION", "ACCOUNT_DELETED", "ACCOUNT_OFFBOARDED"}
)
_LOUD_TEMPLATE: Final = frozenset({"REJECTED", "PAUSED", "DISABLED", "FLAGGED", "PENDING_DELETION"})
_QUIET: Final = frozenset({"history", "contacts_sync", "tracking", "customer_preference", "customer_id", "calls"})
_WORDS: Final = (
    *("event", "decision", "reason", "rejection_reason", "message", "alert_type", "alert_severity", "alert_status"),
    *("alert_state", "alert_description", "message_template_name", "message_template_language", "previous_category"),
    *("new_category", "previous_quality_score", "new_quality_score", "current_limit", "flow_id", "old_status"),
    *("new_status", "threshold", "error_rate", "availability", "p90_latency", "max_daily_conversation_per_phone"),
    *("requested_verified_name", "display_phone_number"),
)
"""Fields an operator reads; nothing else of the notice is kept in the clear."""


def news(payload: bytes) -> AccountNews:
    """What a stored change of the account says."""
    stored = orjson.loads(payload)
    change: Json = stored if isinstance(stored, dict) else {}
    field = change.get("field")
    value = change.get("value")
    value = value if isinstance(value, dict) else {}
    kind = _KINDS.get(field, "other") if isinstance(field, str) else "other"
    facts = [(name, str(value[name])[:200]) for name in _WORDS if isinstance(value.get(name), str | int | float)]
    if kind == "other":
        facts.insert(0, ("field", str(field)[:80]))
    ban = value.get("ban_info")
    state = ban.get("waba_ban_state") if isinstance(ban, dict) else None
    if isinstance(state, str):
        facts.append(("ban_state", state[:80]))
    limits = value.get("restriction_info")
    facts += [
        ("restriction", str(limit.get("restriction_type"))[:80])
        for limit in (limits if isinstance(limits, list) else [])
        if isinstance(limit, dict)
    ]
    return AccountNews(kind, _gravity(kind, value), _change(kind, value, state), tuple(facts))


def _gravity(kind: str, value: Json) -> Gravity:
    event = value.get("event")
    if kind == "account_update":
        return Gravity.CRITICAL if event in _LOUD_ACCOUNT else Gravity.NOTICE
    if kind == "account_alert" and value.get("alert_severity") == "CRITICAL":
        return Gravity.CRITICAL
    if kind == "security" or (kind == "account_review" and value.get("decision") == "REJECTED"):
        return Gravity.CRITICAL
    if kind == "template_status":
        return Gravity.WARNING if event in _LOUD_TEMPLATE else Gravity.NOTICE
    if kind == "template_category":
        wanted = {WANTED_CATEGORY, wanted_category(str(value.get("message_template_name", "")))}
        return Gravity.NOTICE if value.get("new_category") in wanted else Gravity.WARNING
    if kind == "number_quality":
        return Gravity.WARNING if event in {"DOWNGRADE", "FLAGGED"} else Gravity.NOTICE
    if kind == "flows":
        return Gravity.WARNING if value.get("alert_state") == "ACTIVATED" else Gravity.NOTICE
    return Gravity.INFO if kind in _QUIET else Gravity.NOTICE


def _change(kind: str, value: Json, ban_state: object) -> AccountChange:
    """Whether Meta has just stopped, or freed, our sending."""
    if kind != "account_update":
        return AccountChange.NONE
    if value.get("event") == "ACCOUNT_DELETED" or ban_state == "DISABLE":
        return AccountChange.BANNED
    return AccountChange.FREED if ban_state == "REINSTATE" else AccountChange.NONE
