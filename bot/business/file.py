"""The business file from text to value: `parse` says all that is wrong, `json_schema` what may be written."""

import hashlib
import json
from decimal import Decimal
from typing import Any

from pydantic import TypeAdapter, ValidationError

from bot.business import checks, problems, source, standins
from bot.business.definition import Business, Definition
from bot.business.problems import BusinessProblem, Problems
from bot.business.source import Plain, Source

_FILE = TypeAdapter(Definition)
_LISTS = frozenset(
    (
        "areas",
        "places",
        "providers",
        "referrers",
        "equipment",
        "staff",
        "tasks",
        "services",
        "splits",
        "policies",
        "faq",
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


def parse(text: str, source_name: str) -> Business | Problems:
    """The business that `text` describes, or every mistake in it with line, path and fix."""
    read = source.read(text)
    if read.problems:
        return _told(source_name, read.problems)
    if not isinstance(read.plain, dict):
        empty = read.marks.problem((), "is not a business", "begin with `name: ...`, see docs/business-file.md")
        return _told(source_name, (empty,))
    try:
        file = _shaped(read.plain)
    except ValidationError as error:
        return _told(source_name, (*problems.of_shape(error, read.marks, json_schema()), *_despite(error, read)))
    found = tuple(read.marks.problem(*finding) for finding in checks.findings(file))
    return _told(source_name, found) if found else _business(file)


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
    """The business those bytes hold, under the version it was kept under; Unreadable."""
    try:
        return _under(version, _FILE.validate_json(kept, strict=True))
    except ValidationError as error:
        raise UnreadableBusiness(f"{version}: {error.error_count()} problems") from None


def _decimal(value: object) -> str:
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(value)


def _told(source_name: str, found: tuple[BusinessProblem, ...]) -> Problems:
    return Problems(source_name, tuple(sorted(found)))
