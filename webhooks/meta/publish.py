"""Brings the booking form to Meta: the public key first, then the Flow of each language, its id kept for the chat."""

from dataclasses import dataclass

from bot.business.definition import Business
from bot.store.published_flows import PublishedFlows
from flows.keys import FlowKeys, public_pem
from flows.paths import PATHS
from flows.publish import FlowPublisher
from flows.session import Purpose
from flows.words import languages
from webhooks.doors.flows import PATH
from webhooks.meta.client import graph
from webhooks.settings import Settings


@dataclass(frozen=True, slots=True)
class Published:
    """What was done, in words, and the Flow id of each language."""

    ids: dict[str, str]
    planned: tuple[str, ...]


async def publish_forms(
    settings: Settings, keys: FlowKeys, business: Business, published: PublishedFlows, *, dry_run: bool = False
) -> Published:
    """Publish key and forms; run again it replaces what it published before."""
    # Drafts too: a run that stopped half way goes on with the Flow it made.
    made, done = await published.ids(drafts=True), dict[str, str]()
    async with graph(settings) as http:
        publisher = FlowPublisher(
            http, settings.whatsapp_waba_id or "", settings.whatsapp_phone_number_id or "", is_dry_run=dry_run
        )
        # The key first: without one Meta publishes no Flow that has an endpoint.
        await publisher.upload_key(public_pem(keys.current))
        wanted = [(purpose, code) for purpose in PATHS for code in business.languages if code in languages()]
        for purpose, language in wanted:
            # the booking form is known by its language alone, as it was when there was no other
            name = language if purpose is Purpose.BOOKING else f"{purpose.value}:{language}"
            endpoint, flow, known = settings.link_base + PATH, PATHS[purpose].define(language), made.get(name)
            if known is None:
                flow_id = await publisher.create(f"janji-{purpose.value}-{language}", flow, endpoint)
            else:
                flow_id = known
                await publisher.update(known, flow, endpoint)
            if not dry_run:
                # known from here, so that a publication that fails makes no second Flow of this name
                await published.set_ids({name: flow_id}, drafts=True)
            await publisher.publish(flow_id)
            done[name] = flow_id
    if not dry_run:
        await published.set_ids(done)
    return Published(done, tuple(publisher.planned))
