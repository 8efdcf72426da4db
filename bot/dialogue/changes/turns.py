"""What a customer says about changing or cancelling a booking that stands: asked, quoted, and done after one yes.

A tap names its booking, its change and its quote, and acts on exactly that one; words mean the change that is open.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.business.context import Context
from bot.dialogue import choice, failed_payments, provider_choice
from bot.dialogue.changes import applying, blocks, phrases, quoting, searching, status
from bot.dialogue.customer_turn import CustomerTurn
from bot.dialogue.matching import places_meant, services_named
from bot.domain.booking import Booking, BookingWish
from bot.domain.change import CUSTOMER, Cause, Change, ChangeKind, ChangeWish, Requester
from bot.domain.commands import LinkReason
from bot.domain.lead import Lead
from bot.domain.outcome import Outcome
from bot.domain.states import RESCHEDULABLE, Modification
from bot.lifecycle.changes import begin_change, end_change
from bot.lifecycle.quotes import QuoteDenied, change_fee, is_outdated
from bot.replies import acceptance as acceptance_words
from bot.replies import booking as booking_words
from bot.replies import cards, day_questions
from bot.replies import changes as words
from bot.replies.words import say
from bot.slots import wishes
from intents.commitment import CommitmentKind
from intents.understanding import Confidence, ExpectedAnswer, Intent

THEMSELVES: Final = Requester(CUSTOMER, CUSTOMER)
LONGEST_REASON: Final = 300
_FEW_WORDS: Final = 3
"""So many are a bare "please cancel it"; more of them say why."""
_ABOUT_IT: Final = frozenset({Intent.PAY_HELP, Intent.BOOKING_STATUS, Intent.REPEAT})


def answer(lead: Lead, booking: Booking, turn: CustomerTurn, context: Context) -> Outcome | None:
    """What these words mean for a booking with a time; none when they mean nothing for it."""
    # Buttons that carry no quote: what they ask for is quoted first.
    mine = str(booking.reference)
    if turn.tapped(booking_words.CANCEL_TAP) == mine:
        legacy = begin_cancel(lead, booking, turn, context)
    elif turn.tapped(booking_words.CHANGE_TAP) == mine:
        legacy = begin_alteration(lead, booking, turn, context)
    elif turn.tapped(booking_words.KEEP_TAP) == mine:
        legacy = keep(lead, booking, context)
    else:
        legacy = None
    if legacy is not None:
        return legacy
    change = booking.change
    if change is None:
        match turn.understanding.intent:
            case Intent.CANCEL:
                return begin_cancel(lead, booking, turn, context)
            case Intent.RESCHEDULE if booking.state in RESCHEDULABLE:
                return begin_alteration(lead, booking, turn, context)
            case _ if phrases.means_the_same_hour(turn) and booking.state in RESCHEDULABLE:
                return begin_alteration(lead, booking, turn, context)
            case _ if phrases.asks_for_booking(turn):
                return status.answer(lead, booking, turn, context)
            case _:
                return None
    if change.accepted_at is not None:
        return _while_it_is_done(lead, booking, change, turn, context)
    return _while_it_is_asked(lead, booking, change, turn, context)


# Taps ---------------------------------------------------------------------------------------------------------------


def tapped(lead: Lead, turn: CustomerTurn, context: Context) -> Outcome | None:
    """A tap on a quote or an offered time; none for every other tap. It counts in either mode, like money."""
    named = words.read_tap(turn.tap)
    if named is None:
        return None
    prefix, reference, change_id, what = named
    booking = lead.booking(reference)
    if booking is None or booking.chosen is None:
        return Outcome(lead).requesting(booking_words.text_message(lead, "change.denied.closed"))
    change = booking.change
    if change is None or change.id != change_id:
        # decided already, or another one took its place: what is true now
        return Outcome(lead).requesting(cards.card(lead, booking, context))
    if change.accepted_at is not None:
        if prefix == words.KEEP_TAP:
            return keep(lead, booking, context)
        if prefix == words.PAY_TAP and booking.modification is Modification.AWAITING_PAYMENT:
            why = LinkReason.OTHER_METHOD if what == words.OTHER_WAY else LinkReason.NEW_LINK
            return failed_payments.next_link_of_change(lead, booking, change, why, context)
        return _in_progress(lead, booking, change, context)
    if prefix == words.BACK_TAP:
        return blocks.money_back(lead, booking, change, context)
    if prefix == words.TIME_TAP:
        return searching.look_for_times(lead, booking, change, context)
    if prefix == words.SLOT_TAP:
        return _chosen(lead, booking, change, what, context)
    if prefix == words.KEEP_TAP:
        return keep(lead, booking, context)
    if change.quote is None and change.kind is not ChangeKind.CANCEL:
        # its time was given up since
        return searching.go_on(lead, booking, change, context)
    if change.quote is None or str(change.quote.number) != what:
        return quoting.show_quote(lead, booking, change, context, say("change.outdated", lead.language))
    return yes(lead, booking, change, turn.received_at, context)


# The yes and the no -------------------------------------------------------------------------------------------------


def yes(lead: Lead, booking: Booking, change: Change, received_at: datetime, context: Context) -> Outcome:
    """Done, if the offer held when the yes was received; else the offer of now, to be confirmed again."""
    if is_outdated(change, booking, received_at):
        prefix = say("change.outdated", lead.language)
        return quoting.show_quote(lead, booking, change, context, prefix)
    return applying.accept(lead, booking, change, received_at, context)


def keep(lead: Lead, booking: Booking, context: Context) -> Outcome:
    """Everything stays; the change and whatever was kept for it is gone. What cannot take place cannot be kept."""
    if booking.change is not None and booking.change.block is not None and booking.change.accepted_at is None:
        return searching.look_for_times(lead, booking, booking.change, context)
    kept = end_change(booking, Modification.REJECTED)
    lead = lead.with_booking(replace(kept, open_question=None)).conversing(expecting=ExpectedAnswer.BOOKING)
    return Outcome(lead.conversing(misunderstood=0)).requesting(
        booking_words.booking_notice(lead, "booking.kept", booking, context)
    )


def _in_progress(lead: Lead, booking: Booking, change: Change, context: Context) -> Outcome:
    """The link once more, where there is one; else that it is being done."""
    if change.awaits_yes:
        said = acceptance_words.asking_about(lead, booking, context)
        return Outcome(lead.conversing(misunderstood=0)).requesting(said)
    lead = lead.conversing(misunderstood=0)
    if change.has_dead_link:
        return failed_payments.said_of_change(lead, booking, change, context)
    if change.pay_url is not None and change.quote is not None:
        return Outcome(lead).requesting(words.link(lead, booking, change, context))
    return Outcome(lead).requesting(words.told(lead, "change.in_progress", booking, context))


# A change begins ----------------------------------------------------------------------------------------------------


def begin_cancel(lead: Lead, booking: Booking, turn: CustomerTurn, context: Context) -> Outcome:
    """What comes back, which way and until when this holds, with the two buttons; where we cannot keep the booking,
    all of it, at once."""
    hit = booking.change
    if hit is not None and hit.block is not None and hit.accepted_at is None:
        return blocks.money_back(lead, booking, hit, context)
    lead, started = begun(lead, booking, ChangeKind.CANCEL, turn, context)
    assert started.change is not None
    return quoting.show_quote(lead, started, started.change, context)


def begun(lead: Lead, booking: Booking, kind: ChangeKind, turn: CustomerTurn, context: Context) -> tuple[Lead, Booking]:
    """The customer begins a change of their own, and has done with questions about other bookings."""
    words = turn.text[:LONGEST_REASON]
    change = begin_change(booking, kind, Cause.CUSTOMER, THEMSELVES, context.now, words=words)
    return _one_at_a_time(lead, booking), change


def _one_at_a_time(lead: Lead, booking: Booking) -> Lead:
    """A customer who speaks of this booking has done with the question about another one."""
    for other in lead.bookings:
        change = other.change
        is_open = change is not None and change.accepted_at is None and change.by.is_customer
        if is_open and other.reference != booking.reference:
            lead = lead.with_booking(end_change(other, Modification.WITHDRAWN))
    return lead.without_questions()


def begin_alteration(lead: Lead, booking: Booking, turn: CustomerTurn, context: Context) -> Outcome:
    """Another time or place, more people: what was said in the same breath is used, not asked again."""
    lead, started = begun(lead, booking, ChangeKind.TIME, turn, context)
    assert started.change is not None
    fee = change_fee(booking, THEMSELVES, Cause.CUSTOMER, context)
    if isinstance(fee, QuoteDenied):
        # nothing is asked that would be denied afterwards
        return quoting.deny(lead, started, started.change, fee.reason, context)
    return _learned(lead, started, started.change, turn, context)


# A change is open ---------------------------------------------------------------------------------------------------


def _while_it_is_asked(
    lead: Lead, booking: Booking, change: Change, turn: CustomerTurn, context: Context
) -> Outcome | None:
    # words answer what was asked last; a reminder in between, say, ends the question and not the change
    is_asked, has_quote = booking.open_question is not None, change.quote is not None
    if (
        is_asked
        and has_quote
        and turn.says_yes(CommitmentKind.CANCEL if change.kind is ChangeKind.CANCEL else CommitmentKind.CHANGE)
    ):
        return yes(lead, booking, change, turn.received_at, context)
    keeps = phrases.drops_it(turn) or (has_quote and not turn.says_facts and phrases.wants_to_keep(turn))
    if is_asked and keeps:
        return keep(lead, booking, context)
    picked = _picked(booking, change, turn, context)
    if picked is not None:
        return _chosen(lead, booking, change, picked, context)
    learned = learn(booking, change, turn, context)
    if learned != change.wish:
        if change.kind is ChangeKind.CANCEL:
            # "Thursday is better" at "cancel?": not a calling off after all
            return begin_alteration(lead, booking, turn, context)
        return _learned(lead, booking, change, turn, context)
    is_reason = is_asked and change.kind is ChangeKind.CANCEL and _is_reason(turn)
    if is_reason:
        noted = replace(change, reason=turn.text.strip()[:LONGEST_REASON])
        return quoting.show_quote(lead, booking, noted, context, say("change.reason_noted", lead.language))
    if is_asked and turn.surely(Intent.REJECT):
        # a no to the quote keeps the booking, a no to every time offered asks for other ones
        return (
            keep(lead, booking, context)
            if has_quote or not change.offered
            else _ask_again(lead, booking, change, context)
        )
    return _by_intent(lead, booking, change, turn, context)


def _by_intent(lead: Lead, booking: Booking, change: Change, turn: CustomerTurn, context: Context) -> Outcome | None:
    """Words that are neither an answer nor another wish."""
    match turn.understanding.intent:
        case Intent.CANCEL if change.kind is ChangeKind.CANCEL:
            return quoting.show_quote(lead, booking, change, context)
        case Intent.CANCEL:
            return begin_cancel(lead, booking, turn, context)
        case Intent.RESCHEDULE if change.kind is ChangeKind.CANCEL:
            return begin_alteration(lead, booking, turn, context)
        case Intent.RESCHEDULE:
            return _ask_again(lead, booking, change, context)
        case Intent.CONFIRM | Intent.REPEAT if change.wish.is_open and booking.open_question is not None:
            # "yes" to "which day?" names none
            return searching.go_on(lead, booking, change, context)
        case Intent.CONFIRM | Intent.REPEAT if change.quote is not None and booking.open_question is not None:
            return quoting.show_quote(lead, booking, change, context)
        case _ if phrases.asks_for_booking(turn):
            return status.answer(lead, booking, turn, context)
        case _ if change.block is not None and not change.offered:
            # they wrote, so times can be offered now
            return searching.look_for_times(lead, booking, change, context)
        case _:
            return None


def _is_reason(turn: CustomerTurn) -> bool:
    """Whether words at "cancel it?" tell why: neither a yes nor a no nor anything else we know."""
    if turn.tap is not None or not turn.text.strip() or phrases.wants_to_keep(turn):
        return False
    meant = turn.understanding
    if meant.intent in {Intent.OOS, Intent.REJECT}:
        return True
    # "our flight was cancelled", "I am ill": said once more, or hardly understood
    is_unsure = meant.confidence is not Confidence.ACT and meant.intent in {Intent.HELP, Intent.CANCEL}
    return is_unsure or (meant.intent is Intent.CANCEL and len(turn.text.split()) > _FEW_WORDS)


def _ask_again(lead: Lead, booking: Booking, change: Change, context: Context) -> Outcome:
    asked = replace(change, offered=(), after=None, quote=None, wish=ChangeWish())
    return searching.go_on(lead, booking, asked, context)


def _learned(lead: Lead, booking: Booking, change: Change, turn: CustomerTurn, context: Context) -> Outcome:
    said = turn.understanding.entities
    ambiguous = wishes.is_ambiguous(said) if turn.tap is None else None
    if turn.tap is None and said.doubts:
        asked = quoting.waiting(lead, booking, change, context.now, ExpectedAnswer.WISH)
        return Outcome(asked).requesting(day_questions.doubt_question(lead, said.doubts[0], context))
    if ambiguous is not None:
        asked = quoting.waiting(lead, booking, change, context.now, ExpectedAnswer.WISH)
        return Outcome(asked).requesting(day_questions.day_question(lead, ambiguous))
    return searching.go_on(lead, booking, replace(change, wish=learn(booking, change, turn, context)), context)


def learn(booking: Booking, change: Change, turn: CustomerTurn, context: Context) -> ChangeWish:
    """The wish with all these words add to it; what names the booking as it is adds nothing."""
    wish = change.wish
    day = turn.tapped(booking_words.DAY_TAP)
    if day is not None:
        return replace(wish, when=wishes.wish_of_iso(day, wish.when))
    place_tap = turn.tapped(booking_words.PLACE_TAP)
    if place_tap is not None and context.business.place(place_tap) is not None:
        return replace(wish, place=place_tap)
    who = provider_choice.after_words(wish.who, wish.service or booking.service, turn, context)
    if turn.tap is not None:
        return replace(wish, who=who)
    said, business = turn.understanding.entities, context.business
    service = [found.id for found in services_named(business, turn.text) if found.id != booking.service]
    place = [found.id for found in places_meant(business.places, turn.text)]
    old_place = booking.place if booking.chosen is None else booking.chosen.place or booking.place
    nights = wishes.nights_of(said)
    reference = booking.chosen if change.after is None else change.after.slot
    # "a day later" is another day, "later" alone the same one
    beyond = None
    if reference is not None and not phrases.days_on(turn):
        beyond = wishes.beyond(said, reference.start, business.zone)
    when = beyond or _when(booking, turn, wish, context)
    return replace(
        wish,
        when=wish.when if phrases.counts_them_now(turn) else when,
        service=service[0] if len(service) == 1 else wish.service,
        place=place[0] if len(place) == 1 and place[0] != old_place else wish.place,
        who=who,
        guests=_guests(booking, turn) or wish.guests,
        nights=nights if nights is not None and nights != booking.nights else wish.nights,
    )


def _when(booking: Booking, turn: CustomerTurn, wish: ChangeWish, context: Context) -> BookingWish:
    """The day that was named, or so many days from the one they have."""
    said, on = turn.understanding.entities, phrases.days_on(turn)
    if not on or booking.chosen is None:
        return wishes.wish_of(said, wish.when, turn.at.astimezone(context.business.zone).date())
    day = booking.chosen.start.astimezone(context.business.zone).date() + timedelta(days=on)
    return replace(wish.when, first_day=day, last_day=day)


def _guests(booking: Booking, turn: CustomerTurn) -> int | None:
    """How many they are now, where that is another number than before."""
    said = turn.understanding.entities.guests
    if said is None and phrases.brings_somebody(turn):
        said = (booking.guests or 1) + 1
    return None if said == booking.guests else said


def _picked(booking: Booking, change: Change, turn: CustomerTurn, context: Context) -> str | None:
    """The offered time these words mean."""
    if not change.offered or turn.tap is not None:
        return None
    shown = replace(booking, offered=change.offered, who=change.wish.who)
    found = provider_choice.picked(shown, turn, context) or choice.picked_of(
        change.offered, turn, context.business.zone
    )
    return None if found is None else found.slot_id


def _chosen(lead: Lead, booking: Booking, change: Change, slot_id: str, context: Context) -> Outcome:
    slot = searching.sent(booking, change, slot_id)
    if slot is None or not searching.is_still_offered(slot, context.now):
        return searching.go_on(lead, booking, change, context)
    chosen = quoting.with_slot(booking, change, slot)
    if change.block is not None:
        return blocks.chosen(lead, booking, chosen, context.now, context)
    return quoting.show_quote(lead, booking, chosen, context)


# A change is being done ---------------------------------------------------------------------------------------------


def _while_it_is_done(
    lead: Lead, booking: Booking, change: Change, turn: CustomerTurn, context: Context
) -> Outcome | None:
    intent = turn.understanding.intent
    if intent is Intent.CANCEL:
        # calling off ends the change, too: its link is closed and its time released
        return begin_cancel(lead, booking, turn, context)
    may_stay = change.awaits_yes or booking.modification is Modification.AWAITING_PAYMENT
    if turn.surely(Intent.REJECT) and may_stay:
        return keep(lead, booking, context)
    if intent is Intent.RESCHEDULE:
        outcome = _in_progress(lead, booking, change, context)
        return replace(outcome, requests=(booking_words.text_message(lead, "change.finish_first"), *outcome.requests))
    if intent in _ABOUT_IT or turn.says_yes(CommitmentKind.PAY):
        return _in_progress(lead, booking, change, context)
    return None
