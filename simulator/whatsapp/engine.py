"""What Meta does with a call: refuses it, or accepts it and brings it to a phone, telling the statuses."""

from dataclasses import dataclass
from dataclasses import replace as changed

from simulator.whatsapp import envelopes, limits, templates, window
from simulator.whatsapp.envelopes import Stream, Update
from simulator.whatsapp.errors import Refusal
from simulator.whatsapp.values import Bubble, Content, Kind, Mark, Outgoing, Tick
from simulator.whatsapp.world import Thread, World


@dataclass(frozen=True, slots=True)
class Accepted:
    """A message Meta answered 200 to; `thread` is None where nobody will ever see it."""

    wamid: str
    thread: Thread | None
    dropped: bool = False


def check(world: World, sent: Outgoing) -> Content:
    """The content as it will be shown; raises `Refusal` where Meta would refuse the send."""
    content = sent.content
    if sent.address.to and sent.address.phone == world.settings.display_phone_number:
        raise Refusal(131021, "Sender and recipient phone number cannot be the same")
    if content.media is not None and content.media.id:
        world.media.find(content.media.id)
    thread = world.addressed(sent.address)
    if content.template is not None:
        content = _templated(world, sent, thread)
    elif not sent.address.is_misplaced_user_id:
        _needs_window(world, thread)
    _needs_pace(world, sent)
    return content


def _templated(world: World, sent: Outgoing, thread: Thread | None) -> Content:
    use = sent.content.template
    assert use is not None, "only called for templates"
    template = world.templates.get((use.name, use.language))
    content = templates.filled(template, use)
    category = template.category if template else ""
    if category == "AUTHENTICATION" and not sent.address.to:
        raise Refusal(131062, "Authentication templates need a phone number")
    if category == "MARKETING" and thread is not None and not thread.takes_marketing:
        raise Refusal(131050, "User has stopped receiving marketing messages from this business")
    return content


def _needs_window(world: World, thread: Thread | None) -> None:
    heard = thread.last_heard_at if thread else None
    if not window.is_open(heard, world.clock.now()):
        raise Refusal(131047, "More than 24 hours have passed since the customer last replied to this number")


def _needs_pace(world: World, sent: Outgoing) -> None:
    if not world.pair_rate:
        return
    thread = world.addressed(sent.address)
    pair = thread.customer.id if thread else sent.address.phone or sent.address.recipient
    pace = window.paced(world.paces.get(pair), world.clock.now())
    if pace is None:
        raise Refusal(131056, "Too many messages sent from the business to this customer in a short time")
    world.paces[pair] = pace


def accept(world: World, sent: Outgoing, content: Content, failure: Refusal | None = None) -> Accepted:
    """Takes a checked message: it gets an id, reaches the phone, and its statuses leave."""
    wamid = world.chance.wamid()
    if sent.address.is_misplaced_user_id:
        return Accepted(wamid, None, dropped=True)
    thread = world.addressed(sent.address)
    bubble = Bubble(
        world.next_bubble(),
        wamid,
        content,
        Tick.SENT,
        world.clock.now(),
        world.clock.monotonic(),
        sent.callback_data,
        sent.quotes,
        by_phone=bool(sent.address.to),
    )
    if thread is None:
        failure = failure or Refusal(131026, "Message undeliverable")
    if failure is not None:
        _fail(world, sent, thread, bubble, failure)
        return Accepted(wamid, thread)
    assert thread is not None, "a message without a thread has failed"
    if sent.address.to:
        thread.phone_used_at = world.clock.now()
    _arrive(world, thread, bubble)
    return Accepted(wamid, thread)


def arrive_from_staff(world: World, thread: Thread, wamid: str, text: str) -> None:
    """What staff typed in the app stands in the customer's chat as from the business; no status tells of it."""
    moment, order = world.clock.now(), world.clock.monotonic()
    bubble = Bubble(world.next_bubble(), wamid, Content(Kind.TEXT, text=text), Tick.SENT, moment, order)
    if thread.customer.online:
        _show(world, thread, bubble)
    else:
        thread.undelivered.append(bubble)


def _fail(world: World, sent: Outgoing, thread: Thread | None, bubble: Bubble, failure: Refusal) -> None:
    told = envelopes.status(
        thread.customer if thread else None,
        bubble,
        Tick.FAILED,
        world.clock.now(),
        category="service",
        failure=failure,
        recipient_id=sent.address.phone,
    )
    lane = thread.customer.id if thread else sent.address.phone
    # `contacts` is left out of failed statuses (reference: whatsapp 4.4).
    world.relay.submit([Update(Stream.STATUSES, lane, statuses=(told,))])


def _arrive(world: World, thread: Thread, bubble: Bubble) -> None:
    thread.typing_until = None
    if not thread.customer.online:
        thread.undelivered.append(bubble)
        _tell(world, thread, bubble, (Tick.SENT,))
        return
    _show(world, thread, bubble)
    ticks: tuple[Tick, ...] = (Tick.SENT, Tick.DELIVERED)
    if thread.customer.reads_at_once:
        ticks = (*ticks, Tick.READ)
        thread.put(changed(bubble, tick=Tick.READ))
    _tell(world, thread, bubble, ticks)


def _show(world: World, thread: Thread, bubble: Bubble) -> None:
    shown = changed(bubble, tick=Tick.DELIVERED)
    thread.bubbles.append(shown)
    world.events.add("bubble", {"customer": thread.customer.id, "seq": shown.seq, "id": shown.id})


def _tell(world: World, thread: Thread, bubble: Bubble, ticks: tuple[Tick, ...]) -> None:
    now = world.clock.now()
    person = envelopes.contact(thread.customer, phone_visible=thread.shows_phone(now))
    category = envelopes.category_of(bubble, _template_category(world, bubble))
    told = [envelopes.status(thread.customer, bubble, tick, now, category=category) for tick in ticks]
    world.relay.submit(
        [Update(Stream.STATUSES, thread.customer.id, contacts=(person,), statuses=(status,)) for status in told]
    )


def _template_category(world: World, bubble: Bubble) -> str:
    use = bubble.content.template
    template = world.templates.get((use.name, use.language)) if use else None
    return template.category if template else "UTILITY"


def come_online(world: World, thread: Thread) -> None:
    """The phone is on again: what waited for it arrives, in order, as it was sent."""
    thread.customer = changed(thread.customer, online=True)
    waiting, thread.undelivered = thread.undelivered, []
    for bubble in waiting:
        arrived = changed(
            bubble,
            seq=world.next_bubble(),
            received_at=world.clock.now(),
            monotonic=world.clock.monotonic(),
        )
        _show(world, thread, arrived)
        _tell(world, thread, arrived, (Tick.DELIVERED,))


def look(world: World, thread: Thread) -> None:
    """The customer looks at the chat: every bubble is read, and the business is told so."""
    for bubble in thread.unread:
        thread.put(changed(bubble, tick=Tick.READ))
        _tell(world, thread, bubble, (Tick.READ,))


def mark(world: World, wanted: Mark) -> None:
    """Blue ticks, and the typing sign for 25 seconds or until the next bubble (reference: whatsapp 3.2)."""
    thread = world.thread_of_message(wanted.message_id)
    if thread is None or not thread.read_up_to(wanted.message_id):
        raise Refusal(100, f"Message with id {wanted.message_id} does not exist")
    now = world.clock.now()
    kind = "typing" if wanted.typing else "read"
    if wanted.typing:
        thread.typing_until = now + limits.TYPING_LASTS
    thread.marks.append({"kind": kind, "message_id": wanted.message_id, "at": now.isoformat()})
    world.events.add(kind, {"customer": thread.customer.id, "message_id": wanted.message_id})
