"""A study of 100,000 rows and 20 columns beside the mortgage study: start to first chart, picks, and memory.

python -m benchmarks.large [--runs 5] [--rows 100000] [--columns 20] [--home FOLDER]

Both studies are built. Each run starts a fresh server for each of the two, in turn, with a fresh browser context; the
start ends when the first chart of "Why this prediction?" is drawn. Memory is what is resident after that, and again
after picks and after the other pages were opened: the server's own process, and its workers beside it.
Targets: the large study starts in at most 1.5 times the time of the mortgage study, and the server stays below 1 GB.
It ends with code 1 if one was missed.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Browser

from benchmarks.browsing import (
    DRAWN,
    OPENING_MS,
    SETTLE_MS,
    SETTLED,
    browsing,
    by_keyboard,
    first_chart,
    line,
    page_of,
    picks,
)
from benchmarks.homes import LARGE, built, large
from benchmarks.serving import Server, started

RATIO, MOST_MB = 1.5, 1000.0
SMALL = "/explain?study=boston_mortgages&option=boosting"
BIG = f"/explain?study={LARGE}&option=boosting"
HEADING = '[data-testid="stMain"] h3'


def pages(browser: Browser, server: Server, n: int) -> tuple[list[float], dict[str, float], tuple[float, float]]:
    """Return the seconds of picks, of opening each page, and the memory at the end."""
    page = page_of(browser)
    page.goto(server.address + BIG)
    page.wait_for_selector(DRAWN, timeout=OPENING_MS, state="attached")
    page.wait_for_timeout(SETTLE_MS)
    found = picks(page, by_keyboard("Case"), n, heading=HEADING)
    took = {}
    for name in ("", "looks_at", "explain"):
        page.goto(f"{server.address}/{name}?study={LARGE}&option=boosting")
        began = page.evaluate("() => performance.now()")
        page.wait_for_selector(f'{SETTLED} [data-testid="stMain"] :is(h1, h2, h3)', timeout=OPENING_MS)
        page.wait_for_function("() => !document.querySelector('[data-testid=\"stSkeleton\"]')", timeout=OPENING_MS)
        took[name or "home"] = (page.evaluate("() => performance.now()") - began) / 1000
    memory = server.memory_mb()
    page.context.close()
    return found, took, memory


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--runs", type=int, default=5)
    asked.add_argument("--rows", type=int, default=100_000)
    asked.add_argument("--columns", type=int, default=20)
    asked.add_argument("--home", type=Path, help="a folder to use and to keep; default a throwaway one")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as throwaway, browsing() as browser:
        folder = options.home or Path(throwaway)
        home, studies = folder / "home", folder / "studies"
        if not (studies / LARGE).exists():
            large(home, studies / LARGE, rows=options.rows, columns=options.columns)
        built(home, studies / LARGE, "boosting", ahead=60)
        built(home, "boston_mortgages", "boosting", ahead=60)

        def server():
            return started(home, BAKEOFF_STUDIES=str(studies))

        small, big, memory = [], [], []
        for _ in range(options.runs):
            small.append(first_chart(browser, server, SMALL)[0])
            took, used = first_chart(browser, server, BIG)
            big.append(took)
            memory.append(used)
        with server() as one:
            repaints, opened, end = pages(browser, one, 10)
    ratio = statistics.median(big) / statistics.median(small)
    held = ratio <= RATIO and max(end[0], *(own for own, _ in memory)) < MOST_MB
    print(line("start, mortgage study", small))
    print(line(f"start, {options.rows:,} x {options.columns}", big, small))
    print(line("pick to repaint, large study", repaints))
    print("pages of the large study           " + ", ".join(f"{name} {s:.1f} s" for name, s in opened.items()))
    for when, (own, workers) in (("first chart", memory[-1]), ("picks and pages", end)):
        print(f"memory after {when:<21} server {own:.0f} MB, workers {workers:.0f} MB")
    print(f"start at most {RATIO} times, memory below {MOST_MB:.0f} MB: {'held' if held else 'NOT HELD'}")
    return 0 if held else 1


if __name__ == "__main__":
    raise SystemExit(main())
