"""explainerdashboard and shapash beside us in one interleaved run: cold start, picking a case, memory.

python -m benchmarks.peers [--runs 3] [--picks 24] [--python PATH] [--environments .bench]     (or: make bench-peers)

Each peer is installed, in its latest version, into an environment of its own below a folder that git ignores; our tests
and requirements never see it. All explain the same 2,380 mortgage applications by boosted trees. The peers get words as
numbers, and the model is fitted when they start, which takes less than a second; our study is built. In each round
every server is started afresh with a fresh browser context; the start ends when the first chart is drawn. A pick ends
when a chart shows another case. Memory is that of the server and its workers with the first chart on screen.
Targets: we start in less than half of explainerdashboard's time and below shapash's, and repaint faster than both.
It ends with code 1 if one was missed.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
from playwright.sync_api import Browser, Page

from benchmarks.browsing import (
    DRAWN,
    OPENING_MS,
    SETTLE_MS,
    Chooser,
    browsing,
    by_keyboard,
    first_chart,
    page_of,
    picks,
)
from benchmarks.homes import built
from benchmarks.serving import ROOT, Server, free_port, running, started

PEERS = ("explainerdashboard", "shapash")
STUDY, OPTION = "boston_mortgages", "boosting"
EXPLAIN = f"/explain?study={STUDY}&option={OPTION}"
HEADING = '[data-testid="stMain"] h3'


@dataclass(kw_only=True)
class Contender:
    """One application: how it is started, where its first chart is, and how a case is picked in it."""

    name: str
    start: Callable[[], AbstractContextManager[Server]]
    choose: Chooser
    path: str = "/"
    heading: str = ""
    part: str = "body"
    prepare: Callable[[Page], None] = lambda _page: None
    starts: list[float] = field(default_factory=list)
    repaints: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)


def environment(peer: str, folder: Path, python: str) -> Path:
    """Return the interpreter of a peer's environment, which is made if need be."""
    place = folder / peer
    interpreter = place / "bin" / "python"
    ready = place / "ready"
    if not ready.exists():
        print(f"installing {peer} into {place}", flush=True)
        subprocess.run([python, "-m", "venv", "--clear", str(place)], check=True)
        pip = [str(interpreter), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", peer]
        subprocess.run(pip, check=True, env=_clean())
        # As on any machine after its first start; compiling would be counted as the first start's otherwise.
        subprocess.run([str(interpreter), "-m", "compileall", "-q", str(place / "lib")], check=False, env=_clean())
        ready.touch()
    code = f"from importlib.metadata import version; print(version({peer!r}))"
    found = subprocess.run([str(interpreter), "-c", code], check=True, capture_output=True, text=True, env=_clean())
    print(f"{peer} {found.stdout.strip()}", flush=True)
    return interpreter


def _clean() -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "PYTHONHOME")}


def data(path: Path) -> Path:
    """Write the inputs of the study as numbers, with outcome and part, for the peers."""
    from explainers import open_study

    study = open_study(ROOT / "sample_data" / STUDY, build=False)
    frame = study.frame[list(study.candidate(OPTION).features)].copy()
    for name in frame:
        if not pd.api.types.is_numeric_dtype(frame[name].dtype):
            frame[name] = pd.factorize(frame[name], sort=True)[0]
    frame = frame.astype(float)
    frame["outcome"] = (study.frame[study.target] == study.positive).astype(int).to_numpy()
    frame["part"] = study.split.to_numpy()
    frame.to_csv(path, index=False)
    return path


def peer_server(peer: str, interpreter: Path, table: Path) -> AbstractContextManager[Server]:
    port = free_port()
    script = ROOT / "benchmarks" / "peer_apps" / f"{peer}_app.py"
    return running([str(interpreter), str(script), str(table), str(port)], port, _clean())


# -- picking -----------------------------------------------------------------------------------------------------------
def _dashboard_tab(page: Page) -> None:
    page.locator("[role=tab], .tab, .nav-link").filter(has_text="Individual Predictions").first.click()
    page.wait_for_selector("text=Contributions Plot", timeout=OPENING_MS)
    page.wait_for_timeout(SETTLE_MS)


def _in_dashboard(page: Page, at: int) -> Callable[[], None]:
    page.locator("button[id^=random-index-clas-index]").first.click()
    page.keyboard.type(str(21 + 7 * at))
    page.wait_for_timeout(300)
    page.keyboard.press("ArrowDown")
    return lambda: page.keyboard.press("Enter")


def _in_shapash(page: Page, at: int) -> Callable[[], None]:
    page.locator("#index_id").fill(str(21 + 7 * at))
    page.wait_for_timeout(300)
    return lambda: page.locator("#validation").click()


def contenders(home: Path, table: Path, interpreters: dict[str, Path]) -> list[Contender]:
    flags = ("--runner.postScriptGC", "true")
    minimal = "benchmarks/minimal_app.py"
    dashboard, shapash = (lambda p=p: peer_server(p, interpreters[p], table) for p in PEERS)
    return [
        Contender(
            name="minimal app", start=lambda: started(home, script=minimal, flags=flags), choose=by_keyboard("Case")
        ),
        Contender(
            name="Bakeoff",
            start=lambda: started(home),
            path=EXPLAIN,
            choose=by_keyboard("Application"),
            heading=HEADING,
        ),
        Contender(
            name=PEERS[0],
            start=dashboard,
            choose=_in_dashboard,
            prepare=_dashboard_tab,
            part="[id^=contributions-graph]",
        ),
        Contender(name=PEERS[1], start=shapash, choose=_in_shapash, part="#detail_feature"),
    ]


def repaint(browser: Browser, one: Contender, n: int) -> None:
    """Time so many picks on a server in its steady state."""
    with one.start() as server:
        page = page_of(browser)
        page.goto(server.address + one.path, timeout=OPENING_MS)
        page.wait_for_selector(DRAWN, timeout=OPENING_MS, state="attached")
        page.wait_for_timeout(SETTLE_MS)
        one.prepare(page)
        page.wait_for_timeout(SETTLE_MS // 2)
        one.repaints += picks(page, one.choose, n, heading=one.heading, part=one.part)
        page.context.close()


def table_of(every: list[Contender]) -> str:
    lines = [
        "| | start to first chart, s | pick a case to repaint p50 / p95, ms | memory MB |",
        "|---|---|---|---|",
    ]
    for one in every:
        ms = sorted(1000 * s for s in one.repaints)
        late = ms[min(len(ms) - 1, int(0.95 * len(ms)))]
        spread = f"{min(one.starts):.1f} to {max(one.starts):.1f}"
        lines.append(
            f"| {one.name} | {statistics.median(one.starts):.1f} ({spread}) | "
            f"{statistics.median(ms):.0f} / {late:.0f} (n={len(ms)}) | {statistics.median(one.memory):.0f} |"
        )
    return "\n".join(lines)


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--runs", type=int, default=3)
    asked.add_argument("--picks", type=int, default=24)
    asked.add_argument("--python", default=sys.executable, help="interpreter for the peers' environments")
    asked.add_argument("--environments", type=Path, default=ROOT / ".bench", help="where they are kept")
    options = asked.parse_args()
    interpreters = {peer: environment(peer, options.environments.absolute(), options.python) for peer in PEERS}
    with tempfile.TemporaryDirectory() as folder, browsing() as browser:
        home = built(Path(folder) / "home", STUDY, OPTION, ahead=80)
        every = contenders(home, data(Path(folder) / "data.csv"), interpreters)
        for run in range(options.runs):
            for one in every if run % 2 else reversed(every):
                seconds, memory = first_chart(browser, one.start, one.path)
                one.starts.append(seconds)
                one.memory.append(sum(memory))
        for one in (*every, *reversed(every)):
            repaint(browser, one, options.picks // 2)
    print(table_of(every))
    _, ours, dashboard, shapash = (statistics.median(one.starts) for one in every)
    _, we, them, they = (statistics.median(one.repaints) for one in every)
    held = ours < dashboard / 2 and ours < shapash and we < min(them, they)
    print(f"we start in {ours / dashboard:.2f} of {PEERS[0]}'s time and in {ours / shapash:.2f} of {PEERS[1]}'s,")
    print(f"and repaint in {we / them:.2f} and {we / they:.2f} of theirs: {'held' if held else 'NOT HELD'}")
    return 0 if held else 1


if __name__ == "__main__":
    raise SystemExit(main())
