"""What a customer does with the phone, and the webhooks that tell the business (reference: whatsapp 4.3)."""

import json
from collections.abc import Sequence
from dataclasses import replace as changed
from typing import Final

from simulator.whatsapp import engine, envelopes, limits
from simulator.whatsapp.around import NOTHING, Around
from simulator.whatsapp.envelopes import Json, Stream, Update
from simulator.whatsapp.errors import Refusal
from simulator.whatsapp.media import File, kind_of
from simulator.whatsapp.values import Bubble, Choice, ChoiceKind, Content, Customer, Kind, Place, Said, Tick
from simulator.whatsapp.world import Thread, World

CAPTIONED: Final = frozenset({"image", "video", "document"})


class CannotDo(Exception):
    """The customer's phone shows nothing with which this can be done."""


def join(world: World, customer: Customer, *, recycled: bool = False) -> Thread:
    """A new customer; the id, the number and the BSUID must be free.

    `recycled`: the number was somebody else's, whom the operator took it from. Nobody is told: the former holder keeps
    the chat and the BSUID, and the next message from the number simply has another `user_id`.
    """
    former = world.thread(customer.wa_id) if recycled and customer.wa_id else None
    if former is not None:
        former.customer = changed(former.customer, wa_id="", contact_wa_id="", shares_phone=False)
        world.know(former)
    if any(world.thread(name) for name in (customer.id, customer.wa_id, customer.user_id) if name):
        raise CannotDo("a customer with this id, number or user id exists")
    thread = Thread(customer)
    world.know(thread)
    world.events.add("customer", {"customer": customer.id})
    return thread


def _say(
    world: World,
    thread: Thread,
    kind: str,
    payload: Json,
    *,
    text: str = "",
    quotes: str = "",
    around: Around = NOTHING,
) -> str:
    """Any message from the customer: opens the window, reads the chat, leaves as a webhook."""
    in_group = bool(around.group_id)
    if not in_group:
        engine.look(world, thread)
    wamid, now = world.chance.wamid(), world.clock.now()
    if quotes:
        payload = {**payload, "context": {"from": world.settings.display_phone_number, "id": quotes}}
    visible = thread.shows_phone(now)
    message = envelopes.message(thread.customer, wamid, now, kind, payload, phone_visible=visible)
    message = around.put_into(message, world.settings.display_phone_number)
    detail = payload[kind] if isinstance(payload.get(kind), dict) else {}
    if not in_group:
        said = Said(wamid, kind, text, now, quotes=quotes, monotonic=world.clock.monotonic(), detail=detail)
        world.remember(thread, said)
        thread.last_heard_at = now
        if visible:
            thread.phone_used_at = now
    person = envelopes.contact(thread.customer, phone_visible=visible)
    world.events.add("said", {"customer": thread.customer.id, "id": wamid, "type": kind})
    lane = around.group_id or thread.customer.id
    world.relay.submit([Update(Stream.MESSAGES, lane, contacts=(person,), messages=(message,))])
    return wamid


def say(world: World, thread: Thread, text: str, quotes: str = "", around: Around = NOTHING) -> str:
    """Writes a text, perhaps as a reply to a bubble."""
    return _say(world, thread, "text", {"text": {"body": text}}, text=text, quotes=quotes, around=around)


def open_chat(world: World, thread: Thread) -> str:
    """Opens the chat for the first time and says nothing yet: `request_welcome`, which has no content of its own."""
    return _say(world, thread, "request_welcome", {})


def order(world: World, thread: Thread, catalog_id: str, items: Sequence[Json], text: str = "") -> str:
    """Sends the cart of the business's catalogue (reference: whatsapp 4.3)."""
    part: Json = {"catalog_id": catalog_id, "text": text, "product_items": list(items)}
    return _say(world, thread, "order", {"order": part}, text=text)


def find_choice(thread: Thread, wanted: str, bubble_id: str = "") -> tuple[Bubble, Choice]:
    """The newest bubble with a choice of this id or title, and the choice."""
    for same in (str.__eq__, lambda left, right: left.casefold() == right.casefold()):
        for bubble in reversed(thread.bubbles):
            if bubble_id and bubble.id != bubble_id:
                continue
            for choice in bubble.content.choices:
                if same(choice.id, wanted) or same(choice.title, wanted):
                    return bubble, choice
    raise CannotDo(f"no bubble shows a choice named {wanted!r}")


def tap(world: World, thread: Thread, wanted: str, bubble_id: str = "") -> tuple[str, Choice]:
    """Taps a choice by title or id; a link or a form tells the business nothing (empty id)."""
    bubble, choice = find_choice(thread, wanted, bubble_id)
    if choice.kind in (ChoiceKind.URL, ChoiceKind.FLOW):
        engine.look(world, thread)
        return "", choice
    kind, payload = _tapped(choice)
    return _say(world, thread, kind, payload, text=choice.title, quotes=bubble.id), choice


def _tapped(choice: Choice) -> tuple[str, Json]:
    if choice.kind is ChoiceKind.QUICK_REPLY:
        return "button", {"button": {"payload": choice.id, "text": choice.title}}
    reply: Json = {"id": choice.id, "title": choice.title}
    if choice.kind is ChoiceKind.ROW:
        if choice.description:
            reply["description"] = choice.description
        return "interactive", {"interactive": {"type": "list_reply", "list_reply": reply}}
    return "interactive", {"interactive": {"type": "button_reply", "button_reply": reply}}


def finish_form(world: World, thread: Thread, response: Json, bubble_id: str = "") -> str:
    """Sends the filled form of the newest flow bubble (or the named one)."""
    forms = [bubble for bubble in thread.bubbles if bubble.content.flow is not None or _has_form(bubble.content)]
    chosen = [bubble for bubble in forms if not bubble_id or bubble.id == bubble_id]
    if not chosen:
        raise CannotDo("no bubble offers a form")
    flow = chosen[-1].content.flow
    answers = {"flow_token": flow.token, **response} if flow else response
    reply = {"name": "flow", "body": "Sent", "response_json": json.dumps(answers)}
    payload = {"interactive": {"type": "nfm_reply", "nfm_reply": reply}}
    return _say(world, thread, "interactive", payload, text="Sent", quotes=chosen[-1].id)


def _has_form(content: Content) -> bool:
    return any(choice.kind is ChoiceKind.FLOW for choice in content.choices)


def send_file(
    world: World,
    thread: Thread,
    mime_type: str,
    content: bytes,
    *,
    caption: str = "",
    filename: str = "",
    around: Around = NOTHING,
) -> tuple[str, File]:
    """Sends an image, audio, video, sticker or document."""
    file = world.media.keep(mime_type, content, limits.INBOUND_MEDIA_LIVES)
    kind = kind_of(mime_type)
    # Newer inbound webhooks already carry the address (reference: whatsapp 3.3).
    url = f"{world.base_url}/media/{world.media.address(file.id)}"
    part: Json = {"id": file.id, "mime_type": mime_type, "sha256": file.sha256, "url": url}
    part |= {"caption": caption} if caption else {}
    part |= {"filename": filename} if filename else {}
    part |= {"voice": True} if kind == "audio" else {}
    part |= {"animated": False} if kind == "sticker" else {}
    return _say(world, thread, kind, {kind: part}, text=caption, around=around), file


def send_place(world: World, thread: Thread, place: Place, quotes: str = "") -> str:
    """Sends a location, also as the answer to a location request."""
    part: Json = {"latitude": place.latitude, "longitude": place.longitude}
    part |= {"name": place.name} if place.name else {}
    part |= {"address": place.address} if place.address else {}
    asked = [bubble.id for bubble in thread.bubbles if bubble.content.kind is Kind.LOCATION_REQUEST]
    quotes = quotes or (asked[-1] if asked else "")
    return _say(world, thread, "location", {"location": part}, text=place.name, quotes=quotes)


def share_contact(world: World, thread: Thread) -> str:
    """Sends the customer's own contact card, the answer to a contact request."""
    if not thread.customer.wa_id:
        raise CannotDo("the customer has no number to share")
    thread.customer = changed(thread.customer, shares_phone=True)
    phone = {"phone": f"+{thread.customer.wa_id}", "wa_id": thread.customer.wa_id, "type": "CELL"}
    card = {"name": {"formatted_name": thread.customer.name}, "phones": [phone]}
    return _say(world, thread, "contacts", {"contacts": [card]}, text=thread.customer.name)


def send_cards(world: World, thread: Thread, cards: Sequence[Json]) -> str:
    """Sends the contact cards of other people."""
    names = [str(card.get("name", {}).get("formatted_name", "")) for card in cards]
    return _say(world, thread, "contacts", {"contacts": list(cards)}, text=", ".join(names))


def card(name: str, phone: str = "", wa_id: str = "") -> Json:
    """A card as a phone writes it: a person without WhatsApp has a number and no `wa_id`."""
    first, _, last = name.partition(" ")
    names = {"formatted_name": name, "first_name": first, **({"last_name": last} if last else {})}
    number = {"phone": phone or f"+{wa_id}", "type": "CELL", **({"wa_id": wa_id} if wa_id else {})}
    return {"name": names, **({"phones": [number]} if phone or wa_id else {})}


def react(world: World, thread: Thread, message_id: str, emoji: str) -> str:
    """Reacts to a bubble; an empty emoji takes the reaction away."""
    part = {"message_id": message_id, **({"emoji": emoji} if emoji else {})}
    return _say(world, thread, "reaction", {"reaction": part}, text=emoji)


def edit(world: World, thread: Thread, message_id: str, text: str) -> str:
    """Changes the words of a message already sent: of a text, or of a picture's caption."""
    before = next((said for said in thread.said if said.id == message_id), None)
    if before is None:
        raise CannotDo(f"the customer never said {message_id}")
    if before.type in CAPTIONED:
        after: Json = {"type": before.type, before.type: {**before.detail, "caption": text}}
    else:
        after = {"type": "text", "text": {"body": text}}
    return _say(world, thread, "edit", {"edit": {"original_message_id": message_id, "message": after}}, text=text)


def revoke(world: World, thread: Thread, message_id: str) -> str:
    """Takes a message back."""
    if all(said.id != message_id for said in thread.said):
        raise CannotDo(f"the customer never said {message_id}")
    return _say(world, thread, "revoke", {"revoke": {"original_message_id": message_id}})


def send_unsupported(world: World, thread: Thread, kind: str = "poll_creation", *, legacy: bool = False) -> str:
    """Sends something that the Cloud API cannot show (131051); old webhooks call its type `unknown`."""
    error = Refusal(131051, "Message type is currently not supported.").as_status_error()
    if legacy:
        return _say(world, thread, "unknown", {"errors": [error]})
    return _say(world, thread, "unsupported", {**({"unsupported": {"type": kind}} if kind else {}), "errors": [error]})


def change_number(world: World, thread: Thread, wa_id: str) -> str:
    """Moves to another number; the BSUID changes with it (reference: whatsapp 5, BSUID rules)."""
    if world.thread(wa_id):
        raise CannotDo("the number is taken")
    before = thread.customer
    after = changed(before, wa_id=wa_id, user_id=new_user_id(world, before.user_id))
    body = f"User {before.name} changed from {before.wa_id} to {wa_id}"
    part = {"body": body, "type": "user_changed_number", "wa_id": wa_id}
    return _become(world, thread, after, part)


def change_user_id(world: World, thread: Thread, user_id: str = "") -> str:
    """Gets another BSUID while all else stays."""
    before = thread.customer
    after = changed(before, user_id=user_id or new_user_id(world, before.user_id))
    part = {"body": f"User {before.name} changed user id", "type": "user_changed_user_id"}
    return _become(world, thread, after, part)


def _become(world: World, thread: Thread, after: Customer, part: Json) -> str:
    """Tells the change under the old identity, then takes the new one."""
    before, heard = thread.customer, thread.last_heard_at
    system = {**part, "user_id": after.user_id, "previous_user_id": before.user_id}
    wamid = _say(world, thread, "system", {"system": system}, text=str(part["body"]))
    # The system speaks, not the customer: the window stays as it was.
    thread.last_heard_at = heard
    thread.customer = after
    world.know(thread)
    return wamid


def new_user_id(world: World, like: str = "ID.") -> str:
    """A fresh BSUID of the same country."""
    return f"{like[:2]}.{world.chance.digits(16)}"


def prefer(world: World, thread: Thread, *, marketing: bool) -> None:
    """Stops or resumes marketing messages, told in `user_preferences` (reference: whatsapp 4.5)."""
    thread.takes_marketing = marketing
    now = world.clock.now()
    preference: Json = {
        "user_id": thread.customer.user_id,
        "detail": "User requested to " + ("resume" if marketing else "stop") + " marketing messages",
        "category": "marketing_messages",
        "value": "resume" if marketing else "stop",
        "timestamp": int(now.timestamp()),
    }
    visible = thread.shows_phone(now)
    if visible:
        preference["wa_id"] = thread.customer.wa_id
    _tell_field(world, thread, "user_preferences", {"user_preferences": [preference]}, visible=visible)


def _tell_field(world: World, thread: Thread, field: str, extra: Json, *, visible: bool) -> None:
    person = envelopes.contact(thread.customer, phone_visible=visible)
    world.relay.submit([Update(Stream.MESSAGES, thread.customer.id, field=field, contacts=(person,), extra=extra)])


def tell_status(world: World, thread: Thread, wamid: str, status: str, code: int | None = None) -> None:
    """Tells any status of a message of the business, in whatever order: `failed` after `read`, `played`, twice."""
    bubble = thread.bubble(wamid) or next((one for one in thread.undelivered if one.id == wamid), None)
    if bubble is None:
        raise CannotDo(f"the customer has no bubble {wamid}")
    failure = None if code is None else Refusal(code, "simulated")
    tick = Tick.FAILED if failure is not None or status == Tick.FAILED else bubble.tick
    failure = Refusal(131000, "simulated") if tick is Tick.FAILED and failure is None else failure
    now = world.clock.now()
    told = envelopes.status(thread.customer, bubble, tick, now, category="service", failure=failure)
    told["status"] = status
    # `contacts` is left out of failed statuses (reference: whatsapp 4.4)
    people = () if failure else (envelopes.contact(thread.customer, phone_visible=thread.shows_phone(now)),)
    world.relay.submit([Update(Stream.STATUSES, thread.customer.id, contacts=people, statuses=(told,))])
