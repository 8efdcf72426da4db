"""Orders become the payloads of the reference, and what WhatsApp would refuse is refused before it leaves."""

from dataclasses import replace

import pytest

from bot.adapters.whatsapp import render
from bot.domain import message_limits as limits
from bot.domain.commands import Button, ChatCommand, SendButtons, SendLink, SendList, SendTemplate, SendText
from bot.domain.lead import Address
from bot.domain.message_limits import MessageOverLimit
from bot.engine.channel import NotDeliverable
from bot.replies.plain_text import as_text

PHONE = Address(wa_id="6281234567890")
HIDDEN = Address(user_id="ID.1349A")
TEXT = SendText("halo")
BUTTONS = SendButtons("Which?", (Button("a", "One"), Button("b", "Two")))
LIST = SendList("Which?", "Choose", (Button("a", "One", "the first"), Button("b", "Two")))
LINK = SendLink("Please pay", "Pay", "https://pay.example/1")
TEMPLATE = SendTemplate("reminder", "id", ("Sari", "besok"))

SHAPES: tuple[tuple[ChatCommand, dict[str, object]], ...] = (
    (TEXT, {"type": "text", "text": {"body": "halo"}}),
    (
        BUTTONS,
        {
            "type": "interactive",
            "interactive": {
                "type": "button",
                "body": {"text": "Which?"},
                "action": {
                    "buttons": [
                        {"type": "reply", "reply": {"id": "a", "title": "One"}},
                        {"type": "reply", "reply": {"id": "b", "title": "Two"}},
                    ]
                },
            },
        },
    ),
    (
        LIST,
        {
            "type": "interactive",
            "interactive": {
                "type": "list",
                "body": {"text": "Which?"},
                "action": {
                    "button": "Choose",
                    "sections": [
                        {
                            "rows": [
                                {"id": "a", "title": "One", "description": "the first"},
                                {"id": "b", "title": "Two"},
                            ]
                        }
                    ],
                },
            },
        },
    ),
    (
        LINK,
        {
            "type": "interactive",
            "interactive": {
                "type": "cta_url",
                "body": {"text": "Please pay"},
                "action": {
                    "name": "cta_url",
                    "parameters": {"display_text": "Pay", "url": "https://pay.example/1"},
                },
            },
        },
    ),
    (
        TEMPLATE,
        {
            "type": "template",
            "template": {
                "name": "reminder",
                "language": {"code": "id"},
                "components": [
                    {
                        "type": "body",
                        "parameters": [{"type": "text", "text": "Sari"}, {"type": "text", "text": "besok"}],
                    }
                ],
            },
        },
    ),
)


@pytest.mark.parametrize(("order", "shape"), SHAPES, ids=[order.kind for order, _ in SHAPES])
def test_each_kind_has_the_shape_of_the_reference(order: ChatCommand, shape: dict[str, object]) -> None:
    envelope = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": "6281234567890",
        "biz_opaque_callback_data": "lead|effect:0",
    }
    assert render.message(order, PHONE, "lead|effect:0") == envelope | shape


def test_the_number_wins_when_both_are_known() -> None:
    payload = render.message(TEXT, PHONE.updated(HIDDEN), "x")
    assert payload["to"] == "6281234567890"
    assert "recipient" not in payload


def test_a_user_id_goes_to_recipient_and_never_to_the_number() -> None:
    payload = render.message(TEXT, HIDDEN, "x")
    assert payload["recipient"] == "ID.1349A"
    assert "to" not in payload


def test_without_an_address_nothing_is_rendered() -> None:
    with pytest.raises(NotDeliverable):
        render.message(TEXT, Address(), "x")


AT_THE_LIMIT: dict[str, ChatCommand] = {
    "text": SendText("x" * limits.TEXT),
    "body": replace(BUTTONS, body="x" * limits.BODY),
    "button title": replace(BUTTONS, buttons=(Button("a", "x" * limits.BUTTON_TITLE),)),
    "button id": replace(BUTTONS, buttons=(Button("x" * limits.BUTTON_ID, "a"),)),
    "rows": replace(LIST, rows=tuple(Button(str(n), str(n)) for n in range(limits.LIST_ROWS))),
    "row title": replace(LIST, rows=(Button("a", "x" * limits.ROW_TITLE),)),
    "row description": replace(LIST, rows=(Button("a", "b", "x" * limits.ROW_DESCRIPTION),)),
    "row id": replace(LIST, rows=(Button("x" * limits.ROW_ID, "b"),)),
    "list button": replace(LIST, button="x" * limits.LIST_BUTTON),
    "link label": replace(LINK, label="x" * limits.LINK_LABEL),
    "parameter": replace(TEMPLATE, parameters=("x" * limits.TEMPLATE_PARAMETER,)),
}

OVER_THE_LIMIT: dict[str, ChatCommand] = {
    "text": SendText("x" * (limits.TEXT + 1)),
    "empty text": SendText(" \n"),
    "body": replace(BUTTONS, body="x" * (limits.BODY + 1)),
    "no buttons": replace(BUTTONS, buttons=()),
    "four buttons": replace(BUTTONS, buttons=tuple(Button(str(n), str(n)) for n in range(4))),
    "twins": replace(BUTTONS, buttons=(Button("a", "Same"), Button("b", "Same"))),
    "button title": replace(BUTTONS, buttons=(Button("a", "x" * (limits.BUTTON_TITLE + 1)),)),
    "button id": replace(BUTTONS, buttons=(Button("x" * (limits.BUTTON_ID + 1), "a"),)),
    "no rows": replace(LIST, rows=()),
    "eleven rows": replace(LIST, rows=tuple(Button(str(n), str(n)) for n in range(11))),
    "row title": replace(LIST, rows=(Button("a", "x" * (limits.ROW_TITLE + 1)),)),
    "row description": replace(LIST, rows=(Button("a", "b", "x" * (limits.ROW_DESCRIPTION + 1)),)),
    "row id": replace(LIST, rows=(Button("x" * (limits.ROW_ID + 1), "b"),)),
    "list button": replace(LIST, button="x" * (limits.LIST_BUTTON + 1)),
    "link label": replace(LINK, label="x" * (limits.LINK_LABEL + 1)),
    "parameter": replace(TEMPLATE, parameters=("x" * (limits.TEMPLATE_PARAMETER + 1),)),
    "parameter of two lines": replace(TEMPLATE, parameters=("a\nb",)),
    "parameter with five blanks": replace(TEMPLATE, parameters=("a     b",)),
    "link suffix": replace(TEMPLATE, url_suffix="x" * (limits.URL + 1)),
}


@pytest.mark.parametrize("order", AT_THE_LIMIT.values(), ids=AT_THE_LIMIT)
def test_a_text_at_the_limit_passes(order: ChatCommand) -> None:
    assert render.message(order, PHONE, "x")


@pytest.mark.parametrize("order", OVER_THE_LIMIT.values(), ids=OVER_THE_LIMIT)
def test_what_whatsapp_would_refuse_is_refused_and_never_cut(order: ChatCommand) -> None:
    with pytest.raises(MessageOverLimit):
        render.message(order, PHONE, "x")


def test_callback_data_over_its_limit_is_refused() -> None:
    with pytest.raises(MessageOverLimit):
        render.message(TEXT, PHONE, "x" * (limits.CALLBACK_DATA + 1))


@pytest.mark.parametrize("order", [order for order, _ in SHAPES], ids=lambda order: order.kind)
def test_the_transcript_shows_what_a_person_would_read(order: ChatCommand) -> None:
    assert as_text(order).strip()


def test_the_read_mark_carries_the_typing_sign() -> None:
    assert render.mark_read("wamid.1") == {
        "messaging_product": "whatsapp",
        "status": "read",
        "message_id": "wamid.1",
        "typing_indicator": {"type": "text"},
    }
