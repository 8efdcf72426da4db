"""The console put together."""

from bot.business.definition import Business
from bot.engine.parts import Parts
from bot.store.changes import ChangeFeed
from bot.store.key_ages import KeyAges
from webhooks.api.bookings.door import BookingsDoor
from webhooks.console.books import ConsoleBooks
from webhooks.console.calendar.page import CalendarPage
from webhooks.console.callers import CallerDialogs
from webhooks.console.door import ConsoleDoor
from webhooks.console.duty import DutyControl
from webhooks.console.guard import ConsoleGuard
from webhooks.console.inbox.acts import InboxActs
from webhooks.console.inbox.answers import AnswerDialogs
from webhooks.console.inbox.changes import ChangeDialogs
from webhooks.console.inbox.colleagues import Colleagues
from webhooks.console.inbox.composer import Composer
from webhooks.console.inbox.media import MediaFiles
from webhooks.console.inbox.page import InboxPage
from webhooks.console.inbox.reading import InboxReader
from webhooks.console.live import LiveHub
from webhooks.console.money.page import MoneyPage
from webhooks.console.pages import RAIL, ConsolePage
from webhooks.console.palette import PaletteSearch
from webhooks.console.partners.page import PartnerThreadsPage
from webhooks.console.queue.page import QueuePage
from webhooks.console.rendering import Renderer
from webhooks.console.reports.page import ReportsPage
from webhooks.console.settings.page import SettingsPage
from webhooks.console.sign_in import SignInPages
from webhooks.console.static_files import StaticFiles
from webhooks.console.work.page import WorkPage
from webhooks.settings import Settings


def console_of(
    parts: Parts,
    feed: ChangeFeed,
    business: Business,
    guard: ConsoleGuard,
    bookings: BookingsDoor,
    books: ConsoleBooks,
    settings: Settings,
    key_ages: KeyAges,
) -> ConsoleDoor:
    """The console of one process; a page that is in the rail and not here is not built yet."""
    render = Renderer(StaticFiles.read(), RAIL, business.name, business.timezone)
    colleagues = Colleagues(guard.reader.accounts)
    pages: tuple[ConsolePage, ...] = (
        _inbox(parts, render, colleagues, bookings),
        QueuePage(parts, render, colleagues),
        CalendarPage(parts, render, books.calendar),
        WorkPage(parts, render),
        MoneyPage(parts, render, books),
        ReportsPage(parts, render, books.reports),
        SettingsPage(parts, render, guard.reader, settings, key_ages),
    )
    render.links = [link for link in RAIL if link in {page.link for page in pages}]
    sign_in = SignInPages(guard.reader, business.name, render.files)
    others = (
        sign_in,
        DutyControl(parts, render),
        PaletteSearch(parts, render),
        CallerDialogs(parts, render),
        AnswerDialogs(parts, render),
        PartnerThreadsPage(parts, render, colleagues),
    )
    return ConsoleDoor(render, guard, LiveHub(feed), others, pages)


def _inbox(parts: Parts, render: Renderer, colleagues: Colleagues, bookings: BookingsDoor) -> InboxPage:
    composer, read = Composer(parts), InboxReader(parts, bookings, colleagues)
    acts = InboxActs(parts, parts.staff_inbox, read, render, colleagues, composer)
    changes, media = ChangeDialogs(parts, render), MediaFiles(read, parts.channel)
    return InboxPage(read, render, colleagues, composer, acts, changes, media)
