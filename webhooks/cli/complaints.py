"""`janji complaints`: what guests say was wrong with a visit, shown, opened and answered as the API does it."""

import base64
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import BaseModel, ValidationError

from webhooks.cli.terminal import DryRun, Json, fail, misused, run, settings_for, uri_of

complaints = typer.Typer(no_args_is_help=True, help="What guests say was wrong, and the house's answer.")

By = Annotated[str, typer.Option("--by", help="Who says so; it stands on record.")]
RoleName = Annotated[str, typer.Option("--role", help="In which role.")]


@complaints.command()
def show(reference: str, *, as_json: Json = False) -> None:
    """How the complaint about that booking stands, with its words."""
    from webhooks.api.complaints import steps

    told = _done(lambda parts: steps.show(parts, reference))
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    typer.echo(f"{told['booking']}  {told['state']}  opened {told['opened_at'][:16]} by {told['opened_by']}")
    for note in told["words"]:
        typer.echo(f"  {note}")
    for photo in told["photos"]:
        typer.echo(f"  photo {photo['number']}: {photo['state']}")
    answer = told["answer"]
    if answer is None:
        typer.echo(f"  to be answered by {told['answer_by'][:16]}")
    else:
        typer.echo(f"  answered {answer['at'][:16]} by {answer['by']}: {answer['words'] or answer['kind']}")


@complaints.command("open")
def opened(
    reference: str,
    *,
    words: Annotated[str, typer.Option("--words", help="What went wrong, as the guest said it.")],
    by: By,
    role: RoleName = "operations",
    photo: Annotated[list[str] | None, typer.Option("--photo", help="A picture's id of the transcript.")] = None,
    as_json: Json = False,
) -> None:
    """What a guest told you; said again it is added to the open one."""
    from webhooks.api.complaints import models, steps
    from webhooks.api.money.steps import call_name

    asked = _read(models.NewComplaint, {"words": words, "photos": photo or [], "by": by, "role": role})
    told = _done(lambda parts: steps.enter(parts, reference, asked, call_name()))
    line = f"{told['booking']}  open, to be answered by {told['answer_by'][:16]}"
    typer.echo(json.dumps(told, ensure_ascii=False) if as_json else line)


@complaints.command()
def answer(
    reference: str,
    *,
    kind: Annotated[str, typer.Option("--kind", help="redo, refund, credit or refused.")],
    by: By,
    words: Annotated[str | None, typer.Option("--words", help="To the guest; a no needs them.")] = None,
    amount: Annotated[
        int | None, typer.Option("--amount", min=1, help="What goes back or is given, in whole minor units.")
    ] = None,
    expires_on: Annotated[
        str | None, typer.Option("--expires-on", help="The last day of a credit, as 2027-03-31.")
    ] = None,
    slot: Annotated[str | None, typer.Option("--slot", help="When it is done once more; for a redo.")] = None,
    borne_by: Annotated[
        str | None, typer.Option("--borne-by", help="provider, place, referrer or platform: whose fault it was.")
    ] = None,
    role: RoleName = "operations",
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Answer it, once: the refund or the second visit is ordered with it, and the guest is told."""
    from webhooks.api.complaints import models, steps
    from webhooks.api.money.steps import call_name

    given = {"kind": kind, "amount": amount, "slot_id": slot, "borne_by": borne_by, "words": words}
    given |= {"expires_on": expires_on}
    asked = _read(models.GivenAnswer, given | {"by": by, "role": role, "dry_run": dry_run})
    told = _done(lambda parts: steps.answer(parts, reference, asked, call_name()))
    amount_told = told["amount"]
    how = "back" if told["expires_on"] is None else f"as a credit until {told['expires_on']}"
    what = "" if amount_told is None else f"  {amount_told['amount']} {amount_told['currency']} {how}"
    what = f"  {told['redo']}" if told["redo"] is not None else what
    typer.echo(json.dumps(told, ensure_ascii=False) if as_json else f"{told['booking']}  {told['kind']}{what}")


@complaints.command()
def photo(
    reference: str, number: int, *, out: Annotated[Path, typer.Option("--out", help="Where it is written.")]
) -> None:
    """Write one of its pictures to a file."""
    from webhooks.api.complaints import steps

    told = _done(lambda parts: steps.photo(parts, reference, number))
    out.write_bytes(base64.b64decode(told["content"]))
    typer.echo(f"{out}  {told['mime_type']}")


def _read(model: Any, given: dict[str, Any]) -> Any:
    """The request as the API takes it; exit 2 with the field that is wrong."""
    try:
        return model.model_validate(given)
    except ValidationError as wrong:
        raise misused("; ".join(f"--{error['loc'][0]}: {error['msg']}" for error in wrong.errors())) from None


def _done(act: Callable[[Any], Awaitable[BaseModel]]) -> dict[str, Any]:
    """What comes of it over a connection of its own; exit 1 with the reason where it cannot be done."""
    from bot.engine.staff_actions import NoSuchBooking
    from webhooks.api.complaints.steps import ComplaintNotChanged
    from webhooks.api.money.steps import MoneyDenied
    from webhooks.edge.photos import NoSuchPhoto
    from webhooks.wiring import opened as opened_process

    settings = settings_for("mongodb_uri", "secret_key")

    async def doing() -> dict[str, Any]:
        async with opened_process(settings, uri_of(settings)) as process:
            return (await act(process.parts)).model_dump(mode="json")

    try:
        return run(doing())
    except (ComplaintNotChanged, MoneyDenied) as denied:
        raise fail(denied.detail) from None
    except NoSuchBooking:
        raise fail("There is no such booking.") from None
    except NoSuchPhoto as missing:
        raise fail("There is no such picture." if missing.state is None else f"It is {missing.state.value}.") from None
