"""The page "Where is it wrong?" on 100,000 rows and 20 columns, beside explainerdashboard's residual plot; and growth.

python -m benchmarks.residuals [--rows 100000] [--columns 20] [--runs 3] [--picks 6] [--home FOLDER] [--peer]

Growth: processor seconds of every view of the library from 10,000 to 1,000,000 never-seen rows, answers at hand; a
hundred times the rows may take at most a hundred times as long.

Page: a study that asks for numbers, its option built. In each run a fresh server, and a session that is open on the
home page. The clock runs from choosing the page in the menu until the chart with its points is drawn. Then further
picks: the chart is set against another column, until its axis says so; and a box is drawn on it, until the panel
beside it counts those cases. Memory is the server's own, and that of its workers beside it.

With ``--peer`` explainerdashboard draws its residual plot of the same never-seen rows and the same answers, in the
environment that ``make bench-peers`` makes, its server warm as ours is. "chosen": from choosing its tab in an open
session until the chart is drawn, as with ours; "opened": from opening its address; "other axis": from choosing the
outcome instead of the answer below the chart; "other column": the same in its plot against one column; "(data)": until
the browser has what its server sends, whatever draws it. It draws every point; we draw a sample that holds the worst.
What is not drawn within a minute is said and does not end the run.
Targets: first chart in 1.5 s, each pick in .7 s (medians), server below 1 GB, growth linear. Code 1 if one was missed.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from playwright.sync_api import Page

from benchmarks.browsing import OPENING_MS, SETTLE_MS, SETTLED, browsing, line, page_of
from benchmarks.homes import _run, built, table
from benchmarks.residuals_peer import WEBGL, beside
from benchmarks.serving import Server, started

FIRST, PICK, MOST_MB = 1.5, 0.7, 1000.0
PATIENCE_MS = 30_000
NAME = "large_numbers"
SIZES = (10_000, 100_000, 1_000_000)
CHART = '[class*="st-key-residual_chart"]'  # home draws points too
POINTS = f"{CHART} .scatterlayer .point"
TITLE = f"{CHART} .xtitle"
MAKE = """
import sys
from pathlib import Path
from benchmarks.residuals import numbers
from explainers import Study
options = {name: name for name in ("no_model", "tree", "boosting")}
study = Study.from_frame(
    numbers(int(sys.argv[2]), int(sys.argv[3])), target="outcome", candidates=options, name="large_numbers",
    title="A large study of numbers", first="boosting",
)
study.save(Path(sys.argv[1]))
"""


def numbers(rows: int, columns: int) -> pd.DataFrame:
    """Return the table of the other benchmarks with a number to answer."""
    frame = table(rows, columns)
    rng = np.random.default_rng(1)
    pull = frame["number_0"] + 0.7 * frame["number_1"] * frame["number_2"] + (frame["level_0"] == "kind 1")
    frame["outcome"] = (100 + 20 * pull + rng.normal(0, 15, rows)).round(2)
    return frame


# -- growth of the library -------------------------------------------------------------------------------------------
def growth() -> dict[str, list[float]]:
    """Return processor seconds of each view for each size, the best of three."""
    from explainers import Study, residuals

    views: dict[str, Callable[[Study], object]] = {
        "against the answer": lambda s: residuals.binned(s, "none", "predicted"),
        "against a number": lambda s: residuals.binned(s, "none", "number_0"),
        "against a level": lambda s: residuals.binned(s, "none", "level_0"),
        "a zoomed region": lambda s: residuals.binned(s, "none", "number_0", zoom=(0.0, 0.5)),
        "how they are spread": lambda s: residuals.distribution(s, "none"),
    }
    took: dict[str, list[float]] = {name: [] for name in views}
    for n in SIZES:
        frame = numbers(n + 100, 4)
        labels = ["train"] * 100 + ["test"] * n
        study = Study.from_frame(frame, target="outcome", candidates={"none": "no_model"}, split=labels)
        residuals.binned(study, "none", "order")  # the answers are kept from here on
        for name, view in views.items():
            best = float("inf")
            for _ in range(3):
                begun = time.process_time()
                view(study)
                best = min(best, time.process_time() - begun)
            took[name].append(best)
    return took


# -- the page --------------------------------------------------------------------------------------------------------
def first_chart(page: Page, server: Server) -> float:
    """Return seconds from choosing the page in an open session until its chart is drawn."""
    page.goto(f"{server.address}/?study={NAME}&option=boosting", timeout=OPENING_MS)
    page.wait_for_selector(SETTLED, timeout=OPENING_MS)
    page.wait_for_timeout(SETTLE_MS)
    link = page.get_by_role("link", name="Where is it wrong?").first
    begun = time.perf_counter()
    link.click()
    page.wait_for_selector(POINTS, timeout=OPENING_MS, state="attached")
    return time.perf_counter() - begun


def against(page: Page, n: int) -> list[float]:
    """Return seconds from setting the chart against another column until its axis names it."""
    out = []
    for _ in range(n):
        page.wait_for_selector(SETTLED, timeout=OPENING_MS)
        page.wait_for_timeout(1_500)
        before = page.locator(TITLE).first.text_content()
        page.get_by_role("combobox", name="Look along").first.focus()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        begun = time.perf_counter()
        page.keyboard.press("Enter")
        page.wait_for_function(
            "([at, was]) => { const t = document.querySelector(at); return t && t.textContent !== was; }",
            arg=[TITLE, before],
            timeout=PATIENCE_MS,
            polling=10,
        )
        out.append(time.perf_counter() - begun)
    return out


def boxes(page: Page, n: int) -> list[float]:
    """Return seconds from ending a box on the chart until the panel speaks of those cases."""
    out = []
    for at in range(n):
        page.wait_for_selector(SETTLED, timeout=OPENING_MS)
        page.wait_for_timeout(1_500)
        panel = page.locator(".st-key-picked_card").first
        before = panel.inner_text()
        box = page.locator(f"{CHART} .nsewdrag").first.bounding_box()
        assert box is not None
        # Left and right by turns: a box that begins inside the last one would move that one.
        x, y = box["x"] + box["width"] * (0.08 if at % 2 == 0 else 0.56), box["y"] + box["height"] * 0.1
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + box["width"] * (0.2 + 0.02 * at), y + box["height"] * 0.5, steps=6)
        begun = time.perf_counter()
        page.mouse.up()
        page.wait_for_function(
            "was => { const p = document.querySelector('.st-key-picked_card'); return p && p.innerText !== was; }",
            arg=before,
            timeout=PATIENCE_MS,
            polling=10,
        )
        out.append(time.perf_counter() - begun)
    return out


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rows", type=int, default=100_000)
    asked.add_argument("--columns", type=int, default=20)
    asked.add_argument("--runs", type=int, default=3)
    asked.add_argument("--picks", type=int, default=6)
    asked.add_argument("--home", type=Path, help="a folder to use and to keep; default a throwaway one")
    asked.add_argument("--peer", action="store_true", help="beside explainerdashboard, in an environment of its own")
    asked.add_argument("--no-growth", action="store_true", help="leave out the growth of the library")
    options = asked.parse_args()
    took = {} if options.no_growth else growth()
    print(f"processor seconds for {', '.join(f'{n:,}' for n in SIZES)} rows" if took else "growth left out")
    for name, seconds in took.items():
        print(f"{name:<34} {', '.join(f'{s:.3f}' for s in seconds)}   times {seconds[-1] / seconds[0]:.0f}")
    held = all(s[-1] <= s[0] * SIZES[-1] / SIZES[0] for s in took.values())
    with tempfile.TemporaryDirectory() as throwaway, browsing(WEBGL) as browser:
        folder = options.home or Path(throwaway)
        home, studies = folder / "home", folder / "studies"
        if not (studies / NAME).exists():
            _run(home, MAKE, studies / NAME, options.rows, options.columns)
        built(home, studies / NAME, "boosting", ahead=1)
        charts: list[float] = []
        chosen: list[float] = []
        drawn: list[float] = []
        memory: list[tuple[float, float]] = []
        for run in range(options.runs):
            with started(home, BAKEOFF_STUDIES=str(studies)) as server:
                page = page_of(browser)
                charts.append(first_chart(page, server))
                if run == options.runs - 1:
                    chosen, drawn = against(page, options.picks), boxes(page, options.picks)
                memory.append(server.memory_mb())
                page.context.close()
        print(line(f"to the first chart, {options.rows:,} rows", charts))
        print(line("set against another column", chosen))
        print(line("a box on the chart", drawn))
        own, workers = max(m for m, _ in memory), max(w for _, w in memory)
        print(f"memory: server {own:.0f} MB, workers {workers:.0f} MB")
        if options.peer:
            found = beside(browser, home, studies / NAME, folder, options.picks)
            print("\n".join(found.lines()))
    medians = [statistics.median(v) for v in (charts, chosen, drawn)]
    held = held and medians[0] <= FIRST and max(medians[1:]) <= PICK and own < MOST_MB
    print(f"first chart in {FIRST} s, picks in {PICK} s, memory below {MOST_MB:.0f} MB, growth linear: ", end="")
    print("held" if held else "NOT HELD")
    return 0 if held else 1


if __name__ == "__main__":
    raise SystemExit(main())
