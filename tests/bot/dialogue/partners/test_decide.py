"""A partner's own `decide`: greeted by name, asked once, shown their work, and nothing to who has left the file."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.business.contacts import roles_of
from bot.dialogue.partners.decide import LOOK, decide
from bot.domain.alarms import AlarmReason
from bot.domain.contents import Content, Media, Other, Reaction, Tap, Text
from bot.domain.events import BotStumbled, EffectFailed, TimerFired
from bot.domain.ids import EffectId, EventId
from bot.domain.job import Job
from bot.domain.lead import Address
from bot.domain.partner import MOST_SHOWN, Consent, Partner
from bot.domain.partner_events import (
    AnyEvent,
    EarningsFound,
    JobsFound,
    PartnerNumberConfirmed,
    PartnerNumberDoubted,
    SpokeAsGuest,
)
from bot.domain.partner_orders import FindEarnings, FindJobs
from bot.domain.task import TaskKind, TaskState
from bot.replies import partner as words
from bot.store.shapes import pack_partner, unpack_partner
from payments.domain.money import Money
from tests.bot.dialogue.partners.makers import KETUT, a_partner, said, tapped, wrote
from tests.bot.makers import NOW, context

STRANGER = "+6281299999999"


def a_job(number: int = 1) -> Job:
    title = (("en", "Clean"), ("id", "Bersihkan"))
    end = NOW + timedelta(hours=3)
    return Job(f"house:by-hand-{number}:1", TaskKind.CHORE, title, TaskState.TAKEN, NOW, end, "villa-padi")


def test_who_writes_first_is_greeted_by_name_in_the_language_of_the_file_and_asked_once() -> None:
    first = decide(a_partner(), wrote("halo"), context())
    assert "Ketut Suarni" in said(first)
    assert "Boleh kami kabari" in said(first)
    assert first.thread.consent is Consent.ASKED
    again = decide(first.thread, wrote("halo", "2"), context())
    assert "Boleh kami kabari" not in said(again)
    assert "Mau lihat apa?" in said(again)


def test_yes_is_kept_and_no_leaves_them_alone_until_they_write() -> None:
    asked = decide(a_partner(), wrote("halo"), context()).thread
    assert decide(asked, tapped(words.YES_TAP), context()).thread.consent is Consent.GIVEN
    refused = decide(asked, tapped(words.NO_TAP), context())
    assert refused.thread.consent is Consent.REFUSED
    assert "tidak akan kirim kabar" in said(refused)
    assert "Boleh kami kabari" in said(decide(refused.thread, wrote("eh", "3"), context()))


def test_their_work_is_looked_up_by_word_and_by_button_and_told_a_line_each() -> None:
    for asked in (wrote("Pekerjaan saya"), wrote("my jobs!"), tapped(words.JOBS_TAP)):
        (effect,) = decide(a_partner(), asked, context()).effects
        assert effect.command == FindJobs(KETUT)
    found = decide(a_partner(), JobsFound(EventId("done:x"), NOW, (a_job(),)), context())
    assert "Bersihkan · Villa Padi" in said(found)
    assert found.thread.shown == (a_job().task,)
    assert "belum ada pekerjaan" in said(decide(a_partner(), JobsFound(EventId("done:x"), NOW, ()), context()))


def test_their_money_is_told_by_where_it_is_and_offered_to_who_is_paid_alone() -> None:
    paid = a_partner("+6281200000201")
    for asked in (wrote("my money"), tapped(words.MONEY_TAP)):
        (effect,) = decide(paid, asked, context()).effects
        assert effect.command == FindEarnings(paid.phone)
    hundred, two = Money(100_000, "IDR"), Money(200_000, "IDR")
    both = said(decide(paid, EarningsFound(EventId("done:e"), NOW, (hundred,), (two,)), context()))
    assert both.startswith("Belum dibayarkan: IDR 100.000\nSedang dikirim ke rekening kakak: IDR 200.000")
    assert "tidak ada yang tertunda" in said(decide(paid, EarningsFound(EventId("e"), NOW, (), ()), context()))
    known, cleaner = (replace(one, consent=Consent.GIVEN) for one in (paid, a_partner()))
    assert "Uang saya" in said(decide(known, wrote("halo"), context()))
    assert "Uang saya" not in said(decide(cleaner, wrote("halo"), context()))
    gone = a_partner(STRANGER)
    assert not decide(gone, EarningsFound(EventId("e"), NOW, (hundred,), ()), context()).effects


def test_the_last_twenty_jobs_that_were_shown_are_remembered() -> None:
    partner = a_partner()
    for number in range(50):
        partner = decide(partner, JobsFound(EventId("e"), NOW, (a_job(number),)), context()).thread
    assert len(partner.shown) == MOST_SHOWN
    assert partner.shown[-1] == a_job(49).task
    assert partner.having_seen(NOW, partner.shown[0]).shown[-1] == partner.shown[0]
    assert partner.shown_at == dict.fromkeys(partner.shown, NOW)


def test_who_has_left_the_file_is_told_so_and_shown_nothing() -> None:
    gone = decide(a_partner(STRANGER), wrote("my work"), context())
    assert "no longer on the list" in said(gone)
    assert not decide(a_partner(STRANGER), JobsFound(EventId("e"), NOW, (a_job(),)), context()).effects


def test_their_window_opens_with_each_word_and_their_user_id_is_kept() -> None:
    heard = decide(a_partner(), wrote("halo"), context()).thread
    assert (heard.last_inbound_at, heard.spoke_at) == (NOW, NOW)
    assert heard.address.user_id == "ID.x"
    as_guest = decide(a_partner(), SpokeAsGuest(EventId("guest:1"), NOW), context()).thread
    assert (as_guest.last_inbound_at, as_guest.guest_at, as_guest.spoke_at) == (NOW, NOW, None)


def test_a_number_of_somebody_else_locks_the_thread_and_a_person_looks_until_the_file_is_right() -> None:
    doubted = decide(a_partner(), PartnerNumberDoubted(EventId("number:1"), NOW, is_anothers=True), context()).thread
    assert doubted.is_locked
    assert [(one.reason, one.subject) for one in doubted.alarms] == [(AlarmReason.PARTNER_NUMBER, "ketut")]
    due = doubted.timers[LOOK]
    still = decide(doubted, TimerFired(EventId("t"), due, LOOK, due), replace(context(), now=due)).thread
    assert still.alarms == doubted.alarms
    assert still.timers[LOOK] > due
    # the file has another number by now
    left = replace(doubted, phone=STRANGER)
    over = decide(left, TimerFired(EventId("t"), due, LOOK, due), replace(context(), now=due)).thread
    assert (over.alarms, over.timers) == ((), {})


def test_a_number_that_a_person_confirms_is_theirs_without_the_former_user_id_or_its_window() -> None:
    known = decide(a_partner(), wrote("halo"), context()).thread
    known = decide(known, tapped(words.YES_TAP), context()).thread
    for is_anothers in (True, False):
        doubted = decide(known, PartnerNumberDoubted(EventId("number:1"), NOW, is_anothers), context()).thread
        assert doubted.is_doubted
        decided = decide(doubted, PartnerNumberConfirmed(EventId("number:2"), NOW), context())
        sure = decided.thread
        assert (sure.is_doubted, sure.is_locked, sure.alarms, decided.effects) == (False, False, (), ())
        assert sure.address == Address(wa_id=KETUT.removeprefix("+"))
        # whose word opened the window nobody can say; what they agreed to stands
        assert (sure.last_inbound_at, sure.consent) == (None, Consent.GIVEN)


def test_what_could_not_be_said_is_an_alarm_until_they_write() -> None:
    failed = EffectFailed(EventId("failed:1"), NOW, EffectId("e:0"), "send_text", "window_closed")
    silent = decide(a_partner(), failed, context()).thread
    assert [one.reason for one in silent.alarms] == [AlarmReason.PARTNER_NOT_TOLD]
    assert decide(silent, wrote("halo"), context()).thread.alarms == ()


def test_one_person_is_all_that_the_file_says_of_their_number() -> None:
    known = roles_of(context().business, KETUT)
    assert known is not None
    assert (known.name, known.language, known.staff, known.providers) == ("Ketut Suarni", "id", ("ketut",), ())
    assert roles_of(context().business, STRANGER) is None


contents = st.one_of(
    st.text().map(Text),
    st.sampled_from(["work:yes", "work:no", "work:jobs", "work:", "guest:book", "x"]).map(lambda tap: Tap(tap, "t")),
    st.just(Media("image", "1", "image/jpeg")),
    st.just(Reaction("wamid", None)),
    st.just(Other("unknown")),
)
events: st.SearchStrategy[AnyEvent] = st.one_of(
    contents.map(wrote),
    st.lists(st.integers(0, 30).map(a_job), max_size=25).map(lambda jobs: JobsFound(EventId("e"), NOW, tuple(jobs))),
    st.booleans().map(lambda other: PartnerNumberDoubted(EventId("n"), NOW, other)),
    st.just(PartnerNumberConfirmed(EventId("c"), NOW)),
    st.just(SpokeAsGuest(EventId("g"), NOW)),
    st.just(EffectFailed(EventId("f"), NOW, EffectId("e:0"), "send_text", "refused")),
    st.just(BotStumbled(EventId("s"), NOW, "d", "KeyError")),
    st.sampled_from([LOOK, "hologram"]).map(lambda name: TimerFired(EventId("t"), NOW, name, NOW)),
)


@given(st.sampled_from([KETUT, STRANGER]), st.lists(events, max_size=12))
def test_whatever_happens_it_never_raises_and_is_stored_and_read_again(phone: str, happened: list[AnyEvent]) -> None:
    partner: Partner = a_partner(phone)
    for event in happened:
        first, second = decide(partner, event, context()), decide(partner, event, context())
        assert first == second
        partner = first.thread
        assert len(partner.shown) <= MOST_SHOWN
    assert unpack_partner(pack_partner(partner)) == partner


def test_any_content_is_answered_or_left() -> None:
    content: Content = Reaction("wamid", "👍")
    assert decide(a_partner(), wrote(content), context()).effects == ()
