"""Moving or cancelling a booking by form: the same quote as in the chat, read on the last screen, and the same commit.

The form is shown by `bot.engine.flow_service`; what was read there counts only while it is still so when it is decided.
"""

from dataclasses import replace

from bot.business.context import Context
from bot.dialogue import choice, provider_choice, takeover
from bot.dialogue.changes import applying, quoting, turns
from bot.dialogue.changes import staff as by_staff
from bot.dialogue.holds import release_holds
from bot.domain.booking import Booking, BookingWish
from bot.domain.change import Cause, Change, ChangeKind, ChangeQuote
from bot.domain.form_events import ChangeFormSubmitted
from bot.domain.ids import BookingReference
from bot.domain.lead import Lead
from bot.domain.offers import ProviderWish
from bot.domain.outcome import Outcome
from bot.lifecycle.actions import ActionType, priced
from bot.lifecycle.changes import begin_change
from bot.lifecycle.quotes import QuoteDenied
from bot.replies import booking as booking_words
from bot.replies import cards, times
from bot.replies import changes as words
from bot.replies.words import say
from flows.limits import TEXT
from flows.session import Answers, Purpose, Wished
from flows.view import Review, ServiceId, SlotId


def sums(quote: ChangeQuote) -> str:
    """What was agreed to, in a word: another sum, either way, is another quote."""
    parts = (quote.to_pay, quote.to_refund, quote.fee)
    return "|".join(f"{part.amount} {part.currency}" for part in parts)


def answers_of(booking: Booking, purpose: Purpose, wished: Wished) -> Answers:
    """What a form about that booking begins with: service and number stay, and so does the time of a cancellation."""
    slot = booking.chosen.slot_id if purpose is Purpose.CANCEL and booking.chosen is not None else None
    return Answers(
        service_id=ServiceId(booking.service or ""),
        slot_id=None if slot is None else SlotId(slot),
        guests=booking.guests or 1,
        wished=wished,
    )


def _begun(
    booking: Booking, purpose: str, slot_id: str, hold_id: str, provider: str, context: Context
) -> Booking | None:
    """The booking with the change that the form asks for; none where its time does not exist any more."""
    kind = ChangeKind.CANCEL if purpose == Purpose.CANCEL else ChangeKind.TIME
    begun = begin_change(booking, kind, Cause.CUSTOMER, turns.THEMSELVES, context.now)
    assert begun.change is not None
    if kind is ChangeKind.CANCEL:
        return begun
    slot = choice.slot_of_id(slot_id, booking, context)
    if slot is None:
        return None
    held = replace(slot, hold_id=hold_id or None)
    local = held.start.astimezone(context.business.zone)
    minute = local.hour * 60 + local.minute
    # as if it had been said: should the time be lost, others near it are looked for
    when = BookingWish(first_day=local.date(), last_day=local.date(), from_minute=minute, until_minute=minute)
    wish = replace(begun.change.wish, when=when, who=provider_choice.of_form(provider, ProviderWish()))
    asked = replace(begun.change, wish=wish, offered=(held,))
    return replace(begun, change=quoting.with_slot(begun, asked, held))


def review(lead: Lead, reference: str, purpose: Purpose, answers: Answers, context: Context) -> Review | None:
    """The last screen: what is to be, its sum and its terms; none where there is no quote for it."""
    booking = lead.booking(BookingReference(reference))
    if booking is None or not by_staff.may_change(booking):
        return None
    begun = _begun(booking, purpose, answers.slot_id or "", "", answers.provider_id or "", context)
    if begun is None or begun.change is None:
        return None
    found = quoting.quoted(begun, begun.change, context)
    if isinstance(found, QuoteDenied):
        return None
    given = quoting.given(found)
    kind = ActionType.CANCEL if purpose is Purpose.CANCEL else ActionType.CHANGE_TIME
    action = priced(kind, given)
    amount = {} if action.amount is None else {"amount": times.money(action.amount, lead.language)}
    fitting = booking_words.fitting
    return Review(
        fitting(words.question_of(lead, begun, found, context), TEXT["TextBody"]["text"]),
        fitting(say(action.description, lead.language, **amount), TEXT["TextSubheading"]["text"]),
        fitting(words.terms_of(lead, booking, found, given, context), TEXT["TextCaption"]["text"]),
        agreed=sums(given),
    )


def submitted(lead: Lead, event: ChangeFormSubmitted, context: Context) -> Outcome:
    """Done, if it is what was read; else the offer of now, in the chat, to be confirmed again."""
    outcome = _submitted(lead, event, context)
    outcome = outcome.recording("change_form_submitted", "customer", event.at, booking=str(event.booking))
    return takeover.as_drafts(outcome) if lead.conversation.opted_out and not lead.is_with_agent else outcome


def _submitted(lead: Lead, event: ChangeFormSubmitted, context: Context) -> Outcome:
    booking, held = lead.booking(event.booking), (event.hold_id or None,)
    if booking is None or not by_staff.may_change(booking):
        return release_holds(Outcome(lead).requesting(words.closed(lead)), held)
    is_being_done = booking.change is not None and booking.change.accepted_at is not None
    if is_being_done and event.purpose != Purpose.CANCEL:
        return release_holds(Outcome(lead).requesting(words.finish_first(lead)), held)
    begun = _begun(booking, event.purpose, event.slot_id, event.hold_id, event.provider, context)
    if begun is None or begun.change is None:
        return release_holds(Outcome(lead).requesting(cards.card(lead, booking, context)), held)
    change: Change = begun.change
    lead = lead.without_questions()
    found = quoting.quoted(begun, change, context)
    if isinstance(found, QuoteDenied):
        return release_holds(quoting.deny(lead, begun, change, found.reason, context, found.price_row), held)
    if sums(quoting.given(found)) != event.agreed:
        return quoting.show_quote(lead, begun, change, context, say("change.outdated", lead.language))
    return applying.accept(lead, replace(begun, change=found), found, event.at, context)
