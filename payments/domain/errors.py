"""How a call to the provider can end other than well."""

from datetime import timedelta


class TemporaryError(Exception):
    """The call did nothing; the same call may be made again after `delay`."""

    def __init__(self, reason: str, delay: timedelta = timedelta(seconds=30)) -> None:
        super().__init__(reason)
        self.delay = delay


class PermanentError(Exception):
    """The provider refused, and will refuse again; `code` is its word for why."""

    def __init__(self, code: str, message: str = "", status: int = 400) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.code = code
        self.status = status


class UnreadableMoney(PermanentError):
    """The provider answered with a sum that we cannot count; asked again, it will answer the same."""

    def __init__(self) -> None:
        super().__init__("UNREADABLE_MONEY", status=200)


class OutcomeUnknown(Exception):
    """The call may have been carried out: read the provider before making it again."""
