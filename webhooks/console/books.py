"""What the pages of money, reports and the calendar read with."""

from dataclasses import dataclass

from payments.services.cashier import Cashier
from payments.store.store import Store
from webhooks.api.calendar.desk import CalendarDesk
from webhooks.api.reports.desk import ReportDesk


@dataclass(frozen=True, slots=True)
class ConsoleBooks:
    """The cashier's records, and who sums them up."""

    store: Store
    cashier: Cashier | None
    """None where no payment provider is set up."""
    reports: ReportDesk
    calendar: CalendarDesk
