"""What the business's staff do in the WhatsApp app, beside the API: told in `smb_message_echoes`.

reference: whatsapp 4.5. The value has the metadata and the echoes and no `contacts`; a deleted or changed message of
staff is an echo of type `revoke` or `edit`.
"""

from typing import Any, Final

from simulator.whatsapp import engine, envelopes
from simulator.whatsapp.acts import CannotDo
from simulator.whatsapp.envelopes import Stream, Update
from simulator.whatsapp.world import Thread, World

Json = dict[str, Any]

FIELD: Final = "smb_message_echoes"


def write(world: World, thread: Thread, text: str) -> str:
    """Staff write to the customer."""
    wamid = _echo(world, thread, "text", {"text": {"body": text}})
    engine.arrive_from_staff(world, thread, wamid, text)
    return wamid


def send_file(world: World, thread: Thread, mime_type: str, kind: str, caption: str = "") -> str:
    """Staff send a picture, a voice note, a document: the echo has its id, as an inbound message would."""
    part: Json = {"id": world.chance.digits(), "mime_type": mime_type, "sha256": world.chance.token()}
    part |= {"caption": caption} if caption else {}
    wamid = _echo(world, thread, kind, {kind: part})
    engine.arrive_from_staff(world, thread, wamid, caption or f"({kind})")
    return wamid


def edit(world: World, thread: Thread, message_id: str, text: str) -> str:
    """Staff change the words of a message of theirs."""
    if thread.bubble(message_id) is None:
        raise CannotDo(f"the customer has no bubble {message_id}")
    part = {"original_message_id": message_id, "message": {"type": "text", "text": {"body": text}}}
    return _echo(world, thread, "edit", {"edit": part})


def revoke(world: World, thread: Thread, message_id: str) -> str:
    """Staff take a message of theirs back."""
    if thread.bubble(message_id) is None:
        raise CannotDo(f"the customer has no bubble {message_id}")
    return _echo(world, thread, "revoke", {"revoke": {"original_message_id": message_id}})


def _echo(world: World, thread: Thread, kind: str, payload: Json) -> str:
    wamid, now = world.chance.wamid(), world.clock.now()
    item: Json = {
        "from": world.settings.display_phone_number,
        "to_user_id": thread.customer.user_id,
        "id": wamid,
        "timestamp": envelopes.stamp(now),
        "type": kind,
        **payload,
    }
    if thread.shows_phone(now):
        item["to"] = thread.customer.wa_id
    echoes = {"message_echoes": [item]}
    world.relay.submit([Update(Stream.MESSAGES, thread.customer.id, field=FIELD, extra=echoes)])
    return wamid
