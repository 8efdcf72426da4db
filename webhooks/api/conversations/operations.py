"""The routes of leads and conversations, declared."""

from typing import Final

from webhooks.api.conversations.models import (
    Epoch,
    HandingBack,
    InboxQuery,
    LeadList,
    LeadPath,
    LeadShown,
    LeadsQuery,
    MessagePath,
    NewMessage,
    NumberConfirmed,
    Queued,
    TakeoverShown,
    TakingOver,
    TranscriptQuery,
    TranscriptShown,
    UnderstandingShown,
)
from webhooks.edge.models import Nothing
from webhooks.edge.operations import Method, Operation, Tag

UNKNOWN: Final = "There is no such conversation."

FIND: Final = Operation(
    Method.GET,
    "/leads",
    Tag.CONVERSATIONS,
    "The lead of a phone number or a user id: none or one",
    {200: LeadList},
    Nothing,
    LeadsQuery,
    Nothing,
)
SHOW: Final = Operation(
    Method.GET,
    "/leads/{lead_id}",
    Tag.CONVERSATIONS,
    "One lead",
    {200: LeadShown},
    LeadPath,
    Nothing,
    Nothing,
    {404: UNKNOWN},
)
INBOX: Final = Operation(
    Method.GET,
    "/conversations",
    Tag.CONVERSATIONS,
    "The inbox, the last customer's word first",
    {200: LeadList},
    Nothing,
    InboxQuery,
    Nothing,
)
MESSAGES: Final = Operation(
    Method.GET,
    "/conversations/{lead_id}/messages",
    Tag.CONVERSATIONS,
    "The transcript, oldest first, with the drafts that wait for a person",
    {200: TranscriptShown},
    LeadPath,
    TranscriptQuery,
    Nothing,
    {404: UNKNOWN},
)
UNDERSTANDING: Final = Operation(
    Method.GET,
    "/conversations/{lead_id}/messages/{message_id:path}/understanding",
    Tag.CONVERSATIONS,
    "How a message was understood, and what a model was asked and said about it",
    {200: UnderstandingShown},
    MessagePath,
    Nothing,
    Nothing,
    {404: "No such message, or it is too old, or it came with others as one."},
)
SEND: Final = Operation(
    Method.POST,
    "/conversations/{lead_id}/messages",
    Tag.CONVERSATIONS,
    "A person's words, sent once; take the conversation over first",
    {202: Queued},
    LeadPath,
    Nothing,
    NewMessage,
    {
        404: UNKNOWN,
        409: "The bot is in charge, the window is closed, or somebody wrote since what was `seen`.",
    },
)
TAKE_OVER: Final = Operation(
    Method.POST,
    "/conversations/{lead_id}/takeover",
    Tag.CONVERSATIONS,
    "The conversation is the caller's; from this answer on no bot message is handed to Meta",
    {200: TakeoverShown},
    LeadPath,
    Nothing,
    TakingOver,
    {404: UNKNOWN, 409: "A colleague has it; the sentence says who."},
)
RELEASE: Final = Operation(
    Method.POST,
    "/conversations/{lead_id}/release",
    Tag.CONVERSATIONS,
    "The conversation is the bot's again",
    {200: Epoch},
    LeadPath,
    Nothing,
    HandingBack,
    {404: UNKNOWN},
)
CONFIRM_NUMBER: Final = Operation(
    Method.POST,
    "/conversations/{lead_id}/confirm-number",
    Tag.CONVERSATIONS,
    "This partner's number is right, whoever has it in WhatsApp now; the alarm `partner_number` closes",
    {200: NumberConfirmed},
    LeadPath,
    Nothing,
    Nothing,
    {404: "There is no such partner.", 409: "Nobody doubts it, or the business file does not have it."},
)

OPERATIONS: Final = (FIND, SHOW, INBOX, MESSAGES, UNDERSTANDING, SEND, TAKE_OVER, RELEASE, CONFIRM_NUMBER)
