"""Every way a Flow exchange is refused, each with the HTTP status the WhatsApp client understands.

reference: whatsapp 1.6. The door answers `status` and, where there is one, a sealed body; the messages are
for our own log and never reach the customer.
"""

from typing import ClassVar


class FlowRefused(Exception):
    """The exchange cannot be served; `status` is what the door answers."""

    status: ClassVar[int] = 500

    def __str__(self) -> str:
        return super().__str__() or (type(self).__doc__ or "").strip()


class TooLarge(FlowRefused):
    """The body is larger than the data channel carries."""

    status = 413


class SignatureWrong(FlowRefused):
    """The body was not signed with our app's secret."""

    status = 432


class NotAnEnvelope(FlowRefused):
    """The body is not the three base64 strings of a Flow exchange."""

    status = 400


class NotARequest(FlowRefused):
    """The letter was opened, but what is inside is no request of the data channel."""

    status = 400


class CannotDecrypt(FlowRefused):
    """None of our keys opens this; the client fetches the public key again and tries once more."""

    status = 421


class TokenExpired(FlowRefused):
    """The form is used up, too old or not ours; `error_msg` is shown and its button is switched off."""

    status = 427

    def __init__(self, error_msg: str) -> None:
        super().__init__(type(self).__doc__)
        self.error_msg = error_msg
