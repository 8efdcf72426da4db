"""The form desk: answers a form's exchanges, holds the picked time at once, and tells the lead when a form is sent.

The exchange takes no lease and writes no lead. Session, hold and the news that a form was sent are saved in one
transaction, guarded by the session's version: of two exchanges of one form that run at the same moment one is decided
again, so that a late one can never move the time another one has just sent, and no form is sent without its lead being
told (architecture 4, 5).
"""

import hashlib
import hmac
import time
from base64 import urlsafe_b64encode
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any, Final, assert_never

from bot.business.context import Context
from bot.business.definition import Business
from bot.dialogue import form_answers, form_view, unstable
from bot.dialogue.changes import form as change_form
from bot.dialogue.form_view import FormQuery
from bot.domain.booking import Booking, SlotUnavailable
from bot.domain.commands import SendFlow
from bot.domain.form_events import ChangeFormSubmitted, FormSubmitted
from bot.domain.ids import BookingReference, EffectId, EventId, LeadId, Wamid
from bot.domain.languages import ENGLISH, spoken
from bot.domain.lead import Lead
from bot.engine.internal import internal
from bot.slots import claims as claiming
from bot.slots.claims import NOTHING_TAKEN, Need
from bot.slots.free import PriceGaps
from bot.slots.recheck import recheck
from bot.slots.slot import read_slot_id
from bot.store.claims import Claimant, Claims, Held, HoldId, TooBusy
from bot.store.clock import Clock
from bot.store.delivery import Delivery
from bot.store.flow_sessions import FlowSessions, Form
from bot.store.leads import Leads
from bot.store.messages import DeliveryStatus, Messages
from bot.store.published_flows import PublishedFlows
from bot.store.received import Received
from bot.store.scores_lately import ScoresLately
from bot.store.taken_lately import TakenLately
from bot.store.vault import Vault
from flows.completion import parse_completion
from flows.exchange import (
    Answered,
    HoldOutcome,
    HoldSlot,
    PendingHold,
    ReleaseHold,
    SubmitForm,
    after_hold,
    decide_exchange,
    needs,
)
from flows.limits import DEFAULT_INPUT_CHARS
from flows.paths import PLACE_SINCE, WHO_SINCE
from flows.reply import Reply
from flows.request import FormOpened, FormRequest, ScreenId
from flows.session import Answers, FlowSession, Purpose, Wished
from flows.session import HoldId as FormHold
from flows.token import TokenClaims, TokenWrong, make_token, parse_token
from flows.view import BookingView, Choice, PlaceId, ProviderId, ServiceId
from flows.words import languages

FORM: Final = "form"
"""The kind of the delivery that tells a lead its form was sent."""
FORM_LIVES: Final = timedelta(days=2)
"""reference: whatsapp 1.3, two to three days."""
TRIES: Final = 8
IDS_GOOD_FOR: Final = 2.0
"""Seconds a process goes by the Flow ids it has read."""


class _LostRace(Exception):
    """Somebody saved the session since; the transaction is undone."""


@dataclass(frozen=True, slots=True)
class _About:
    """The booking that a form changes, and whose it is."""

    lead: Lead
    booking: Booking

    @property
    def hold(self) -> HoldId | None:
        """Under which its time is booked."""
        return None if self.booking.booked_hold is None else HoldId(self.booking.booked_hold)


@dataclass(slots=True)
class FlowService:
    """Sessions in one hand, claims in the other."""

    forms: FlowSessions
    claims: Claims
    received: Received
    messages: Messages
    leads: Leads
    vault: Vault
    published: PublishedFlows
    clock: Clock
    business: Callable[[], Business]
    secrets: Sequence[str]
    """Ours and those before it: tokens are signed with the first and known by any."""
    scores: ScoresLately
    context_for: Callable[[Lead, datetime], Awaitable[Context]] | None = None
    """What a quote may know; set once the decisions are there, which know of the forms."""
    monotonic: Callable[[], float] = time.monotonic
    _ids: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    _editions: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    _ids_read_at: float | None = None
    _services: dict[str, tuple[tuple[str, date], tuple[Choice, ...]]] = field(default_factory=dict)
    lately: TakenLately = field(init=False)

    def __post_init__(self) -> None:
        self.lately = TakenLately(self.claims, self.monotonic)

    # Which forms are published ----------------------------------------------------------------------------------

    def ids(self) -> Mapping[str, str]:
        """The published Flow of each language, as last read."""
        return self._ids

    async def refresh_ids(self) -> None:
        """Read which Flows are published, at most every two seconds."""
        now = self.monotonic()
        if self._ids_read_at is not None and now - self._ids_read_at < IDS_GOOD_FOR:
            return
        told, editions = await self.published.published()
        self._ids = MappingProxyType(
            {code: flow for code, flow in told.items() if code.rpartition(":")[2] in languages()}
        )
        self._editions = MappingProxyType(editions)
        self._ids_read_at = now

    # A form is sent to a customer -------------------------------------------------------------------------------

    def token_of(self, lead: LeadId, effect: EffectId, purpose: Purpose = Purpose.BOOKING) -> str:
        """The token of the form that effect sends: nobody can guess it, and sent again it is the same."""
        return make_token(lead, purpose, self._nonce(effect), self.secrets[0])

    async def invited(self, lead: Lead, effect: EffectId, epoch: int, order: SendFlow) -> SendFlow:
        """The order with its token; from here the form may be opened."""
        now = await self.clock.business_now()
        purpose, booking = Purpose(order.purpose), lead.booking(BookingReference(order.booking))
        token = make_token(lead.id, purpose, self._nonce(effect), self.secrets[0])
        known, place = order.known, None if order.place is None else PlaceId(order.place)
        who = ProviderId(known.provider) if known.provider else None
        wished = Wished(ServiceId(known.service), place, known.day, known.minute, guests=known.guests, provider_id=who)
        session = FlowSession(
            token=token,
            lead_id=lead.id,
            purpose=purpose,
            hold_id=FormHold(f"{claiming.FORM_HOLD}{self._nonce(effect)}"),
            expires_at=now + FORM_LIVES,
            epoch=epoch,
            answers=Answers(wished=wished) if booking is None else change_form.answers_of(booking, purpose, wished),
        )
        known_name = lead.name if lead.name and len(lead.name) <= DEFAULT_INPUT_CHARS else ""
        is_asked = unstable.is_asked_first(lead, self.business())
        await self.forms.create(Form(session, order.language, known_name, order.place, order.booking, None, is_asked))
        return replace(order, token=token)

    def _nonce(self, effect: EffectId) -> str:
        digest = hmac.new(self.secrets[0].encode(), f"form-nonce:{effect}".encode(), hashlib.sha256).digest()
        return urlsafe_b64encode(digest).decode().rstrip("=")

    # The form is open -------------------------------------------------------------------------------------------

    async def exchange(self, request: FormRequest) -> Reply:
        """Answer one request of a form; raises TokenExpired when the form is not ours, too old or used up."""
        for _ in range(TRIES):
            try:
                return (await self._once(request)).reply
            except _LostRace:
                continue
        raise TooBusy

    async def _once(self, request: FormRequest) -> Answered:
        now = await self.clock.business_now()
        stored = await self._form(request.token)
        form = stored if stored is None or not isinstance(request, FormOpened) else await self._as_opened(stored)
        session = None if form is None else form.session
        about = None if form is None else await self._about(form)
        view = await self._view(form, about, needs(session, request), now)
        decided = decide_exchange(session, request, view, now)
        assert form is not None, "decide_exchange refuses a form that is not there"
        match decided:
            case Answered():
                if stored is None or decided.session != stored.session:
                    await self._save(form, decided)
                return decided
            case PendingHold():
                return await self._held(form, about, decided, view, now)
            case _:
                assert_never(decided)

    async def _as_opened(self, form: Form) -> Form:
        """A phone that opens a form gets it as it is published at that moment, whenever it was sent."""
        await self.refresh_ids()
        purpose = form.session.purpose
        name = form.language if purpose is Purpose.BOOKING else f"{purpose.value}:{form.language}"
        return replace(form, session=form.session.opened(self._editions.get(name, 1)))

    async def _about(self, form: Form) -> _About | None:
        """The booking that the form changes, as it stands this moment; none where it makes a new one."""
        stored = None if form.session.purpose is Purpose.BOOKING else await self.leads.load(form.lead)
        booking = None if stored is None else stored.lead.booking(BookingReference(form.booking))
        return None if stored is None or booking is None else _About(stored.lead, booking)

    async def _form(self, token: str) -> Form | None:
        """The form, if the token is ours and made for this very customer and purpose; a store is asked last."""
        try:
            made_for = parse_token(token, *self.secrets)
        except TokenWrong:
            return None
        form = await self.forms.load(token)
        is_theirs = form is not None and made_for == TokenClaims(form.session.lead_id, form.session.purpose)
        return form if is_theirs else None

    async def _save(self, form: Form, answered: Answered) -> None:
        changed = replace(form, session=answered.session)
        if any(isinstance(order, SubmitForm) for order in answered.orders):
            news = await self._news(form)

            async def sent(transaction: Any) -> None:
                await self.received.record_within(transaction, news)
                if not await self.forms.save(changed, transaction):
                    raise _LostRace

            await self.lately.changed_by(self.claims.together(sent))
            return
        if not any(isinstance(order, ReleaseHold) for order in answered.orders):
            if not await self.forms.save(changed):
                raise _LostRace
            return

        async def once(transaction: Any) -> None:
            await self.claims.released(transaction, HoldId(form.session.hold_id))
            if not await self.forms.save(changed, transaction):
                raise _LostRace

        await self.lately.changed_by(self.claims.together(once))

    async def _held(
        self, form: Form, about: _About | None, asking: PendingHold, view: BookingView, now: datetime
    ) -> Answered:
        """Move the form's hold, save the session that says so, and tell the lead if it is sent: all or nothing."""
        _, order = asking.orders
        own = None if about is None else about.hold
        wanted = await self._needs_of(asking, order, own, now)
        until = now + timedelta(minutes=self.business().sop.slot.hold_minutes)
        claimant = Claimant(HoldId(order.hold_id), form.lead)
        news = await self._news(form) if asking.request.screen is ScreenId.REVIEW else None

        async def once(transaction: Any) -> Answered:
            if isinstance(wanted, SlotUnavailable):
                await self.claims.released(transaction, claimant.hold)
                outcome = HoldOutcome.TAKEN
            else:
                got = await self.claims.moved(transaction, claimant, wanted, now=now, expires_at=until, besides=own)
                outcome = HoldOutcome.HELD if isinstance(got, Held) else HoldOutcome.TAKEN
            answered = after_hold(asking, outcome, view, now)
            if not await self.forms.save(replace(form, session=answered.session), transaction):
                raise _LostRace
            if news is not None and any(isinstance(one, SubmitForm) for one in answered.orders):
                await self.received.record_within(transaction, news)
            return answered

        return await self.lately.changed_by(self.claims.together(once))

    async def _needs_of(
        self, asking: PendingHold, order: HoldSlot, own: HoldId | None, now: datetime
    ) -> tuple[Need, ...] | SlotUnavailable:
        """What the picked time needs, if it is still a time of this business."""
        business, name = self.business(), read_slot_id(order.slot_id)
        service = None if name is None else business.service(name.service)
        if name is None or service is None:
            return SlotUnavailable.NOT_OFFERED
        # guests are asked after the time: until then one party of the smallest size is kept
        is_last = asking.request.screen is ScreenId.REVIEW or asking.session.purpose is Purpose.RESCHEDULE
        guests = (asking.session.answers.guests if is_last else None) or service.min_guests
        day = name.start.astimezone(business.zone).date()
        first, holds = day - timedelta(days=1), [hold for hold in (HoldId(order.hold_id), own) if hold]
        # asked of the database this moment: what a session keeps is told by no claim of this time's own
        names = form_view.resources(business, service, first, day, name.place)
        taken = await self.claims.taken(names, first, day, now=now, besides_holds=holds)
        slot = recheck(business, name, guests, now, taken)
        if isinstance(slot, SlotUnavailable):
            return slot
        if PriceGaps(business, guests).of(slot) is not None:
            return SlotUnavailable.NOT_OFFERED
        return claiming.needs_of(business, service, slot, guests)

    async def _view(self, form: Form | None, about: _About | None, answers: Answers, now: datetime) -> BookingView:
        business = self.business()
        if form is None:
            unknown = FormQuery(Answers(), _in_words(business.languages[0]), "", None, now)
            return form_view.view_of(business, unknown, NOTHING_TAKEN)
        chosen = None if about is None or form.session.purpose is Purpose.CANCEL else about.booking.chosen
        has = None if chosen is None else chosen.slot_id
        edition, purpose = form.session.edition, form.session.purpose
        asked = FormQuery(
            answers,
            _in_words(form.language),
            form.known_name,
            form.place,
            now,
            has,
            asks_place=purpose is Purpose.BOOKING and edition >= PLACE_SINCE,
            asks_who=purpose is not Purpose.CANCEL and edition >= WHO_SINCE,
        )
        services = self._services_in(business, asked.language, now)
        service = form_view.picked_service(business, answers)
        if service is None or form_view.lacks_place(business, service, asked):
            return form_view.view_of(business, asked, NOTHING_TAKEN, services)
        scores = await self.scores.of(form_view.rivals(business, service, answers))
        asked = replace(asked, scores=scores, asks_first=form.asks_first)
        first, last = form_view.days_ahead(business, service, now)
        place = form_view.place_of(business, service, asked)
        then = await self.lately.of(form_view.resources(business, service, first, last, place), first, last, now=now)
        taken = then.without((HoldId(form.session.hold_id), None if about is None else about.hold))
        # the days are everybody's only where everybody sees the same as taken, and no time is left out for being had
        is_everybodys = taken is then.taken and has is None
        view = form_view.view_of(business, asked, taken, services, then.free_days if is_everybodys else None)
        if form.session.purpose is Purpose.BOOKING:
            return view
        # what it costs is quoted on the booking as it stands this moment, by the very quote of the chat
        if about is None or self.context_for is None:
            return replace(view, review=None)
        lead = about.lead.conversing(language=view.language)
        context = await self.context_for(lead, now)
        quoted = change_form.review(lead, form.booking, form.session.purpose, answers, context)
        return replace(view, review=quoted)

    def _services_in(self, business: Business, language: str, now: datetime) -> tuple[Choice, ...]:
        """The first screen's list: it changes with the business file and with the prices of the day."""
        made_for = (business.version, now.astimezone(business.zone).date())
        known = self._services.get(language)
        if known is None or known[0] != made_for:
            known = self._services[language] = (made_for, form_view.services_in(business, language, made_for[1]))
        return known[1]

    # The form was sent ------------------------------------------------------------------------------------------

    async def _news(self, form: Form) -> Delivery:
        """News for the lead goes through `received`: one door for all."""
        token = str(form.session.token)
        return await internal(self.vault, FORM, token, form.lead, await self.leads.server_now())

    async def arrived(self, lead: Lead, answers: str, quoted: Wamid | None) -> bool:
        """A form came back in the chat: whether it is one this customer sent, whose news has come another way."""
        for token in await self._candidates(lead, answers, quoted):
            form = await self._form(token)
            if form is not None and form.session.is_submitted and form.lead == lead.id:
                return True
        return False

    async def _candidates(self, lead: Lead, answers: str, quoted: Wamid | None) -> Sequence[str]:
        """By its token; without one by the message it hung on; else the one the customer sent last."""
        token = parse_completion(answers).token
        if token is not None:
            return (token,)
        # who answers a message has read it
        effect = None if quoted is None else await self.messages.told_of(quoted, DeliveryStatus.READ)
        last = await self.forms.last_sent_by(lead.id)
        made = () if effect is None else tuple(self.token_of(lead.id, effect, purpose) for purpose in Purpose)
        found = (*made, last)
        return tuple(token for token in found if token is not None)

    async def told(self, token: str) -> str:
        """What a sent form says as lines of label and value; of one that is gone nothing."""
        form = await self.forms.load(token)
        if form is None:
            return ""
        session, language = form.session, _in_words(form.language)
        said = form_answers.labelled(self.business(), session.purpose, session.answers, language, form.booking)
        return "\n".join(f"{label}: {value}" for label, value in said)

    async def submitted(self, event: EventId, token: str, now: datetime) -> FormSubmitted | ChangeFormSubmitted | None:
        """What a sent form says, from its session and never from the phone; none when it was not sent."""
        form = await self.forms.load(token)
        return None if form is None else form_answers.event_of(form.session, form.booking, event, now)


def _in_words(code: str) -> str:
    """The language of a form, or English where its words or the chat's are gone since it was sent."""
    return spoken(code) if code in languages() else ENGLISH
