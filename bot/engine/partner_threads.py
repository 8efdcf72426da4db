"""The threads of partners, put together: store, routing and worker over what customers' threads use too."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.domain.partner import Partner
from bot.engine.decisions import Decisions, PartnerDecisions
from bot.engine.digest import DigestCourier
from bot.engine.job_book import JobBook
from bot.engine.owner_digest import OwnerDigests
from bot.engine.partner_directory import PartnerDirectory
from bot.engine.partner_inbound import PartnerInbound
from bot.engine.partner_numbers import PartnerNumbers
from bot.engine.partner_routing import PartnerRouting
from bot.engine.relay import Relay
from bot.engine.thread_worker import ThreadWorker
from bot.store.clock import Clock
from bot.store.received import Received
from bot.store.vault import Vault


@dataclass(frozen=True, slots=True)
class PartnerThreads:
    """What a process needs for partners."""

    routing: PartnerRouting
    worker: ThreadWorker[Partner]
    digests: DigestCourier
    numbers: PartnerNumbers


def partner_threads(
    received: Received,
    vault: Vault,
    clock: Clock,
    directory: PartnerDirectory,
    decisions: Decisions,
    relay: Relay,
    book: JobBook,
    mornings: OwnerDigests,
    new_id: Callable[[], str],
    lease_seconds: float,
) -> PartnerThreads:
    """Those of one process; sending and recording go the way they go for customers."""
    chat, threads = relay.chat, directory.threads
    theirs = PartnerDecisions(threads, decisions.businesses, decisions.context)
    to_them = Relay(threads, replace(chat, outboxes=threads, invites=None), relay.records, partners=book)
    digests = DigestCourier(book, directory, received, vault)
    inbound = PartnerInbound(threads, vault, chat.messages, chat.channel, book, digests, mornings)
    return PartnerThreads(
        PartnerRouting(directory, theirs, decisions, received, chat.channel, clock),
        ThreadWorker(threads, received, clock, inbound, theirs, to_them, new_id, None, lease_seconds),
        digests,
        PartnerNumbers(directory, theirs, clock, new_id),
    )
