"""The business file from text to value: `parse` says all that is wrong, `json_schema` what may be written."""

import hashlib
import json
from decimal import Decimal
from typing import Any

from pydantic import TypeAdapter, ValidationError

from bot.business import checks, problems, source
from bot.business.definition import Business, Definition
from bot.business.problems import Problem, Problems

_FILE = TypeAdapter(Definition)


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
    """The business that `text` describes, or every mistake in it with line, path and mend."""
    read = source.read(text)
    if read.problems:
        return _told(source_name, read.problems)
    if not isinstance(read.plain, dict):
        empty = read.marks.problem((), "is not a business", "begin with `name: ...`, see docs/business-file.md")
        return _told(source_name, (empty,))
    try:
        file = _FILE.validate_json(json.dumps(read.plain, default=_decimal), strict=True)
    except ValidationError as error:
        return _told(source_name, problems.of_shape(error, read.marks, json_schema()))
    found = tuple(read.marks.problem(*finding) for finding in checks.findings(file))
    return _told(source_name, found) if found else _business(file)


def version_of(file: Definition) -> str:
    """The hash of what a file says: comments, order of keys and layout do not change it."""
    canonical = json.dumps(
        _FILE.dump_python(file, mode="json"), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def _business(file: Definition) -> Business:
    parts = {name: getattr(file, name) for name in Definition.__dataclass_fields__}
    return Business(**parts, version=version_of(file))


def _decimal(value: object) -> str:
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(value)


def _told(source_name: str, found: tuple[Problem, ...]) -> Problems:
    return Problems(source_name, tuple(sorted(found)))
