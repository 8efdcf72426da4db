"""Orders of the chat lane as WhatsApp payloads (reference: whatsapp 3.1, 3.2)."""

import re
from typing import assert_never

from bot.domain import message_limits as limits
from bot.domain.commands import Button, ChatCommand, SendButtons, SendFlow, SendLink, SendList, SendTemplate, SendText
from bot.domain.lead import Address
from bot.domain.message_limits import MessageOverLimit, fits
from bot.engine.channel import NotDeliverable, Payload


def message(order: ChatCommand, to: Address, callback_data: str) -> Payload:
    """The body of one send; MessageOverLimit when WhatsApp would refuse it, NotDeliverable without an address.

    `callback_data` comes back in every status of the message (`biz_opaque_callback_data`, 512 characters).
    """
    payload: Payload = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        **_recipient(to),
        "biz_opaque_callback_data": fits("callback data", callback_data, limits.CALLBACK_DATA),
    }
    return payload | _content(order)


def mark_read(wamid: str) -> Payload:
    """Read mark and typing sign, which ends by itself after 25 s or with our answer."""
    return {
        "messaging_product": "whatsapp",
        "status": "read",
        "message_id": wamid,
        "typing_indicator": {"type": "text"},
    }


def _recipient(to: Address) -> Payload:
    """The phone wins when both are known; a user id never goes into `to` (reference: whatsapp 3.1)."""
    if to.wa_id:
        return {"to": to.wa_id}
    if to.user_id:
        return {"recipient": to.user_id}
    raise NotDeliverable("no address is known")


def _content(order: ChatCommand) -> Payload:
    match order:
        case SendText(body=body):
            return {"type": "text", "text": {"body": fits("text", body, limits.TEXT)}}
        case SendButtons():
            if not 1 <= len(order.buttons) <= limits.BUTTONS:
                raise MessageOverLimit(f"{len(order.buttons)} buttons, 1 to {limits.BUTTONS} are allowed")
            if len({button.title for button in order.buttons}) < len(order.buttons):
                raise MessageOverLimit("two buttons have the same title")
            return _interactive(
                {
                    "type": "button",
                    "body": {"text": fits("body", order.body, limits.BODY)},
                    "action": {"buttons": [_button(button) for button in order.buttons]},
                }
            )
        case SendList():
            if not 1 <= len(order.rows) <= limits.LIST_ROWS:
                raise MessageOverLimit(f"{len(order.rows)} rows, 1 to {limits.LIST_ROWS} are allowed")
            return _interactive(
                {
                    "type": "list",
                    "body": {"text": fits("body", order.body, limits.BODY)},
                    "action": {
                        "button": fits("list button", order.button, limits.LIST_BUTTON),
                        "sections": [{"rows": [_row(row) for row in order.rows]}],
                    },
                }
            )
        case SendLink():
            parameters = {"display_text": fits("link label", order.label, limits.LINK_LABEL), "url": order.url}
            return _interactive(
                {
                    "type": "cta_url",
                    "body": {"text": fits("body", order.body, limits.BODY)},
                    "action": {"name": "cta_url", "parameters": parameters},
                }
            )
        case SendFlow():
            # The form asks our endpoint for its first screen (reference: whatsapp 2.1).
            parameters = {
                "flow_message_version": "3",
                "flow_id": order.flow_id,
                "flow_token": fits("flow token", order.token, limits.FLOW_TOKEN),
                "flow_cta": fits("flow label", order.label, limits.FLOW_LABEL),
                "flow_action": "data_exchange",
            }
            return _interactive(
                {
                    "type": "flow",
                    "body": {"text": fits("body", order.body, limits.BODY)},
                    "action": {"name": "flow", "parameters": parameters},
                }
            )
        case SendTemplate():
            return _template(order)
        case _:
            assert_never(order)


def _interactive(interactive: Payload) -> Payload:
    return {"type": "interactive", "interactive": interactive}


def _button(button: Button) -> Payload:
    reply = {
        "id": fits("button id", button.id, limits.BUTTON_ID),
        "title": fits("button title", button.title, limits.BUTTON_TITLE),
    }
    return {"type": "reply", "reply": reply}


def _row(row: Button) -> Payload:
    rendered = {
        "id": fits("row id", row.id, limits.ROW_ID),
        "title": fits("row title", row.title, limits.ROW_TITLE),
    }
    if row.description:
        rendered["description"] = fits("row description", row.description, limits.ROW_DESCRIPTION)
    return rendered


def _template(order: SendTemplate) -> Payload:
    """The URL button takes what stands behind its approved address (reference: whatsapp 3.2)."""
    template: Payload = {"name": order.name, "language": {"code": order.language}}
    components: list[Payload] = []
    if order.parameters:
        parameters = [_value("template parameter", one, limits.TEMPLATE_PARAMETER) for one in order.parameters]
        components.append({"type": "body", "parameters": parameters})
    if order.url_suffix:
        suffix = _value("link suffix", order.url_suffix, limits.URL)
        components.append({"type": "button", "sub_type": "url", "index": "0", "parameters": [suffix]})
    for index, tap in enumerate(order.taps):
        # a template of ours has a link button or quick replies, never both
        parameters = [{"type": "payload", "payload": fits("template button", tap, limits.TEMPLATE_TAP)}]
        components.append({"type": "button", "sub_type": "quick_reply", "index": str(index), "parameters": parameters})
    if components:
        template["components"] = components
    return {"type": "template", "template": template}


def _value(what: str, text: str, limit: int) -> Payload:
    """A value of a template; Meta refuses line breaks, tabs and long runs of blanks in it (132012)."""
    if re.search(r"[\n\t]| {5,}", text):
        raise MessageOverLimit(f"{what} has line breaks, tabs or more than four blanks in a row")
    return {"type": "text", "text": fits(what, text, limit)}
