"""The routes of money, declared."""

from typing import Final

from webhooks.api.money.models import (
    Alarms,
    Approve,
    Confirm,
    MoneyCheckShown,
    PayeePath,
    Payees,
    PayoutPath,
    PayoutsQuery,
    ProposalShown,
    RefundPath,
    Retry,
    Void,
    WaitingRefund,
    WaitingRefunds,
    WholePayout,
    WholePayouts,
)
from webhooks.edge.models import Nothing
from webhooks.edge.operations import Method, Operation, Tag

CHECK: Final = Operation(
    Method.GET,
    "/money/check",
    Tag.MONEY,
    "Does every unit hold, and where not; 200 either way",
    {200: MoneyCheckShown},
    Nothing,
    Nothing,
    Nothing,
)

NO_PAYOUT: Final = "There is no such payout."
NOT_NOW: Final = "That cannot be decided now; the detail says why."

PAYOUTS: Final = Operation(
    Method.GET, "/money/payouts", Tag.MONEY, "Payouts, by id", {200: WholePayouts}, Nothing, PayoutsQuery, Nothing
)
RETRY: Final = Operation(
    Method.POST,
    "/money/payouts/{payout}/retry",
    Tag.MONEY,
    "Send a payout that waits for a person again, to the payee's account in effect",
    {200: WholePayout},
    PayoutPath,
    Nothing,
    Retry,
    {404: NO_PAYOUT, 409: NOT_NOW},
)
VOID: Final = Operation(
    Method.POST,
    "/money/payouts/{payout}/void",
    Tag.MONEY,
    "Give up a payout that has not left; its payables are owed again",
    {200: WholePayout},
    PayoutPath,
    Nothing,
    Void,
    {404: NO_PAYOUT, 409: NOT_NOW},
)
PAYEES: Final = Operation(
    Method.GET, "/money/payees", Tag.MONEY, "Who is paid, and where", {200: Payees}, Nothing, Nothing, Nothing
)
CONFIRM: Final = Operation(
    Method.POST,
    "/money/payees/{payee}/confirm",
    Tag.MONEY,
    "A second person's yes: the account that waits is in effect at once",
    {200: ProposalShown},
    PayeePath,
    Nothing,
    Confirm,
    {404: "No account waits for this payee.", 409: "Whoever proposed an account cannot confirm it."},
)
REFUNDS: Final = Operation(
    Method.GET,
    "/money/refunds",
    Tag.MONEY,
    "Refunds above the limit that wait for a person's yes",
    {200: WaitingRefunds},
    Nothing,
    Nothing,
    Nothing,
)
APPROVE: Final = Operation(
    Method.POST,
    "/money/refunds/{refund}/approve",
    Tag.MONEY,
    "A person's yes: the refund leaves, with the sum that was promised",
    {200: WaitingRefund},
    RefundPath,
    Nothing,
    Approve,
    {404: "There is no such refund.", 409: "It waits for nobody's approval, or whoever ordered it would approve it."},
)
ALARMS: Final = Operation(
    Method.GET,
    "/money/alarms",
    Tag.MONEY,
    "What a person should look at",
    {200: Alarms},
    Nothing,
    Nothing,
    Nothing,
)

OPERATIONS: Final = (CHECK, PAYOUTS, RETRY, VOID, PAYEES, CONFIRM, REFUNDS, APPROVE, ALARMS)
