"""A finished form: the customer has picked, read and confirmed; what is left is to book the held time.

The form joins the booking in progress in the chat, or begins one; from the command on it goes the same way as a yes in
the chat.
"""

from dataclasses import replace

from bot.business.context import Context
from bot.dialogue import choice, house_rules, provider_choice, takeover
from bot.dialogue.holds import release_holds
from bot.dialogue.payment_links import unpaid_first
from bot.domain.alarms import AlarmReason
from bot.domain.booking import Booking
from bot.domain.form_events import FormSubmitted
from bot.domain.lead import Lead
from bot.domain.outcome import Outcome
from bot.domain.references import reference_of
from bot.domain.states import State
from bot.lifecycle import apply
from bot.lifecycle.verdicts import Actor
from bot.replies import booking as words
from bot.replies import first_words
from bot.replies.words import say
from intents.understanding import ExpectedAnswer


def submitted(lead: Lead, booking: Booking, event: FormSubmitted, context: Context) -> Outcome:
    """Book what the form says, as the booking in progress; with a person in charge, or after STOP, the bot's words
    wait for the person."""
    outcome = _booked(replace(lead, name=event.name or lead.name), booking, event, context)
    if event.notes:
        outcome = replace(outcome, lead=outcome.lead.alarmed(AlarmReason.NOTES_TO_READ, event.at, booking.reference))
    outcome = outcome.recording("form_submitted", "customer", event.at, service=event.service)
    if not lead.is_with_agent and not lead.conversation.opted_out:
        return outcome
    reason = AlarmReason.DRAFTS_WAIT if lead.is_with_agent else AlarmReason.WROTE_AFTER_STOP
    raised = replace(outcome, lead=outcome.lead.alarmed(reason, event.at))
    return replace(takeover.as_drafts(raised), withdraw=outcome.withdraw)


def submitted_anew(lead: Lead, event: FormSubmitted, context: Context) -> Outcome:
    """The same as a booking of its own: none is in progress that a time could be given to."""
    new = Booking(reference=reference_of(lead.id, event.id, event.at))
    return submitted(lead, apply.begun(new, Actor.CUSTOMER), event, context)


def _booked(lead: Lead, joined: Booking, event: FormSubmitted, context: Context) -> Outcome:
    unpaid = unpaid_first(lead, context)
    if unpaid is not None:
        return release_holds(unpaid, (event.hold_id,))
    slot = choice.slot_of_id(event.slot_id, replace(joined, service=event.service), context)
    if slot is None:
        # the service went out of the business file while the form was open
        passed_on = Outcome(lead.alarmed(AlarmReason.WISH_PASSED_ON, event.at))
        return release_holds(passed_on.requesting(first_words.text(lead, "talk.passed_on")), (event.hold_id,))
    booking, held = _with_service(lead, joined, event, context), replace(slot, hold_id=event.hold_id)
    twin = choice.already_booked(lead, booking, held)
    if twin is not None:
        told = words.text_message(lead, "booking.time.already_yours", reference=str(twin.reference))
        return release_holds(Outcome(lead).requesting(told), (event.hold_id,))
    known = replace(
        booking,
        guests=event.guests,
        place=slot.place,
        nights=slot.nights,
        who=provider_choice.of_form(event.provider, booking.who),
    )
    # whom they wished for something else, and who does not give this there, is no wish of theirs any more
    known = replace(known, who=provider_choice.waited_for(known, context))
    refused = house_rules.refused_times(lead, known, event.at, context)
    if refused is not None:
        return release_holds(refused, (event.hold_id,))
    proposed = replace(
        house_rules.shown_in_form(lead, known, context),
        chosen=held,
        lost_time=None,
        open_question=None,
        last_activity_at=event.at,
    )
    gap = choice.price_gap_of(proposed, held, context)
    if gap is not None:
        # the price book was switched while the form was open
        open_again = replace(booking, guests=event.guests, chosen=None, asked_when=True)
        asking = lead.with_booking(open_again).conversing(greeted=True, expecting=ExpectedAnswer.WISH)
        denied = choice.without_price(asking, open_again, held, gap, event.at)
        return denied.requesting(words.joined(lead, ("booking.time.no_price", {}), ("booking.ask.other_time", {})))
    priced = choice.priced_for(proposed, held, context)
    if event.agreed and event.agreed != choice.sum_of(priced):
        # the price was switched after the form was sent: their yes was to another sum
        asked = replace(priced, offered=(*priced.offered, held), summed_up=priced.service, explicitly_confirmed=False)
        asking = lead.with_booking(asked).conversing(
            greeted=True, expecting=ExpectedAnswer.CONFIRMATION, misunderstood=0
        )
        changed = say("form.sum_changed", lead.language)
        return Outcome(asking).requesting(words.summary(asking, asked, context, changed))
    refused = house_rules.before_yes(lead, priced, event.at, context)
    if refused is not None:
        return release_holds(refused, (event.hold_id,))
    greeted = lead.conversing(greeted=True)
    # the form has no screen for what a house asks besides: it is asked in the chat, and the time is kept meanwhile
    kept = replace(priced, offered=(*priced.offered, held))
    return house_rules.before_booking(greeted, kept, event.at, context) or choice.book_chosen(greeted, priced)


def _with_service(lead: Lead, booking: Booking, event: FormSubmitted, context: Context) -> Booking:
    """T02, or T05 where the chat was about another service."""
    if booking.service == event.service and booking.state is not State.INQUIRY:
        return booking
    chosen = replace(booking, service=event.service)
    if booking.state is State.SERVICE_SELECTED:
        return chosen
    return apply.move(lead, chosen, State.SERVICE_SELECTED, Actor.CUSTOMER, context)
