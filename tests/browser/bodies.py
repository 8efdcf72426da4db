"""Payloads for `/messages` as a backend would send them."""

from typing import Any

Json = dict[str, Any]


def text(body: str, **more: Any) -> Json:
    """A text."""
    return {"type": "text", "text": {"body": body}, **more}


def buttons(body: str, *titles: str, **more: Any) -> Json:
    """A question with reply buttons."""
    rows = [{"type": "reply", "reply": {"id": f"id-{title}", "title": title}} for title in titles]
    return _interactive({"type": "button", "body": {"text": body}, "action": {"buttons": rows}, **more})


def listing(body: str, button: str, **sections: list[tuple[str, str]]) -> Json:
    """A list of `title → [(row, description), …]`."""
    shown = [
        {"title": title, "rows": [{"id": f"row-{row}", "title": row, "description": words} for row, words in rows]}
        for title, rows in sections.items()
    ]
    return _interactive({"type": "list", "body": {"text": body}, "action": {"button": button, "sections": shown}})


def link(body: str, title: str, url: str) -> Json:
    """A button with a link."""
    action = {"name": "cta_url", "parameters": {"display_text": title, "url": url}}
    return _interactive({"type": "cta_url", "body": {"text": body}, "action": action})


def form(body: str, title: str, flow_id: str, **parameters: Any) -> Json:
    """A button that opens a form."""
    known = {"flow_message_version": "3", "flow_id": flow_id, "flow_cta": title, "flow_token": "token-1"}
    action = {"name": "flow", "parameters": {**known, **parameters}}
    return _interactive({"type": "flow", "body": {"text": body}, "action": action})


def location_request(body: str) -> Json:
    """A button that asks for a place."""
    return _interactive(
        {"type": "location_request_message", "body": {"text": body}, "action": {"name": "send_location"}}
    )


def place(name: str, address: str) -> Json:
    """A place in Jakarta."""
    point = {"latitude": -6.2, "longitude": 106.8, "name": name, "address": address}
    return {"type": "location", "location": point}


def document(media_id: str, filename: str) -> Json:
    """An uploaded document."""
    return {"type": "document", "document": {"id": media_id, "filename": filename}}


def image(media_id: str, caption: str = "") -> Json:
    """An uploaded picture."""
    return {"type": "image", "image": {"id": media_id, "caption": caption}}


def reaction(message_id: str, emoji: str) -> Json:
    """A reaction to what the customer said."""
    return {"type": "reaction", "reaction": {"message_id": message_id, "emoji": emoji}}


def template(name: str, language: str = "en_US") -> Json:
    """A template without values."""
    return {"type": "template", "template": {"name": name, "language": {"code": language}}}


def _interactive(content: Json) -> Json:
    return {"type": "interactive", "interactive": content}
