"""The one dialog for every change of a booking: what changes, what it costs and who bears it, and that the customer
hears of it. Asked first, then quoted, then agreed to; an outdated quote is shown again and never taken."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from quart import Blueprint, Response, request

from bot.business.catalogue import PlaceId, ServiceId
from bot.business.context import Context
from bot.business.definition import Business
from bot.dialogue.changes import telling
from bot.dialogue.overrides import OVERRIDE
from bot.dialogue.rehearsal import ForeseenWords, words_after_yes
from bot.domain.booking import Booking
from bot.domain.change import Cause, ChangeQuote
from bot.domain.events import StaffAction
from bot.domain.lead import Lead
from bot.domain.overrides import RulesOverridden
from bot.domain.users import Act
from bot.engine.living import living
from bot.engine.parts import Parts
from bot.engine.staff_actions import Done, FoundBooking, NoSuchBooking
from bot.engine.staff_changes import ChangeAnswer, ChangeDone, ChangeOutdated, ChangeRefused
from bot.engine.takeover import NoSuchLead
from bot.lifecycle.actions import ActionType
from bot.replies import booking as booking_words
from bot.replies import changes as change_words
from bot.replies import reasons as reason_words
from bot.replies import times
from bot.replies.words import say as reply
from bot.slots.free import Search
from webhooks.console import against_rules, words
from webhooks.console.against_rules import RefusedTime
from webhooks.console.guard import may, signed_in
from webhooks.console.inbox import quote_words
from webhooks.console.inbox.booking_cards import ACT_OF
from webhooks.console.inbox.quote_words import QuoteLines, WordsRead
from webhooks.console.rendering import Renderer, language_here
from webhooks.edge.problems import RequestRefused, problem

KIND_OF: Final = {
    ActionType.CANCEL: "cancel",
    ActionType.CHANGE_TIME: "time",
    ActionType.CHANGE_PLACE: "place",
    ActionType.CHANGE_GUESTS: "guests",
    ActionType.CHANGE_PROVIDER: "provider",
}
STEP_OF: Final = {
    ActionType.MARK_CAME: (StaffAction.SHOW_UP, (("came", "true"),)),
    ActionType.MARK_ABSENT: (StaffAction.SHOW_UP, (("came", "false"),)),
    ActionType.CHECK_IN: (StaffAction.CHECK_IN, ()),
    ActionType.CHECK_OUT: (StaffAction.CHECK_OUT, ()),
    ActionType.COMPLETE: (StaffAction.COMPLETE, ()),
}
DAYS: Final = 7
MOST_TIMES: Final = 120


@dataclass(frozen=True, slots=True)
class _Here:
    """A booking, whose it is, and as of when."""

    found: FoundBooking
    lead: Lead
    context: Context
    language: str

    @property
    def booking(self) -> Booking:
        return self.found.booking


class ChangeDialogs:
    """The dialogs of the pane next to a conversation; the calendar opens the same."""

    def __init__(self, parts: Parts, render: Renderer) -> None:
        self._parts = parts
        self._render = render

    def add_to(self, routes: Blueprint) -> None:
        """Its routes."""
        for path, view, method in (
            ("/bookings/<reference>/<action>", self.get_dialog, "GET"),
            ("/bookings/<reference>/<action>", self.post_wish, "POST"),
            ("/bookings/<reference>/changes/<change>/confirm", self.post_confirm, "POST"),
            ("/bookings/<reference>/changes/<change>/withdraw", self.post_withdraw, "POST"),
        ):
            routes.add_url_rule(path, view.__name__, view, methods=[method])

    @may(Act.CHANGE)
    async def get_dialog(self, reference: str, action: str) -> Response:
        """What is to be different."""
        kind = _action(action)
        here = await self._here(reference, kind)
        if kind is ActionType.CONFIRM_CHANGE:
            return self._open_change(here)
        # what was filled in, of whoever comes back from a time that is refused
        form = {name: text[:400] for name, text in request.args.items()}
        return self._asking(here, kind, form, await self._choices(here, kind))

    @may(Act.CHANGE)
    async def post_wish(self, reference: str, action: str) -> Response:
        """Quoted, or done at once where it has no price."""
        kind = _action(action)
        here = await self._here(reference, kind)
        form = {name: str(value)[:400] for name, value in (await request.form).items()}
        if kind in STEP_OF:
            step, facts = STEP_OF[kind]
            outcome = await self._parts.staff.step(here.found, here.lead, step, facts, self._parts.new_id())
            if isinstance(outcome, Done):
                return self._done("booking.done.step")
            said = "; ".join(reason.fact for reason in reason_words.in_words(outcome, here.language))
            return self._asking(here, kind, form, {}, said)
        wish = self._wish(here, kind, form)
        if kind is ActionType.CHANGE_TIME and "slot_id" not in wish:
            return self._asking(
                here, kind, form, await self._choices(here, kind), words.say("callers.no_time", here.language)
            )
        answer = await self._parts.staff_changes.ask(
            StaffAction.CHANGE, here.found, here.lead, wish, form.get("once", "")[:60] or self._parts.new_id()
        )
        if isinstance(answer, ChangeRefused) and answer.why is None and OVERRIDE not in wish:
            against = await self._parts.staff_changes.would_override(here.found, wish)
            if against is not None:
                return against_rules.page(self._render, here.context.business, _refused(here, kind, form, against))
        return await self._answered(here, kind, answer, form)

    def _wish(self, here: _Here, kind: ActionType, form: Mapping[str, str]) -> dict[str, str]:
        cause = form.get("cause", "")
        wish = {
            "kind": KIND_OF[kind],
            "cause": cause if cause in set(Cause) else Cause.CUSTOMER.value,
            "person": signed_in().id,
            "role": _role(kind),
        }
        if form.get("reason", "").strip():
            wish["reason"] = form["reason"].strip()
        for name in ("slot_id", "place", "provider"):
            if form.get(name):
                wish[name] = form[name]
        wish |= _other_time(here, form) if kind is ActionType.CHANGE_TIME else {}
        why = against_rules.reason_in(form)
        if why is not None:
            wish |= {"role": against_rules.overrider().role, OVERRIDE: why}
        if form.get("guests", "").isdecimal():
            wish["guests"] = form["guests"]
        return wish

    @may(Act.CHANGE)
    async def post_confirm(self, reference: str, change: str) -> Response:
        """The yes, to the quote that was read."""
        here = await self._here(reference, ActionType.CONFIRM_CHANGE)
        form = await request.form
        read = WordsRead.of(form)
        refused = quote_words.refusal(read, self._foreseen(here) if read.is_edited else None, here.language)
        open_change = here.booking.change
        if refused is not None and open_change is not None and open_change.quote is not None:
            return self._quoted(here, open_change.id, open_change.quote, written=read.text, refused=refused)
        said = {"person": signed_in().id, "role": _role(ActionType.CONFIRM_CHANGE), "quote": form.get("quote", "")[:9]}
        said[telling.WORDS] = read.text if read.is_edited else ""
        answer = await self._parts.staff_changes.answer(
            StaffAction.CONFIRM_CHANGE, here.found, said, form.get("once", "")[:60] or self._parts.new_id(), change
        )
        written = read.text if read.is_edited else None
        return await self._answered(here, ActionType.CONFIRM_CHANGE, answer, {}, written)

    def _foreseen(self, here: _Here) -> ForeseenWords | None:
        return words_after_yes(here.lead, here.booking.reference, signed_in().id, here.context)

    @may(Act.CHANGE)
    async def post_withdraw(self, reference: str, change: str) -> Response:
        """It stays as it is."""
        here = await self._here(reference, ActionType.WITHDRAW_CHANGE)
        said = {"person": signed_in().id, "role": _role(ActionType.WITHDRAW_CHANGE)}
        await self._parts.staff_changes.answer(
            StaffAction.WITHDRAW_CHANGE, here.found, said, self._parts.new_id(), change
        )
        return self._done("booking.done.withdrawn")

    async def _answered(
        self,
        here: _Here,
        kind: ActionType,
        answer: ChangeAnswer | Done,
        form: Mapping[str, str],
        written: str | None = None,
    ) -> Response:
        match answer:
            case ChangeOutdated(change=change, quote=quote):
                now = await self._here(str(here.booking.reference), kind)
                return self._quoted(now, change, quote, written=written, is_outdated=True)
            case ChangeRefused():
                said = self._refusal(here, answer)
                return self._asking(here, kind, form, await self._choices(here, kind), said)
            case ChangeDone(end=None, quote=quote, change=change) if quote is not None and _is_open(answer):
                # as it stands with the change in it: only of that it is known what they will read
                return self._quoted(await self._here(str(here.booking.reference), kind), change, quote)
            case _:
                return self._done("booking.done.changed")

    def _refusal(self, here: _Here, answer: ChangeRefused) -> str:
        if answer.why is None:
            return "; ".join(reason.fact for reason in reason_words.in_words(answer.reasons, here.language))
        facts = booking_words.facts(here.lead, here.booking, here.context)
        return reply(f"change.denied.{answer.why.value}", here.language, **facts)

    def _open_change(self, here: _Here) -> Response:
        change = here.booking.change
        if change is None or change.quote is None:
            return self._done("booking.done.over")
        return self._quoted(here, change.id, change.quote)

    def _quoted(
        self,
        here: _Here,
        change: str,
        quote: ChangeQuote,
        *,
        written: str | None = None,
        refused: str | None = None,
        is_outdated: bool = False,
    ) -> Response:
        language, foreseen = here.language, self._foreseen(here)
        lines = (*_against(here), *quote_words.lines_of(quote, language))
        reader = here.lead.conversing(language=language)
        shown = QuoteLines(
            change=change,
            number=quote.number,
            lines=lines,
            policy=change_words.policy_sentence(reader, quote.policy, here.context),
            until=times.short_moment(quote.valid_until, here.context.business.zone, language),
            told=quote_words.told(here.lead.language, foreseen, language),
            words=foreseen,
            written=("" if foreseen is None else foreseen.body) if written is None else written,
            refused=refused,
            is_outdated=is_outdated,
        )
        return self._render.fragment(
            "inbox/quote_dialog.html",
            200 if refused is None else 409,
            booking=here.booking.reference,
            quote=shown,
            read_in=here.lead.language,
            once=self._parts.new_id(),
        )

    def _asking(
        self,
        here: _Here,
        kind: ActionType,
        form: Mapping[str, str],
        choices: Mapping[str, Any],
        refused: str | None = None,
    ) -> Response:
        service = here.context.business.service(here.booking.service or "")
        return self._render.fragment(
            "inbox/change_dialog.html",
            200 if refused is None else 409,
            booking=here.booking.reference,
            action=kind.value,
            label=reply(f"action.label.{kind.value}", here.language),
            is_step=kind in STEP_OF,
            causes=[cause.value for cause in Cause],
            form=form,
            choices=choices,
            guests=here.booking.guests or 1,
            most=1 if service is None else service.max_guests,
            least=1 if service is None else service.min_guests,
            refused=refused,
            once=self._parts.new_id(),
        )

    async def _choices(self, here: _Here, kind: ActionType) -> Mapping[str, Any]:
        """What can be chosen from: free times by day, places, people."""
        business, booking = here.context.business, here.booking
        service = business.service(booking.service or "")
        if service is None:
            return {}
        match kind:
            case ActionType.CHANGE_PLACE:
                return {"places": [(place.id, place.name.say(here.language)) for place in business.places_of(service)]}
            case ActionType.CHANGE_PROVIDER:
                known = [business.provider(one.id) for one in business.providers_of(service.id, None)]
                return {"providers": [(one.id, one.name.say(here.language)) for one in known if one is not None]}
            case ActionType.CHANGE_TIME:
                givers = against_rules.providers_of(business, service, here.language)
                chosen = booking.chosen
                return {
                    "days": await self._days(here, service.id),
                    "givers": givers,
                    "giver": None if chosen is None else chosen.provider,
                    # of a stay the day alone says that another one is meant
                    "day": "" if chosen is None or service.is_stay else _local_day(chosen.start, business),
                    "is_stay": service.is_stay,
                }
            case _:
                return {}

    async def _days(self, here: _Here, service: str) -> list[tuple[str, list[tuple[str, str]]]]:
        business, booking, now = here.context.business, here.booking, here.context.now
        first = now.astimezone(business.zone).date()
        place = None if booking.chosen is None else booking.chosen.place
        search = Search(
            ServiceId(service),
            first,
            first + timedelta(days=DAYS),
            PlaceId(place) if place else None,
            None,
            booking.guests or 1,
            booking.nights or 1,
        )
        days: dict[str, list[tuple[str, str]]] = {}
        for slot in (await self._parts.staff.free(search, now))[:MOST_TIMES]:
            provider = business.provider(slot.provider)
            who = "" if provider is None else f" · {provider.name.say(here.language)}"
            day = times.long_day(slot.start, business.zone, here.language)
            label = f"{times.hours(slot.start, slot.end, business.zone, here.language)}{who}"
            days.setdefault(day, []).append((slot.id, label))
        return list(days.items())

    def _done(self, key: str) -> Response:
        """The dialog closes, and the page says so."""
        response = self._render.fragment("inbox/dialog_closed.html", said=words.say(key, language_here()))
        response.headers["HX-Trigger"] = "console:changed"
        return response

    async def _here(self, reference: str, kind: ActionType) -> _Here:
        if not signed_in().may(ACT_OF.get(kind, Act.CHANGE)):
            raise RequestRefused(problem(403, "may-not", words.say("frame.may_not", language_here())))
        try:
            found = await self._parts.staff.find(reference[:60])
        except NoSuchBooking:
            raise RequestRefused(problem(404, "no-such-booking", "There is no such booking.")) from None
        stored = await living(self._parts.leads, found.lead)
        if stored is None:
            raise NoSuchLead(found.lead)
        now = await self._parts.clock.business_now()
        # with the file it was sold under, as its decisions are made
        context = await self._parts.decisions.context_for(stored.lead, now)
        return _Here(found, stored.lead, context, language_here())


def _action(given: str) -> ActionType:
    if given not in set(ActionType):
        raise RequestRefused(problem(404, "no-such-action", "There is no such action."))
    action = ActionType(given)
    if action not in {*KIND_OF, *STEP_OF, ActionType.CONFIRM_CHANGE, ActionType.WITHDRAW_CHANGE}:
        raise RequestRefused(problem(404, "no-such-action", "There is no such action."))
    return action


def _other_time(here: _Here, form: Mapping[str, str]) -> dict[str, str]:
    """The time that was filled in next to the list, at the place it is at; nothing where none was."""
    business, booking = here.context.business, here.booking
    service = business.service(booking.service or "")
    try:
        day = date.fromisoformat(form.get(against_rules.DAY, "")[:10])
    except ValueError:
        return {}
    if service is None or booking.chosen is None:
        return {}
    slot_id = against_rules.slot_of(business, service, form, day, booking.chosen.place or "", booking.nights)
    return {"slot_id": slot_id} if slot_id else {}


def _local_day(at: datetime, business: Business) -> str:
    return at.astimezone(business.zone).date().isoformat()


def _refused(here: _Here, kind: ActionType, form: Mapping[str, str], against: RulesOverridden) -> RefusedTime:
    where = f"/console/bookings/{here.booking.reference}/{kind.value}"
    title, guests = reply(f"action.label.{kind.value}", here.language), here.booking.guests or 1
    # under a name of its own: what was refused is on record under the one before
    given = {name: text for name, text in form.items() if name != "once"}
    return RefusedTime("change", title, against.slot_id, guests, against, where, where, given, is_post=False)


def _against(here: _Here) -> tuple[tuple[str, str], ...]:
    """What somebody of the house overrides by the open change, and why."""
    change, business = here.booking.change, here.context.business
    service = None if change is None or change.after is None else business.service(change.after.service)
    if change is None or change.after is None or change.override is None or service is None:
        return ()
    said = against_rules.with_reason(business, change.override, service, change.after.guests, here.language)
    return ((words.say("rules.against", here.language), said),)


def _role(kind: ActionType) -> str:
    role = signed_in().role_for(ACT_OF.get(kind, Act.CHANGE))
    return "operations" if role is None else role.value


def _is_open(answer: ChangeDone) -> bool:
    """Whether the change still waits for a yes."""
    change = answer.done.found.booking.change
    return change is not None and change.id == answer.change and change.accepted_at is None
