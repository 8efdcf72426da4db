"""Whether an order of the chat lane is short enough for WhatsApp, as far as its words decide it."""

from typing import assert_never

from bot.domain import message_limits as limits
from bot.domain.commands import Button, ChatCommand, SendButtons, SendFlow, SendLink, SendList, SendTemplate, SendText


def fits(order: ChatCommand) -> bool:
    """Whether it can leave as it is; no two buttons read alike, nothing is empty."""
    match order:
        case SendText(body=body):
            return _fits(body, limits.TEXT)
        case SendButtons(body=body, buttons=buttons):
            titles = {button.title for button in buttons}
            return (
                _fits(body, limits.BODY)
                and len(titles) == len(buttons)
                and all(_fits(title, limits.BUTTON_TITLE) for title in titles)
            )
        case SendList(body=body, button=label, rows=rows):
            return _fits(body, limits.BODY) and _fits(label, limits.LIST_BUTTON) and all(map(_row_fits, rows))
        case SendLink(body=body, label=label):
            return _fits(body, limits.BODY) and _fits(label, limits.LINK_LABEL)
        case SendFlow(body=body, label=label):
            return _fits(body, limits.BODY) and _fits(label, limits.FLOW_LABEL)
        case SendTemplate(parameters=parameters):
            return all(_fits(value, limits.TEMPLATE_PARAMETER) for value in parameters)
        case _:
            assert_never(order)


def _row_fits(row: Button) -> bool:
    return _fits(row.title, limits.ROW_TITLE) and len(row.description) <= limits.ROW_DESCRIPTION


def _fits(text: str, limit: int) -> bool:
    return bool(text.strip()) and len(text) <= limit
