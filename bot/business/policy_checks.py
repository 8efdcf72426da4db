"""Whether every policy can be told apart tier by tier, whatever the start, and is known where it is named."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from bot.business.definition import Definition
from bot.business.policies import PRESETS, Policy
from bot.business.problems import Path, nearest

Finding = tuple[Path, str, str]

_CLOCK_CHANGE = 2
"""Hours by which clock changes can move a local midnight: one each for the day and the start."""


def findings(file: Definition) -> Iterator[Finding]:
    """Every reason why a policy would surprise somebody."""
    for index, policy in enumerate(file.policies):
        if policy.id in PRESETS:
            yield ("policies", index, "id"), f"`{policy.id}` is the name of a preset", "choose another id"
        yield from _in_order(("policies", index, "refund"), [tier.until for tier in policy.refund])
        yield from _in_order(("policies", index, "change"), [tier.until for tier in policy.change])
        yield from _refunds(index, policy)
        yield from _fees(index, policy)
    yield from _nights(file)


def name_findings(file: Definition) -> Iterator[Finding]:
    """Every policy that is named and not there."""
    known = (*(policy.id for policy in file.policies), *PRESETS)
    named: list[tuple[Path, str | None]] = [(("policy",), file.policy)]
    named += [(("services", index, "policy"), service.policy) for index, service in enumerate(file.services)]
    for path, name in named:
        if name is not None and name not in known:
            yield path, f"there is no policy `{name}`", nearest(name, known, "add the policy first")


def _hours(until: str) -> tuple[int, int]:
    """The least and the most hours before a start at which that moment can lie."""
    number = int(until[:-1])
    if until.endswith("h"):
        return number, number
    # the moment is a local midnight: at most `number` days before a start late at night, one day less before an
    # early one, and never after the start
    return max((number - 1) * 24 - _CLOCK_CHANGE, 0), number * 24 + _CLOCK_CHANGE


def _in_order(path: Path, untils: Sequence[str]) -> Iterator[Finding]:
    for at, (before, after) in enumerate(pairwise(untils), 1):
        here: Path = (*path, at, "until")
        if before[-1] == after[-1]:
            if int(before[:-1]) <= int(after[:-1]):
                yield here, f"`{after}` does not come after `{before}`", "sort the tiers, the earliest first"
        elif _hours(before)[1] <= _hours(after)[0]:
            yield here, f"`{after}` does not come after `{before}`", "sort the tiers, the earliest first"
        elif _hours(before)[0] <= _hours(after)[1]:
            yield (
                here,
                f"`{before}` and `{after}` change places with the hour of the start",
                "count both in days (`d`) or both in hours (`h`)",
            )


def _refunds(index: int, policy: Policy) -> Iterator[Finding]:
    for at, tier in enumerate(policy.refund):
        named = [one for one in (tier.percent, tier.keep, tier.keep_nights) if one is not None]
        if len(named) != 1:
            what = "says nothing of the money" if not named else "says more than one thing of the money"
            yield ("policies", index, "refund", at), what, "write one of `percent`, `keep` and `keep_nights`"
    for at, (before, after) in enumerate(pairwise(policy.refund), 1):
        path: Path = ("policies", index, "refund", at)
        # Whether the later tier surely gives back as much as the earlier one, or more.
        if before.percent is not None and after.percent is not None:
            is_worse_or_same = after.percent >= before.percent
        elif before.keep is not None and after.keep is not None:
            is_worse_or_same = after.keep <= before.keep
        elif before.keep_nights is not None and after.keep_nights is not None:
            is_worse_or_same = after.keep_nights <= before.keep_nights
        else:
            is_worse_or_same = after.percent == 100
        if is_worse_or_same:
            yield path, "gives back no less than the tier before it", "lower it, or join the two tiers"
    last = policy.refund[-1] if policy.refund else None
    if last is not None and last.percent == 0:
        yield (
            ("policies", index, "refund", len(policy.refund) - 1),
            "gives nothing back, as after the last tier",
            "take it out",
        )


def _fees(index: int, policy: Policy) -> Iterator[Finding]:
    for at, (before, after) in enumerate(pairwise(policy.change), 1):
        if after.fee_percent <= before.fee_percent:
            yield (
                ("policies", index, "change", at),
                "costs no more than the tier before it",
                "raise its fee_percent, or join the two tiers",
            )


def _nights(file: Definition) -> Iterator[Finding]:
    """A policy that counts nights needs something that is sold by night."""
    for index, service in enumerate(file.services):
        policy = file.policy_for(service)
        if not service.is_stay and any(tier.keep_nights is not None for tier in policy.refund):
            where: Path = ("services", index, "policy") if service.policy else ("policy",)
            yield where, f"`{policy.id}` keeps nights, but `{service.id}` is not sold by night", "choose another policy"
