"""The whole WhatsApp world as JSON, and back: people, chats, files, Flows, templates, the moved clock."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from simulator.file_values import Json, known_types, parts_of, read_list, written
from simulator.whatsapp import flow_shelf, media, templates, values
from simulator.whatsapp.world import Thread, World

_TYPES = known_types(
    values.Bubble,
    values.ButtonUse,
    values.Choice,
    values.Content,
    values.Customer,
    values.FlowOffer,
    values.Media,
    values.Place,
    values.Said,
    values.TemplateUse,
    templates.Template,
    templates.TemplateButton,
    flow_shelf.Flow,
    media.File,
    Thread,
    values.ChoiceKind,
    values.Kind,
    values.Tick,
    flow_shelf.FlowStatus,
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A world as its file has it."""

    ahead: timedelta
    public_key: str
    last_bubble: int
    threads: list[Thread]
    flows: list[flow_shelf.Flow]
    templates: list[templates.Template]
    files: list[media.File]


def saved(world: World) -> Json:
    """The world as JSON."""
    return {
        "ahead": world.clock.offset.total_seconds(),
        "public_key": world.public_key,
        "last_bubble": world.last_bubble,
        "threads": written(list(world.threads.values())),
        "flows": written(list(world.flows.flows.values())),
        "templates": written(list(world.templates.values())),
        "files": written(list(world.media.files())),
    }


def kept_in(found: Json) -> Kept:
    """What a file has; AttributeError, KeyError, TypeError or ValueError where it is no world's."""
    return Kept(
        ahead=timedelta(seconds=float(found["ahead"])),
        public_key=str(found.get("public_key", "")),
        last_bubble=int(found["last_bubble"]),
        threads=read_list(found, "threads", Thread, _TYPES),
        flows=read_list(found, "flows", flow_shelf.Flow, _TYPES),
        templates=read_list(found, "templates", templates.Template, _TYPES),
        files=read_list(found, "files", media.File, _TYPES),
    )


async def restore(world: World, kept: Kept) -> None:
    """The world becomes the one that was kept."""
    await world.reset()
    world.clock.move(kept.ahead)
    world.public_key, world.last_bubble = kept.public_key, kept.last_bubble
    _shift(world, kept.threads)
    for thread in kept.threads:
        world.adopt(thread)
    for flow in kept.flows:
        world.flows.put(flow)
    for template in kept.templates:
        world.add_template(template)
    for file in kept.files:
        world.media.put(file)
    world.events.add("reset", {})


def _shift(world: World, threads: list[Thread]) -> None:
    """Another process counts its monotonic seconds from elsewhere: what is old stays before what is new."""
    newest = max((one.monotonic for thread in threads for one in _everything(thread)), default=0.0)
    by = world.clock.monotonic() - newest
    for thread in threads:
        thread.bubbles[:] = [_moved(bubble, by) for bubble in thread.bubbles]
        thread.said[:] = [_moved(said, by) for said in thread.said]


def _everything(thread: Thread) -> list[values.Bubble | values.Said]:
    return [*thread.bubbles, *thread.said]


def _moved(one: Any, by: float) -> Any:
    return type(one)(**{**parts_of(one), "monotonic": one.monotonic + by})
