"""The routes of the inbox, declared."""

from typing import Any, Final

from webhooks.api.conversations.models import LeadPath, Queued
from webhooks.api.conversations.operations import UNKNOWN
from webhooks.api.inbox import models
from webhooks.edge.models import Nothing
from webhooks.edge.operations import Method, Operation, Tag

_GET, _POST, _DELETE, _INBOX = Method.GET, Method.POST, Method.DELETE, Tag.INBOX
_OF: Final = "/conversations/{lead_id}"

ROWS: Final = Operation(
    _GET,
    "/inbox",
    _INBOX,
    "A part of the inbox, as rows",
    {200: models.InboxRows},
    Nothing,
    models.InboxRowsQuery,
    Nothing,
)
COUNTS: Final = Operation(
    _GET, "/inbox/counts", _INBOX, "How many there are", {200: models.InboxCounts}, Nothing, models.CountsQuery, Nothing
)
SEARCH: Final = Operation(
    _GET,
    "/search",
    _INBOX,
    "By reference, number, name, amount, day or words; marks and case do not matter",
    {200: models.FoundList},
    Nothing,
    models.SearchQuery,
    Nothing,
)
MENTIONS: Final = Operation(
    _GET, "/mentions", _INBOX, "Notes that call me", {200: models.MentionList}, Nothing, models.MentionsQuery, Nothing
)
ON_DUTY: Final = Operation(
    _GET, "/availability", _INBOX, "Who is on duty", {200: models.AvailabilityList}, Nothing, Nothing, Nothing
)
SAY_DUTY: Final = Operation(
    _POST,
    "/availability",
    _INBOX,
    "I am on duty, or off: then what waits for me is in the queue again",
    {200: models.AvailabilityShown},
    Nothing,
    Nothing,
    models.OnDuty,
)
ENTRY: Final = Operation(
    _GET,
    f"{_OF}/inbox",
    _INBOX,
    "A conversation's row with its drafts and what is planned",
    {200: models.InboxEntryShown},
    LeadPath,
    Nothing,
    Nothing,
    {404: UNKNOWN},
)
READ: Final = Operation(
    _POST,
    f"{_OF}/read",
    _INBOX,
    "I have seen it",
    {200: models.ConversationNamed},
    LeadPath,
    Nothing,
    models.Reading,
    {404: UNKNOWN},
)
DRAFT: Final = Operation(
    _POST,
    f"{_OF}/drafts",
    _INBOX,
    "What I am writing: one draft a conversation and kind",
    {200: models.DraftKept},
    LeadPath,
    Nothing,
    models.DraftWritten,
    {404: UNKNOWN, 409: "Somebody saved another one meanwhile; the sentence says who. Read it and save again."},
)
NOTE: Final = Operation(
    _POST,
    f"{_OF}/notes",
    _INBOX,
    "A line among the staff; it is never sent",
    {201: models.NoteKept},
    LeadPath,
    Nothing,
    models.NewNote,
    {404: UNKNOWN},
)
ASSIGN: Final = Operation(
    _POST,
    f"{_OF}/assign",
    _INBOX,
    "It is that person's; null: it is in the queue",
    {200: models.ConversationNamed},
    LeadPath,
    Nothing,
    models.Assignment,
    {404: UNKNOWN},
)
SNOOZE: Final = Operation(
    _POST,
    f"{_OF}/snooze",
    _INBOX,
    "Put it off until a time, until paid, until two hours before its booking, or until answered",
    {200: models.ConversationNamed},
    LeadPath,
    Nothing,
    models.Snoozing,
    {404: UNKNOWN, 409: "That has happened already, or there is no such booking."},
)
WAKE: Final = Operation(
    _DELETE,
    f"{_OF}/snooze",
    _INBOX,
    "Take it up again",
    {200: models.ConversationNamed},
    LeadPath,
    Nothing,
    Nothing,
    {404: UNKNOWN},
)
PLAN: Final = Operation(
    _POST,
    f"{_OF}/later",
    _INBOX,
    "Words that go at a time, if the window is open then; otherwise a person sees them again",
    {201: models.LaterShown},
    LeadPath,
    Nothing,
    models.LaterWritten,
    {404: UNKNOWN, 409: "The bot is in charge, the time has passed, no such booking, or too many are planned."},
)
DROP: Final = Operation(
    _DELETE,
    f"{_OF}/later/{{later_id}}",
    _INBOX,
    "It does not go; the alarm of one that could not go closes",
    {200: models.ConversationNamed},
    models.LaterPath,
    Nothing,
    Nothing,
    {404: "There is no such conversation, or no such message in it."},
)
LOOK: Final = Operation(
    _POST,
    f"{_OF}/presence",
    _INBOX,
    "I look at it for the next 20 seconds, or type",
    {200: models.ConversationNamed},
    LeadPath,
    Nothing,
    models.LookingAt,
    {404: UNKNOWN},
)
LEAVE: Final = Operation(
    _DELETE,
    f"{_OF}/presence",
    _INBOX,
    "I look at something else",
    {200: models.ConversationNamed},
    LeadPath,
    Nothing,
    Nothing,
)
REPLIES: Final = Operation(
    _GET,
    f"{_OF}/replies",
    _INBOX,
    "The house's ready words, filled for this customer in their language",
    {200: models.CannedList},
    LeadPath,
    Nothing,
    Nothing,
    {404: UNKNOWN},
)
TEMPLATES: Final = Operation(
    _GET,
    f"{_OF}/templates",
    _INBOX,
    "The templates that fit now, as the customer will read them, with what they cost",
    {200: models.TemplateList},
    LeadPath,
    Nothing,
    Nothing,
    {404: UNKNOWN},
)
SEND_TEMPLATE: Final = Operation(
    _POST,
    f"{_OF}/templates",
    _INBOX,
    "Send one of them",
    {202: Queued},
    LeadPath,
    Nothing,
    models.TemplateChosen,
    {404: UNKNOWN, 409: "The bot is in charge, it does not fit any more, or somebody wrote since what was `seen`."},
)
RETRY: Final = Operation(
    _POST,
    f"{_OF}/messages/{{message_id:path}}/retry",
    _INBOX,
    "Send a failed message once more, under an id of its own; made twice it is one message",
    {202: Queued},
    models.LinePath,
    Nothing,
    Nothing,
    {404: "There is no such message.", 409: "It has not failed, the bot is in charge, or the window is closed."},
)

OPERATIONS: Final[tuple[Operation[Any, Any, Any], ...]] = (
    ROWS,
    COUNTS,
    SEARCH,
    MENTIONS,
    ON_DUTY,
    SAY_DUTY,
    ENTRY,
    READ,
    DRAFT,
    NOTE,
    ASSIGN,
    SNOOZE,
    WAKE,
    PLAN,
    DROP,
    LOOK,
    LEAVE,
    REPLIES,
    TEMPLATES,
    SEND_TEMPLATE,
    RETRY,
)
