"""What Xendit refuses, and in which words (reference: xendit 2.6, 4.3, 6, 8)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One thing wrong with one field, in the shape the recordings show."""

    path: str
    message: str
    kind: str
    location: str = "body"


class Refused(Exception):
    """The call is refused; nothing was done."""

    def __init__(self, status: int, code: str, message: str, problems: tuple[FieldProblem, ...] = ()) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.problems = problems


def invalid(*problems: FieldProblem) -> Refused:
    """400 API_VALIDATION_ERROR, naming every field."""
    return Refused(
        400,
        "API_VALIDATION_ERROR",
        "There was an error with the format submitted to the server.",
        problems,
    )


def bad(code: str, message: str) -> Refused:
    """A 400 with a business code."""
    return Refused(400, code, message)


def not_found(what: str) -> Refused:
    """404 DATA_NOT_FOUND."""
    return Refused(404, "DATA_NOT_FOUND", f"Could not find {what} that you requested")
