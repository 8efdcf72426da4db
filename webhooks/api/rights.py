"""Which act each operation of the API is: who may it, is in `bot.domain.users`.

Default deny: an operation without a row is not mounted, and the application does not start. The machine's one token
may all of them but those that need a person.
"""

from collections.abc import Mapping
from typing import Final

from bot.domain.users import Act
from bot.reports.figures import ReportName

RIGHTS: Final[Mapping[str, Act]] = {
    "get /services": Act.LOOK,
    "get /services/{service}/slots": Act.LOOK,
    "get /bookings": Act.LOOK,
    "post /bookings": Act.CREATE,
    "get /bookings/{reference}": Act.LOOK,
    "get /bookings/{reference}/verdict": Act.LOOK,
    "get /bookings/{reference}/required-actions": Act.LOOK,
    "post /bookings/{reference}/answers": Act.PROPOSE,
    "post /bookings/{reference}/propose": Act.PROPOSE,
    "post /bookings/{reference}/confirm": Act.CONFIRM_SLOT,
    "post /bookings/{reference}/reschedule": Act.CHANGE,
    "post /bookings/{reference}/cancel": Act.CHANGE,
    "post /bookings/{reference}/show-up": Act.SHOW_UP,
    "post /bookings/{reference}/check-in": Act.SHOW_UP,
    "post /bookings/{reference}/check-out": Act.SHOW_UP,
    "post /bookings/{reference}/complete": Act.SHOW_UP,
    "post /bookings/{reference}/rating": Act.RATE,
    "post /bookings/{reference}/changes": Act.CHANGE,
    "post /bookings/{reference}/changes/{change}/confirm": Act.CHANGE,
    "delete /bookings/{reference}/changes/{change}": Act.CHANGE,
    "get /bookings/{reference}/actions": Act.LOOK,
    "get /leads": Act.LOOK,
    "get /leads/{lead_id}": Act.LOOK,
    "get /conversations": Act.READ_CONVERSATIONS,
    "get /conversations/{lead_id}/messages": Act.READ_CONVERSATIONS,
    "get /conversations/{lead_id}/messages/{message_id:path}/understanding": Act.READ_CONVERSATIONS,
    "post /conversations/{lead_id}/messages": Act.WRITE_CONVERSATIONS,
    "post /conversations/{lead_id}/takeover": Act.WRITE_CONVERSATIONS,
    "post /conversations/{lead_id}/release": Act.WRITE_CONVERSATIONS,
    "post /conversations/{lead_id}/confirm-number": Act.ADMINISTER,
    "get /inbox": Act.READ_CONVERSATIONS,
    "get /inbox/counts": Act.READ_CONVERSATIONS,
    "get /search": Act.READ_CONVERSATIONS,
    "get /mentions": Act.READ_CONVERSATIONS,
    "get /availability": Act.READ_CONVERSATIONS,
    "post /availability": Act.WRITE_CONVERSATIONS,
    "get /conversations/{lead_id}/inbox": Act.READ_CONVERSATIONS,
    "post /conversations/{lead_id}/read": Act.WRITE_CONVERSATIONS,
    "post /conversations/{lead_id}/drafts": Act.WRITE_CONVERSATIONS,
    "post /conversations/{lead_id}/notes": Act.WRITE_CONVERSATIONS,
    "post /conversations/{lead_id}/assign": Act.WRITE_CONVERSATIONS,
    "post /conversations/{lead_id}/snooze": Act.WRITE_CONVERSATIONS,
    "delete /conversations/{lead_id}/snooze": Act.WRITE_CONVERSATIONS,
    "post /conversations/{lead_id}/later": Act.WRITE_CONVERSATIONS,
    "delete /conversations/{lead_id}/later/{later_id}": Act.WRITE_CONVERSATIONS,
    # that one looks is no word in it
    "post /conversations/{lead_id}/presence": Act.READ_CONVERSATIONS,
    "delete /conversations/{lead_id}/presence": Act.READ_CONVERSATIONS,
    "get /conversations/{lead_id}/replies": Act.READ_CONVERSATIONS,
    "get /conversations/{lead_id}/templates": Act.READ_CONVERSATIONS,
    "post /conversations/{lead_id}/templates": Act.WRITE_CONVERSATIONS,
    "post /conversations/{lead_id}/messages/{message_id:path}/retry": Act.WRITE_CONVERSATIONS,
    "get /alarms": Act.LOOK,
    # who may see what waits for a person may say that they see to it; what is then done has its own right
    "get /attention": Act.LOOK,
    "get /attention/{id}": Act.LOOK,
    "post /attention/{id}/take": Act.SEE_TO,
    "post /attention/{id}/release": Act.SEE_TO,
    "post /attention/{id}/seen": Act.SEE_TO,
    "post /blocks": Act.CLOSE,
    "get /blocks": Act.LOOK,
    "delete /blocks/{block}": Act.CLOSE,
    "get /tasks": Act.LOOK,
    "post /tasks": Act.PLAN_WORK,
    "get /tasks/statistics": Act.LOOK,
    "get /tasks/{task}": Act.LOOK,
    "get /tasks/{task}/photo": Act.LOOK,
    "post /tasks/{task}/take": Act.WORK,
    "post /tasks/{task}/assign": Act.PLAN_WORK,
    "post /tasks/{task}/done": Act.WORK,
    "post /tasks/{task}/problem": Act.WORK,
    "post /tasks/{task}/withdraw": Act.PLAN_WORK,
    "get /bookings/{reference}/complaint": Act.LOOK,
    "post /bookings/{reference}/complaint": Act.OPEN_COMPLAINT,
    "post /bookings/{reference}/complaint/answer": Act.ANSWER_COMPLAINT,
    # a picture cannot be masked
    "get /bookings/{reference}/complaint/photos/{number}": Act.SEE_CONTACT,
    "get /lifecycle": Act.LOOK,
    "get /leads/{lead_id}/insight": Act.READ_CONVERSATIONS,
    "get /money/check": Act.SEE_MONEY,
    "get /money/payouts": Act.SEE_MONEY,
    "post /money/payouts/{payout}/retry": Act.PAY_OUT,
    "post /money/payouts/{payout}/void": Act.PAY_OUT,
    "get /money/payees": Act.SEE_MONEY,
    "post /money/payees/{payee}/confirm": Act.PAY_OUT,
    "get /money/payables": Act.SEE_MONEY,
    "get /money/journal": Act.SEE_MONEY,
    "get /money/reconciliations": Act.SEE_MONEY,
    "post /money/movements/{movement}/accept": Act.PAY_OUT,
    "get /money/disputes": Act.SEE_MONEY,
    "get /money/disputes/{dispute}": Act.SEE_MONEY,
    "get /money/refunds": Act.SEE_MONEY,
    "post /money/refunds/{refund}/approve": Act.APPROVE_MONEY,
    "get /money/alarms": Act.SEE_MONEY,
    "post /bookings/{reference}/refunds": Act.GIVE_BACK,
    "post /bookings/{reference}/receipts": Act.RECEIVE_MONEY,
    "get /money/receipts": Act.SEE_MONEY,
    "post /money/deposits": Act.RECEIVE_MONEY,
    "post /money/refunds/{refund}/account": Act.GIVE_BACK,
    "get /calendar": Act.LOOK,
    "get /callers": Act.CREATE,
    "get /callers/quote": Act.CREATE,
    "post /callers/bookings": Act.CREATE,
    # what each of them needs besides is in `REPORTS`
    "get /reports/{name}": Act.LOOK,
    "get /reports/{name}/csv": Act.LOOK,
    "get /reports/{name}/rows": Act.LOOK,
    "get /clock": Act.LOOK,
    "post /clock": Act.ADMINISTER,
}
"""By method and path, as each operation declares them."""

REPORTS: Final[Mapping[ReportName, Act]] = {
    ReportName.FUNNEL: Act.LOOK,
    ReportName.OUTCOMES: Act.LOOK,
    ReportName.TIMING: Act.LOOK,
    ReportName.SLOTS: Act.LOOK,
    ReportName.ORDERS: Act.LOOK,
    ReportName.VOLUME: Act.LOOK,
    ReportName.MESSAGES: Act.LOOK,
    ReportName.MONEY: Act.SEE_MONEY,
    ReportName.AGENTS: Act.LOOK,
    ReportName.WORK: Act.LOOK,
}
"""By report, at the API and in the console alike. A figure that is a sum of money needs `see_money` in each of them."""

NEEDS_A_PERSON: Final = frozenset(
    {
        "get /money/payees",
        "post /money/payees/{payee}/confirm",
        "post /money/payouts/{payout}/retry",
        "post /money/payouts/{payout}/void",
        "post /money/refunds/{refund}/approve",
    }
)
"""What the machine's token may not: whose yes counts is a person who signed in, not a name in a body."""
