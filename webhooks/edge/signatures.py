"""Who sent this body: an HMAC over the raw bytes, as Meta's, or Xendit's static token; compared in constant time."""

import hmac

_PREFIX = "sha256="


def is_signed_by_meta(body: bytes, header: str | None, app_secret: str) -> bool:
    """Whether `X-Hub-Signature-256` is the HMAC-SHA256 of these very bytes (reference: whatsapp 4.1)."""
    return is_signed(body, header, app_secret)


def is_signed(body: bytes, header: str | None, secret: str) -> bool:
    """Whether the header is `sha256=` and the HMAC-SHA256 of these very bytes under that secret."""
    # Without a secret nobody is let in: the HMAC under an empty key is one that anybody can make.
    if not secret or header is None or not header.startswith(_PREFIX):
        return False
    expected = hmac.digest(secret.encode(), body, "sha256").hex()
    # As bytes: compare_digest raises for text outside ASCII, which a header may hold.
    return hmac.compare_digest(header.removeprefix(_PREFIX).encode(), expected.encode())


def is_token(given: str | None, expected: str) -> bool:
    """Whether a static token is the right one."""
    return bool(expected) and given is not None and hmac.compare_digest(given.encode(), expected.encode())
