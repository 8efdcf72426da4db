"""The secrets in use, by name and age; none of them is shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from webhooks.keys import KEYS, oldest


@dataclass(frozen=True, slots=True)
class KeyShown:
    """One of them."""

    name: str
    is_set: bool
    since: str
    """The day it was first seen here; empty where it is not set."""
    days: int
    is_overdue: bool


def keys_shown(set_: Mapping[str, str], since: Mapping[str, datetime], now: datetime) -> Sequence[KeyShown]:
    """All that there may be, those that are not set too."""
    return [_shown(name.upper(), name.upper() in set_, since.get(name.upper()), now) for name in KEYS]


def _shown(name: str, is_set: bool, since: datetime | None, now: datetime) -> KeyShown:
    if not is_set or since is None:
        return KeyShown(name, is_set, "", 0, is_overdue=False)
    age = now - since
    return KeyShown(name, is_set, since.date().isoformat(), max(0, age.days), age > oldest(name))
