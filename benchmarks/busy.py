"""Picking cases while the worker attributes 5,000 others, beside the same on an idle server.

python -m benchmarks.busy [--picks 20] [--rounds 2] [--home FOLDER]

One session picks cases of the mortgage study from the real server, over a websocket. In turn the server is idle, and
its long worker attributes 5,000 cases of a study of 12,000 rows by boosted trees; that work is put off as soon as the
picks are done and begun anew in the next round. Printed are picks of cases that were explained ahead, and of cases
that nobody asked for before, which the other worker has to explain first.
Target: in both, the median while busy is at most twice the median while idle. It ends with code 1 if that was missed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import sys
import tempfile
import threading
import time
from contextlib import AbstractContextManager
from pathlib import Path

from benchmarks.client import Session, spread
from benchmarks.homes import LARGE, built, large, training_ids
from benchmarks.serving import ROOT, Server, free_port, running

RATIO = 2.0
CASES, ROWS, COLUMNS = 5_000, 12_000, 12
STUDY, OPTION = "boston_mortgages", "boosting"
PATH = f"/explain?study={STUDY}&option={OPTION}"
AHEAD = 600  # all that the server explains ahead, so that it is idle when nobody asks
SETTLE_SECONDS, THINK_SECONDS = 6.0, 0.3


# -- in the server's process -------------------------------------------------------------------------------------------
def serve() -> None:
    """Run the real server; a file says when its worker has to attribute many cases and when to stop."""
    switch, study = Path(os.environ["BUSY_SWITCH"]), Path(os.environ["BUSY_STUDY"])
    threading.Thread(target=_obey, args=(switch, study), daemon=True).start()
    from streamlit.web import cli

    cli.main()


def _obey(switch: Path, study: Path) -> None:
    from explainers import jobs

    job = None
    while True:
        wanted = switch.exists()
        if wanted and job is None:
            job = jobs.submit("explain_many", study=study, candidate=OPTION, most=CASES)
        elif job is not None and not wanted:
            job.cancel()
            job = None
        if job is not None:
            switch.with_suffix(".state").write_text(json.dumps([job.state, job.fraction]))
        time.sleep(0.1)


def serving(home: Path, study: Path, switch: Path) -> AbstractContextManager[Server]:
    port = free_port()
    code = "from benchmarks.busy import serve; serve()"
    command = [sys.executable, "-c", code, "run", "app.py", "--server.port", str(port)]
    command += ["--server.address", "127.0.0.1", "--server.headless", "true"]
    own = {"BAKEOFF_HOME": str(home), "BUSY_SWITCH": str(switch), "BUSY_STUDY": str(study), "PYTHONPATH": str(ROOT)}
    return running(command, port, {**os.environ, **own})


# -- in our own --------------------------------------------------------------------------------------------------------
async def busy(switch: Path) -> None:
    """Turn the work on and wait until the worker is in the midst of it."""
    switch.touch()
    state = switch.with_suffix(".state")
    for _ in range(600):
        await asyncio.sleep(0.2)
        if state.exists() and (found := state.read_text()) and json.loads(found)[1]:
            return
    raise SystemExit("The worker did not begin to attribute cases.")


async def idle(switch: Path) -> float:
    """Turn it off; return the share that was done by then."""
    state = switch.with_suffix(".state")
    how, share = json.loads(state.read_text()) if state.exists() else ("", 0.0)
    if how == "done":
        raise SystemExit("The work was done before the picks were: give fewer picks.")
    switch.unlink(missing_ok=True)
    await asyncio.sleep(1.0)
    state.unlink(missing_ok=True)
    return float(share or 0.0)


async def measure(server: Server, switch: Path, options: argparse.Namespace) -> bool:
    found: dict[tuple[str, str], list[float]] = {(w, c): [] for w in ("idle", "busy") for c in ("ready", "new")}
    async with Session(server.address, PATH) as session:
        await session.open()
        ready, new = list(session.widgets["case"].options), iter(training_ids(STUDY))
        await asyncio.sleep(SETTLE_SECONDS)
        for _ in range(options.rounds):
            for when in ("idle", "busy"):
                if when == "busy":
                    await busy(switch)
                for at in range(options.picks):
                    found[when, "ready"].append(await session.pick("case", ready[at % len(ready)]))
                    await asyncio.sleep(THINK_SECONDS)
                    if at % 3 == 0:
                        found[when, "new"].append(await session.pick("case", next(new)))
                        await asyncio.sleep(THINK_SECONDS)
                if when == "busy":
                    print(f"attributed by the end of the picks: {100 * await idle(switch):.0f}% of {CASES:,} cases")
        if session.errors:
            raise SystemExit(f"The page showed an error: {session.errors[0]}")
    held = True
    for cases, words in (("ready", "explained ahead"), ("new", "never asked before")):
        calm, full = found["idle", cases], found["busy", cases]
        ratio = statistics.median(full) / statistics.median(calm)
        held &= ratio <= RATIO
        print(f"{words}, idle: {spread(calm)}")
        print(f"{words}, busy: {spread(full)} | ratio {ratio:.2f} {'held' if ratio <= RATIO else 'NOT HELD'}")
    return held


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--picks", type=int, default=20)
    asked.add_argument("--rounds", type=int, default=2)
    asked.add_argument("--home", type=Path, help="a folder to use and to keep; default a throwaway one")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as throwaway:
        folder = options.home or Path(throwaway)
        home, study, switch = folder / "home", folder / "many" / LARGE, Path(throwaway) / "busy"
        if not study.exists():
            large(home, study, rows=ROWS, columns=COLUMNS)
        built(home, STUDY, OPTION, ahead=AHEAD)
        with serving(home, study, switch) as server:
            return 0 if asyncio.run(measure(server, switch, options)) else 1


if __name__ == "__main__":
    raise SystemExit(main())
