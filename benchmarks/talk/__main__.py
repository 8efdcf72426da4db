"""`make talk`: scripted customers in three languages and six moods through the real doors, and what came of it."""

import argparse
import asyncio
import os
from pathlib import Path

from benchmarks.load import rig as rigs
from benchmarks.talk.model import ModelMind
from benchmarks.talk.play import Score, customers, line_of, play_all

DATABASE = "bench_talk"


def main() -> None:
    """Play them, print the table, and every conversation that went wrong."""
    asks = argparse.ArgumentParser(prog="make talk", description=__doc__)
    asks.add_argument("--language", choices=("en", "id", "vi"))
    asks.add_argument("--mood")
    asks.add_argument("--model", help="name of a model at OPENAI_BASE_URL that plays the customers")
    asks.add_argument("--all", action="store_true", help="print every conversation")
    given = asks.parse_args()
    scores = asyncio.run(_played(given))
    print(line_of("all", scores))
    for of in ("language", "mood"):
        for value in dict.fromkeys(getattr(score.customer, of) for score in scores):
            print(line_of(value, [score for score in scores if getattr(score.customer, of) == value]))
    for score in scores:
        if given.all or not score.is_right:
            print(f"\n#{score.customer.number} {score.customer.mood}: wanted {score.customer.wants}, {score.came}")
            print("\n".join(score.transcript))


async def _played(given: argparse.Namespace) -> list[Score]:
    who = tuple(one for one in customers() if given.language in {None, one.language} and given.mood in {None, one.mood})
    mind = None
    if given.model:
        url = os.environ.get("OPENAI_BASE_URL", "http://127.0.0.1:8000/v1")
        mind = ModelMind(url, given.model, os.environ.get("OPENAI_API_KEY", "none"))
    async with rigs.opened(Path(__file__).parents[2], cache_gb=0.25, with_peer=False) as rig:
        outside = {"MONGODB_DATABASE": DATABASE, "GRAPH_API_BASE_URL": rig.simulator_url}
        await rig.product.run("migrate", **outside)
        await rig.product.start(**outside)
        return await play_all(rig.simulator_url, who, mind=mind)


if __name__ == "__main__":
    main()
