"""News of the whole account: templates, bans, limits, Flows, security (reference: whatsapp 4.5).

Their values have no `messaging_product` and no `metadata`: no number is named, except where a field says so itself.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from simulator.whatsapp import envelopes
from simulator.whatsapp.envelopes import Stream, Update
from simulator.whatsapp.templates import Template
from simulator.whatsapp.world import World

Json = dict[str, Any]

_TEMPLATE: Final[Json] = {
    "message_template_id": 1689556908129832,
    "message_template_name": "booking_reminder",
    "message_template_language": "en",
}

USUAL: Final[Mapping[str, Json]] = MappingProxyType(
    {
        "message_template_status_update": {
            "event": "APPROVED",
            **_TEMPLATE,
            "reason": "NONE",
            "message_template_category": "UTILITY",
        },
        "message_template_quality_update": {
            "previous_quality_score": "GREEN",
            "new_quality_score": "YELLOW",
            **_TEMPLATE,
        },
        "message_template_components_update": {
            **_TEMPLATE,
            "message_template_element": "We look forward to seeing you on {{1}}.",
        },
        "template_category_update": {**_TEMPLATE, "previous_category": "UTILITY", "new_category": "MARKETING"},
        "account_update": {
            "event": "DISABLED_UPDATE",
            "ban_info": {"waba_ban_state": "SCHEDULE_FOR_DISABLE", "waba_ban_date": "December 24, 2026"},
        },
        "account_alerts": {
            "entity_type": "WABA",
            "entity_id": "102290129340398",
            "alert_severity": "CRITICAL",
            "alert_status": "ACTIVE",
            "alert_type": "INCREASED_CAPABILITIES_ELIGIBILITY_DEFERRED",
            "alert_description": "More evidence is needed before the limit is raised.",
        },
        "account_review_update": {"decision": "REJECTED"},
        "phone_number_quality_update": {
            "display_phone_number": "628110000001",
            "event": "DOWNGRADE",
            "current_limit": "TIER_250",
        },
        "phone_number_name_update": {
            "display_phone_number": "628110000001",
            "decision": "REJECTED",
            "requested_verified_name": "Rumah Senja",
            "rejection_reason": "NAME_NOT_CONSISTENT",
        },
        "business_capability_update": {"max_daily_conversation_per_phone": 250, "max_phone_numbers_per_business": 2},
        "security": {
            "display_phone_number": "628110000001",
            "event": "PIN_CHANGED",
            "requester": "61555822107539",
        },
        "flows": {
            "event": "ENDPOINT_AVAILABILITY",
            "message": "The availability of the endpoint is below the threshold.",
            "flow_id": "3001",
            "alert_state": "ACTIVATED",
            "availability": 80,
            "threshold": 90,
        },
    }
)
"""One of each kind as Meta writes it; a caller changes what it likes."""


def tell(world: World, field: str, changes: Json) -> Json:
    """Sends one; fields that are null are left out. The value as it went."""
    value = {key: one for key, one in {**USUAL.get(field, {}), **changes}.items() if one is not None}
    at = envelopes.stamp(world.clock.now())
    update = Update(Stream.MESSAGES, "account", field=field, extra=value, is_of_account=True, at=at)
    world.relay.submit([update])
    return value


def tell_review(world: World, template: Template) -> Json:
    """Says what became of a template's review."""
    changes = _named(template) | {"event": template.status, "message_template_category": template.category}
    return tell(world, "message_template_status_update", changes)


def tell_category(world: World, before: Template, template: Template) -> Json:
    """Says that a template is of another category from now on."""
    changes = _named(template) | {"previous_category": before.category, "new_category": template.category}
    return tell(world, "template_category_update", changes)


def _named(template: Template) -> Json:
    number: Json = {"message_template_id": int(template.id)} if template.id.isdecimal() else {}
    return {"message_template_name": template.name, "message_template_language": template.language} | number
