"""Bookings, services and free times as the API shows them."""

from collections.abc import Sequence
from datetime import datetime

from bot.business.catalogue import Service
from bot.business.definition import Business
from bot.business.prices import Price
from bot.business.words import LocalizedText, WordLanguage
from bot.domain.booking import Booking
from bot.domain.ids import LeadId
from bot.domain.task import Task
from bot.domain.visits import Rating
from bot.lifecycle.projection import status_word
from bot.slots import claims
from bot.slots.slot import Slot
from bot.store.audit import AuditEntry
from webhooks.api.bookings import coming, models, saga
from webhooks.api.money.models import Monies
from webhooks.api.tasks import views as task_views
from webhooks.edge.models import AmountShown

MOVED = "booking_moved"
"""What a move is called in a lead's history."""


def service(business: Business, known: Service) -> models.ServiceShown:
    """One thing that can be booked, with the prices of the book."""
    rows = [row for row in business.prices if row.service == known.id]
    return models.ServiceShown(
        id=known.id,
        name=_words(known.name),
        summary=_words(known.summary),
        kind=known.kind.value,
        venue=known.venue.value,
        duration_minutes=known.duration_minutes,
        guests=models.GuestsShown(min=known.min_guests, max=known.max_guests),
        price=models.ServicePrice(
            from_=AmountShown(amount=_least(rows, known.min_guests), currency=business.currency),
            rows=[_price(row, known, business.currency) for row in rows],
        ),
        payment=models.PaymentShown(
            rule=known.payment.rule.value, window_minutes=int(known.payment.window.total_seconds() // 60)
        ),
        places=[] if known.venue.value == "online" else [place.id for place in business.places_of(known)],
        providers=[provider.id for provider in business.providers_of(known.id, None)],
        timezone=business.timezone,
    )


def _words(text: LocalizedText) -> dict[str, str]:
    return {language.value: text.say(language) for language in WordLanguage}


def _least(rows: Sequence[Price], guests: int) -> int:
    return min((row.at(guests)[0] for row in rows), default=0)


def _price(row: Price, known: Service, currency: str) -> models.PriceRow:
    return models.PriceRow(
        unit=row.unit.value,
        provider=row.provider,
        area=row.area,
        amount=row.at(known.min_guests)[0],
        currency=currency,
        id=row.id,
        place=row.place,
        from_day=row.from_day,
        until_day=row.until_day,
        at_least=row.at_least,
        at_most=row.at_most,
    )


def slot(business: Business, found: Slot, guests: int) -> models.SlotShown:
    """A free time; `slot_id` is what booking it takes."""
    known = business.service(found.service)
    needs = () if known is None else claims.needs_of(business, known, found, guests)
    return models.SlotShown(
        slot_id=found.id,
        start=local(found.start, business),
        end=local(found.end, business),
        timezone=business.timezone,
        provider=found.provider,
        place=found.place,
        nights=found.nights,
        resources=[need.resource for need in needs],
        left=found.left,
    )


def local(at: datetime, business: Business) -> str:
    """A time with the offset of the business."""
    return at.astimezone(business.zone).isoformat()


def moment(at: datetime | None, business: Business) -> str | None:
    """The same, where there may be none."""
    return None if at is None else local(at, business)


def currency_of(business: Business, booking: Booking) -> str:
    """What a booking is counted in: what it was quoted in, else the business's own."""
    return business.currency if booking.price is None else booking.price.currency


def booking(
    business: Business,
    known: Booking,
    lead: LeadId,
    money: Monies,
    history: Sequence[models.MoveShown],
    tasks: Sequence[Task],
) -> models.BookingShown:
    """A booking with its money, history and tasks."""
    chosen, yes = known.chosen, known.acceptance
    price = 0 if known.price is None else known.price.amount
    # nobody's yet, whoever the time was found with
    is_asked = yes is not None and yes.is_of_provider and bool(known.awaiting)
    awaiting = None
    if yes is not None and known.awaiting:
        until = local(yes.answer_by, business)
        awaiting = models.AwaitingShown(
            task=yes.task, state=yes.answer, answer_by=until, candidates=list(yes.candidates)
        )
    return models.BookingShown(
        id=known.reference,
        reference=known.reference,
        lead_id=lead,
        state=known.state,
        status=status_word(known),
        payment_status=known.payment_status,
        awaiting=awaiting,
        service=known.service,
        guests=known.guests,
        nights=known.nights,
        place=known.place if chosen is None else chosen.place,
        provider=None if chosen is None or is_asked else chosen.provider,
        start=None if chosen is None else local(chosen.start, business),
        end=None if chosen is None else local(chosen.end, business),
        timezone=business.timezone,
        slot_id=None if chosen is None else chosen.slot_id,
        total=AmountShown(amount=price, currency=currency_of(business, known)),
        referrer=known.referrer,
        pay_by=moment(known.pay_by, business),
        coming=coming.coming(known, business),
        cancellation_reason=known.cancellation_reason,
        cancelled_by=known.cancelled_by,
        reschedule_count=known.reschedule_count,
        offered=[offered.slot_id for offered in known.offered],
        history=list(history),
        tasks=[task_views.task(business, one) for one in tasks],
        saga=saga.saga(business, known, money, tasks, [move.at for move in history]),
        rating=None if known.rating is None else _rating(known.rating, business),
        complaint=None if known.complaint is None else known.complaint.state,
        redo_of=None if known.redo is None else known.redo.of,
        money=money.money,
        payables=money.payables,
        payouts=money.payouts,
        refunds=money.refunds,
        chargebacks=money.chargebacks,
        invoices=money.invoices,
    )


def _rating(known: Rating, business: Business) -> models.RatingShown:
    return models.RatingShown(
        score=known.score, by=known.by, at=local(known.given_at, business), words=known.words or None
    )


def history(entries: Sequence[AuditEntry], reference: str, business: Business) -> list[models.MoveShown]:
    """Every move of one booking, oldest first; one recorded before verdicts were has none."""
    moves = [(entry, dict(entry.facts)) for entry in entries if entry.what == MOVED]
    return [
        models.MoveShown(
            at=local(entry.at, business),
            from_=facts.get("from") or None,
            to=facts.get("to"),
            by=entry.by,
            role=entry.role,
            reason=facts.get("reason") or None,
            verdict=facts.get("verdict"),
            rules=facts.get("rules", "").split(),
            overridden=facts.get("overridden", "").split(),
        )
        for entry, facts in moves
        if facts.get("booking") == reference
    ]
