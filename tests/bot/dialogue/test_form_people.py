"""Who is to give it, by form: whoever gives it there can be chosen, has their days and times alone, and is kept with
the booking."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.dialogue.decide import decide
from bot.dialogue.form_answers import event_of, labelled
from bot.dialogue.form_view import FormQuery, view_of
from bot.domain.booking import Booking
from bot.domain.commands import SendFlow
from bot.domain.form_events import FormSubmitted
from bot.domain.ids import EventId
from bot.domain.offers import ProviderWish
from bot.domain.states import State
from bot.replies.booking import form_invitation
from bot.slots.claims import NOTHING_TAKEN
from flows.screens.day import DAY
from flows.session import Answers, Purpose, Wished
from flows.view import ANYONE, BookingView, PlaceId, ProviderId, ServiceId
from flows.words import ScreenNotice, languages
from tests.bot.dialogue.test_forms import sent
from tests.bot.makers import NOW, a_lead, context
from tests.bot.paying import REFERENCE, a_booking, a_customer
from tests.flows.shop import session_of

BUSINESS = context().business
CANGGU = Answers(ServiceId("balinese-massage"), place_id=PlaceId("villa-kamboja"))
"""Where both Ayu and Komang come."""
SLOT = "balinese-massage|komang|20260306T0200Z|villa-kamboja"


def seen(answers: Answers, language: str = "en", *, asks_who: bool = True) -> BookingView:
    return view_of(
        BUSINESS, FormQuery(answers, language, "Ayu", None, NOW, asks_place=True, asks_who=asks_who), NOTHING_TAKEN
    )


def whose(view: BookingView) -> set[str]:
    return {time.id.split("|")[1] for time in view.times}


def a_day(weekday: int) -> date:
    """One of that weekday at least a week ahead."""
    today = NOW.astimezone(BUSINESS.zone).date()
    return today + timedelta(days=7 + (weekday - today.weekday()) % 7)


def test_whoever_gives_it_there_is_offered_with_anybody_first() -> None:
    assert [choice.id for choice in seen(CANGGU).providers] == [ANYONE, "ayu", "komang"]
    assert seen(CANGGU, "id").providers[0].title == "Siapa saja"
    # only Ayu comes to Seminyak, and a form of before asks nobody
    assert seen(replace(CANGGU, place_id=PlaceId("villa-melati"))).providers == ()
    assert seen(CANGGU, asks_who=False).providers == ()
    # before it is known where, nobody is
    assert seen(replace(CANGGU, place_id=None)).providers == ()


def test_whoever_is_chosen_has_their_days_and_times_alone() -> None:
    wednesday, thursday = a_day(2), a_day(3)
    komang, anybody = (replace(CANGGU, provider_id=ProviderId(who)) for who in ("komang", ANYONE))
    days, everybodys = seen(komang).days, seen(anybody).days
    assert days is not None
    assert everybodys is not None
    # Komang rests on Wednesdays
    assert (days.allows(wednesday), everybodys.allows(wednesday), days.allows(thursday)) == (False, True, True)
    assert whose(seen(replace(komang, day=thursday))) == {"komang"}
    assert "ayu" in whose(seen(replace(anybody, day=thursday)))
    assert seen(replace(komang, day=wednesday)).times == ()


def test_whom_the_chat_knew_has_the_calendar_until_they_choose() -> None:
    wished = replace(CANGGU, wished=Wished(provider_id=ProviderId("komang")))
    hers, chosen = seen(wished).days, seen(replace(wished, provider_id=ANYONE)).days
    assert hers is not None
    assert chosen is not None
    assert not hers.allows(a_day(2))
    assert chosen.allows(a_day(2))
    # a form of before cannot show it, and is not narrowed by it
    before = seen(wished, asks_who=False).days
    assert before is not None
    assert before.allows(a_day(2))


def test_the_last_screen_names_whom_they_chose() -> None:
    answers = replace(CANGGU, provider_id=ProviderId("komang"), day=a_day(3))
    slot = seen(answers).times[0].id
    view = seen(replace(answers, slot_id=slot, guests=1))  # type: ignore[arg-type]
    assert view.review is not None
    assert "with Komang Wellness" in view.review.summary
    anybody = seen(replace(answers, slot_id=slot, guests=1, provider_id=ANYONE))  # type: ignore[arg-type]
    assert anybody.review is not None
    assert "with Komang Wellness" not in anybody.review.summary


def test_who_is_gone_from_the_file_while_the_form_is_open_closes_nothing_and_is_nobody_else() -> None:
    gone = replace(CANGGU, provider_id=ProviderId("gone"), day=a_day(3))
    view = seen(gone)
    assert view.days is not None, "others may be chosen"
    assert view.times == ()
    assert DAY.objection(gone, view) is ScreenNotice.WHO_NOT_FREE
    assert (DAY.values(gone, view) or {})["known"] == {"day": a_day(3).isoformat(), "who": ANYONE}
    # also where only one is left, and nobody is asked about any more
    alone = replace(gone, place_id=PlaceId("villa-melati"))
    assert (seen(alone).providers, seen(alone).times) == ((), ())
    assert seen(replace(alone, provider_id=ProviderId("ayu"))).times


# Sent ---------------------------------------------------------------------------------------------------------------


def booked(event: FormSubmitted, who: ProviderWish | None = None) -> Booking:
    lead = a_lead()
    if who is not None:
        searching = a_booking(
            state=State.SERVICE_SELECTED, chosen=None, offered=(), explicitly_confirmed=False, who=who
        )
        lead = a_customer(searching)
    (booking,) = decide(lead, event, context()).lead.bookings
    return booking


def of_komang(**changes: object) -> FormSubmitted:
    return sent(service="balinese-massage", slot_id=SLOT, guests=1, **changes)


def test_whom_they_chose_is_kept_with_the_booking_and_wins_over_the_chat() -> None:
    assert booked(of_komang(provider="komang")).who == ProviderWish(("komang",))
    assert booked(of_komang(provider="komang"), ProviderWish(("ayu",))).who == ProviderWish(("komang",))
    assert booked(of_komang(provider=ANYONE), ProviderWish(("ayu",))).who == ProviderWish(anyone=True)
    # a form that does not ask leaves it as it was said
    assert booked(of_komang(), ProviderWish(("komang",))).who == ProviderWish(("komang",))


def test_whom_the_chat_wished_for_something_else_is_no_wish_of_what_the_form_booked() -> None:
    call = sent(service="planning-call", slot_id="planning-call|concierge|20260306T0200Z|", guests=1)
    assert booked(call, ProviderWish(("ayu",))).who == ProviderWish()


def test_the_form_begins_with_whom_the_chat_knew() -> None:
    for who, known in (
        (ProviderWish(("komang",)), "komang"),
        (ProviderWish(anyone=True), ANYONE),
        (ProviderWish(), ""),
    ):
        order = form_invitation(a_lead(), "flow-en", Booking(REFERENCE, who=who)).command
        assert isinstance(order, SendFlow)
        assert order.known is not None
        assert order.known.provider == known


@pytest.mark.parametrize("language", languages())
def test_what_was_sent_says_whom_they_chose_under_its_label(language: str) -> None:
    told = [
        dict(labelled(BUSINESS, Purpose.BOOKING, replace(CANGGU, provider_id=ProviderId(who)), language, ""))
        for who in ("komang", ANYONE)
    ]
    labels = {"en": "With whom", "id": "Dengan siapa", "vi": "Với ai"}
    anybody = {"en": "Anyone", "id": "Siapa saja", "vi": "Ai cũng được"}
    assert [one[labels[language]] for one in told] == ["Komang Wellness", anybody[language]]
    assert labels[language] not in dict(labelled(BUSINESS, Purpose.BOOKING, CANGGU, language, ""))


def test_the_lead_hears_of_a_form_once_it_was_sent() -> None:
    session = replace(session_of(), answers=replace(CANGGU, provider_id=ProviderId("komang"), guests=1))
    assert event_of(session, "", EventId("form"), NOW) is None
    event = event_of(session.submitted(NOW), "", EventId("form"), NOW)
    assert isinstance(event, FormSubmitted)
    assert (event.provider, event.service, event.hold_id) == ("komang", "balinese-massage", str(session.hold_id))
