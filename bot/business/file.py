"""The business file from text to value: `parse` says all that is wrong, `json_schema` what may be written."""

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from pydantic import TypeAdapter, ValidationError

from bot.business import checks, problems, source, standins
from bot.business.definition import Business, Definition
from bot.business.price_sheet import PriceSheet, read_sheet
from bot.business.problems import BusinessProblem, Problems
from bot.business.sheet import SheetRow, SheetUnreadable
from bot.business.source import Plain, Source

_FILE = TypeAdapter(Definition)
_UNKNOWN_KEY = "unexpected_keyword_argument"
_LISTS = frozenset(
    (
        "areas",
        "places",
        "providers",
        "referrers",
        "equipment",
        "staff",
        "tasks",
        "timers",
        "upkeep",
        "escalations",
        "on_call",
        "services",
        "splits",
        "policies",
        "faq",
        "replies",
        "message_prices",
        "rules",
    )
)


def json_schema() -> dict[str, Any]:
    """The published JSON Schema of the business file, made from the definition itself."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **_FILE.json_schema(mode="validation"),
        "title": "Janji business file",
    }


def schema_text() -> str:
    """The schema as the file `schema.json` holds it."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


PriceBookFile = Callable[[str], tuple[SheetRow, ...]]
"""The table of the price book file of that name; raises SheetUnreadable."""


def _no_price_book(name: str) -> tuple[SheetRow, ...]:
    raise SheetUnreadable(f"`{name}` is not there", "make it with `janji catalogue push`, or take `price_book` out")


def parse(text: str, source_name: str, price_book: PriceBookFile = _no_price_book) -> Business | Problems:
    """The business that `text` describes with its price book, or every mistake in them with line, path and fix."""
    read = source.read(text)
    if read.problems:
        return _told(source_name, read.problems)
    if not isinstance(read.plain, dict):
        empty = read.marks.problem((), "is not a business", "begin with `name: ...`, see docs/business-file.md")
        return _told(source_name, (empty,))
    named, sheet = read.plain.get("price_book"), None
    if isinstance(named, str):
        if "prices" in read.plain:
            twice = read.marks.problem(("prices",), "stand here and in the price book", "take one of the two out")
            return _told(source_name, (twice,))
        try:
            sheet = read_sheet(price_book(named), named, str(read.plain.get("currency")))
        except SheetUnreadable as error:
            return _told(source_name, (read.marks.problem(("price_book",), error.what, error.fix),))
        if sheet.problems:
            return _told(source_name, sheet.problems)
        read = replace(read, plain={**read.plain, "prices": [dict(row) for row in sheet.rows]})
    assert isinstance(read.plain, dict)
    try:
        file = _shaped(read.plain)
    except ValidationError as error:
        found = (*problems.of_shape(error, read.marks, json_schema()), *_despite(error, read))
        return _told(source_name, _in_sheet(found, sheet))
    found = tuple(read.marks.problem(*finding) for finding in checks.findings(file))
    return _told(source_name, _in_sheet(found, sheet)) if found else _business(file)


_PRICE_PATH = re.compile(r"^prices\[(\d+)\]\.?(\w*)")


def _in_sheet(found: tuple[BusinessProblem, ...], sheet: PriceSheet | None) -> tuple[BusinessProblem, ...]:
    """The same mistakes, those about a price named by the cell of the price book they are in."""
    if sheet is None:
        return found
    return tuple(
        item
        if (place := _PRICE_PATH.match(item.path)) is None
        else sheet.problem(int(place[1]), place[2] or "id", item.what, item.fix)
        for item in found
    )


def _shaped(plain: Plain) -> Definition:
    return _FILE.validate_json(json.dumps(plain, default=_decimal), strict=True)


def _despite(error: ValidationError, read: Source) -> tuple[BusinessProblem, ...]:
    """What else is wrong with a file whose shape is wrong already."""
    broken = [(detail["loc"], detail["type"]) for detail in error.errors(include_url=False)]
    try:
        file = _shaped(standins.readable(read.plain, broken, json_schema()))
    except ValidationError:
        return ()
    # A gap at an id, or of a whole item or list, may be what another name refers to.
    ids = all(path and path[-1] != "id" and len(path) != 2 and path[-1] not in _LISTS for path, _ in broken)
    found = checks.findings_despite(file, are_ids_known=ids)
    return tuple(read.marks.problem(*item) for item in found if not standins.is_touched(item[0], broken))


def version_of(file: Definition) -> str:
    """The hash of what a file says: comments, order of keys and layout do not change it."""
    canonical = json.dumps(
        _FILE.dump_python(file, mode="json"), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def _business(file: Definition) -> Business:
    return _under(version_of(file), file)


def _under(version: str, file: Definition) -> Business:
    return Business(**{name: getattr(file, name) for name in Definition.__dataclass_fields__}, version=version)


class UnreadableBusiness(Exception):
    """A business kept by another version of the code in a shape this one does not know."""


def packed(business: Business) -> bytes:
    """What a business file says, as bytes to be kept under its version."""
    parts = {name: getattr(business, name) for name in Definition.__dataclass_fields__}
    return _FILE.dump_json(Definition(**parts), by_alias=True)


def unpacked(kept: bytes, version: str) -> Business:
    """The business those bytes hold, under the version it was kept under; Unreadable. What another version's file
    could say and this one's cannot any more is left out: nothing here would read it."""
    try:
        return _under(version, _FILE.validate_json(kept, strict=True))
    except ValidationError as error:
        gone = [(one["loc"], one["type"]) for one in error.errors(include_url=False) if one["type"] == _UNKNOWN_KEY]
        if len(gone) < error.error_count():
            raise UnreadableBusiness(f"{version}: {error.error_count()} problems") from None
        known = standins.readable(json.loads(kept), gone, json_schema())
    try:
        return _under(version, _FILE.validate_json(json.dumps(known), strict=True))
    except ValidationError as error:
        raise UnreadableBusiness(f"{version}: {error.error_count()} problems") from None


def _decimal(value: object) -> str:
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(value)


def _told(source_name: str, found: tuple[BusinessProblem, ...]) -> Problems:
    return Problems(source_name, tuple(sorted(found)))
