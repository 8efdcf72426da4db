"""A booking conversation without IO: real understanding, real decisions, a desk that chooses from an empty calendar."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from bot.business.catalogue import PlaceId, ProviderId, ServiceId
from bot.business.context import Context
from bot.business.definition import Business
from bot.dialogue.decide import decide
from bot.domain.booking import Booking, OfferedSlot, SlotUnavailable
from bot.domain.change import change_hold
from bot.domain.commands import (
    BookSlot,
    ChatCommand,
    Command,
    Lane,
    MoveSlot,
    OfferSlots,
    OpenInvoice,
    RecordAudit,
    RecordBooking,
    ReleaseHolds,
    SendButtons,
    SendList,
)
from bot.domain.contents import Content, Tap, Text
from bot.domain.events import (
    Event,
    InvoiceClosed,
    InvoiceOpened,
    SlotBooked,
    SlotLost,
    SlotMoved,
    SlotsFound,
    StaffAction,
    StaffAsked,
    TimerFired,
    timer_event_id,
)
from bot.domain.ids import BookingReference, EventId, LeadId
from bot.domain.languages import understood
from bot.domain.lead import Lead
from bot.domain.money_news import PaymentNewsCame
from bot.domain.task import SERVICE_TASK, TaskState
from bot.domain.task_events import TaskNewsCame
from bot.domain.task_orders import EnsureTasks
from bot.domain.timers import TimerKind
from bot.replies.plain_text import as_text
from bot.slots.askable import askable
from bot.slots.choose import Proposal, as_wished, choose, next_to, on_wished_days
from bot.slots.claims import NOTHING_TAKEN
from bot.slots.free import Search, free_slots
from bot.slots.slot import Slot, read_slot_id
from bot.slots.standing import best_first
from bot.slots.wishes import days_of
from intents.understand import understand
from intents.understanding import Understanding
from payments.domain.invoice import InvoiceStatus
from payments.domain.money import Money
from payments.domain.news import PaymentNews
from tests.bot.business.makers import sample
from tests.bot.makers import HERE, wrote

NOW = datetime(2026, 11, 2, 1, tzinfo=UTC)
"""A Monday, nine in the morning in Bali."""


_FREE: dict[tuple[int, Search, datetime], tuple[Business, tuple[Slot, ...]]] = {}


def _free(business: Business, search: Search, now: datetime) -> tuple[Slot, ...]:
    """What is free where nothing is taken; nearly every talk asks for the same few days of the same house."""
    # the house is kept beside its answer, so that no other one is given its id meanwhile
    key = (id(business), search, now)
    if key not in _FREE:
        _FREE[key] = (business, free_slots(business, search, now, NOTHING_TAKEN))
    return _FREE[key][1]


@dataclass
class Talk:
    """One customer, one lead; `said` holds what we answered, newest last."""

    business: Business = field(default_factory=sample)
    now: datetime = NOW
    lead: Lead = field(default_factory=lambda: Lead(LeadId("lead"), HERE))
    said: list[ChatCommand] = field(default_factory=list)
    let_go: list[str] = field(default_factory=list)
    full: bool = False
    """Nothing is free at all."""
    lost: bool = False
    """Whatever is chosen has just been taken by somebody."""
    read: Callable[[Understanding], Understanding] | None = None
    """What becomes of our own reading (a model's doing, a doubt)."""
    text: str = ""
    """What was written last."""
    drafts: list[ChatCommand] = field(default_factory=list)
    """What was said for a person's eyes only."""
    pays: bool = False
    """Links are opened, and their news is the test's to tell."""
    money: list[Command] = field(default_factory=list)
    """Every order of money, oldest first."""
    recorded: list[RecordBooking] = field(default_factory=list)
    """Every state of a booking that went to the read model."""
    records: list[RecordAudit] = field(default_factory=list)
    """Everything that went to the audit."""
    orders: list[Command] = field(default_factory=list)
    """Everything that was ordered, oldest first."""
    _ids: "count[int]" = field(default_factory=count)

    def writes(self, *texts: str) -> "Talk":
        """Each text, answered before the next."""
        for text in texts:
            self._hears(Text(text), text)
        return self

    def taps(self, button: str, sent_at: datetime | None = None) -> "Talk":
        """A tap, by its id, whatever was shown; it may have been sent long before it is handled."""
        self._hears(Tap(button, button), "", sent_at)
        return self

    def taps_row(self, place: int) -> "Talk":
        """A tap on what was shown last."""
        return self.taps(self.choices[place])

    @property
    def last(self) -> str:
        """The newest answer as plain text."""
        return as_text(self.said[-1])

    @property
    def choices(self) -> tuple[str, ...]:
        """The ids of the newest buttons or rows."""
        match self.said[-1]:
            case SendButtons(buttons=shown) | SendList(rows=shown):
                return tuple(one.id for one in shown)
            case _:
                return ()

    @property
    def booking(self) -> Booking:
        """The booking it is about."""
        booking = self.lead.open_booking
        assert booking is not None
        return booking

    def _hears(self, content: Content, text: str, sent_at: datetime | None = None) -> None:
        self.text = text
        today = self.now.astimezone(self.business.zone).date()
        talk = self.lead.conversation
        local = self.now.astimezone(self.business.zone)
        meant = understand(text, talk.expecting, today, local, understood(talk.language))
        meant = meant if self.read is None else self.read(meant)
        self.now += timedelta(seconds=5)
        event = wrote(meant, content, at=sent_at or self.now, event=f"m{next(self._ids)}")
        self.tell(replace(event, at=self.now, address=self.lead.address))

    def tell(self, event: Event) -> None:
        """Decide, and do what was ordered."""
        decision = decide(self.lead, event, Context(now=self.now, business=self.business))
        self.lead = decision.lead
        for effect in decision.effects:
            match effect.command:
                case OfferSlots() as order:
                    self.tell(self._found(order, effect.id))
                case BookSlot() | MoveSlot() as order if order.change is not None:
                    self.tell(self._changed(order, effect.id))
                case BookSlot() as order:
                    self.tell(self._booked(order, effect.id))
                case OpenInvoice() as order if self.pays:
                    self._link(order, effect.id)
                case ReleaseHolds(holds=holds):
                    self.let_go += holds
                case order if isinstance(order, ChatCommand):
                    (self.drafts if effect.draft else self.said).append(order)
                case _:
                    pass
            self.orders.append(effect.command)
            if effect.lane is Lane.MONEY:
                self.money.append(effect.command)
            if isinstance(effect.command, RecordBooking):
                self.recorded.append(effect.command)
            if isinstance(effect.command, RecordAudit):
                self.records.append(effect.command)

    def pay(self, account: str | None = None, **changes: Any) -> "Talk":
        """The money for the newest link of that account comes in, all of it unless said otherwise."""
        links = [order for order in self.money if isinstance(order, OpenInvoice)]
        link = next(order for order in reversed(links) if account in {None, order.account})
        self.now += timedelta(minutes=1)
        usual = self._news(link)
        self.tell(PaymentNewsCame(EventId(f"paid:{next(self._ids)}"), self.now, replace(usual, **changes)))
        return self

    def _news(self, link: OpenInvoice) -> PaymentNews:
        return PaymentNews(
            reference=link.account,
            revision=next(self._ids) + 1,
            status=InvoiceStatus.PAID,
            due=link.due,
            paid=link.due,
            rest=Money(0, link.due.currency),
            pay_by=link.pay_by,
            is_late=False,
            open_cases=(),
            external_id=f"{link.account}.{link.attempt}",
            url=None,
            paid_at=self.now,
            channel="CREDIT_CARD",
        )

    def closes(self, account: str, paid: Money | None = None) -> "Talk":
        """The link of that account is closed; part of the money may be in it."""
        link = next(order for order in self.money if isinstance(order, OpenInvoice) and order.account == account)
        news = None if paid is None else replace(self._news(link), status=InvoiceStatus.PARTIALLY_PAID, paid=paid)
        self.tell(InvoiceClosed(EventId(f"closed:{next(self._ids)}"), self.now, account, news))
        return self

    def rings(self, kind: TimerKind) -> "Talk":
        """The next timer of that kind fires."""
        name, due = next((name, due) for name, due in self.lead.timers.items() if name.startswith(f"{kind}:"))
        self.now = max(self.now, due)
        self.tell(TimerFired(timer_event_id(name, due), self.now, name, due))
        return self

    def staff(self, action: StaffAction, reference: str | None = None, **facts: str) -> "Talk":
        """Somebody of the house asks for it through the API."""
        booking = self.booking.reference if reference is None else BookingReference(reference)
        event = EventId(f"staff:{next(self._ids)}")
        self.tell(StaffAsked(event, self.now, "operations", action, booking, tuple(facts.items())))
        return self

    def staff_of_ended(self, recorded: Booking, action: StaffAction, **facts: str) -> "Talk":
        """The same of a booking that has ended, as the read model has it."""
        event = EventId(f"staff:{next(self._ids)}")
        said = tuple(facts.items())
        self.tell(StaffAsked(event, self.now, "operations", action, recorded.reference, said, recorded))
        return self

    def _link(self, order: OpenInvoice, effect: str) -> None:
        url = f"https://checkout.example.com/{order.account}.{order.attempt}"
        done = EventId(f"done:{effect}")
        self.tell(InvoiceOpened(done, self.now, order.account, order.attempt, url, order.due, order.why))

    def _changed(self, order: BookSlot | MoveSlot, effect: str) -> Event:
        """The desk has the time of a change: beside the old one, or in its place."""
        told, change = EventId(f"done:{effect}"), order.change or ""
        if self.lost:
            self.lost = False
            return SlotLost(told, self.now, order.booking, order.slot_id, SlotUnavailable.TAKEN, change)
        booking = self.lead.booking(order.booking)
        assert booking is not None
        assert booking.change is not None
        assert booking.change.after is not None
        slot = replace(booking.change.after.slot, hold_id=change_hold(order.booking, change))
        # released before, where its money came late, it is claimed again under the same name
        self.let_go = [hold for hold in self.let_go if hold != slot.hold_id]
        assert slot.slot_id == order.slot_id
        if isinstance(order, BookSlot):
            return SlotBooked(told, self.now, order.booking, slot, change)
        assert order.from_hold == booking.booked_hold
        return SlotMoved(told, self.now, order.booking, change, slot, self._asked(slot, order.guests))

    def _found(self, order: OfferSlots, effect: str) -> SlotsFound:
        rules, zone = self.business.sop.slot, self.business.zone
        proposal = self._proposal(order, order.provider or order.wished)
        if order.wished is not None and not on_wished_days(proposal):
            others = self._proposal(order, order.provider)
            proposal = next_to(proposal, others, as_wished(order.wish), rules, zone)
        offers = tuple(
            OfferedSlot(
                slot.id, slot.start, slot.end, slot.provider, slot.place, slot.nights, f"{effect}:{slot.id}", self.now
            )
            for slot in (offer.slot for offer in proposal.offers)
        )
        return SlotsFound(EventId(f"done:{effect}"), self.now, order.booking, offers, proposal.fit, order.change)

    def _proposal(self, order: OfferSlots, whose: str | None) -> Proposal:
        """Of that provider, or of everybody; nobody has a score or anything to do."""
        today = self.now.astimezone(self.business.zone).date()
        rules = self.business.sop.slot
        first, last = days_of(order.wish, today, rules.window_days)
        place = PlaceId(order.place) if order.place else None
        provider = ProviderId(whose) if whose else None
        search = Search(ServiceId(order.service), first, last, place, provider, order.guests, order.nights)
        free = () if self.full else _free(self.business, search, self.now)
        if order.other_than is not None or order.rather is not None:
            free = tuple(
                slot for slot in best_first(free, {}, rather=order.rather) if slot.provider != order.other_than
            )
        return choose(free, as_wished(order.wish), rules, self.business.zone, self.now)

    def _booked(self, order: BookSlot, effect: str) -> SlotBooked | SlotLost:
        told = EventId(f"done:{effect}")
        if self.lost:
            self.lost = False
            return SlotLost(told, self.now, order.booking, order.slot_id, SlotUnavailable.TAKEN)
        chosen = self.booking.chosen
        assert chosen is not None
        slot = replace(chosen, hold_id=chosen.hold_id or f"{effect}:late")
        return SlotBooked(told, self.now, order.booking, slot, candidates=self._asked(slot, order.guests))

    def _asked(self, slot: OfferedSlot, guests: int) -> tuple[str, ...]:
        """Who can be asked, from an empty calendar."""
        name = read_slot_id(slot.slot_id)
        if name is None or not self.business.is_dispatched(name.service):
            return ()
        return askable(self.business, name, guests, NOTHING_TAKEN, {})

    def work(self, state: TaskState, who: str | None = None, template: str = SERVICE_TASK, **changes: Any) -> "Talk":
        """What became of the task that asks for a yes, or of another one."""
        booking = self.booking
        event = TaskNewsCame(
            EventId(f"task:{next(self._ids)}"),
            self.now,
            booking.reference,
            f"{booking.reference}:{template}:1",
            state,
            who or "system",
            is_late=False,
            is_last=False,
            plan_no=booking.plan_no,
            who=who,
        )
        self.tell(replace(event, **changes))
        return self

    @property
    def planned(self) -> EnsureTasks | None:
        """The work that was ordered last."""
        return next((order for order in reversed(self.orders) if isinstance(order, EnsureTasks)), None)
