"""`janji rules`: the rules of the house, tried before they are relied on."""

import json
from typing import Annotated, Any

import typer

from bot.business.house_rules import HouseRule
from bot.business.problems import nearest
from webhooks.business import BusinessFileWrong, load_business
from webhooks.cli.terminal import Json, fail, run, settings_for, uri_of

rules = typer.Typer(no_args_is_help=True, help="Rules of the house.")


@rules.callback()
def _group() -> None:
    """With a group of its own, `try` stays a word of it while it is the only one."""


@rules.command("try")
def try_rule(
    rule: Annotated[str, typer.Argument(help="Its id in the business file.")],
    days: Annotated[int, typer.Option(min=1, max=366, help="Over the bookings that changed in so many days.")] = 30,
    *,
    as_json: Json = False,
) -> None:
    """What a rule would have done to the bookings of the last days: how many, and which. Nothing is written."""
    settings = settings_for("mongodb_uri", "secret_key")
    try:
        business = load_business(settings.business_file)
    except BusinessFileWrong as wrong:
        raise fail(*wrong.problems) from None
    known = next((one for one in business.rules if one.id == rule), None)
    if known is None:
        ids = tuple(one.id for one in business.rules)
        raise fail(f"{rule}: there is no such rule; {nearest(rule, ids, 'the business file has no `rules`')}")

    async def trying() -> Any:
        from bot.engine.rule_trials import tried
        from webhooks.wiring import opened

        async with opened(settings, uri_of(settings)) as process:
            return await tried(process.parts, known, days)

    found = run(trying())
    before = known.before.value if known.is_judged else None
    told: dict[str, Any] = {"rule": rule, "does": _does(known), "before": before, "days": days}
    told |= {"looked_at": found.looked_at, "count": len(found.caught), "bookings": list(found.caught)}
    told |= {"erased": found.erased}
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    step = "" if before is None else f", before {before}"
    typer.echo(f"{rule} ({told['does']}{step}): {told['count']} of {found.looked_at} bookings of the last {days} days")
    for reference in found.caught:
        typer.echo(f"  {reference}")
    if found.erased:
        typer.echo(f"  {found.erased} of customers who were erased: nobody can tell")


def _does(rule: HouseRule) -> str:
    if rule.need is not None:
        return f"need {rule.need}"
    if rule.ask is not None:
        return f"ask {rule.ask}"
    if rule.task is not None:
        return f"task {rule.task}"
    return "block" if rule.block else "warn" if rule.warn else "remind"
