"""`python -m simulator.play --url SIM`: scripted customers from standard input, each step told as one JSON line.

Input is one JSON object, `{"customers": [{"name", "wa_id", "steps": [step, …]}, …]}`, where a step is one of
`{"say": text}`, `{"tap": title or id}`, `{"act": name, …}`, `{"flow": Flow JSON, "steps": [inputs, …]}` or
`{"expect": words, "kind": kind, "timeout": s}`; parts of the last may be left out. Ends 0 when every expectation was
met, else 1.
"""

import argparse
import asyncio
import json
import sys
from typing import Any

from simulator.customer import SCRIPT_SECONDS, Act, Expect, Fill, NothingCame, Phone, Refused, Say, Seen, Step, Tap

Json = dict[str, Any]


def read_step(given: Json) -> Step:
    """A step out of its JSON."""
    if "say" in given:
        return Say(given["say"])
    if "tap" in given:
        return Tap(given["tap"])
    if "act" in given:
        return Act(given["act"], {key: value for key, value in given.items() if key != "act"})
    if "flow" in given:
        return Fill(given["flow"], tuple(given["steps"]))
    return Expect(given.get("kind", ""), given.get("expect", ""), given.get("timeout", SCRIPT_SECONDS))


def tell(name: str, event: str, **more: Any) -> None:
    """One JSON line on standard output."""
    sys.stdout.write(json.dumps({"customer": name, "event": event, **more}, ensure_ascii=False) + "\n")
    sys.stdout.flush()


async def play_customer(url: str, customer: Json) -> bool:
    """One customer's script; false where an expectation failed."""
    name = customer["name"]
    who = {key: value for key, value in customer.items() if key != "steps"}
    async with Phone(url, **who) as phone:
        for given in customer["steps"]:
            try:
                await _play_step(phone, name, read_step(given))
            except (NothingCame, Refused) as problem:
                tell(name, "failed", step=given, problem=str(problem))
                return False
    return True


async def _play_step(phone: Phone, name: str, step: Step) -> None:
    match step:
        case Say(text):
            await phone.say(text)
            tell(name, "said", text=text)
        case Tap(choice):
            chosen = await phone.tap(choice)
            tell(name, "tapped", text=chosen["title"])
        case Act(act, body):
            await phone.do(act, **body)
            tell(name, "did", text=act)
        case Fill(flow, steps):
            told = await phone.fill(flow, steps)
            screens = " › ".join(one["screen"] for one in told["outcomes"] if one["kind"] == "shown")
            tell(name, "filled", text=f"{screens} ✓", exchanges=told["exchanges"])
        case Expect(kind, words, timeout):
            tell(name, "saw", **_told(await phone.expect(words, kind, timeout)))


def _told(bubble: Seen) -> Json:
    return {"kind": bubble.kind, "text": bubble.text, "choices": bubble.choices, "links": bubble.links}


async def play_all(url: str, world: Json) -> bool:
    """All customers, each at its own pace."""
    done = await asyncio.gather(*(play_customer(url, customer) for customer in world["customers"]))
    return all(done)


def main() -> None:
    """Reads the scripts, plays them, says by exit code whether all went as expected."""
    parser = argparse.ArgumentParser(prog="python -m simulator.play", description=__doc__)
    parser.add_argument("--url", required=True, help="where the simulator listens")
    url = parser.parse_args().url
    sys.exit(0 if asyncio.run(play_all(url, json.load(sys.stdin))) else 1)


if __name__ == "__main__":
    main()
