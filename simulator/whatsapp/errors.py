"""What Meta refuses, in Meta's words and shape (reference: whatsapp 3.4)."""

from typing import Any, Final

HREF: Final = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"

# Code -> (HTTP status, title). Statuses are of an older table, except 131056 and 130429, for which
# 403 is on record: whoever branches on the status alone is wrong (reference: whatsapp 3.4).
KNOWN: Final[dict[int, tuple[int, str]]] = {
    0: (401, "AuthException"),
    1: (400, "API Unknown"),
    2: (503, "API Service"),
    3: (500, "API Method"),
    4: (400, "API Too Many Calls"),
    10: (403, "Permission Denied"),
    100: (400, "Invalid parameter"),
    190: (401, "Access token has expired"),
    368: (403, "Temporarily blocked for policies violations"),
    2500: (400, "Unknown path components"),
    80007: (400, "Rate limit issues"),
    130429: (403, "Rate limit hit"),
    130472: (400, "User's number is part of an experiment"),
    130497: (403, "Business account is restricted from messaging users in this country"),
    131000: (500, "Something went wrong"),
    131005: (403, "Access denied"),
    131008: (400, "Required parameter is missing"),
    131009: (400, "Parameter value is not valid"),
    131016: (500, "Service unavailable"),
    131021: (400, "Recipient cannot be sender"),
    131026: (400, "Message undeliverable"),
    131030: (400, "Recipient phone number not in allowed list"),
    131031: (403, "Account has been locked"),
    131042: (400, "Business eligibility payment issue"),
    131045: (500, "Incorrect certificate"),
    131047: (400, "Re-engagement message"),
    131048: (400, "Spam rate limit hit"),
    131049: (400, "This message was not delivered to maintain healthy ecosystem engagement"),
    131050: (400, "User has stopped receiving marketing messages"),
    131051: (400, "Unsupported message type"),
    131052: (400, "Media download error"),
    131053: (400, "Media upload error"),
    131056: (403, "(Business Account, Consumer Account) pair rate limit hit"),
    131057: (500, "Account in maintenance mode"),
    131062: (400, "Business-scoped user ID is not allowed"),
    132000: (400, "Number of parameters does not match the expected number of params"),
    132001: (404, "Template name does not exist in the translation"),
    132005: (400, "Translated text too long"),
    132007: (400, "Template format character policy violated"),
    132012: (400, "Parameter format does not match format in the created template"),
    132015: (400, "Template is paused"),
    132016: (400, "Template is disabled"),
    132068: (400, "Flow is blocked"),
    132069: (400, "Flow is throttled"),
    137000: (400, "Recipient identity key hash mismatch"),
}


class Refusal(Exception):
    """Meta refuses the call."""

    def __init__(
        self,
        code: int,
        details: str,
        *,
        status: int | None = None,
        subcode: int | None = None,
        retry_after: int | None = None,
    ) -> None:
        known_status, self.title = KNOWN.get(code, (400, "Unknown error"))
        self.code = code
        self.details = details
        self.status = status or known_status
        self.subcode = subcode
        self.retry_after = retry_after
        super().__init__(f"(#{code}) {self.title}: {details}")

    def as_answer(self, trace_id: str) -> dict[str, Any]:
        """The body of the answer (reference: whatsapp 3.4)."""
        error: dict[str, Any] = {
            "message": f"(#{self.code}) {self.title}",
            "type": "OAuthException",
            "code": self.code,
            "error_data": {"messaging_product": "whatsapp", "details": self.details},
            "fbtrace_id": trace_id,
        }
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        return {"error": error}

    def as_status_error(self) -> dict[str, Any]:
        """The same fact inside a failed status (reference: whatsapp 4.4)."""
        return {
            "code": self.code,
            "title": self.title,
            "message": self.title,
            "error_data": {"details": self.details},
            "href": HREF,
        }
