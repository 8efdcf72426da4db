"""An order of the chat lane as a person would read it: in the transcript, as a draft, in the API."""

from dataclasses import replace
from typing import assert_never

from bot.domain.commands import ChatCommand, SendButtons, SendFlow, SendLink, SendList, SendTemplate, SendText
from bot.domain.contents import Bubble, ContactCards, FormSent, Location, Media, Order, Other, Reaction, Tap, Text
from bot.replies import notices


def as_text(order: ChatCommand) -> str:
    """What a person would read: for transcript and drafts."""
    match order:
        case SendText(body=body):
            return body
        case SendButtons(body=body, buttons=buttons):
            return "\n".join([body, *(f"[{button.title}]" for button in buttons)])
        case SendList(body=body, rows=rows):
            return "\n".join([body, *(f"• {row.title} {row.description}".rstrip() for row in rows)])
        case SendLink(body=body, label=label, url=url):
            return f"{body}\n[{label}] {url}"
        case SendFlow(body=body, label=label):
            return f"{body}\n[{label}]"
        case SendTemplate():
            return notices.as_text(order)
        case _:
            assert_never(order)


def transcript_text(bubble: Bubble) -> str:
    """A bubble as one line of the transcript."""
    if bubble.replaces is not None:
        return f"(edited) {transcript_text(replace(bubble, replaces=None))}"
    match bubble.content:
        case Text(body=body):
            return body
        case Order(items=items, text=text):
            lines = [f"{item.quantity} × {item.product}" for item in items]
            return "\n".join(filter(None, [f"(order) {', '.join(lines)}".strip(), text]))
        case ContactCards(cards=cards):
            shown = [" ".join(filter(None, [name, *phones])) for name, phones in cards]
            return f"(contact) {', '.join(shown)}".strip()
        case Tap(title=title):
            return f"[{title}]"
        case Media(what=what, caption=caption, transcript=transcript):
            return f"({what}) {transcript or caption or ''}".strip()
        case Location(name=name):
            return f"(location) {name or ''}".strip()
        case Reaction(emoji=emoji):
            return f"(reaction) {emoji or 'taken back'}"
        case FormSent():
            return "(form)"
        case Other(type=kind):
            return f"({kind})"
