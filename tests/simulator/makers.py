"""Payloads for `/messages`, right as they are."""

from typing import Any

Json = dict[str, Any]


def buttons(*titles: str, body: str = "Which one?", **more: Any) -> Json:
    """A message with reply buttons whose ids are `id-<title>`."""
    rows = [{"type": "reply", "reply": {"id": f"id-{title}"[:256], "title": title}} for title in titles]
    action = {"buttons": rows}
    return interactive({"type": "button", "body": {"text": body}, "action": action, **more})


def rows(count: int, **more: Any) -> list[Json]:
    """List rows with ids of their own."""
    return [{"id": f"row-{n}", "title": f"Row {n}", "description": "60 min", **more} for n in range(count)]


def listing(*sections: Json, button: str = "Choose") -> Json:
    """A list message."""
    action = {"button": button, "sections": list(sections)}
    return interactive({"type": "list", "body": {"text": "Our services"}, "action": action})


def section(count: int = 2, start: int = 0, **more: Any) -> Json:
    """A section of a list."""
    return {"title": "Massages", "rows": rows(start + count)[start:], **more}


def link(url: str = "https://pay.example/1", title: str = "Pay") -> Json:
    """A link button."""
    action = {"name": "cta_url", "parameters": {"display_text": title, "url": url}}
    return interactive({"type": "cta_url", "body": {"text": "Please pay"}, "action": action})


def form(**parameters: Any) -> Json:
    """A flow message."""
    known = {"flow_message_version": "3", "flow_id": "77", "flow_cta": "Book", "flow_token": "token-1"}
    kept = {key: value for key, value in {**known, **parameters}.items() if value is not None}
    action = {"name": "flow", "parameters": kept}
    return interactive({"type": "flow", "body": {"text": "Book here"}, "action": action})


def interactive(content: Json) -> Json:
    """An interactive message to be addressed."""
    return {"type": "interactive", "interactive": content}


def template(name: str, *values: str, language: str = "en") -> Json:
    """A template message with body values."""
    parameters = [{"type": "text", "text": value} for value in values]
    components = [{"type": "body", "parameters": parameters}] if values else []
    return {
        "type": "template",
        "template": {"name": name, "language": {"code": language}, "components": components},
    }
