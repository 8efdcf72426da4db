"""Interactive payloads: buttons, lists, links, forms, requests (reference: whatsapp 3.2)."""

from simulator.whatsapp import fields, limits
from simulator.whatsapp.fields import Json
from simulator.whatsapp.values import Choice, ChoiceKind, Content, FlowOffer, Kind, Media

MEDIA_HEADERS = ("image", "video", "document")


def read_interactive(interactive: Json) -> Content:
    """The bubble an `interactive` object describes, or a refusal."""
    kind = interactive.get("type")
    if kind is None:
        raise fields.missing("interactive.type")
    readers = {
        "button": _buttons,
        "list": _list,
        "cta_url": _url,
        "flow": _flow,
        "location_request_message": _location_request,
        "request_contact_info": _contact_request,
    }
    if kind not in readers:
        raise fields.wrong("interactive.type", f"must be one of {', '.join(sorted(readers))}")
    return readers[kind](interactive)


def _body(interactive: Json) -> str:
    body = fields.section(interactive, "body", "interactive.body")
    return fields.text(body, "text", "interactive.body.text", limits.INTERACTIVE_BODY)


def _footer(interactive: Json) -> str:
    footer = fields.optional_section(interactive, "footer", "interactive.footer")
    if footer is None:
        return ""
    return fields.text(footer, "text", "interactive.footer.text", limits.INTERACTIVE_FOOTER)


def _action(interactive: Json, name: str = "") -> Json:
    action = fields.section(interactive, "action", "interactive.action")
    if name and action.get("name") != name:
        raise fields.wrong("interactive.action.name", f"must be {name}")
    return action


def _text_header(interactive: Json) -> str:
    header = fields.optional_section(interactive, "header", "interactive.header")
    if header is None:
        return ""
    if header.get("type") != "text":
        raise fields.wrong("interactive.header.type", "must be text for this interactive type")
    return fields.text(header, "text", "interactive.header.text", limits.INTERACTIVE_HEADER)


def _media_header(interactive: Json) -> Media | None:
    header = fields.optional_section(interactive, "header", "interactive.header")
    kind = header.get("type") if header else None
    if header is None or kind not in MEDIA_HEADERS:
        return None
    media = fields.section(header, kind, f"interactive.header.{kind}")
    return read_media(media, f"interactive.header.{kind}")


def read_media(media: Json, path: str) -> Media:
    """An id or a link, never both (reference: whatsapp 3.2)."""
    media_id, link = media.get("id"), media.get("link")
    if (media_id is None) == (link is None):
        raise fields.wrong(path, "exactly one of id and link is required")
    if link is not None:
        _web_address(media, "link", f"{path}.link")
    return Media(str(media_id or ""), str(link or ""), str(media.get("filename") or ""))


def _web_address(body: Json, key: str, path: str) -> str:
    address = fields.text(body, key, path, 2000)
    if not address.startswith(("https://", "http://")):
        raise fields.wrong(path, "must be a valid URL")
    return address


def _buttons(interactive: Json) -> Content:
    rows = fields.rows(_action(interactive), "buttons", "interactive.action.buttons")
    if len(rows) > limits.BUTTONS:
        raise fields.wrong("interactive.action.buttons", f"at most {limits.BUTTONS} buttons are allowed")
    choices = tuple(_button(row, index) for index, row in enumerate(rows))
    _unique([choice.title for choice in choices], "interactive.action.buttons", "title")
    _unique([choice.id for choice in choices], "interactive.action.buttons", "id")
    media = _media_header(interactive)
    return Content(
        Kind.BUTTONS,
        text=_body(interactive),
        header="" if media else _text_header(interactive),
        footer=_footer(interactive),
        choices=choices,
        media=media,
    )


def _button(row: Json, index: int) -> Choice:
    path = f"interactive.action.buttons[{index}]"
    if row.get("type") != "reply":
        raise fields.wrong(f"{path}.type", "must be reply")
    reply = fields.section(row, "reply", f"{path}.reply")
    return Choice(
        ChoiceKind.REPLY,
        fields.text(reply, "id", f"{path}.reply.id", limits.BUTTON_ID),
        fields.text(reply, "title", f"{path}.reply.title", limits.BUTTON_TITLE),
    )


def _unique(values: list[str], path: str, noun: str) -> None:
    if len(set(values)) != len(values):
        raise fields.wrong(path, f"duplicated {noun}")


def _list(interactive: Json) -> Content:
    action = _action(interactive)
    sections = fields.rows(action, "sections", "interactive.action.sections")
    if len(sections) > limits.SECTIONS:
        raise fields.wrong("interactive.action.sections", f"at most {limits.SECTIONS} sections")
    choices = tuple(
        choice
        for index, section in enumerate(sections)
        for choice in _section(section, index, needs_title=len(sections) > 1)
    )
    if len(choices) > limits.ROWS:
        raise fields.wrong("interactive.action.sections", f"total row count exceeds max allowed count: {limits.ROWS}")
    _unique([choice.id for choice in choices], "interactive.action.sections", "row id")
    return Content(
        Kind.LIST,
        text=_body(interactive),
        header=_text_header(interactive),
        footer=_footer(interactive),
        button=fields.text(action, "button", "interactive.action.button", limits.LIST_BUTTON),
        choices=choices,
    )


def _section(section: Json, index: int, *, needs_title: bool) -> tuple[Choice, ...]:
    path = f"interactive.action.sections[{index}]"
    title = fields.optional_text(section, "title", f"{path}.title", limits.SECTION_TITLE)
    if needs_title and not title:
        raise fields.missing(f"{path}.title")
    rows = fields.rows(section, "rows", f"{path}.rows")
    return tuple(_row(row, f"{path}.rows[{n}]", title) for n, row in enumerate(rows))


def _row(row: Json, path: str, section: str) -> Choice:
    return Choice(
        ChoiceKind.ROW,
        fields.text(row, "id", f"{path}.id", limits.ROW_ID),
        fields.text(row, "title", f"{path}.title", limits.ROW_TITLE),
        fields.optional_text(row, "description", f"{path}.description", limits.ROW_DESCRIPTION),
        section,
    )


def _url(interactive: Json) -> Content:
    action = _action(interactive, "cta_url")
    path = "interactive.action.parameters"
    parameters = fields.section(action, "parameters", path)
    title = fields.text(parameters, "display_text", f"{path}.display_text", limits.URL_BUTTON)
    url = _web_address(parameters, "url", f"{path}.url")
    return Content(
        Kind.CTA_URL,
        text=_body(interactive),
        header=_text_header(interactive),
        footer=_footer(interactive),
        choices=(Choice(ChoiceKind.URL, url, title, url=url),),
    )


def _flow(interactive: Json) -> Content:
    path = "interactive.action.parameters"
    parameters = fields.section(_action(interactive, "flow"), "parameters", path)
    if str(parameters.get("flow_message_version")) != "3":
        raise fields.wrong(f"{path}.flow_message_version", "must be 3")
    cta = fields.text(parameters, "flow_cta", f"{path}.flow_cta", limits.FLOW_CTA)
    offer = _offer(parameters, path)
    return Content(
        Kind.FLOW,
        text=_body(interactive),
        header=_text_header(interactive),
        footer=_footer(interactive),
        button=cta,
        choices=(Choice(ChoiceKind.FLOW, offer.id or offer.name, cta),),
        flow=offer,
    )


def _offer(parameters: Json, path: str) -> FlowOffer:
    flow_id, name = parameters.get("flow_id"), parameters.get("flow_name")
    if (flow_id is None) == (name is None):
        raise fields.wrong(path, "exactly one of flow_id and flow_name is required")
    action = parameters.get("flow_action", "navigate")
    mode = parameters.get("mode", "published")
    if action not in ("navigate", "data_exchange"):
        raise fields.wrong(f"{path}.flow_action", "must be navigate or data_exchange")
    if mode not in ("published", "draft"):
        raise fields.wrong(f"{path}.mode", "must be published or draft")
    payload = fields.optional_section(parameters, "flow_action_payload", f"{path}.flow_action_payload")
    if payload is not None and action != "navigate":
        raise fields.wrong(f"{path}.flow_action_payload", "is allowed with navigate only")
    data = (payload or {}).get("data")
    if data is not None and (not isinstance(data, dict) or not data):
        raise fields.wrong(f"{path}.flow_action_payload.data", "must be a non-empty object")
    return FlowOffer(
        id=str(flow_id or ""),
        name=str(name or ""),
        # Left out, the token is the literal "unused" (reference: whatsapp 1.3).
        token=str(parameters.get("flow_token") or "unused"),
        mode=mode,
        action=action,
        screen=str((payload or {}).get("screen") or ""),
        data=data or {},
    )


def _location_request(interactive: Json) -> Content:
    _action(interactive, "send_location")
    return Content(Kind.LOCATION_REQUEST, text=_body(interactive))


def _contact_request(interactive: Json) -> Content:
    _action(interactive, "request_contact_info")
    return Content(Kind.CONTACT_REQUEST, text=_body(interactive))
