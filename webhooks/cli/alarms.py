"""`janji alarms`: what waits for a person, earliest first."""

import json
from typing import Any

import typer

from webhooks.cli.terminal import Json, run, settings_for, uri_of


def alarms(*, as_json: Json = False) -> None:
    """What waits for a person, earliest first; each is gone from here as soon as its cause is."""
    from webhooks.api.alarms.door import list_alarms
    from webhooks.api.alarms.models import AlarmsQuery
    from webhooks.wiring import opened

    settings = settings_for("mongodb_uri", "secret_key")

    async def listed() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        async with opened(settings, uri_of(settings)) as process:
            cursor: str | None = None
            while True:
                page = await list_alarms(process.parts, AlarmsQuery.model_validate({"limit": 200, "cursor": cursor}))
                found += [alarm.model_dump(mode="json") for alarm in page.items]
                cursor = page.next_cursor
                if cursor is None:
                    return found

    told = run(listed())
    if as_json:
        typer.echo(json.dumps({"items": told, "next_cursor": None}))
        return
    for alarm in told:
        until = "" if alarm["due"] is None else f"  until {alarm['due'][:19]}"
        whose = alarm["lead_id"] or "house"
        typer.echo(f"{alarm['since'][:19]}  {alarm['reason']:20}  {whose}  {alarm['subject']}{until}".rstrip())
    typer.echo(f"{len(told)} alarms")
