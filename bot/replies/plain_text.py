"""An order of the chat lane as a person would read it: in the transcript, as a draft, in the API."""

from typing import assert_never

from bot.domain.commands import ChatCommand, SendButtons, SendFlow, SendLink, SendList, SendTemplate, SendText
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
