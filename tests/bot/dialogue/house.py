"""One customer's lead and the house around it without IO: claims, outbox and cashier as plain values, a clock by hand.

What is decided is committed and done apart, as in the product: an effect waits in its lane, is done late, done twice
where whoever did it died before it was noted, or taken back by a later commit. An event that was committed is not
heard again; one whose commit was lost is decided once more.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count

from bot.business.catalogue import PlaceId, ProviderId, ServiceId
from bot.business.context import Context
from bot.business.definition import Business
from bot.dialogue.decide import decide
from bot.domain import window
from bot.domain.booking import Booking, OfferedSlot, SlotUnavailable
from bot.domain.change import change_hold
from bot.domain.commands import (
    Author,
    BookSlot,
    ChatCommand,
    CloseInvoice,
    Effect,
    Lane,
    MoveSlot,
    OfferSlots,
    OpenInvoice,
    RecordBooking,
    ReleaseHolds,
    SendButtons,
    SendList,
    SlotCommand,
)
from bot.domain.events import (
    AgentReleased,
    AgentTookOver,
    EffectFailed,
    Event,
    InvoiceClosed,
    InvoiceOpened,
    SlotBooked,
    SlotLost,
    SlotMoved,
    SlotsFound,
    TimerFired,
)
from bot.domain.ids import AgentId, EffectId, EventId, LeadId
from bot.domain.lead import Lead
from bot.domain.offers import Fit
from bot.domain.outbox import Status
from bot.domain.outcome import Decision, Withdraw
from bot.engine.performers.slot_names import named_slot, offered
from bot.slots.choose import as_wished, choose
from bot.slots.claims import Taken, needs_of
from bot.slots.free import Search, free_slots
from bot.slots.recheck import recheck
from bot.slots.slot import Slot, read_slot_id
from bot.slots.wishes import days_of
from bot.store.claims import HoldId
from payments.domain import news
from tests.bot.business.makers import sample
from tests.bot.dialogue.changes.till import Till
from tests.bot.dialogue.states.talk import NOW
from tests.bot.makers import HERE

STRANGER = LeadId("stranger")


@dataclass(frozen=True)
class Claimed:
    """What one hold has."""

    lead: LeadId
    keys: frozenset[str]
    booked: bool
    until: datetime | None

    def is_alive(self, now: datetime) -> bool:
        return self.booked or (self.until is not None and self.until > now)


@dataclass
class Desk:
    """The claims of the house: each key is one hold's, whatever the order of things."""

    business: Business
    holds: dict[str, Claimed] = field(default_factory=dict)

    def taken(self, now: datetime, lead: LeadId, *own: str | None) -> Taken:
        """What is in that lead's way: its own offers are not, nor what `own` has."""
        return Taken.of(
            key
            for hold, one in self.holds.items()
            for key in one.keys
            if hold not in own and one.is_alive(now) and (one.lead != lead or one.booked)
        )

    def needs(self, slot: OfferedSlot | Slot, guests: int) -> frozenset[str]:
        """Its claims where one of each is enough: nothing here has several seats."""
        name = read_slot_id(slot.slot_id if isinstance(slot, OfferedSlot) else slot.id)
        assert name is not None
        service = self.business.service(name.service)
        assert service is not None
        wanted = Slot(name.service, name.provider, name.place, slot.start, slot.end, guests, name.nights)
        return frozenset(key for need in needs_of(self.business, service, wanted, guests) for key in need.keys(0))

    def gets(self, hold: str, claimed: Claimed, now: datetime, *own: str) -> bool:
        """All of it, or nothing: as long as nobody else has any; expired and own offers give way where it is booked."""
        for other, one in list(self.holds.items()):
            if other == hold or other in own or not one.keys & claimed.keys:
                continue
            if one.is_alive(now) and not (claimed.booked and one.lead == claimed.lead and not one.booked):
                return False
            del self.holds[other]
        self.holds[hold] = claimed
        return True

    def release(self, holds: Iterable[str]) -> None:
        for hold in holds:
            if hold in self.holds and not self.holds[hold].booked:
                del self.holds[hold]

    def book(self, hold: str | None, now: datetime) -> bool:
        known = self.holds.get(hold or "")
        if known is None or not known.is_alive(now):
            return False
        self.holds[hold or ""] = replace(known, booked=True, until=None)
        return True

    def perform(self, lead: LeadId, effect: EffectId, order: SlotCommand, now: datetime) -> Event | None:
        """Done, and done again the same."""
        told = EventId(f"done:{effect}")
        match order:
            case OfferSlots():
                self.release([hold for hold, one in self.holds.items() if one.lead == lead])
                offers, fit = self._offers(lead, effect, order, now)
                return SlotsFound(told, now, order.booking, offers, fit, order.change)
            case BookSlot(change=str()):
                return self._reserved(lead, told, order, now)
            case BookSlot():
                return self._booked(lead, effect, told, order, now)
            case MoveSlot():
                return self._moved(lead, told, order, now)
            case ReleaseHolds():
                for hold in order.holds:
                    self.holds.pop(hold, None)
                return None

    def _offers(
        self, lead: LeadId, effect: EffectId, order: OfferSlots, now: datetime
    ) -> tuple[tuple[OfferedSlot, ...], Fit]:
        rules, zone = self.business.sop.slot, self.business.zone
        wish = as_wished(order.wish)
        for days in (rules.window_days, rules.too_far_days):
            first, last = days_of(order.wish, now.astimezone(zone).date(), days)
            place = PlaceId(order.place) if order.place else None
            provider = ProviderId(order.provider) if order.provider else None
            search = Search(ServiceId(order.service), first, last, place, provider, order.guests, order.nights)
            taken = self.taken(now, lead, order.besides)
            free = tuple(
                slot
                for slot in free_slots(self.business, search, now, taken)
                if slot.provider != order.other_than or order.other_than is None
            )
            proposal = choose(free, wish, rules, zone, now)
            if proposal.is_enough(rules):
                break
        until = now + timedelta(minutes=rules.hold_minutes)
        found = []
        for offer in proposal.offers:
            hold = HoldId(f"{effect}:{offer.slot.id}")
            if not offer.held:
                found.append(offered(offer.slot))
                continue
            keys = self.needs(offer.slot, order.guests)
            owned = self.holds.get(order.besides or "")
            rest = keys - owned.keys if owned is not None else keys
            if self.gets(hold, Claimed(lead, rest, booked=False, until=until), now, *filter(None, (order.besides,))):
                found.append(offered(offer.slot, hold, until))
        return tuple(found), proposal.fit

    def _booked(
        self, lead: LeadId, effect: EffectId, told: EventId, order: BookSlot, now: datetime
    ) -> SlotBooked | SlotLost:
        again = HoldId(f"{effect}:late")
        for hold in (order.hold_id, again):
            if self.book(hold, now):
                self.release(order.let_go)
                known = named_slot(self.business, order.slot_id, HoldId(hold or ""))
                return SlotBooked(told, now, order.booking, known)
        slot = self._checked(lead, order.slot_id, order.guests, now)
        if isinstance(slot, SlotUnavailable):
            return SlotLost(told, now, order.booking, order.slot_id, slot)
        self.release(order.let_go)
        if not self.gets(again, Claimed(lead, self.needs(slot, order.guests), booked=True, until=None), now):
            return SlotLost(told, now, order.booking, order.slot_id, SlotUnavailable.TAKEN)
        return SlotBooked(told, now, order.booking, offered(slot, again))

    def _checked(self, lead: LeadId, slot_id: str, guests: int, now: datetime, *own: str) -> Slot | SlotUnavailable:
        name = read_slot_id(slot_id)
        if name is None:
            return SlotUnavailable.NOT_OFFERED
        return recheck(self.business, name, guests, now, self.taken(now, lead, *own))

    def _slot(
        self, lead: LeadId, order: BookSlot | MoveSlot, hold: HoldId, own: str, now: datetime
    ) -> OfferedSlot | SlotUnavailable:
        kept = [self.holds[one] for one in (hold, order.hold_id) if one is not None and one in self.holds]
        if order.same_time or any(one.is_alive(now) for one in kept):
            return named_slot(self.business, order.slot_id, hold)
        again = self._checked(lead, order.slot_id, order.guests, now, own)
        return named_slot(self.business, order.slot_id, hold) if isinstance(again, Slot) else again

    def _reserved(self, lead: LeadId, told: EventId, order: BookSlot, now: datetime) -> SlotBooked | SlotLost:
        change, own = order.change or "", order.besides or ""
        hold = HoldId(change_hold(order.booking, change))
        slot = self._slot(lead, order, hold, own, now)
        if isinstance(slot, SlotUnavailable):
            return SlotLost(told, now, order.booking, order.slot_id, slot, change)
        owned = self.holds[own].keys if own in self.holds else frozenset()
        keys = self.needs(slot, order.guests) - owned
        if not self.gets(hold, Claimed(lead, keys, booked=True, until=None), now, own):
            return SlotLost(told, now, order.booking, order.slot_id, SlotUnavailable.TAKEN, change)
        self.release((*order.let_go, *filter(None, (order.hold_id,))))
        return SlotBooked(told, now, order.booking, slot, change)

    def _moved(self, lead: LeadId, told: EventId, order: MoveSlot, now: datetime) -> SlotMoved | SlotLost:
        hold, old = HoldId(change_hold(order.booking, order.change)), order.from_hold
        slot = self._slot(lead, order, hold, old, now)
        if isinstance(slot, SlotUnavailable):
            return SlotLost(told, now, order.booking, order.slot_id, slot, order.change)
        if old not in self.holds:
            assert hold in self.holds, "a time is moved that is not booked"
            return SlotMoved(told, now, order.booking, order.change, slot)
        keys = self.needs(slot, order.guests)
        if not self.gets(hold, Claimed(lead, keys, booked=True, until=None), now, old):
            return SlotLost(told, now, order.booking, order.slot_id, SlotUnavailable.TAKEN, order.change)
        if old != hold:
            del self.holds[old]
        self.release((*order.let_go, *filter(None, (order.hold_id,))))
        return SlotMoved(told, now, order.booking, order.change, slot)


@dataclass
class Waiting:
    """An effect in the outbox."""

    effect: Effect
    status: Status

    @property
    def is_draft_answer(self) -> bool:
        return self.status is Status.DRAFT and not self.effect.is_fact

    @property
    def is_unclaimed_bot_chat(self) -> bool:
        is_chat = self.effect.lane is Lane.CHAT and self.effect.author is Author.BOT
        return is_chat and self.status is Status.QUEUED


@dataclass(frozen=True)
class Said:
    """A message that has left, with the moment and every booking as it was then."""

    effect: Effect
    at: datetime
    bookings: Mapping[str, Booking]


@dataclass
class House:
    """The lead, what waits to be done for it, and what was done."""

    business: Business = field(default_factory=sample)
    now: datetime = NOW
    lead: Lead = field(default_factory=lambda: Lead(LeadId("lead"), HERE))
    outbox: deque[Waiting] = field(default_factory=deque)
    handled: set[EventId] = field(default_factory=set)
    till: Till = field(default_factory=Till)
    links: list[OpenInvoice] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    """What has left."""
    shown: list[str] = field(default_factory=list)
    """Every button that has left, oldest first."""
    recorded: dict[str, Booking] = field(default_factory=dict)
    """Each booking as it was recorded last."""
    decided: dict[EffectId, Lead] = field(default_factory=dict)
    """The lead of the commit that each word was decided in."""
    dies: bool = False
    """Whether the next commit is lost with whoever was about to make it."""
    ids: "count[int]" = field(default_factory=count)

    def __post_init__(self) -> None:
        self.desk = Desk(self.business)

    def tell(self, event: Event) -> Decision | None:
        """Decided and committed, once; nothing where it had been committed before, or where the commit is lost."""
        if event.id in self.handled and not isinstance(event, TimerFired):
            return None
        decision = decide(self.lead, event, Context(now=self.now, business=self.business))
        if self.dies:
            self.dies = False
            return None
        self.handled.add(event.id)
        self.lead = decision.lead
        self._withdraw(decision.withdraw)
        for effect in decision.effects:
            self.outbox.append(Waiting(effect, Status.DRAFT if effect.draft else Status.QUEUED))
            self.decided[effect.id] = decision.lead
            if isinstance(effect.command, RecordBooking):
                self.recorded[str(effect.command.booking.reference)] = effect.command.booking
        return decision

    def hear(self, event: Event) -> None:
        """The same, until it is committed: what was lost is heard again."""
        self.tell(event)
        self.tell(event)

    def _withdraw(self, withdraw: Withdraw) -> None:
        """As `bot.store.outbox_updates` does it."""
        match withdraw:
            case Withdraw.NOTHING:
                return
            case Withdraw.SUPERSEDED:
                gone = [one for one in self.outbox if one.status is Status.QUEUED and one.effect.supersedable]
            case Withdraw.DRAFTS:
                gone = [one for one in self.outbox if one.is_draft_answer]
            case Withdraw.HAND_BACK:
                gone = [one for one in self.outbox if one.is_draft_answer]
                for one in self.outbox:
                    if one.status is Status.DRAFT:
                        one.status, one.effect = Status.QUEUED, replace(one.effect, epoch=self.lead.epoch)
            case Withdraw.BOT_CHAT | Withdraw.ANSWERED:
                for one in self.outbox:
                    if one.is_unclaimed_bot_chat:
                        one.status = Status.DRAFT
                gone = [one for one in self.outbox if withdraw is Withdraw.ANSWERED and one.is_draft_answer]
            case Withdraw.CARRIED_OVER:
                gone = []
        self.outbox = deque(one for one in self.outbox if one not in gone)

    # What waits is done ----------------------------------------------------------------------------------------------

    def heads(self, lanes: Iterable[Lane]) -> Iterator[Waiting]:
        for lane in lanes:
            head = next((one for one in self.outbox if one.effect.lane is lane and one.status is Status.QUEUED), None)
            if head is not None:
                yield head

    def perform(self, *lanes: Lane, twice: bool = False) -> bool:
        """The head of each of these lanes; done twice where whoever did it died before it was noted."""
        found = list(self.heads(lanes))
        for head in found:
            for _ in range(1 + twice):
                self._done(head)
            if head in self.outbox:
                self.outbox.remove(head)
        return bool(found)

    def catch_up(self, *lanes: Lane) -> None:
        """All that waits in these lanes, and what comes of it."""
        rounds = 0
        while self.perform(*(lanes or tuple(Lane))):
            rounds += 1
            assert rounds < 500, "it never comes to rest"

    def _done(self, head: Waiting) -> None:
        effect, order = head.effect, head.effect.command
        told = EventId(f"done:{effect.id}")
        match order:
            case OfferSlots() | BookSlot() | MoveSlot() | ReleaseHolds():
                event = self.desk.perform(self.lead.id, effect.id, order, self.now)
                if event is not None:
                    self.hear(event)
            case OpenInvoice():
                self.till.does(order, self.now)
                self.links.append(order)
                url = f"https://pay.example/{order.account}.{order.attempt}"
                self.hear(InvoiceOpened(told, self.now, order.account, order.attempt, url, order.due, order.why))
            case CloseInvoice():
                self.till.does(order, self.now)
                invoice = self.till.invoices.get(order.account)
                known = None if invoice is None else news.of_invoice(invoice)
                self.hear(InvoiceClosed(told, self.now, order.account, known))
            case _ if effect.lane is Lane.MONEY:
                self.till.does(order, self.now)
            case order if isinstance(order, ChatCommand):
                self._leaves(head, order)
            case _:
                pass

    def _leaves(self, head: Waiting, order: ChatCommand) -> None:
        """As `bot.engine.performers.chat` sees it off."""
        effect = head.effect
        if effect.author is Author.BOT and effect.epoch != self.lead.epoch:
            if self.lead.is_with_agent:
                self.outbox.append(Waiting(effect, Status.DRAFT))
            return
        if effect.about is not None and not effect.about.is_so(self.lead.booking(effect.about.booking)):
            return
        is_over = effect.not_after is not None and self.now > effect.not_after
        if is_over or not window.admits(self.lead, order, self.now):
            reason = "no_longer_true" if is_over else "window_closed"
            self.hear(EffectFailed(EventId(f"failed:{effect.id}"), self.now, effect.id, order.kind, reason))
            return
        if any(one.effect.id == effect.id for one in self.said):
            return
        self.said.append(Said(effect, self.now, {**self.recorded, **{str(b.reference): b for b in self.lead.bookings}}))
        if isinstance(order, SendButtons):
            self.shown += [button.id for button in order.buttons]
        if isinstance(order, SendList):
            self.shown += [row.id for row in order.rows]

    # Whoever else is there -------------------------------------------------------------------------------------------

    def somebody_books(self, slot: OfferedSlot) -> None:
        """A stranger has that time now, if nobody else has it."""
        hold = f"stranger:{next(self.ids)}"
        self.desk.gets(hold, Claimed(STRANGER, self.desk.needs(slot, 1), booked=True, until=None), self.now)

    def takes_over(self) -> None:
        self.hear(AgentTookOver(EventId(f"over:{next(self.ids)}"), self.now, AgentId("rina")))

    def gives_back(self) -> None:
        agent = self.lead.conversation.agent or AgentId("rina")
        self.hear(AgentReleased(EventId(f"back:{next(self.ids)}"), self.now, agent))
