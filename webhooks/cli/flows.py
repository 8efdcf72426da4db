"""`janji flows`: build, lint, keys, publish."""

import json
import os
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer

from flows.booking import booking_flow
from flows.errors import FlowRefused
from flows.keys import KeyUnreadable, load_key, public_pem
from flows.lint import lint, lint_file
from flows.paths import PATHS
from flows.problem import FlowProblem, printable
from flows.publish import FlowInvalid, GraphRefused, new_key_pair
from flows.words import languages
from webhooks.cli.terminal import DryRun, Json, err, fail, misused, run, settings_for, uri_of
from webhooks.settings import NEEDED_TO_SERVE, STATE_DIRECTORY, Settings, SettingsProblems, load

app = typer.Typer(no_args_is_help=True, help="The booking form (WhatsApp Flows).")

WITH_PASSPHRASE = "FLOW_PRIVATE_KEY_" + "PASSPHRASE"


def problems() -> list[str]:
    """What is wrong with our own forms, for `janji check`; asked where the language files are whole."""
    return [
        f"{purpose.value} form {code}: {problem}"
        for purpose, path in PATHS.items()
        for code in languages()
        for problem in lint(path.define(code).as_json())
    ]


def key_problems() -> list[str]:
    """What is wrong with the keys that are set, for `janji check`."""
    from webhooks.keys import flow_keys

    try:
        flow_keys(load())
    except KeyUnreadable as wrong:
        return [f"FLOW_PRIVATE_KEY: {wrong}; make one with `janji flows keys`"]
    except SettingsProblems:
        return []  # told already
    return []


@app.command()
def build(
    *,
    language: Annotated[str, typer.Option(help="A code, as id; all when left out.")] = "",
    out: Annotated[Path | None, typer.Option(help="A directory; standard output when left out.")] = None,
) -> None:
    """The Flow JSON to publish, built from the one definition."""
    if language and language not in languages():
        raise misused(f"--language is one of {', '.join(languages())}")
    wanted = [language] if language else list(languages())
    built = {code: booking_flow(code).as_json() for code in wanted}
    if out is None:
        shown: Any = built[language] if language else built
        typer.echo(json.dumps(shown, ensure_ascii=False, indent=2))
        return
    out.mkdir(parents=True, exist_ok=True)
    for code, written in built.items():
        path = out / f"booking-{code}.json"
        path.write_text(json.dumps(written, ensure_ascii=False, indent=2) + "\n", "utf-8")
        typer.echo(str(path))


@app.command("lint")
def lint_files(
    files: Annotated[list[Path] | None, typer.Argument(help="Flow JSON files; our own forms when left out.")] = None,
    *,
    as_json: Json = False,
) -> None:
    """Every problem that Meta or a phone would have with a Flow JSON, with its place."""
    linted: list[tuple[str, tuple[FlowProblem, ...]]] = []
    if not files:
        linted = [
            (f"{purpose.value}-{code}", lint(path.define(code).as_json()))
            for purpose, path in PATHS.items()
            for code in languages()
        ]
    for path in files or []:
        try:
            linted.append((printable(str(path)), lint_file(path.read_bytes())))
        except OSError as wrong:
            raise fail(f"{path}: cannot be read ({type(wrong).__name__})") from None
    found = [(name, problem) for name, problems in linted for problem in problems]
    refused = [f"{name}: {problem}" for name, problem in found if not problem.is_warning]
    doubtful = [f"{name}: {problem}" for name, problem in found if problem.is_warning]
    if as_json:
        findings: list[dict[str, str]] = []
        for name, problem in found:
            # Part by part, for a program that shows it at its place.
            parts = {part: printable(getattr(problem, part)) for part in ("screen", "where", "text", "fix", "path")}
            findings.append({"file": name, **parts, "severity": "warning" if problem.is_warning else "error"})
        told = {"ok": not refused, "problems": refused, "warnings": doubtful, "findings": findings}
        typer.echo(json.dumps(told, ensure_ascii=False))
        raise typer.Exit(1 if refused else 0)
    for warning in doubtful:
        err.print(warning, highlight=False, markup=False, soft_wrap=True)
    if refused:
        raise fail(*refused)
    typer.echo("all is well")


@app.command()
def keys(
    *,
    out: Annotated[Path, typer.Option(help="Where the private key is written; never over an old one.")] = (
        STATE_DIRECTORY / "flow_private_key.pem"
    ),
) -> None:
    """A new key pair: the private key into a file for this user only, the public one on standard output.

    It is encrypted when FLOW_PRIVATE_KEY_PASSPHRASE is set. During a rotation the old key goes to
    FLOW_PRIVATE_KEY_PREVIOUS; `janji flows publish` uploads the new public key.
    """
    private, public = new_key_pair(os.environ.get(WITH_PASSPHRASE) or None)
    out.parent.mkdir(parents=True, exist_ok=True)
    try:
        # Made, and never opened over another: an old key may still open what phones have sealed for it.
        handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise fail(f"{out}: exists already; move it away, it may still open requests") from None
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(private)
    err.print(f"private key: {out} (FLOW_PRIVATE_KEY_FILE={out})", highlight=False)
    typer.echo(public, nl=False)


@app.command("public-key")
def public_key() -> None:
    """The public half of the key that is set."""
    settings = settings_for("flow_private_key")
    assert settings.flow_private_key is not None
    passphrase = settings.flow_private_key_passphrase
    try:
        key = load_key(
            settings.flow_private_key.get_secret_value(), passphrase.get_secret_value() if passphrase else None
        )
    except KeyUnreadable as wrong:
        raise fail(f"FLOW_PRIVATE_KEY: {wrong}") from None
    typer.echo(public_pem(key), nl=False)


@app.command()
def publish(*, dry_run: DryRun = False) -> None:
    """Upload the public key, publish the form of each language, and let the chat offer it."""
    settings = settings_for(*NEEDED_TO_SERVE, "flow_private_key")
    try:
        done = run(_published(settings, dry_run=dry_run))
    except (GraphRefused, FlowInvalid, FlowRefused, httpx.HTTPError) as refused:
        raise fail(f"Meta: {refused}") from None
    for line in done:
        typer.echo(line)


async def _published(settings: Settings, *, dry_run: bool) -> list[str]:
    from webhooks.keys import flow_keys
    from webhooks.meta import publish as publishing
    from webhooks.wiring import opened

    flow_key = flow_keys(settings)
    assert flow_key is not None
    async with opened(settings, uri_of(settings)) as process:
        done = await publishing.publish_forms(
            settings, flow_key, process.business, process.parts.published_flows, dry_run=dry_run
        )
    return [f"would {plan}" for plan in done.planned] or [f"{code}: {flow_id}" for code, flow_id in done.ids.items()]
