"""A call to `/messages`, read as Meta reads it (reference: whatsapp 3.1, 3.2)."""

import re
from collections.abc import Callable

from simulator.whatsapp import fields, limits
from simulator.whatsapp.errors import Refusal
from simulator.whatsapp.fields import Json
from simulator.whatsapp.interactive import read_interactive, read_media
from simulator.whatsapp.values import (
    BSUID,
    Address,
    ButtonUse,
    Content,
    Kind,
    Mark,
    Outgoing,
    Place,
    TemplateUse,
)

PHONE = re.compile(r"\+?[0-9][0-9 ()\-.]{4,24}")


def read_call(body: object) -> Outgoing | Mark:
    """What the caller wants sent or marked; raises `Refusal`."""
    if not isinstance(body, dict):
        raise Refusal(100, "The request body must be a JSON object")
    if body.get("messaging_product") != "whatsapp":
        raise Refusal(100, "The parameter messaging_product is required and must be whatsapp")
    if "status" in body:
        return _mark(body)
    return Outgoing(_address(body), _content(body), _quotes(body), _callback_data(body))


def _mark(body: Json) -> Mark:
    if body.get("status") != "read":
        raise fields.wrong("status", "must be read")
    indicator = fields.optional_section(body, "typing_indicator", "typing_indicator")
    if indicator is not None and indicator.get("type") != "text":
        raise fields.wrong("typing_indicator.type", "must be text")
    return Mark(fields.text(body, "message_id", "message_id", 512), indicator is not None)


def _address(body: Json) -> Address:
    if body.get("recipient_type", "individual") != "individual":
        raise fields.wrong("recipient_type", "must be individual")
    to, recipient = body.get("to"), body.get("recipient")
    if not to and not recipient:
        raise Refusal(100, "The parameter to or recipient is required")
    if to and not (isinstance(to, str) and (PHONE.fullmatch(to) or BSUID.fullmatch(to))):
        raise fields.wrong("to", "is not a phone number")
    if recipient and not (isinstance(recipient, str) and BSUID.fullmatch(recipient)):
        raise fields.wrong("recipient", "is not a business-scoped user ID")
    return Address(to or "", recipient or "")


def _quotes(body: Json) -> str:
    context = fields.optional_section(body, "context", "context")
    return "" if context is None else fields.text(context, "message_id", "context.message_id", 512)


def _callback_data(body: Json) -> str:
    return fields.optional_text(body, "biz_opaque_callback_data", "biz_opaque_callback_data", limits.CALLBACK_DATA)


def _content(body: Json) -> Content:
    kind = body.get("type", "text")
    readers: dict[str, Callable[[Json], Content]] = {
        "text": _text,
        "interactive": read_interactive,
        "location": _location,
        "reaction": _reaction,
        "template": _template,
        "image": _Captioned(Kind.IMAGE),
        "video": _Captioned(Kind.VIDEO),
        "document": _Captioned(Kind.DOCUMENT),
        "audio": _Captioned(Kind.AUDIO),
        "sticker": _Captioned(Kind.STICKER),
    }
    if kind == "contacts":
        return _contacts(body)
    if not isinstance(kind, str) or kind not in readers:
        raise Refusal(131051, f"Unsupported message type: {kind}")
    return readers[kind](fields.section(body, kind, kind))


def _text(text: Json) -> Content:
    return Content(Kind.TEXT, text=fields.text(text, "body", "text.body", limits.TEXT_BODY))


class _Captioned:
    """A reader of one kind of media."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind

    def __call__(self, media: Json) -> Content:
        if media.get("caption") is not None and self.kind in (Kind.AUDIO, Kind.STICKER):
            raise fields.wrong(f"{self.kind}.caption", "is not allowed for this type")
        if media.get("filename") is not None and self.kind is not Kind.DOCUMENT:
            raise fields.wrong(f"{self.kind}.filename", "is allowed for documents only")
        caption = fields.optional_text(media, "caption", f"{self.kind}.caption", limits.CAPTION)
        return Content(self.kind, text=caption, media=read_media(media, self.kind))


def _location(place: Json) -> Content:
    found = Place(
        fields.number(place, "latitude", "location.latitude", -90, 90),
        fields.number(place, "longitude", "location.longitude", -180, 180),
        str(place.get("name") or ""),
        str(place.get("address") or ""),
    )
    return Content(Kind.LOCATION, text=found.name, place=found)


def _contacts(body: Json) -> Content:
    names = [
        fields.text(
            fields.section(row, "name", "contacts.name"),
            "formatted_name",
            "contacts.name.formatted_name",
            256,
        )
        for row in fields.rows(body, "contacts", "contacts")
    ]
    return Content(Kind.CONTACTS, text=", ".join(names))


def _reaction(reaction: Json) -> Content:
    emoji = reaction.get("emoji")
    if not isinstance(emoji, str):
        raise fields.missing("reaction.emoji")
    message_id = fields.text(reaction, "message_id", "reaction.message_id", 512)
    return Content(Kind.REACTION, text=emoji, reacts_to=message_id)


def _template(template: Json) -> Content:
    language = fields.section(template, "language", "template.language")
    components = template.get("components", [])
    if not isinstance(components, list) or not all(isinstance(part, dict) for part in components):
        raise fields.wrong("template.components", "must be an array of objects")
    use = TemplateUse(
        fields.text(template, "name", "template.name", 512),
        fields.text(language, "code", "template.language.code", 16),
        _parameters(components, "body"),
        _parameters(components, "header"),
        tuple(_button(part) for part in components if _named(part) == "button"),
    )
    return Content(Kind.TEMPLATE, template=use)


def _named(component: Json) -> str:
    return str(component.get("type", "")).lower()


def _parameters(components: list[Json], name: str) -> tuple[str, ...]:
    found = [part for part in components if _named(part) == name]
    if not found:
        return ()
    parameters = found[0].get("parameters", [])
    if not isinstance(parameters, list):
        raise fields.wrong("template.components.parameters", "must be an array")
    return tuple(_parameter(parameter) for parameter in parameters)


def _parameter(parameter: object) -> str:
    if not isinstance(parameter, dict) or "type" not in parameter:
        raise fields.missing("template.components.parameters.type")
    if parameter["type"] != "text":
        return str(parameter["type"])
    value = parameter.get("text")
    if not isinstance(value, str) or not value:
        raise Refusal(132012, "template parameter of type text needs a non-empty text")
    # Line breaks, tabs and long runs of blanks are refused by policy.
    if re.search(r"[\n\t]| {5,}", value):
        raise Refusal(132012, "Param text cannot have new-line/tab characters or more than 4 spaces")
    return value


def _button(component: Json) -> ButtonUse:
    kind = str(component.get("sub_type", "")).lower()
    try:
        index = int(component.get("index", ""))
    except ValueError:
        raise fields.wrong("template.components.index", "must be a number") from None
    if kind not in ("url", "quick_reply", "flow", "copy_code"):
        raise fields.wrong("template.components.sub_type", "is not a known button type")
    parameters = component.get("parameters")
    first = parameters[0] if isinstance(parameters, list) and parameters else {}
    if not isinstance(first, dict):
        raise fields.wrong("template.components.parameters", "must be an array of objects")
    if kind == "flow":
        return _form_button(index, first)
    return ButtonUse(index, str(first.get("payload") or first.get("text") or ""))


def _form_button(index: int, parameter: Json) -> ButtonUse:
    path = "template.components.parameters.action"
    action = fields.optional_section(parameter, "action", path)
    data = fields.optional_section(action or {}, "flow_action_data", f"{path}.flow_action_data")
    return ButtonUse(index, str((action or {}).get("flow_token") or "unused"), dict(data or {}))
