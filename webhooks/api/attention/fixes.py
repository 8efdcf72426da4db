"""The one button of a row: an act of the API that deals with it, or the command where only a person at the machine
can."""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from bot.domain.alarms import AlarmReason
from bot.domain.attention import ENDED_BY_SEEING, Attention, AttentionSubject, HouseReason, reason_of_money
from bot.domain.users import Act
from payments.domain.alarm import AlarmKind
from webhooks.api.rights import RIGHTS

_PREFIX: Final = "/api/v1"


@dataclass(frozen=True, slots=True)
class AttentionFix:
    """What deals with a row; its words stand in the catalogue under its key."""

    key: str
    path: str = ""
    """Of a POST; `{subject}`, `{booking}`, `{thread}` and `{id}` are the row's."""
    needs: tuple[str, ...] = ()
    """Fields of the body that a person has to fill in."""
    command: str = ""


_TAKE_OVER: Final = AttentionFix("take_over", "/conversations/{thread}/takeover")
_SEEN: Final = AttentionFix("seen", "/attention/{id}/seen")
_SHOW_UP: Final = AttentionFix("show_up", "/bookings/{booking}/show-up", ("showed_up",))
_PROPOSE: Final = AttentionFix("propose", "/bookings/{booking}/propose", ("slots",))
_ASSIGN: Final = AttentionFix("assign_task", "/tasks/{subject}/assign", ("who",))
_DONE: Final = AttentionFix("finish_task", "/tasks/{subject}/done")
_COMPLAINT: Final = AttentionFix("answer_complaint", "/bookings/{booking}/complaint/answer", ("kind",))
_ACCOUNT: Final = AttentionFix("refund_account", "/money/refunds/{subject}/account", ("channel", "number", "holder"))
_DELIVERIES: Final = AttentionFix("replay", command="janji deliveries list")
_LOOK: Final = AttentionFix("look", command="janji money check")

_FIXES: Final = {
    AlarmReason.PAID_WITHOUT_TIME.value: _PROPOSE,
    AlarmReason.REFUND_FAILED.value: _ACCOUNT,
    AlarmReason.REFUND_NEEDS_ACCOUNT.value: _ACCOUNT,
    AlarmReason.PAYOUT_STUCK.value: AttentionFix("retry_payout", "/money/payouts/{subject}/retry"),
    AlarmReason.SHOW_UP_UNKNOWN.value: _SHOW_UP,
    AlarmReason.NO_SHOW_PROPOSED.value: _SHOW_UP,
    AlarmReason.HALF_ANSWER.value: _SHOW_UP,
    AlarmReason.TASK_LATE.value: _DONE,
    AlarmReason.TASK_PROBLEM.value: _ASSIGN,
    AlarmReason.TASK_UNFILLED.value: _ASSIGN,
    AlarmReason.END_UNKNOWN.value: AttentionFix("complete", "/bookings/{booking}/complete"),
    AlarmReason.COMPLAINT.value: _COMPLAINT,
    AlarmReason.COMPLAINT_LATE.value: _COMPLAINT,
    AlarmReason.PARTNER_NUMBER.value: AttentionFix("confirm_number", "/conversations/{thread}/confirm-number"),
    HouseReason.APPROVAL_WAITS.value: AttentionFix("approve", "/tasks/{subject}/done"),
    HouseReason.TASK_WAITS.value: _DONE,
    HouseReason.DELIVERY_PARKED.value: _DELIVERIES,
    HouseReason.DELIVERIES_PASSED_BY.value: _DELIVERIES,
    HouseReason.ORDERS_KEPT.value: AttentionFix("update", command="janji version"),
    HouseReason.LEADS_RESTING.value: AttentionFix("logs", command="janji lead show ID"),
    HouseReason.TASKS_NOT_CARRIED.value: AttentionFix("check", command="janji check"),
    HouseReason.TEMPLATE_STOPPED.value: AttentionFix("templates", command="janji templates status"),
    HouseReason.SENDING_PAUSED.value: AttentionFix("notices", command="janji deliveries notices"),
    HouseReason.NOBODY_ON_DUTY.value: AttentionFix("queue", command="janji attention list"),
    reason_of_money(AlarmKind.REFUND_NEEDS_APPROVAL): AttentionFix(
        "approve_refund", "/money/refunds/{subject}/approve", ("by",)
    ),
    reason_of_money(AlarmKind.PAYOUT_ACCOUNT_PROPOSED): AttentionFix(
        "confirm_account", "/money/payees/{subject}/confirm", ("by",)
    ),
}
FIXES: Final = (_TAKE_OVER, _SEEN, _LOOK, *_FIXES.values())
"""Every one of them."""


def act_of(row: Attention) -> Act | None:
    """What somebody has to be allowed for that button; none where it is a command."""
    return _ACTS.get(_nameless(f"post {_fix(row).path}"))


def _nameless(operation: str) -> str:
    """The same whatever its places are called."""
    return re.sub(r"{[^}]*}", "{}", operation)


_ACTS: Final = {_nameless(operation): act for operation, act in RIGHTS.items()}


def _fix(row: Attention) -> AttentionFix:
    cause = row.cause
    usual = _SEEN if cause.reason in ENDED_BY_SEEING else _TAKE_OVER if cause.thread is not None else _LOOK
    return _FIXES.get(cause.reason, usual)


def fix_of(row: Attention) -> AttentionFix:
    """The button of that row, with its own path."""
    cause, fix = row.cause, _fix(row)
    if not fix.path:
        return fix
    names = {
        "id": row.id,
        "subject": cause.subject,
        # an account of a booking is named after it
        "booking": cause.subject.partition("~")[0],
        "thread": cause.thread or "",
    }
    safe = {name: quote(value, safe=":|") for name, value in names.items()}
    if cause.about is AttentionSubject.TASK and "{booking}" in fix.path:
        safe["booking"] = quote(cause.subject.partition(":")[0], safe="")
    return AttentionFix(fix.key, _PREFIX + fix.path.format(**safe), fix.needs, fix.command)
