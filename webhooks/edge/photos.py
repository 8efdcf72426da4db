"""A kept picture as the API shows it, or why it cannot be shown."""

import base64
from typing import Annotated, Final

from pydantic import Field
from quart import Response

from bot.store.photos import PhotoState, StoredPhoto
from webhooks.edge.models import EdgeModel
from webhooks.edge.problems import problem

_NOT_SHOWN: Final = {
    PhotoState.WANTED: "It is still being fetched; ask again in a minute.",
    PhotoState.GONE: "WhatsApp does not have it any more.",
    PhotoState.NO_PICTURE: "What was sent is no picture.",
    PhotoState.TOO_LARGE: "It is larger than 5 MiB.",
    PhotoState.KEPT: "It cannot be read.",
}
NO_PHOTO_PROBLEMS: Final = {
    404: "There is no such picture.",
    409: "It is not fetched yet, or was none, too large or gone; `type` says which.",
}


class PhotoContent(EdgeModel):
    """One picture."""

    number: int
    mime_type: str
    content: Annotated[str, Field(description="Its bytes in base64.")]


class NoSuchPhoto(Exception):
    """There is no such picture, or it cannot be shown; the state says why."""

    def __init__(self, state: PhotoState | None) -> None:
        super().__init__("" if state is None else state.value)
        self.state = state


def photo_shown(stored: StoredPhoto | None, number: int, missing: PhotoState) -> PhotoContent:
    """That picture with its bytes; NoSuchPhoto, with `missing` where nothing is known of it."""
    if stored is None or stored.content is None:
        raise NoSuchPhoto(missing if stored is None else stored.state)
    content = base64.b64encode(stored.content).decode()
    return PhotoContent(number=number, mime_type=stored.mime_type, content=content)


async def no_such_photo(error: NoSuchPhoto) -> Response:
    """The problem that says so."""
    if error.state is None:
        return problem(404, "no-such-photo", "There is no such picture.")
    return problem(409, f"photo-{error.state.value.replace('_', '-')}", _NOT_SHOWN[error.state])
