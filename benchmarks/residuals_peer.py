"""explainerdashboard's residual plot on the rows that our page draws; part of benchmarks/residuals.py.

Its charts are drawn by WebGL, which the browser of this benchmark works out on the processor, as there need not be a
graphics card. Its clock ends when the chart has its title; that the points are there too is seen to outside the clock.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
from playwright.sync_api import Browser, Error, Page

from benchmarks.browsing import SETTLE_MS, line, page_of
from benchmarks.homes import _run
from benchmarks.peers import environment
from benchmarks.serving import ROOT, Server, free_port, running

PEER = "explainerdashboard"
LIMIT_S = 60  # by then a reader is gone
GRAPH = ".js-plotly-plot"
WEBGL = ("--enable-unsafe-swiftshader",)  # as it is called: WebGL without a graphics card
# The axis below its plot has a title only if the outcome has a unit, so the chart's own title is waited for.
HEADING = f"{GRAPH} .gtitle"
UPDATE = "_dash-update-component"
COLOURED = """
at => [...document.querySelectorAll(`${at} .gl-container canvas`)].some(canvas => {
  if (!canvas.width || !canvas.height) return false;
  const copy = document.createElement("canvas");
  [copy.width, copy.height] = [canvas.width, canvas.height];
  const pen = copy.getContext("2d");
  pen.drawImage(canvas, 0, 0);
  return pen.getImageData(0, 0, copy.width, copy.height).data.some((v, i) => i % 4 === 3 && v > 0);
})
"""


class NotDrawn(RuntimeError):
    """The peer had no chart when the time was up."""


@dataclass(kw_only=True)
class Beside:
    """What was measured of the peer, and what it did not draw in time."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    missed: dict[str, str] = field(default_factory=dict)
    memory: float = 0.0

    def lines(self) -> list[str]:
        """Return what to print."""
        out = [line(f"{PEER}, {name}", taken) for name, taken in self.seconds.items()]
        out += [f"{f'{PEER}, {name}':<34} {why}" for name, why in self.missed.items()]
        return [*out, f"memory: {PEER} {self.memory:.0f} MB"]


# -- what it is given --------------------------------------------------------------------------------------------------
def write(folder: str, path: str) -> None:
    """Write the never-seen rows of a built study as numbers, with outcome and answer."""
    from explainers import open_study
    from explainers.predict import stored

    study = open_study(folder, build=False)
    test = (study.split == "test").to_numpy()
    frame = study.frame.loc[test, list(study.inputs)].copy()
    for name in frame:
        if not pd.api.types.is_numeric_dtype(frame[name].dtype):
            frame[name] = pd.factorize(frame[name], sort=True)[0]
    frame = frame.astype(float)
    frame["outcome"] = study.frame.loc[test, study.target]
    frame["answer"] = stored(study, "boosting").to_numpy()[test, 0]
    frame.to_csv(path, index=False)


@contextmanager
def server(interpreter: Path, data: Path, layout: str) -> Iterator[Server]:
    """Run the peer with one of its layouts on a free port."""
    port = free_port()
    script = ROOT / "benchmarks" / "peer_apps" / "explainerdashboard_residuals_app.py"
    command = [str(interpreter), str(script), str(data), str(port), layout]
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "server.log"
        with running(command, port, {"PATH": "/usr/bin:/bin", "OMP_NUM_THREADS": "1"}, log) as one:
            yield one


# -- the clock ---------------------------------------------------------------------------------------------------------
@contextmanager
def _fresh(browser: Browser) -> Iterator[Page]:
    """Open an empty page that waits no longer than the limit; closed at the end, drawn or not."""
    page = page_of(browser)
    page.set_default_timeout(1000 * LIMIT_S)
    try:
        yield page
    finally:
        page.context.close()


def _timed(page: Page, act: Callable[[], object], before: str = "") -> float:
    """Return seconds from an act until the chart has a title, and another one than before."""
    begun = time.perf_counter()
    try:
        act()
        page.wait_for_function(
            "([at, was]) => { const t = document.querySelector(at); return t && t.textContent !== was; }",
            arg=[HEADING, before],
            polling=10,
        )
        took = time.perf_counter() - begun
        page.wait_for_function(COLOURED, arg=GRAPH)
    except Error as error:
        raise NotDrawn(f"not drawn within {LIMIT_S} s ({str(error).splitlines()[0]})") from error
    return took


def opened(browser: Browser, one: Server) -> list[float]:
    """Return seconds from opening the address, three times after one that warms the server up."""
    out = []
    for _ in range(4):
        with _fresh(browser) as page:
            out.append(_timed(page, lambda page=page: page.goto(one.address)))  # type: ignore[misc]
    return out[1:]


def chosen(browser: Browser, one: Server) -> list[float]:
    """Return seconds from choosing the plot's tab in a session that is open on another one."""
    out = []
    for _ in range(4):
        with _fresh(browser) as page:
            page.goto(one.address)
            page.wait_for_selector("table")
            page.wait_for_timeout(SETTLE_MS)
            tab = page.locator(".tab, [role=tab]").filter(has_text="Residuals").first
            out.append(_timed(page, tab.click))
    return out[1:]


def changed(browser: Browser, one: Server, choice: str, values: list[str], n: int) -> tuple[list[float], list[float]]:
    """Return seconds from another choice in one of its lists until the chart is of it, and until its data was there."""
    drawn: list[float] = []
    answered: list[float] = []
    arrived: list[float] = []
    with _fresh(browser) as page:
        _timed(page, lambda: page.goto(one.address))
        page.on("requestfinished", lambda asked: arrived.append(time.perf_counter()) if UPDATE in asked.url else None)
        listed = page.locator(f"select[id^={choice}]").first
        for at in range(n):
            page.wait_for_timeout(1_500)
            before = page.locator(HEADING).first.text_content() or ""
            arrived.clear()
            begun = time.perf_counter()
            drawn.append(_timed(page, lambda at=at: listed.select_option(values[at % len(values)]), before))  # type: ignore[misc]
            answered += [at - begun for at in arrived[-1:]]
    return drawn, answered


def beside(browser: Browser, home: Path, study: Path, folder: Path, picks: int) -> Beside:
    """Measure the peer on the never-seen rows of a built study; what it does not draw in time is said, not raised."""
    found = Beside()
    data = folder / "peer.csv"
    _run(home, "import sys; from benchmarks.residuals_peer import write; write(sys.argv[1], sys.argv[2])", study, data)
    columns = [str(name) for name in pd.read_csv(data, nrows=1) if str(name).startswith("number")][1:]
    parts: list[tuple[str, str, Callable[[Server], tuple[list[float], list[float]]]]] = [
        ("tabs", "chosen", lambda one: (chosen(browser, one), [])),
        ("alone", "opened", lambda one: (opened(browser, one), [])),
        ("alone", "other axis", lambda one: changed(browser, one, "residuals-pred", ["vs_actual", "vs_pred"], picks)),
        ("column", "other column", lambda one: changed(browser, one, "reg-vs-col-col", columns, picks)),
    ]
    try:
        interpreter = environment(PEER, ROOT / ".bench", sys.executable)
    except subprocess.CalledProcessError as error:
        found.missed["installed"] = f"not installed ({error})"
        return found
    for layout, name, measure in parts:
        try:
            with server(interpreter, data, layout) as one:
                found.seconds[name], answered = measure(one)
                if answered:
                    found.seconds[f"{name} (data)"] = answered
                found.memory = max(found.memory, sum(one.memory_mb()))
        except (RuntimeError, Error) as error:  # not drawn, or a server that does not start
            found.missed[name] = str(error).strip().splitlines()[0]
    return found
