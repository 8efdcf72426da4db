"""Reading JSON bodies and query strings field by field, collecting every complaint."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from simulator.xendit.errors import FieldProblem, Refused, invalid

_HIGHEST = 10**18
"""Beyond any limit of any channel; a number like 1e999999 must not be spelled out."""


class Fields:
    """One JSON object being read; call `done` when all is read to refuse what was wrong."""

    def __init__(self, value: Mapping[str, object]) -> None:
        self.value = value
        self.problems: list[FieldProblem] = []

    def complain(self, name: str, message: str, kind: str) -> None:
        """Remembers what is wrong with a field."""
        self.problems.append(FieldProblem(name, message, kind))

    def done(self) -> None:
        """Refuses with every complaint at once."""
        if self.problems:
            raise invalid(*self.problems)

    def text(self, name: str, longest: int) -> str:
        """A required text."""
        if self.value.get(name) is None:
            self.complain(name, f'"{name}" is required', "any.required")
            return ""
        return self.text_or_none(name, longest) or ""

    def text_or_none(self, name: str, longest: int) -> str | None:
        """A text that may be missing."""
        value = self.value.get(name)
        if value is None:
            return None
        if not isinstance(value, str):
            self.complain(name, f'"{name}" must be a string', "string.base")
            return None
        if not 1 <= len(value) <= longest:
            self.complain(name, f'"{name}" must be 1 to {longest} characters long', "string.length")
        return value

    def number(self, name: str) -> Decimal:
        """A required number above zero."""
        value = self.value.get(name)
        if value is None:
            self.complain(name, f'"{name}" is required', "any.required")
        elif isinstance(value, bool) or not isinstance(value, int | Decimal):
            self.complain(name, f'"{name}" must be a number', "number.base")
        elif value <= 0:
            self.complain(name, f'"{name}" must be larger than 0', "number.min")
        elif value > _HIGHEST:
            self.complain(name, f'"{name}" is too large', "number.max")
        else:
            return Decimal(value)
        return Decimal(1)

    def flag(self, name: str) -> bool:
        """True or false; missing is false."""
        value = self.value.get(name, False)
        if not isinstance(value, bool):
            self.complain(name, f'"{name}" must be a boolean', "boolean.base")
            return False
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts; missing is empty."""
        value = self.value.get(name)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.complain(name, f'"{name}" must be an array of strings', "array.base")
            return ()
        return tuple(value)

    def inner(self, name: str) -> "Fields":
        """A required object, read with the same complaints."""
        value = self.value.get(name)
        if not isinstance(value, Mapping):
            self.complain(name, f'"{name}" is required', "any.required")
            value = {}
        inside = Fields(value)
        inside.problems = self.problems
        return inside

    def longest_list(self, name: str, longest: int) -> None:
        """Checks that a list is one, and not too long."""
        value = self.value.get(name)
        if value is not None and (not isinstance(value, list) or len(value) > longest):
            self.complain(name, f'"{name}" must be an array of at most {longest}', "array.max")

    def metadata(self) -> None:
        """At most 50 keys of 40 characters with values of 500 (reference: xendit 2.2)."""
        value = self.value.get("metadata")
        if value is not None and not (isinstance(value, Mapping) and _is_small(value)):
            self.complain("metadata", '"metadata" has too many or too long entries', "object.max")

    def verbatim(self, names: Iterable[str]) -> str:
        """Those fields that are there, as JSON text to be handed back."""
        return canonical({name: self.value[name] for name in names if self.value.get(name) is not None})


def _is_small(metadata: Mapping[str, object]) -> bool:
    return len(metadata) <= 50 and all(len(key) <= 40 and len(str(item)) <= 500 for key, item in metadata.items())


def canonical(value: object) -> str:
    """JSON text with sorted keys: equal texts are equal bodies."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), default=_number)


def _number(value: object) -> int | float:
    if not isinstance(value, Decimal):
        raise TypeError
    return int(value) if value % 1 == 0 else float(value)


def read_object(raw: bytes) -> Fields:
    """The JSON object of a body, with exact decimals."""
    try:
        value = json.loads(raw, parse_float=Decimal, parse_constant=_no_constant)
    except ValueError:
        raise Refused(400, "INVALID_JSON_FORMAT", "Could not parse the request body as JSON") from None
    if not isinstance(value, dict):
        raise invalid(FieldProblem("", '"value" must be of type object', "object.base"))
    return Fields(value)


def _no_constant(name: str) -> object:
    raise ValueError(name)


class Query:
    """A query string being read; what is not asked for by name is refused (reference: xendit 8)."""

    def __init__(self, pairs: Iterable[tuple[str, str]], known: Iterable[str]) -> None:
        self._pairs = list(pairs)
        known = set(known)
        problems = [
            FieldProblem(name, f'"{name}" is not allowed', "any.unknown", "query")
            for name in dict.fromkeys(name for name, _ in self._pairs)
            if name not in known and name.removesuffix("[]") not in known
        ]
        if problems:
            raise invalid(*problems)

    def one(self, name: str) -> str | None:
        """The value of that name, if any."""
        return next((value for key, value in self._pairs if key == name), None)

    def many(self, name: str) -> frozenset[str]:
        """Every value of a repeatable name, also where commas part them."""
        values = [value for key, value in self._pairs if key in (name, f"{name}[]")]
        return frozenset(part for value in values for part in value.split(",") if part)

    def limit(self, usual: int = 10, highest: int = 100) -> int:
        """How many rows."""
        value = self.one("limit")
        if value is None:
            return usual
        count = self._decimal("limit", value)
        if not 1 <= count <= highest or count % 1:
            raise invalid(FieldProblem("limit", f'"limit" must be 1 to {highest}', "number.range", "query"))
        return int(count)

    def decimal(self, name: str) -> Decimal | None:
        """A number, if given."""
        value = self.one(name)
        return None if value is None else self._decimal(name, value)

    def moment(self, name: str) -> datetime | None:
        """An RFC 3339 time with an offset, if given."""
        value = self.one(name)
        if value is None:
            return None
        try:
            at = datetime.fromisoformat(value.replace(" ", "+"))
        except ValueError:
            at = None
        if at is None or at.tzinfo is None:
            raise invalid(FieldProblem(name, f'"{name}" must be a date-time', "date.format", "query"))
        return at

    def _decimal(self, name: str, value: str) -> Decimal:
        try:
            number = Decimal(value)
        except ArithmeticError:
            number = Decimal("NaN")
        if not number.is_finite():
            raise invalid(FieldProblem(name, f'"{name}" must be a number', "number.base", "query"))
        return number
