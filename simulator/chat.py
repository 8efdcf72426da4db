"""`python -m simulator.chat --url SIM`: the phone in a terminal, for people who live there.

A line is said; `1`, `2`, … taps a choice of the newest bubble that has some; `/photo`, `/place LAT LON`, `/offline`,
`/online`, `/stop` do what they say; `/quit` or the end of input leaves. Forms are for the page.
"""

import argparse
import asyncio
import contextlib
import os
import sys
import threading
from collections.abc import AsyncIterator

from simulator.customer import Phone, Refused, Seen

SIGNS = {"cta_url": "link", "flow": "form", "list": "list", "buttons": "?", "template": "template"}


def drawn(bubble: Seen) -> str:
    """A bubble as lines of text, its choices numbered."""
    head = [f"*{bubble.header}*"] if bubble.header else []
    foot = [bubble.footer] if bubble.footer else []
    sign = "" if bubble.kind == "text" else f"[{SIGNS.get(bubble.kind, bubble.kind)}] "
    links = bubble.links + ("",) * len(bubble.choices)
    rows = [
        f"  {place}. {title} {link}".rstrip()
        for place, (title, link) in enumerate(zip(bubble.choices, links, strict=False), 1)
    ]
    lines = [*head, sign + bubble.text, *foot, *rows]
    return "\n".join(f"◂ {line}" for line in "\n".join(lines).split("\n"))


class Chat:
    """One customer at a keyboard."""

    def __init__(self, phone: Phone) -> None:
        self._phone = phone
        self._choices: Seen | None = None

    async def show(self) -> None:
        """Prints every bubble as it comes."""
        after = 0
        while True:
            for bubble in await self._phone.bubbles(after, wait=10):
                after = bubble.seq
                if bubble.choices:
                    self._choices = bubble
                print_line(drawn(bubble))
            await self._phone.do("look")

    async def type(self, line: str) -> None:
        """Does what one line says; what cannot be done is said."""
        try:
            await self._do(line)
        except (Refused, ValueError) as problem:
            print_line(f"! {problem}")

    async def _do(self, line: str) -> None:
        word, _, rest = line.partition(" ")
        match word:
            case "/photo":
                await self._phone.do("file")
            case "/place":
                latitude, longitude = (float(part) for part in rest.split())
                await self._phone.do("location", latitude=latitude, longitude=longitude)
            case "/offline" | "/online":
                await self._phone.change(online=word == "/online")
            case "/stop":
                await self._phone.say("STOP")
            case _ if word.isdigit() and not rest and self._choices and int(word) <= len(self._choices.choices):
                await self._tap(self._choices, int(word) - 1)
            case _:
                await self._phone.say(line)

    async def _tap(self, bubble: Seen, place: int) -> None:
        choice = await self._phone.tap(bubble.choice_ids[place], bubble.id)
        if choice["kind"] == "url":
            print_line(f"▸ open {choice['url']}")
        elif choice["kind"] == "flow":
            print_line("! a form needs the page: open the simulator's address in a browser, at /phone/")


def print_line(text: str) -> None:
    """One line or several on standard output, at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


async def typed_lines() -> AsyncIterator[str]:
    """What is typed, without blocking what is shown."""
    lines: asyncio.Queue[str] = asyncio.Queue()
    # A thread that nobody waits for: Ctrl-C ends the chat at once, not after one more line.
    reader = threading.Thread(target=_read, args=(asyncio.get_running_loop(), lines), daemon=True)
    reader.start()
    while line := await lines.get():
        if line.strip() == "/quit":
            return
        if line.strip():
            yield line.strip()


def _read(loop: asyncio.AbstractEventLoop, lines: "asyncio.Queue[str]") -> None:
    """Every line of the terminal, then an empty one; unbuffered, for a buffer's lock would hold up the end."""
    left = b""
    with contextlib.suppress(RuntimeError, OSError):  # the loop is gone, or the terminal
        while piece := os.read(sys.stdin.fileno(), 4096):
            *whole, left = (left + piece).split(b"\n")
            for line in whole:
                loop.call_soon_threadsafe(lines.put_nowait, line.decode(errors="replace") + "\n")
        loop.call_soon_threadsafe(lines.put_nowait, left.decode(errors="replace"))
        loop.call_soon_threadsafe(lines.put_nowait, "")


async def run(url: str, name: str, number: str, patience: float) -> None:
    """A conversation until the input ends, and `patience` seconds more for what is still on its way."""
    async with Phone(url, name=name, wa_id=number) as phone:
        chat = Chat(phone)
        showing = asyncio.create_task(chat.show())
        async for line in typed_lines():
            await chat.type(line)
        await asyncio.wait({showing}, timeout=patience)
        showing.cancel()


def main() -> None:
    """Reads the arguments and chats."""
    parser = argparse.ArgumentParser(prog="python -m simulator.chat", description=__doc__)
    parser.add_argument("--url", required=True, help="where the simulator listens")
    parser.add_argument("--name", default="Sari")
    parser.add_argument("--number", default="", help="digits; empty: the business sees a user id only")
    parser.add_argument("--patience", type=float, default=0.0, help="seconds to go on showing after the input ended")
    given = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(run(given.url, given.name, given.number, given.patience))


if __name__ == "__main__":
    main()
