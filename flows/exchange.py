"""What a form answers: one request and one session in, the next session, the reply and orders for the shell
out.

The shell's part, in its order:

1. `admit` and `parse_request`. A ping or an error notification is answered by `acknowledge`, before anything
   is loaded.
2. Load the session by the request's token (a form that is opened becomes one of the edition published now,
   `FlowSession.opened`), ask `needs`, build that view, call `decide_exchange`.
3. `Answered`: save the session by version (lost the race: load and decide again), then perform the orders,
   then reply. `PendingHold`: perform its orders in order, call `after_hold` with what came of them, and go on as
   for `Answered`.
4. `TokenExpired` is answered with 427 and `closing_body(error_msg)`, sealed like a reply.

A reply leaves only after its session is saved. So each showing of a screen has one step id, a resend finds
the stored answer, and a form is sent at most once. A form holds at most one slot, because whatever else its
hold id holds is released before it claims.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from flows.booking import SCREENS
from flows.definition import STEP
from flows.errors import TokenExpired
from flows.paths import PATHS, path_of
from flows.reply import (
    SUCCESS,
    Reply,
    acknowledgement,
    check_transition,
    ping_reply,
    screen_reply,
    success_reply,
)
from flows.request import ErrorNotification, FlowCompleted, FormOpened, FormRequest, Ping, ScreenId, WentBack
from flows.session import Answers, FlowSession, FlowToken, HoldId
from flows.view import BookingView, SlotId
from flows.words import Closing, ScreenNotice, words_in


@dataclass(frozen=True, slots=True)
class HoldSlot:
    """Claim the slot under the form's hold id; a claim it has already is renewed and counts as held."""

    slot_id: SlotId
    hold_id: HoldId


@dataclass(frozen=True, slots=True)
class ReleaseHold:
    """Let go of all that the hold id claims, but for `keeping`."""

    hold_id: HoldId
    keeping: SlotId | None = None


@dataclass(frozen=True, slots=True)
class SubmitForm:
    """The form is sent: tell the lead in the very save that says so."""

    token: FlowToken


FlowOrder = HoldSlot | ReleaseHold | SubmitForm


class HoldOutcome(StrEnum):
    """What came of a HoldSlot."""

    HELD = "held"
    TAKEN = "taken"


@dataclass(frozen=True, slots=True)
class Answered:
    """Save the session, perform the orders, seal the reply."""

    session: FlowSession
    reply: Reply
    orders: tuple[FlowOrder, ...] = ()


@dataclass(frozen=True, slots=True)
class PendingHold:
    """Perform the orders, then ask `after_hold`; the session is not to be saved yet."""

    session: FlowSession
    request: FlowCompleted
    orders: tuple[ReleaseHold, HoldSlot]


Exchange = Answered | PendingHold


def acknowledge(request: Ping | ErrorNotification) -> Reply:
    """The answer to what concerns no form; an error notification changes nothing (reference: whatsapp
    1.7)."""
    match request:
        case Ping():
            return ping_reply()
        case ErrorNotification():
            return acknowledgement()
        case _:
            assert_never(request)


def needs(session: FlowSession | None, request: FormRequest) -> Answers:
    """The picks for which the view is wanted, the request's own pick included.

    They are not judged yet: a service or time among them may not exist, and then the view simply has
    nothing for it.
    """
    if session is None:
        return Answers()
    if isinstance(request, FlowCompleted) and not session.is_repeat(request) and session.is_expecting(request):
        return SCREENS[request.screen].pick(request.payload, session.answers)
    return session.answers


def decide_exchange(session: FlowSession | None, request: FormRequest, view: BookingView, now: datetime) -> Exchange:
    """What the form answers; raises TokenExpired when it is unknown, too old or was sent already."""
    known = _admitted(session, request, view.language, now)
    match request:
        case FormOpened():
            return _show(known, path_of(known, view).order[0], view)
        case WentBack():
            path = path_of(known, view, request.screen)
            return _show(known, path.order[max(0, path.place(request.screen) - 1)], view)
        case FlowCompleted():
            return _submitted(known, request, view, now)
        case _:
            assert_never(request)


def after_hold(asking: PendingHold, outcome: HoldOutcome, view: BookingView, now: datetime) -> Answered:
    """Go on with the slot held, or show the times again without it."""
    slot_id = asking.orders[1].slot_id
    if outcome is HoldOutcome.TAKEN:
        session = asking.session.picked(asking.session.answers.with_slot(None)).holding(None)
        # The view may be older than the loss of the slot, so the time is taken out of it here.
        left = replace(view, times=tuple(time for time in view.times if time.id != slot_id))
        return _show(session, ScreenId.TIME, left, ScreenNotice.TIME_TAKEN, asking.request)
    session = asking.session.holding(slot_id)
    if asking.request.screen is ScreenId.REVIEW:
        # The steps are the same in every language, so any of them can be checked against.
        check_transition(PATHS[session.purpose].define("en"), asking.request.screen, SUCCESS)
        return _sent(session, asking.request, now)
    path = path_of(session, view, asking.request.screen)
    return _show(session, path.after(asking.request.screen), view, answering=asking.request)


def _sent(session: FlowSession, request: FlowCompleted, now: datetime) -> Answered:
    reply = success_reply(session.token)
    return Answered(session.submitted(now).answering(request, reply.body), reply, (SubmitForm(session.token),))


def _admitted(session: FlowSession | None, request: FormRequest, language: str, now: datetime) -> FlowSession:
    closings = words_in(language).closings
    if session is None or session.token != request.token:
        raise TokenExpired(closings[Closing.UNKNOWN])
    if session.is_submitted:
        # The phone sends again when our answer was lost on the way: it must not read that its form is used up.
        if isinstance(request, FlowCompleted) and session.is_repeat(request):
            return session
        raise TokenExpired(closings[Closing.USED])
    if now >= session.expires_at:
        raise TokenExpired(closings[Closing.EXPIRED])
    if isinstance(request, FlowCompleted | WentBack) and request.screen not in PATHS[session.purpose].screens:
        # the token of one form in another one: no phone of ours does that
        raise TokenExpired(closings[Closing.UNKNOWN])
    return session


def _submitted(session: FlowSession, request: FlowCompleted, view: BookingView, now: datetime) -> Exchange:
    if session.is_repeat(request):
        return Answered(session, Reply(session.last_answer))
    path = path_of(session, view, request.screen, *session.path)
    if not session.is_expecting(request):
        # A screen that is not the current one changes nothing: show where the form stands, if that is a legal step
        # from there.
        current = session.path[-1] if session.path else path.order[0]
        reachable = path.place(current) <= path.place(request.screen) + 1
        return _show(session, current if reachable else request.screen, view, ScreenNotice.MOVED_ON, request)
    screen = SCREENS[request.screen]
    answers = screen.pick(request.payload, session.answers)
    notice = screen.objection(answers, view)
    if notice is ScreenNotice.WHO_NOT_FREE:
        # whom they chose stays, and the calendar is that person's now
        session = session.picked(replace(answers, day=None, slot_id=None))
    if notice is not None:
        return _show(session, request.screen, view, notice, request)
    picked = session.picked(answers)
    if request.screen is ScreenId.REVIEW:
        if view.review is None or view.review.agreed != answers.agreed:
            # what it costs has changed since it was read; who read nothing yet reads it now
            has_read = view.review is not None and bool(answers.agreed)
            why = ScreenNotice.SUM_CHANGED if has_read else ScreenNotice.MOVED_ON
            return _show(picked, request.screen, view, why, request)
        if not path.holds:
            return _sent(picked, request, now)
    if request.screen in {ScreenId.TIME, ScreenId.REVIEW} and answers.slot_id is not None:
        # The release goes first and covers whatever else the hold id holds: a save that was lost may have left a
        # claim of which the session knows nothing.
        hold_id = picked.hold_id
        release = ReleaseHold(hold_id, keeping=answers.slot_id)
        return PendingHold(picked, request, (release, HoldSlot(answers.slot_id, hold_id)))
    # another service has other places: whether there is anything to choose between is asked of the pick
    return _show(picked, path_of(picked, view, request.screen).after(request.screen), view, answering=request)


def _show(
    session: FlowSession,
    target: ScreenId,
    view: BookingView,
    notice: ScreenNotice | None = None,
    answering: FlowCompleted | None = None,
) -> Answered:
    """Show the target, or the nearest screen before it that has something to show."""
    # What was free when the screen was chosen may be gone by now: then an earlier screen is the honest answer.
    path = path_of(session, view, target)
    for screen_id in reversed(path.path_to(target)):
        values = SCREENS[screen_id].values(session.answers, view)
        if values is None:
            continue
        said = notice if screen_id is target else notice or ScreenNotice.NONE_FREE
        if screen_id is ScreenId.REVIEW and view.review is not None:
            session = session.picked(replace(session.answers, agreed=view.review.agreed))
        shown = session.showing(path.path_to(screen_id))
        words = words_in(view.language).notices[said] if said is not None else ""
        screen = path.define(view.language).screen(screen_id)
        reply = screen_reply(screen, {STEP: shown.step, **values}, words, session.edition)
        return _answered(shown, reply, view.language, answering)
    raise TokenExpired(words_in(view.language).closings[Closing.NOTHING_OFFERED])


def _answered(session: FlowSession, reply: Reply, language: str, request: FlowCompleted | None) -> Answered:
    if request is not None:
        # The client refuses a step that the routing model does not list: better it fails here, where it is seen.
        check_transition(PATHS[session.purpose].define(language), request.screen, session.path[-1])
        session = session.answering(request, reply.body)
    # The pick was undone: the slot must be free for others from now on, not when the hold runs out.
    if session.held_slot is not None and session.answers.slot_id is None:
        return Answered(session.holding(None), reply, (ReleaseHold(session.hold_id),))
    return Answered(session, reply)
