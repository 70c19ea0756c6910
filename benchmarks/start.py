"""Start to first chart, and picking a case, beside a minimal Streamlit application in interleaved runs.

python -m benchmarks.start [--runs 5] [--picks 25]

Each run starts a fresh server and a fresh browser context. "Start" ends when the first chart is drawn; "unbuilt" begins
with an empty home, so that the option on screen is fitted first. A pick ends when headline and chart show the new case.
Our server collects garbage on a timer, the minimal one has Streamlit's default.
"""

from __future__ import annotations

import argparse
import tempfile
from contextlib import AbstractContextManager
from pathlib import Path

from playwright.sync_api import Browser

from benchmarks.browsing import DRAWN, OPENING_MS, SETTLE_MS, browsing, by_keyboard, first_chart, line, page_of, picks
from benchmarks.homes import built
from benchmarks.serving import Server, started

EXPLAIN = "/explain?study=boston_mortgages&option=boosting"
HEADING = '[data-testid="stMain"] h3'


def ours(home: Path) -> AbstractContextManager[Server]:
    return started(home)


def minimal(home: Path) -> AbstractContextManager[Server]:
    flags = ("--runner.postScriptGC", "true")
    return started(home, script="benchmarks/minimal_app.py", flags=flags)


def picking(browser: Browser, server: AbstractContextManager[Server], path: str, label: str, n: int) -> list[float]:
    """Return the seconds of so many picks on a server in its steady state."""
    with server as one:
        page = page_of(browser)
        page.goto(one.address + path)
        page.wait_for_selector(DRAWN, timeout=OPENING_MS, state="attached")
        page.wait_for_timeout(SETTLE_MS)
        found = picks(page, by_keyboard(label), n, heading=HEADING)
        page.context.close()
    return found


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--runs", type=int, default=5)
    asked.add_argument("--picks", type=int, default=25)
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder, browsing() as browser:
        home = built(Path(folder) / "built", "boston_mortgages", "boosting", ahead=80)
        floor, ready, fresh = [], [], []
        for run in range(options.runs):
            unbuilt = Path(folder) / f"fresh{run}"
            floor.append(first_chart(browser, lambda: minimal(home), "/")[0])
            ready.append(first_chart(browser, lambda: ours(home), EXPLAIN)[0])
            fresh.append(first_chart(browser, lambda unbuilt=unbuilt: ours(unbuilt), EXPLAIN)[0])
        print(line("start, minimal app", floor))
        print(line("start, built study", ready, floor))
        print(line("start, unbuilt study", fresh, floor))
        floor_picks, our_picks = [], []
        for _ in range(2):
            floor_picks += picking(browser, minimal(home), "/", "Case", options.picks // 2)
            our_picks += picking(browser, ours(home), EXPLAIN, "Application", options.picks // 2)
        print(line("pick to repaint, minimal app", floor_picks))
        print(line("pick to repaint, explain page", our_picks, floor_picks))


if __name__ == "__main__":
    main()
