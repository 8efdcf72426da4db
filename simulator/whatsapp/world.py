"""All that the outside world knows: customers, their threads, media, templates, limits used up."""

from collections.abc import Callable
from dataclasses import dataclass, field
from dataclasses import replace as changed
from datetime import datetime

from simulator.clock import Chance, Clock
from simulator.feed import Feed, Pulse
from simulator.settings import Settings
from simulator.whatsapp import limits
from simulator.whatsapp.flow_shelf import FlowShelf
from simulator.whatsapp.manners import Faults
from simulator.whatsapp.media import MediaShelf
from simulator.whatsapp.relay import Relay
from simulator.whatsapp.templates import HELLO_WORLD, Template
from simulator.whatsapp.values import Address, Bubble, Customer, Said, Tick
from simulator.whatsapp.window import Pace


@dataclass(slots=True)
class Thread:
    """One customer's chat with the business, from both sides."""

    customer: Customer
    bubbles: list[Bubble] = field(default_factory=list)
    undelivered: list[Bubble] = field(default_factory=list)
    """Accepted while the phone was off."""
    said: list[Said] = field(default_factory=list)
    last_heard_at: datetime | None = None
    phone_used_at: datetime | None = None
    """When number and number last exchanged something."""
    typing_until: datetime | None = None
    marks: list[dict[str, object]] = field(default_factory=list)
    takes_marketing: bool = True
    flow_key: str = ""
    """The business's public key as this phone last fetched it."""
    disabled: dict[str, str] = field(default_factory=dict)
    """Bubbles whose form ended with a 427, and its words."""

    def bubble(self, wamid: str) -> Bubble | None:
        """The bubble with this id."""
        return next((bubble for bubble in self.bubbles if bubble.id == wamid), None)

    def put(self, bubble: Bubble) -> None:
        """Replaces a bubble by its newer self."""
        for pile in (self.bubbles, self.undelivered):
            for index, known in enumerate(pile):
                if known.id == bubble.id:
                    pile[index] = bubble

    def read_up_to(self, message_id: str) -> bool:
        """Gives the customer's message and all before it blue ticks; False for an unknown message."""
        ids = [said.id for said in self.said]
        if message_id not in ids:
            return False
        last = ids.index(message_id) + 1
        self.said[:last] = [changed(said, read=True) for said in self.said[:last]]
        return True

    def shows_phone(self, now: datetime) -> bool:
        """Whether webhooks carry the phone number (reference: whatsapp 5, BSUID rules)."""
        if not self.customer.wa_id:
            return False
        used = self.phone_used_at is not None and now < self.phone_used_at + limits.PHONE_VISIBLE
        return self.customer.shares_phone or used

    @property
    def unread(self) -> tuple[Bubble, ...]:
        """Bubbles on the phone that nobody has looked at."""
        return tuple(bubble for bubble in self.bubbles if bubble.tick is Tick.DELIVERED)


class World:
    """The state of one simulated WhatsApp."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.clock = Clock()
        self.chance = Chance(settings.seed)
        self.pulse = Pulse()
        self.journal = Feed(self.clock, self.pulse)
        self.events = Feed(self.clock, self.pulse)
        self.relay = Relay(settings, self.chance, self.pulse, self.journal)
        self.faults = Faults()
        self.media = MediaShelf(self.clock, self.chance)
        self.base_url = settings.public_url
        self.goes_down: Callable[[float], None] | None = None
        """Nothing listens for so many seconds; none where the server is not the simulator's own."""
        self._forget()

    def _forget(self) -> None:
        self._forget_people()
        self.templates = {(HELLO_WORLD.name, HELLO_WORLD.language): HELLO_WORLD}
        self.flows = FlowShelf(self.chance)
        self.public_key = ""

    def _forget_people(self) -> None:
        self.threads: dict[str, Thread] = {}
        self._names: dict[str, str] = {}
        self._said_by: dict[str, str] = {}
        self.paces: dict[str, Pace] = {}
        self.pair_rate = self.settings.pair_rate
        self.last_bubble = 0

    async def reset(self, *, keep_account: bool = False) -> None:
        """As if just started; feeds keep counting, so that no reader misses what comes next."""
        await self.relay.reset()
        self.clock.reset()
        self.faults.clear()
        self.media.clear()
        self.journal.clear()
        self.events.clear()
        if keep_account:
            deliver = [thread.customer for thread in self.threads.values() if thread.customer.role]
            self._forget_people()
            for number, customer in enumerate(deliver, 1):
                # whom the business works with has a phone in every world, and nothing on it
                self.know(Thread(changed(customer, id=f"customer-{number}", online=True)))
        else:
            self._forget()
        self.events.add("reset", {})

    def thread(self, name: str) -> Thread | None:
        """The thread of a customer by id, phone number or BSUID."""
        return self.threads.get(self._names.get(name, ""))

    def know(self, thread: Thread) -> None:
        """The thread is found by all its customer's present names, and by no earlier ones."""
        customer = thread.customer
        self.threads[customer.id] = thread
        if customer.id in self._names:
            self._names = {name: known for name, known in self._names.items() if known != customer.id}
        for name in (customer.id, customer.wa_id, customer.user_id):
            if name:
                self._names[name] = customer.id

    def adopt(self, thread: Thread) -> None:
        """A whole thread from elsewhere: its customer and all that was said become known."""
        self.know(thread)
        self._said_by |= {said.id: thread.customer.id for said in thread.said}

    def remember(self, thread: Thread, said: Said) -> None:
        """The customer said this."""
        thread.said.append(said)
        self._said_by[said.id] = thread.customer.id

    def addressed(self, address: Address) -> Thread | None:
        """The thread a message is for; the phone number wins over the BSUID (reference: whatsapp 3.1)."""
        return self.thread(address.phone) if address.to else self.thread(address.recipient)

    def thread_of_message(self, wamid: str) -> Thread | None:
        """The thread in which the customer said this message."""
        return self.threads.get(self._said_by.get(wamid, ""))

    def next_bubble(self) -> int:
        """The number of the next bubble, over all customers."""
        self.last_bubble += 1
        return self.last_bubble

    def add_template(self, template: Template) -> None:
        """A template exists from now on."""
        self.templates[(template.name, template.language)] = template

    def template_by_id(self, wanted: str) -> Template | None:
        """The template of that id, none for a Flow's id or an unknown one."""
        return next((one for one in self.templates.values() if one.id == wanted != ""), None)
