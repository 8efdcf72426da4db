"""Approved templates: which exist, and how their values are put in (reference: whatsapp 3.2, 3.4)."""

import re
from dataclasses import dataclass

from simulator.whatsapp.errors import Refusal
from simulator.whatsapp.values import ButtonUse, Choice, ChoiceKind, Content, FlowOffer, Kind, TemplateUse

PLACEHOLDER = re.compile(r"\{\{\s*(\w+)\s*\}\}")


@dataclass(frozen=True, slots=True)
class TemplateButton:
    """A button of a template: QUICK_REPLY, URL or FLOW."""

    kind: ChoiceKind
    text: str
    url: str = ""
    flow: str = ""
    """The form's id or name, for a FLOW button."""
    flow_action: str = "navigate"
    navigate_screen: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """A template in one language, as approved."""

    name: str
    language: str
    category: str = "UTILITY"
    body: str = ""
    header: str = ""
    footer: str = ""
    buttons: tuple[TemplateButton, ...] = ()
    status: str = "APPROVED"
    id: str = ""


HELLO_WORLD = Template("hello_world", "en_US", "UTILITY", "Welcome and congratulations!", "Hello World")
"""The one template every account starts with."""


def filled(template: Template | None, use: TemplateUse) -> Content:
    """The bubble a template makes with these values; raises `Refusal` with 132000 to 132016."""
    if template is None or template.status == "PENDING":
        raise Refusal(132001, f"template name ({use.name}) does not exist in {use.language}")
    if template.status == "PAUSED":
        raise Refusal(132015, f"template {use.name} is paused")
    if template.status != "APPROVED":
        raise Refusal(132016, f"template {use.name} is disabled")
    return Content(
        Kind.TEMPLATE,
        text=_put(template.body, use.body, "body"),
        header=_put(template.header, use.header, "header"),
        footer=template.footer,
        choices=_choices(template, use),
        template=use,
        flow=_offer(template, use),
    )


def _put(words: str, values: tuple[str, ...], part: str) -> str:
    names = list(dict.fromkeys(PLACEHOLDER.findall(words)))
    if len(names) != len(values):
        raise Refusal(
            132000,
            f"{part}: number of localizable_params ({len(values)}) does not match "
            f"the expected number of params ({len(names)})",
        )
    by_name = dict(zip(names, values, strict=True))
    return PLACEHOLDER.sub(lambda found: by_name[found.group(1)], words)


def _choices(template: Template, use: TemplateUse) -> tuple[Choice, ...]:
    values = {given.index: given.value for given in use.buttons}
    if any(index >= len(template.buttons) for index in values):
        raise Refusal(132000, "buttons: more button parameters than the template has buttons")
    return tuple(_choice(button, values.get(index, "")) for index, button in enumerate(template.buttons))


def _offer(template: Template, use: TemplateUse) -> FlowOffer | None:
    """The form behind the template's FLOW button, with the token and the data the message gave it."""
    given = {one.index: one for one in use.buttons}
    for index, button in enumerate(template.buttons):
        if button.kind is ChoiceKind.FLOW and button.flow:
            own = given.get(index, ButtonUse(index, ""))
            return FlowOffer(
                button.flow,
                token=own.value or "unused",
                action=button.flow_action,
                screen=button.navigate_screen,
                data=own.data,
            )
    return None


def _choice(button: TemplateButton, value: str) -> Choice:
    if button.kind is not ChoiceKind.URL:
        return Choice(button.kind, value or button.text, button.text)
    if PLACEHOLDER.search(button.url) and not value:
        raise Refusal(131008, "buttons: a button of type url requires a parameter")
    url = PLACEHOLDER.sub(lambda _: value, button.url)
    return Choice(button.kind, url, button.text, url=url)
