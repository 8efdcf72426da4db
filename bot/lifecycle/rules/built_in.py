"""The guards every business has: what must be known, and what must be so, before a booking goes on."""

from datetime import timedelta

from bot.domain.booking import Booking
from bot.domain.states import PaymentStatus, ShowUp, State
from bot.lifecycle.rules.rule import Facts, Reason

REMINDER_BEFORE = timedelta(hours=24)
EARLIEST_CHECK_IN = timedelta(hours=12)

_CUSTOMER = ("customer",)
_STAFF = ("sales", "operations", "support", "admin")


def service_is_chosen(booking: Booking, facts: Facts) -> Reason | None:
    """A service that is sold."""
    if booking.service is None:
        return Reason("service_type", "no_service", "ask_which_service", _CUSTOMER + _STAFF)
    if facts.in_catalogue is False:
        return Reason("service_type", "service_not_in_catalogue", "ask_which_service", _CUSTOMER + _STAFF)
    return None


def contact_is_known(booking: Booking, facts: Facts) -> Reason | None:
    """The WhatsApp address satisfies it."""
    if facts.contact_known:
        return None
    return Reason("customer_contact", "no_contact", "ask_for_contact", _CUSTOMER + _STAFF)


def times_are_free(booking: Booking, facts: Facts) -> Reason | None:
    """Something has to be offered; one free time is an offer, too."""
    if facts.free_slots is None or facts.free_slots > 0:
        return None
    return Reason("slot_available", "nothing_free", "offer_other_days", _STAFF)


def confirmation_is_explicit(booking: Booking, facts: Facts) -> Reason | None:
    """The explicit yes of the customer."""
    if booking.explicitly_confirmed:
        return None
    return Reason("explicit_confirmation", "no_yes", "ask_for_a_yes", _CUSTOMER)


def slot_is_chosen(booking: Booking, facts: Facts) -> Reason | None:
    """One time, chosen."""
    if booking.chosen is not None:
        return None
    return Reason("appointment_slot", "no_time_chosen", "ask_which_time", _CUSTOMER + _STAFF)


def slot_is_free(booking: Booking, facts: Facts) -> Reason | None:
    """Not taken by somebody else in the meantime, as far as the shell has looked."""
    if facts.slot_is_free is not False:
        return None
    return Reason("slot_available", "time_taken", "offer_other_times", _STAFF)


def slot_is_ahead(booking: Booking, facts: Facts) -> Reason | None:
    """A time in the future."""
    if booking.chosen is None or booking.chosen.start > facts.now:
        return None
    return Reason("appointment_date", "time_past", "offer_other_times", _CUSTOMER + _STAFF)


def payment_is_needed(booking: Booking, facts: Facts) -> Reason | None:
    """Something has to be paid at all."""
    if booking.needs_payment:
        return None
    return Reason("payment_required", "nothing_due", "confirm_without_payment", ("system",))


def payment_method_is_known(booking: Booking, facts: Facts) -> Reason | None:
    """A way to pay; a hosted link counts as the method `invoice`."""
    if booking.payment_method is not None:
        return None
    return Reason("payment_method", "no_way_to_pay", "send_a_payment_link", ("sales", "system"))


def money_has_come(booking: Booking, facts: Facts) -> Reason | None:
    """At least what is due now, in the same currency."""
    if _has_come(booking):
        return None
    return Reason("payment_received", "not_paid", "wait_for_payment", ("customer", "finance"))


def _has_come(booking: Booking) -> bool:
    due, paid = booking.due, booking.paid
    return due is not None and paid is not None and paid.currency == due.currency and paid.amount >= due.amount


def nothing_is_due(booking: Booking, facts: Facts) -> Reason | None:
    """Unpaid only if nothing has to be paid; a deposit that has come leaves it partially paid."""
    if not booking.needs_payment or booking.payment_status is PaymentStatus.PAID or _has_come(booking):
        return None
    return Reason("payment_received", "not_paid", "wait_for_payment", ("customer", "finance"))


def somebody_accepted(booking: Booking, facts: Facts) -> Reason | None:
    """Whoever has to say yes to its time has said it."""
    if booking.acceptance is None or booking.acceptance.is_given:
        return None
    who = ("provider",) if booking.acceptance.is_of_provider else _STAFF
    return Reason("acceptance", "nobody_accepted", "wait_for_a_yes", who)


def reminder_is_due(booking: Booking, facts: Facts) -> Reason | None:
    """No more than a day ahead."""
    if booking.chosen is None or booking.chosen.start - facts.now <= REMINDER_BEFORE:
        return None
    return Reason("reminder_too_early", "reminder_too_early", "wait_until_24h_before", ("system",))


def time_has_passed(booking: Booking, facts: Facts) -> Reason | None:
    """Nobody has come, or stayed away, before it began."""
    if booking.chosen is not None and booking.chosen.start <= facts.now:
        return None
    return Reason("appointment_passed", "still_ahead", "wait_for_the_appointment", ())


def is_a_stay(booking: Booking, facts: Facts) -> Reason | None:
    """Sold by the night: nobody checks in to anything else."""
    if facts.is_stay is not False:
        return None
    return Reason("stay", "not_a_stay", "record_the_show_up", ("operations", "admin"))


def arrival_is_near(booking: Booking, facts: Facts) -> Reason | None:
    """Not before the day of arrival: the house is another guest's until then."""
    if booking.chosen is not None and booking.chosen.start - facts.now <= EARLIEST_CHECK_IN:
        return None
    return Reason("arrival", "too_early_to_check_in", "wait_for_the_arrival", ())


def customer_came(booking: Booking, facts: Facts) -> Reason | None:
    """Not marked as absent."""
    if booking.show_up is not ShowUp.DID_NOT_COME:
        return None
    return Reason("show_up", "marked_absent", "correct_the_show_up", ("operations", "provider", "admin"))


def customer_did_not_come(booking: Booking, facts: Facts) -> Reason | None:
    """Not marked as come."""
    if booking.show_up is not ShowUp.CAME:
        return None
    return Reason("show_up", "marked_present", "correct_the_show_up", ("operations", "provider", "admin"))


def correction_is_in_time(booking: Booking, facts: Facts) -> Reason | None:
    """A no-show is corrected only for a while after it was marked."""
    marked = booking.no_show_at or (None if booking.chosen is None else booking.chosen.end)
    if booking.state is not State.NO_SHOW or marked is None or facts.now < marked + facts.correct_within:
        return None
    hours = int(facts.correct_within / timedelta(hours=1))
    return Reason("correction", "correction_over", "keep_no_show", ("finance", "admin"), (("hours", str(hours)),))


def reschedule_has_reason(booking: Booking, facts: Facts) -> Reason | None:
    """Why the time is moved is on record."""
    if booking.reschedule_reason:
        return None
    return Reason("reschedule_reason", "no_reason", "ask_why", _CUSTOMER + _STAFF)


def cancellation_has_reason(booking: Booking, facts: Facts) -> Reason | None:
    """Why it is called off is on record."""
    if booking.cancellation_reason:
        return None
    return Reason("cancellation_reason", "no_reason", "ask_why", _CUSTOMER + _STAFF)


def customer_is_silent(booking: Booking, facts: Facts) -> Reason | None:
    """Silent long enough to be left alone."""
    last = booking.last_activity_at
    if last is None or facts.now - last >= facts.abandon_after:
        return None
    return Reason("inactivity", "recently_active", "wait", ("system",))
