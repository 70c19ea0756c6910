"""Twenty people at once: picking a case over websockets, beside one person alone on the same server.

python -m benchmarks.sessions [--sessions 20] [--picks 15] [--think 1.0] [--home FOLDER]

Every session speaks Streamlit's own protocol to the real server and picks another case after a second of think time
each; a pick takes from the message until the script has finished. The study is built, and the cases were explained
ahead, as the server does while nobody asks. Then each picks cases that nobody ever asked for: there the worker has to
explain first, one after the other, so this is printed without a target.
Target: 95 of 100 picks within 300 ms with twenty sessions. It ends with code 1 if that was missed.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import tempfile
from pathlib import Path

from benchmarks.client import Session, spread
from benchmarks.homes import built, training_ids
from benchmarks.serving import Server, started

TARGET_SECONDS = 0.3
AHEAD = 600  # all that the server explains ahead
STUDY, OPTION = "boston_mortgages", "boosting"
PATH = f"/explain?study={STUDY}&option={OPTION}"
SETTLE_SECONDS = 6.0


async def person(
    address: str,
    number: int,
    cases: list[str] | None,
    picks: int,
    think: float,
    out: list[float],
    all_there: asyncio.Barrier,
) -> None:
    """Open the page, then think and pick, again and again."""
    chance = random.Random(number)
    async with Session(address, PATH) as session:
        await session.open()
        await all_there.wait()  # picks are timed beside picks, not beside pages that open
        known = cases or list(session.widgets["case"].options)
        await asyncio.sleep(think * chance.random())
        for _ in range(picks):
            out.append(await session.pick("case", chance.choice(known)))
            await asyncio.sleep(think * (0.5 + chance.random()))
        if session.errors:
            raise SystemExit(f"The page showed an error: {session.errors[0]}")


async def crowd(address: str, people: int, cases: list[str] | None, picks: int, think: float) -> list[float]:
    """Return the seconds of every pick of so many people at once, by default of cases that the picker lists."""
    out: list[float] = []
    all_there = asyncio.Barrier(people)
    await asyncio.gather(*(person(address, n, cases, picks, think, out, all_there) for n in range(people)))
    return out


def processor_seconds(server: Server) -> float:
    import psutil

    used = psutil.Process(server.process.pid).cpu_times()
    return float(used.user + used.system)


async def measure(server: Server, options: argparse.Namespace) -> bool:
    ready, never = None, training_ids(STUDY)
    async with Session(server.address, PATH) as first:
        await first.open()
    await asyncio.sleep(SETTLE_SECONDS)
    alone = await crowd(server.address, 1, ready, options.picks, options.think / 4)
    before = processor_seconds(server)
    together = await crowd(server.address, options.sessions, ready, options.picks, options.think)
    used = 1000 * (processor_seconds(server) - before) / len(together)
    after = await crowd(server.address, 1, ready, options.picks, options.think / 4)
    fresh = await crowd(server.address, options.sessions, never, 3, options.think)
    held = sorted(together)[int(0.95 * len(together))] <= TARGET_SECONDS
    print(f"pick, one session alone            {spread(alone + after)}")
    print(f"pick, {options.sessions} sessions                  {spread(together)} | {'held' if held else 'NOT HELD'}")
    print(f"processor of the server per pick   {used:.0f} ms")
    print(f"{options.sessions} sessions, never asked before    {spread(fresh)} | no target")
    own, workers = server.memory_mb()
    print(f"memory after {options.sessions} sessions           {own:.0f} MB, workers {workers:.0f} MB")
    return held


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--sessions", type=int, default=20)
    asked.add_argument("--picks", type=int, default=15)
    asked.add_argument("--think", type=float, default=1.0, help="seconds, between half and one and a half of it")
    asked.add_argument("--home", type=Path, help="a home to use and to keep; default a throwaway one")
    options = asked.parse_args()
    os.environ.pop("BAKEOFF_STUDIES", None)
    with tempfile.TemporaryDirectory() as folder:
        home = built(options.home or Path(folder), STUDY, OPTION, ahead=AHEAD)
        with started(home) as server:
            return 0 if asyncio.run(measure(server, options)) else 1


if __name__ == "__main__":
    raise SystemExit(main())
