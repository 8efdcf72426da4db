"""`python -m simulator`: the outside world as a process; prints its address and its page's as one JSON line."""

import argparse
import asyncio
import json
import signal
import sys
from collections.abc import Sequence

from simulator.server import serve
from simulator.settings import Settings


def read_settings(arguments: Sequence[str] | None = None) -> Settings:
    """Settings from the command line; what is left out has a default."""
    known = Settings()
    parser = argparse.ArgumentParser(prog="python -m simulator", description=__doc__)
    for name in (
        "host",
        "app_url",
        "app_secret",
        "verify_token",
        "phone_number_id",
        "waba_id",
        "token",
        "display_phone_number",
        "whatsapp_path",
        "xendit_secret_key",
        "xendit_webhook_token",
        "public_url",
        "api_token",
    ):
        parser.add_argument(_flag(name), default=getattr(known, name))
    for number in ("port", "seed"):
        parser.add_argument(_flag(number), type=int, default=getattr(known, number))
    for seconds in ("retry_scale", "webhook_timeout", "flow_timeout"):
        parser.add_argument(_flag(seconds), type=float, default=getattr(known, seconds))
    parser.add_argument("--no-pair-rate", dest="pair_rate", action="store_false")
    return Settings(**vars(parser.parse_args(arguments)))


def _flag(name: str) -> str:
    return "--" + name.replace("_", "-")


async def run(settings: Settings) -> None:
    """Serves until SIGTERM or Ctrl-C."""
    stop = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    async with serve(settings) as url:
        sys.stdout.write(json.dumps({"url": url, "page": f"{url}/phone/"}) + "\n")
        sys.stdout.flush()
        await stop.wait()


def main() -> None:
    """Runs the simulator; ends with 0 when told to stop."""
    asyncio.run(run(read_settings()))


if __name__ == "__main__":
    main()
