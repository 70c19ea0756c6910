"""A browser that opens a page and picks cases, with a clock: for our own pages and for those of peers."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager

from playwright.sync_api import Browser, Error, Page, sync_playwright

from benchmarks.serving import FLAGS, Server, find_chromium

Starter = Callable[[], AbstractContextManager[Server]]
Chooser = Callable[[Page, int], Callable[[], None]]
DRAWN = ".main-svg .barlayer path, .main-svg .bars path"
SETTLED = '[data-testid="stApp"][data-test-script-state="notRunning"]'
OPENING_MS = 300_000
SETTLE_MS = 10_000  # a server that has just started still warms up behind its first page
# What plotly drew in a part of the page. A pick is over when a chart there was drawn again.
BARS = "part => [...document.querySelectorAll(`${part} .main-svg .barlayer`)].map(b => b.innerHTML).join()"


@contextmanager
def browsing(flags: Sequence[str] = ()) -> Iterator[Browser]:
    """Run the browser until the block ends, with further flags of its own if need be."""
    found = find_chromium()
    if not found:
        raise SystemExit("This benchmark needs Chromium; install it or set CHROMIUM to its path.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=[*FLAGS, *flags])
        yield browser
        browser.close()


def page_of(browser: Browser) -> Page:
    """Return an empty page in a context of its own, with an empty cache."""
    return browser.new_context(viewport={"width": 1440, "height": 1000}).new_page()


def first_chart(browser: Browser, start: Starter, path: str) -> tuple[float, tuple[float, float]]:
    """Return seconds from starting the server until the first chart is drawn, and its memory then, with its workers."""
    began = time.perf_counter()
    with start() as server:
        page = page_of(browser)
        page.goto(server.address + path, timeout=OPENING_MS)
        page.wait_for_selector(DRAWN, timeout=OPENING_MS, state="attached")
        took = time.perf_counter() - began
        memory = server.memory_mb()
        page.context.close()
    return took, memory


def picks(page: Page, choose: Chooser, n: int, *, heading: str = "", part: str = "body") -> list[float]:
    """Return seconds from choosing a case until a chart, and the heading if there is one, show another.

    Parameters
    ----------
    page : Page
        With its first chart drawn.
    choose : callable
        Prepares a pick, and returns a function that makes it: only that is inside the clock.
    n : int
        Picks that are timed, after two that are not.
    heading : str
        Selector of the text that has to change too.
    part : str
        Selector of the part of the page whose chart counts.
    """
    out = []
    for at in range(n + 2):
        before = page.evaluate(BARS, part)
        text = page.locator(heading).first.inner_text() if heading else ""
        make = choose(page, at)
        began = time.perf_counter()
        make()
        try:
            page.wait_for_function(
                f"([bars, at, text, part]) => {{ const now = ({BARS})(part);"
                " const h = at && document.querySelector(at);"
                " return now && now !== bars && (!at || (h && h.innerText !== text)); }",
                arg=[before, heading, text, part],
                timeout=20_000,
                polling=10,
            )
        except Error:  # two cases may share their chart: no repaint that can be timed
            continue
        out.append(time.perf_counter() - began)
        page.wait_for_timeout(400)
    return out[2:]


def by_keyboard(label: str) -> Chooser:
    """Return how to pick the next but one case from one of Streamlit's pickers."""

    def choose(page: Page, _at: int) -> Callable[[], None]:
        page.wait_for_selector(SETTLED, timeout=60_000)
        page.get_by_role("combobox", name=label).first.focus()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        return lambda: page.keyboard.press("Enter")

    return choose


def line(name: str, values: list[float], floor: list[float] | None = None) -> str:
    """Return one line: median with spread, and the ratio to another median."""
    spread = f"{min(values):.2f} to {max(values):.2f}"
    ratio = f"   ratio {statistics.median(values) / statistics.median(floor):.2f}" if floor else ""
    return f"{name:<34} median {statistics.median(values):.2f} s ({spread}, n={len(values)}){ratio}"
