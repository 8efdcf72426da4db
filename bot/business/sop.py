"""The numbers of the house: how long a time is held, how many are offered, when silence counts."""

from dataclasses import dataclass, field
from typing import Annotated, Final

from pydantic import Field

from bot.business.attention import AttentionRules
from bot.business.hours import Clock, Minute
from bot.business.words import Strict

_EVENING: Final = Minute(18 * 60)
_NIGHT: Final = Minute(21 * 60)
_MORNING: Final = Minute(7 * 60)


@dataclass(frozen=True, slots=True)
class SlotRules(Strict):
    """How times are offered and held."""

    hold_minutes: Annotated[int, Field(ge=1, le=1440, description="an offered time is kept this long")] = 30
    proposal_max: Annotated[int, Field(ge=1, le=10, description="times offered at once, at most")] = 3
    proposal_min: Annotated[int, Field(ge=1, le=10, description="times offered at once, at least")] = 2
    window_days: Annotated[int, Field(ge=1, le=60, description="times offered lie in so many days")] = 7
    too_far_days: Annotated[int, Field(ge=1, le=730, description="never offered later than this")] = 60
    scarce_below: Annotated[int, Field(ge=0, le=50, description="with fewer times left on a day they are not held")] = 3


@dataclass(frozen=True, slots=True)
class WaitingListRules(Strict):
    """What is done for somebody who found no time."""

    enabled: Annotated[bool, Field(description="who finds no time may wait for one")] = True
    hold_minutes: Annotated[
        int, Field(ge=5, le=2880, description="a time that became free is kept this long for the first in line")
    ] = 120


@dataclass(frozen=True, slots=True)
class NoShowRules(Strict):
    """When somebody who did not come counts as absent."""

    check_after_minutes: Annotated[int, Field(ge=0, le=1440)] = 30
    auto_after_minutes: Annotated[int, Field(ge=0, le=1440)] = 30
    unanswered_limit: Annotated[
        int,
        Field(
            ge=0,
            le=20,
            description="who left so many questions whether they come without an answer is a no-show at the start; "
            "0 never",
        ),
    ] = 3
    correction_hours: Annotated[
        int, Field(ge=0, le=720, description="so long staff may say that they came after all; 0 never")
    ] = 24


@dataclass(frozen=True, slots=True)
class ReminderRules(Strict):
    """How reminders are sent; which there are, and when, is in `timers`."""

    resend_hours: Annotated[
        int, Field(ge=1, le=72, description="who does not answer whether they come is asked again after so many hours")
    ] = 6
    resend_max: Annotated[int, Field(ge=0, le=5, description="so often, for each reminder that asks")] = 2
    quiet_from: Annotated[
        Clock,
        Field(
            description="from this local time on nobody is reminded; the same as quiet_until: no hour is quiet",
            json_schema_extra={"default": "21:00"},
        ),
    ] = _NIGHT
    quiet_until: Annotated[
        Clock,
        Field(
            description="what is due in quiet hours goes now, or just before they begin where that is too late",
            json_schema_extra={"default": "07:00"},
        ),
    ] = _MORNING


@dataclass(frozen=True, slots=True)
class UnstableRules(Strict):
    """When a customer who moves, calls off or stays away is looked at by the house."""

    after: Annotated[
        int,
        Field(
            ge=0,
            le=50,
            description="with more of the customer's own moves, cancellations and no-shows within a year staff see "
            "them as unstable; 0 never",
        ),
    ] = 3
    ask_first: Annotated[bool, Field(description="what an unstable customer books waits for the house's yes")] = False


@dataclass(frozen=True, slots=True)
class RefundRules(Strict):
    """When money back needs a person."""

    approve_above: Annotated[
        int | None,
        Field(ge=0, description="in minor units; a larger refund leaves when a person has approved it"),
    ] = None


@dataclass(frozen=True, slots=True)
class RatingRules(Strict):
    """When customers say how it was, and what counts as good."""

    days: Annotated[
        int, Field(ge=1, le=90, description="a visit can be rated, and its rating changed, so long after its end")
    ] = 14
    good_from: Annotated[
        int, Field(ge=2, le=5, description="from this score on they get the review link; below a person looks")
    ] = 4


@dataclass(frozen=True, slots=True)
class PartnerRules(Strict):
    """How those who deliver, and the contacts of places, are told of their work."""

    digest_at: Annotated[
        Clock,
        Field(
            description="local time at which tomorrow's work is told",
            json_schema_extra={"default": "18:00"},
        ),
    ] = _EVENING
    templates_a_day: Annotated[
        int,
        Field(
            ge=1,
            le=50,
            description="so many templates one contact gets a day; the rest waits for their next word or the digest",
        ),
    ] = 4


@dataclass(frozen=True, slots=True)
class ComplaintRules(Strict):
    """How long guests may say what was wrong with a visit, and how soon the house answers."""

    days: Annotated[
        int, Field(ge=1, le=90, description="a guest may complain so long after the end; a person may open one later")
    ] = 3
    answer_hours: Annotated[
        int, Field(ge=1, le=240, description="an answer is promised within so many hours; then it is late")
    ] = 24


@dataclass(frozen=True, slots=True)
class Sop(Strict):
    """Every number a rule of the house depends on; what is left out keeps its default."""

    slot: SlotRules = field(default_factory=SlotRules)
    waiting_list: WaitingListRules = field(default_factory=WaitingListRules)
    no_show: NoShowRules = field(default_factory=NoShowRules)
    reminder: ReminderRules = field(default_factory=ReminderRules)
    unstable: UnstableRules = field(default_factory=UnstableRules)
    refund: RefundRules = field(default_factory=RefundRules)
    rating: RatingRules = field(default_factory=RatingRules)
    partner: PartnerRules = field(default_factory=PartnerRules)
    complaint: ComplaintRules = field(default_factory=ComplaintRules)
    attention: AttentionRules = field(default_factory=AttentionRules)
    abandon_days: Annotated[int, Field(ge=1, le=365, description="silence that ends an enquiry")] = 7
    write_again_days: Annotated[
        int,
        Field(
            ge=0,
            le=365,
            description="after so much silence somebody who left is asked once whether they still want it; 0 never",
        ),
    ] = 10
    follow_up_days: Annotated[
        int,
        Field(
            ge=0,
            le=365,
            description="so many days after a visit its customer is asked once whether they would like to come again; "
            "0 never",
        ),
    ] = 0
    rebook_offer: Annotated[
        bool, Field(description="offer to book again, with one button, what was called off or missed")
    ] = True
    reschedule_limit: Annotated[int, Field(ge=0, le=50, description="moves before a person looks")] = 3
    payment_retries: Annotated[
        int, Field(ge=0, le=10, description="nudges, new links and other ways to pay, together, before a person looks")
    ] = 3
    payee_change_wait_hours: Annotated[
        int, Field(ge=1, le=720, description="a changed bank account of a payee takes effect after this")
    ] = 72
    place_code_days: Annotated[
        int,
        Field(
            ge=1, le=90, description="who sends a place's code is there so long, if no stay of theirs says when it ends"
        ),
    ] = 14
    handback_hours: Annotated[int, Field(ge=1, le=168, description="an idle agent hands back")] = 12
