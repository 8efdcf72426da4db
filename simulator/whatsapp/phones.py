"""The control door's half for customers: what they do and what they see (docs/simulator.md)."""

import base64
from dataclasses import replace as changed
from typing import Any

from quart import Blueprint, Response, jsonify, request

from simulator.whatsapp import acts, engine, flow_media, forms, staff, views
from simulator.whatsapp.acts import CannotDo
from simulator.whatsapp.around import read_around
from simulator.whatsapp.door import body, cannot, misused, since
from simulator.whatsapp.media import kind_of
from simulator.whatsapp.values import Customer, Place
from simulator.whatsapp.world import Thread, World

Json = dict[str, Any]

ROLES = ("provider", "staff", "place")
LANGUAGES = ("en", "id", "vi")

# The smallest PNG there is: one transparent point.
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


def phones_blueprint(world: World) -> Blueprint:
    """The doors under `/sim/customers`."""
    doors = Blueprint("sim_phones", __name__, url_prefix="/sim/customers")
    calls = PhoneCalls(world)
    for method, path, call in (
        ("POST", "", calls.join),
        ("GET", "", calls.everybody),
        ("GET", "/<who>", calls.show),
        ("PATCH", "/<who>", calls.change),
        ("GET", "/<who>/bubbles", calls.bubbles),
        ("GET", "/<who>/said", calls.said),
        ("POST", "/<who>/say", calls.say),
        ("POST", "/<who>/tap", calls.tap),
        ("POST", "/<who>/form", calls.form),
        ("POST", "/<who>/fill", calls.fill),
        ("POST", "/<who>/file", calls.file),
        ("POST", "/<who>/location", calls.location),
        ("POST", "/<who>/contact", calls.contact),
        ("POST", "/<who>/reaction", calls.reaction),
        ("POST", "/<who>/edit", calls.edit),
        ("POST", "/<who>/revoke", calls.revoke),
        ("POST", "/<who>/unsupported", calls.unsupported),
        ("POST", "/<who>/number", calls.number),
        ("POST", "/<who>/user-id", calls.user_id),
        ("POST", "/<who>/look", calls.look),
        ("POST", "/<who>/preferences", calls.preferences),
        ("POST", "/<who>/echo", calls.echo),
        ("POST", "/<who>/order", calls.order),
        ("POST", "/<who>/welcome", calls.welcome),
        ("POST", "/<who>/status", calls.status),
    ):
        doors.add_url_rule(path, call.__name__, call, methods=[method])
    doors.register_error_handler(CannotDo, cannot)
    for error in (ValueError, KeyError, TypeError):
        doors.register_error_handler(error, misused)
    return doors


def one_of(known: tuple[str, ...], wanted: object) -> str:
    """That word, or none; ValueError for any other."""
    word = str(wanted or "")
    if word and word not in known:
        raise ValueError(f"{word} is none of {', '.join(known)}")
    return word


def _told(wamid: str, **more: Any) -> tuple[Response, int]:
    return jsonify({"id": wamid or None, **more}), 201


class PhoneCalls:
    """The calls, against one world."""

    def __init__(self, world: World) -> None:
        self._world = world

    def _thread(self, who: str) -> Thread:
        if not self._world.base_url:
            self._world.base_url = request.host_url.rstrip("/")
        thread = self._world.thread(who)
        if thread is None:
            raise CannotDo(f"no customer {who}")
        return thread

    async def join(self) -> tuple[Response, int]:
        """A new customer; all of `wa_id`, `user_id`, `username`, `name` may be left out.

        `contact_wa_id`: the number as `contacts[]` writes it; `recycled`: the number was another customer's before.
        `role`, `about`, `language`: whose phone it is where it is no customer's (docs/phone.md).
        """
        wanted = await body()
        wa_id, username = str(wanted.get("wa_id") or ""), str(wanted.get("username") or "")
        customer = Customer(
            id=f"customer-{len(self._world.threads) + 1}",
            name=str(wanted.get("name") or "Customer"),
            user_id=str(wanted.get("user_id") or acts.new_user_id(self._world)),
            wa_id=wa_id,
            contact_wa_id=str(wanted.get("contact_wa_id") or ""),
            username=username,
            shares_phone=bool(wanted.get("shares_phone", bool(wa_id) and not username)),
            online=bool(wanted.get("online", True)),
            reads_at_once=bool(wanted.get("reads_at_once", False)),
            role=one_of(ROLES, wanted.get("role")),
            about=str(wanted.get("about") or ""),
            language=one_of(LANGUAGES, wanted.get("language")),
        )
        thread = acts.join(self._world, customer, recycled=bool(wanted.get("recycled")))
        return jsonify(views.customer(self._world, thread)), 201

    async def everybody(self) -> Response:
        """All customers."""
        items = [views.customer(self._world, thread) for thread in self._world.threads.values()]
        return jsonify({"items": items})

    async def show(self, who: str) -> Response:
        """One customer, by id, number or BSUID."""
        return jsonify(views.customer(self._world, self._thread(who)))

    async def change(self, who: str) -> Response:
        """Sets `name`, `username`, `contact_wa_id`, `shares_phone`, `online`, `reads_at_once`."""
        thread, wanted = self._thread(who), await body()
        came_online = bool(wanted.get("online")) and not thread.customer.online
        allowed = {"name", "username", "contact_wa_id", "shares_phone", "online", "reads_at_once"}
        if not allowed.issuperset(wanted):
            raise ValueError(f"only {', '.join(sorted(allowed))} can be set")
        thread.customer = changed(thread.customer, **wanted)
        if came_online:
            engine.come_online(self._world, thread)
        self._world.events.add("customer", {"customer": thread.customer.id})
        return await self.show(who)

    async def bubbles(self, who: str) -> Response:
        """The bubbles above `after` in order of arrival, waiting `wait` seconds for the first."""
        thread = self._thread(who)
        after, wait = since()
        newer = lambda: any(bubble.seq > after for bubble in thread.bubbles)  # noqa: E731
        await self._world.pulse.until(newer, wait)
        items = [
            {**views.bubble(bubble), "disabled": thread.disabled.get(bubble.id)}
            for bubble in thread.bubbles
            if bubble.seq > after
        ]
        return jsonify({"items": items, "last": max((b.seq for b in thread.bubbles), default=0)})

    async def said(self, who: str) -> Response:
        """What the customer said, with the ticks the business gave."""
        return jsonify({"items": [views.said(message) for message in self._thread(who).said]})

    async def say(self, who: str) -> tuple[Response, int]:
        """`{"text", "quote"?}`, and what may come along: `group`, `referral`, `product`, `forwarded`."""
        thread, wanted = self._thread(who), await body()
        text, quote = str(wanted["text"]), str(wanted.get("quote") or "")
        return _told(acts.say(self._world, thread, text, quote, read_around(wanted)))

    async def welcome(self, who: str) -> tuple[Response, int]:
        """Opens the chat for the first time and says nothing."""
        return _told(acts.open_chat(self._world, self._thread(who)))

    async def order(self, who: str) -> tuple[Response, int]:
        """`{"items": [{"product_retailer_id", "quantity", "item_price", "currency"}], "catalog_id"?, "text"?}`."""
        thread, wanted = self._thread(who), await body()
        items = [dict(item) for item in wanted["items"]]
        catalog = str(wanted.get("catalog_id") or "194836987003835")
        return _told(acts.order(self._world, thread, catalog, items, str(wanted.get("text") or "")))

    async def status(self, who: str) -> Response:
        """`{"message_id", "status", "code"?}`: any status of a message of ours, whatever was told before."""
        thread, wanted = self._thread(who), await body()
        code = wanted.get("code")
        status = str(wanted["status"])
        acts.tell_status(self._world, thread, str(wanted["message_id"]), status, None if code is None else int(code))
        return jsonify({"ok": True})

    async def tap(self, who: str) -> tuple[Response, int]:
        """`{"choice", "bubble"?}`: a title or an id, on the newest bubble that shows it."""
        thread, wanted = self._thread(who), await body()
        wamid, choice = acts.tap(self._world, thread, str(wanted["choice"]), str(wanted.get("bubble") or ""))
        return _told(wamid, choice=views.choice(choice))

    async def form(self, who: str) -> tuple[Response, int]:
        """`{"response", "bubble"?}`: sends a filled form."""
        thread, wanted = self._thread(who), await body()
        response = flow_media.for_completion(self._world, dict(wanted["response"]))
        return _told(acts.finish_form(self._world, thread, response, str(wanted.get("bubble") or "")))

    async def fill(self, who: str) -> tuple[Response, int]:
        """`{"flow", "steps", "bubble"?}`: opens a form against the app's Flow door, fills it, and sends it."""
        thread, wanted = self._thread(who), await body()
        steps = [dict(step) for step in wanted["steps"]]
        told = await forms.fill(self._world, thread, dict(wanted["flow"]), steps, str(wanted.get("bubble") or ""))
        return jsonify(told), 201

    async def file(self, who: str) -> tuple[Response, int]:
        """`{"mime_type"?, "content_base64"?, "caption"?, "filename"?}`; a tiny PNG when nothing is given."""
        thread, wanted = self._thread(who), await body()
        content = base64.b64decode(wanted["content_base64"]) if "content_base64" in wanted else PNG
        wamid, file = acts.send_file(
            self._world,
            thread,
            str(wanted.get("mime_type") or "image/png"),
            content,
            caption=str(wanted.get("caption") or ""),
            filename=str(wanted.get("filename") or ""),
            around=read_around(wanted),
        )
        return _told(wamid, media_id=file.id)

    async def location(self, who: str) -> tuple[Response, int]:
        """`{"latitude", "longitude", "name"?, "address"?, "quote"?}`."""
        thread, wanted = self._thread(who), await body()
        place = Place(
            float(wanted["latitude"]),
            float(wanted["longitude"]),
            str(wanted.get("name") or ""),
            str(wanted.get("address") or ""),
        )
        return _told(acts.send_place(self._world, thread, place, str(wanted.get("quote") or "")))

    async def contact(self, who: str) -> tuple[Response, int]:
        """Shares the customer's own number; or `{"people": [{"name", "phone"?, "wa_id"?}]}`, or whole `cards`."""
        thread, wanted = self._thread(who), await body()
        people = [acts.card(**{key: str(value) for key, value in one.items()}) for one in wanted.get("people", [])]
        cards = [*people, *(dict(card) for card in wanted.get("cards", []))]
        return _told(acts.send_cards(self._world, thread, cards) if cards else acts.share_contact(self._world, thread))

    async def reaction(self, who: str) -> tuple[Response, int]:
        """`{"message_id", "emoji"?}`; without an emoji the reaction goes away."""
        thread, wanted = self._thread(who), await body()
        emoji = str(wanted.get("emoji") or "")
        return _told(acts.react(self._world, thread, str(wanted["message_id"]), emoji))

    async def edit(self, who: str) -> tuple[Response, int]:
        """`{"message_id", "text"}`."""
        thread, wanted = self._thread(who), await body()
        return _told(acts.edit(self._world, thread, str(wanted["message_id"]), str(wanted["text"])))

    async def revoke(self, who: str) -> tuple[Response, int]:
        """`{"message_id"}`."""
        thread, wanted = self._thread(who), await body()
        return _told(acts.revoke(self._world, thread, str(wanted["message_id"])))

    async def unsupported(self, who: str) -> tuple[Response, int]:
        """`{"kind"?, "legacy"?}`: something the API cannot show; an empty kind leaves it unnamed."""
        thread, wanted = self._thread(who), await body()
        kind = str(wanted.get("kind", "poll_creation"))
        return _told(acts.send_unsupported(self._world, thread, kind, legacy=bool(wanted.get("legacy"))))

    async def number(self, who: str) -> tuple[Response, int]:
        """`{"wa_id"}`: moves to another number, and so to another BSUID."""
        thread, wanted = self._thread(who), await body()
        wamid = acts.change_number(self._world, thread, str(wanted["wa_id"]))
        return _told(wamid, customer=views.customer(self._world, thread))

    async def user_id(self, who: str) -> tuple[Response, int]:
        """`{"user_id"?}`: another BSUID."""
        thread, wanted = self._thread(who), await body()
        wamid = acts.change_user_id(self._world, thread, str(wanted.get("user_id") or ""))
        return _told(wamid, customer=views.customer(self._world, thread))

    async def look(self, who: str) -> Response:
        """Reads the chat: every delivered bubble gets its read status."""
        engine.look(self._world, self._thread(who))
        return jsonify({"ok": True})

    async def preferences(self, who: str) -> Response:
        """`{"marketing": true or false}`."""
        thread, wanted = self._thread(who), await body()
        acts.prefer(self._world, thread, marketing=bool(wanted["marketing"]))
        return jsonify(views.customer(self._world, thread))

    async def echo(self, who: str) -> tuple[Response, int]:
        """The staff in the app: `{"text"}`, `{"mime_type", "caption"?}`, `{"edit": id, "text"}`, `{"revoke": id}`."""
        thread, wanted = self._thread(who), await body()
        if "revoke" in wanted:
            return _told(staff.revoke(self._world, thread, str(wanted["revoke"])))
        if "edit" in wanted:
            return _told(staff.edit(self._world, thread, str(wanted["edit"]), str(wanted["text"])))
        if "mime_type" in wanted:
            kind, caption = kind_of(str(wanted["mime_type"])), str(wanted.get("caption") or "")
            return _told(staff.send_file(self._world, thread, str(wanted["mime_type"]), kind, caption))
        return _told(staff.write(self._world, thread, str(wanted["text"])))
