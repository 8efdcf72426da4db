"""Frozen values to bytes and back: the stored form of leads, orders and understandings.

Stored shapes are a schema: a `kind` never changes meaning and new fields have defaults. A kind this version does not
know is UnknownKind: the caller parks it, it is never guessed.
"""

from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from bot.domain.commands import (
    ChatCommand,
    Command,
    Lane,
    MoneyCommand,
    RecordCommand,
    SlotCommand,
    UnknownCommand,
)
from bot.domain.lead import Lead
from bot.domain.partner import Partner
from bot.domain.partner_orders import PartnerOrder
from bot.domain.task import ShownJob
from intents.said import Answer
from intents.understanding import Understanding

_Stored = ChatCommand | SlotCommand | MoneyCommand | RecordCommand | PartnerOrder

_ORDERS: TypeAdapter[_Stored] = TypeAdapter(Annotated[_Stored, Field(discriminator="kind")])
_LEADS: TypeAdapter[Lead] = TypeAdapter(Lead)
_PARTNERS: TypeAdapter[Partner] = TypeAdapter(Partner)
_SHOWN_JOBS: TypeAdapter[ShownJob] = TypeAdapter(ShownJob)
_UNDERSTANDINGS: TypeAdapter[Understanding] = TypeAdapter(Understanding)
_ANSWERS: TypeAdapter[Answer] = TypeAdapter(Answer)


class UnknownKind(Exception):
    """Stored by another version in a shape this one does not know."""


def pack_order(order: Command) -> bytes:
    """An order as bytes; one we could not read is kept as it was found."""
    if isinstance(order, UnknownCommand):
        return order.packed
    return _ORDERS.dump_json(order, by_alias=True)


def unpack_order(packed: bytes, kind: str, lane: Lane) -> Command:
    """The order those bytes hold, or `UnknownCommand` when another version wrote a kind we do not know."""
    try:
        return _ORDERS.validate_json(packed)
    except ValidationError:
        return UnknownCommand(kind, lane, packed)


def pack_lead(lead: Lead) -> bytes:
    """A lead as bytes."""
    return _LEADS.dump_json(lead, by_alias=True)


def unpack_lead(packed: bytes) -> Lead:
    """The lead those bytes hold, or UnknownKind."""
    try:
        return _LEADS.validate_json(packed)
    except ValidationError as error:
        raise UnknownKind(f"lead: {error.error_count()} problems") from None


def pack_partner(partner: Partner) -> bytes:
    """A partner as bytes."""
    return _PARTNERS.dump_json(partner, by_alias=True)


def unpack_partner(packed: bytes) -> Partner:
    """The partner those bytes hold, or UnknownKind."""
    try:
        return _PARTNERS.validate_json(packed)
    except ValidationError as error:
        raise UnknownKind(f"partner: {error.error_count()} problems") from None


def pack_shown_job(shown: ShownJob) -> bytes:
    """What somebody was told of a job, as bytes."""
    return _SHOWN_JOBS.dump_json(shown)


def unpack_shown_job(packed: bytes) -> ShownJob:
    """What those bytes hold, or UnknownKind."""
    try:
        return _SHOWN_JOBS.validate_json(packed)
    except ValidationError as error:
        raise UnknownKind(f"shown job: {error.error_count()} problems") from None


def pack_understanding(understanding: Understanding) -> bytes:
    """An understanding as bytes."""
    return _UNDERSTANDINGS.dump_json(understanding, by_alias=True)


def unpack_understanding(packed: bytes) -> Understanding:
    """The understanding those bytes hold, or UnknownKind."""
    try:
        return _UNDERSTANDINGS.validate_json(packed)
    except ValidationError as error:
        raise UnknownKind(f"understanding: {error.error_count()} problems") from None


def pack_answer(answer: Answer) -> bytes:
    """What a model was asked and said, as bytes."""
    return _ANSWERS.dump_json(answer, by_alias=True)


def unpack_answer(packed: bytes) -> Answer:
    """What a model was asked and said, or UnknownKind."""
    try:
        return _ANSWERS.validate_json(packed)
    except ValidationError as error:
        raise UnknownKind(f"answer: {error.error_count()} problems") from None
