"""The routes of money, declared."""

from typing import Final

from webhooks.api.bookings.models import BookingPath
from webhooks.api.money.dispute_models import DisputeList, DisputePath, DisputesQuery, WholeDispute
from webhooks.api.money.listing_models import (
    AcceptMovement,
    JournalQuery,
    MovementAccepted,
    MovementPath,
    Payables,
    PayablesQuery,
    Reconciliations,
)
from webhooks.api.money.models import (
    AccountNamed,
    Alarms,
    Approve,
    Confirm,
    Deposit,
    Deposited,
    GiveBack,
    GivenBack,
    MoneyCheckShown,
    PayeePath,
    Payees,
    PayoutPath,
    PayoutsQuery,
    ProposalShown,
    ReceiptShown,
    Receive,
    RefundAccount,
    RefundPath,
    Retry,
    Void,
    WaitingReceipts,
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

MAY_NOT: Final = "That role may not."
NO_BOOKING: Final = "There is no such booking."
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
PAYABLES: Final = Operation(
    Method.GET,
    "/money/payables",
    Tag.MONEY,
    "What is owed to each party for each payment, by id",
    {200: Payables},
    Nothing,
    PayablesQuery,
    Nothing,
)
JOURNAL: Final = Operation(
    Method.GET,
    "/money/journal",
    Tag.MONEY,
    "The ledger of some days of the business as CSV, oldest first: every posting balances, debit against credit",
    {},
    Nothing,
    JournalQuery,
    Nothing,
    {422: "The days end before they begin, or are more than a year."},
    "One line an entry.",
)
RECONCILIATIONS: Final = Operation(
    Method.GET,
    "/money/reconciliations",
    Tag.MONEY,
    "How our books compared with the provider's balances, the last look first; and rows that nobody here ordered",
    {200: Reconciliations},
    Nothing,
    Nothing,
    Nothing,
)
ACCEPT: Final = Operation(
    Method.POST,
    "/money/movements/{movement}/accept",
    Tag.MONEY,
    "A person knows what a row of the provider was: it enters the books",
    {200: MovementAccepted},
    MovementPath,
    Nothing,
    AcceptMovement,
    {404: "No such row waits."},
)
DISPUTES: Final = Operation(
    Method.GET,
    "/money/disputes",
    Tag.MONEY,
    "Payments that banks took back, by account",
    {200: DisputeList},
    Nothing,
    DisputesQuery,
    Nothing,
)
DISPUTE: Final = Operation(
    Method.GET,
    "/money/disputes/{dispute}",
    Tag.MONEY,
    "One of them with its evidence, as references, and its postings",
    {200: WholeDispute},
    DisputePath,
    Nothing,
    Nothing,
    {404: "There is no such dispute."},
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

GIVE_BACK: Final = Operation(
    Method.POST,
    "/bookings/{reference}/refunds",
    Tag.MONEY,
    "Money back without a change, out of every share in proportion; never more than is paid and has not gone back",
    {200: GivenBack, 201: GivenBack},
    BookingPath,
    Nothing,
    GiveBack,
    {403: MAY_NOT, 404: NO_BOOKING, 409: "So much cannot go back now; `type` says why.", 422: "A sum and a reason."},
)
RECEIVE: Final = Operation(
    Method.POST,
    "/bookings/{reference}/receipts",
    Tag.MONEY,
    "Money received in cash or at the bank, for what is due now; the booking goes on as by any payment",
    {200: ReceiptShown, 201: ReceiptShown},
    BookingPath,
    Nothing,
    Receive,
    {
        403: MAY_NOT,
        404: NO_BOOKING,
        409: "It waits for less, or for nothing; `type` says why.",
        422: "A sum and a way.",
    },
)
RECEIPTS: Final = Operation(
    Method.GET,
    "/money/receipts",
    Tag.MONEY,
    "Money received by hand that is not in the provider's account yet",
    {200: WaitingReceipts},
    Nothing,
    Nothing,
    Nothing,
)
DEPOSIT: Final = Operation(
    Method.POST,
    "/money/deposits",
    Tag.MONEY,
    "Received money is in the provider's account now: its shares may leave",
    {200: Deposited},
    Nothing,
    Nothing,
    Deposit,
    {403: MAY_NOT, 404: "There is no such receipt.", 409: "It was deposited already.", 422: "Not as declared."},
)
REFUND_ACCOUNT: Final = Operation(
    Method.POST,
    "/money/refunds/{refund}/account",
    Tag.MONEY,
    "The account that the customer told a person; they are asked for none any more",
    {200: AccountNamed},
    RefundPath,
    Nothing,
    RefundAccount,
    {403: MAY_NOT, 404: "There is no such refund.", 409: "It waits for no account.", 422: "It is no account there."},
)

OPERATIONS: Final = (
    CHECK,
    PAYOUTS,
    RETRY,
    VOID,
    PAYEES,
    CONFIRM,
    PAYABLES,
    JOURNAL,
    RECONCILIATIONS,
    ACCEPT,
    DISPUTES,
    DISPUTE,
    REFUNDS,
    APPROVE,
    ALARMS,
    GIVE_BACK,
    RECEIVE,
    RECEIPTS,
    DEPOSIT,
    REFUND_ACCOUNT,
)
