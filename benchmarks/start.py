"""Start to first chart, and picking a case, beside a minimal Streamlit application in interleaved runs.

python -m benchmarks.start [--runs 5] [--picks 25]

Each run starts a fresh server and a fresh browser context. "Start" ends when the first chart is drawn; "unbuilt" begins
with an empty home, so that the option on screen is fitted first. A pick ends when headline and chart show the new case.
Our server collects garbage on a timer, the minimal one has Streamlit's default.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
DRAWN = '[data-testid="stPlotlyChart"] .main-svg .bars, [data-testid="stPlotlyChart"] .main-svg .barlayer path'
SETTLE_MS = 10_000
EXPLAIN = "/explain?study=boston_mortgages&option=boosting"


def browser_path() -> str:
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not found:
        raise SystemExit("This benchmark needs Chromium; install it or set CHROMIUM to its path.")
    return found


@contextmanager
def serving(script: str, home: Path) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.port", str(port)]
    command += [
        "--server.address",
        "127.0.0.1",
        "--server.headless",
        "true",
        "--server.fileWatcherType",
        "none",
        "--browser.gatherUsageStats",
        "false",
    ]
    if "minimal" in script:
        command += ["--runner.postScriptGC", "true"]
    env = {**os.environ, "BAKEOFF_HOME": str(home)}
    server = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1).close()
                break
            except OSError:
                time.sleep(0.02)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def start(browser: Browser, script: str, path: str, home: Path) -> float:
    """Return seconds from starting the server until the first chart is drawn."""
    began = time.perf_counter()
    with serving(script, home) as address:
        page = browser.new_context(viewport={"width": 1440, "height": 1000}).new_page()
        page.goto(address + path)
        page.wait_for_selector(DRAWN, timeout=180_000, state="attached")
        took = time.perf_counter() - began
        page.context.close()
    return took


def wait_for_repaint(page: Page, before: tuple[str, str]) -> None:
    page.wait_for_function(
        "([head, chart]) => { const h = document.querySelector('[data-testid=\"stMain\"] h3');"
        " const c = document.querySelector('[data-testid=\"stPlotlyChart\"] .main-svg .barlayer');"
        " return h && c && h.innerText !== head && c.innerHTML !== chart; }",
        arg=list(before),
        timeout=60_000,
        polling=10,
    )


def seen(page: Page) -> tuple[str, str]:
    head = page.evaluate("() => document.querySelector('[data-testid=\"stMain\"] h3').innerText")
    layer = '[data-testid="stPlotlyChart"] .main-svg .barlayer'
    chart = page.evaluate("(at) => document.querySelector(at).innerHTML", layer)
    return head, chart


def picks(browser: Browser, script: str, path: str, home: Path, label: str, n: int) -> list[float]:
    """Return seconds from choosing a case by keyboard until headline and chart are repainted."""
    out = []
    with serving(script, home) as address:
        page = browser.new_context(viewport={"width": 1440, "height": 1000}).new_page()
        page.goto(address + path)
        page.wait_for_selector(DRAWN, timeout=180_000, state="attached")
        page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]', timeout=60_000)
        # A server that has just started still warms up behind the page; picks are timed in its steady state.
        page.wait_for_timeout(SETTLE_MS)
        box = page.get_by_role("combobox", name=label).first
        for _ in range(n + 2):
            before = seen(page)
            box.focus()
            page.keyboard.press("ArrowDown")
            page.keyboard.press("ArrowDown")
            began = time.perf_counter()
            page.keyboard.press("Enter")
            try:
                wait_for_repaint(page, before)
            except Exception:  # two cases may share headline or chart: not a repaint that can be timed
                continue
            out.append(time.perf_counter() - began)
            page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]', timeout=60_000)
        page.context.close()
    return out[2:]


def built_home(folder: Path) -> Path:
    command = [sys.executable, "-m", "explainers", "build", "boston_mortgages"]
    subprocess.run(command, cwd=ROOT, env={**os.environ, "BAKEOFF_HOME": str(folder)}, check=True, capture_output=True)
    return folder


def line(name: str, values: list[float], floor: list[float] | None = None) -> str:
    spread = f"{min(values):.2f} to {max(values):.2f}"
    ratio = f"   ratio {statistics.median(values) / statistics.median(floor):.2f}" if floor else ""
    return f"{name:<34} median {statistics.median(values):.2f} s ({spread}, n={len(values)}){ratio}"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--runs", type=int, default=5)
    asked.add_argument("--picks", type=int, default=25)
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=FLAGS)
        built = built_home(Path(folder) / "built")
        floor, ready, fresh = [], [], []
        for run in range(options.runs):
            floor.append(start(browser, "benchmarks/minimal_app.py", "/", built))
            ready.append(start(browser, "app.py", EXPLAIN, built))
            fresh.append(start(browser, "app.py", EXPLAIN, Path(folder) / f"fresh{run}"))
        print(line("start, minimal app", floor))
        print(line("start, built study", ready, floor))
        print(line("start, unbuilt study", fresh, floor))
        floor_picks, our_picks = [], []
        for _ in range(2):
            floor_picks += picks(browser, "benchmarks/minimal_app.py", "/", built, "Case", options.picks // 2)
            our_picks += picks(browser, "app.py", EXPLAIN, built, "Application", options.picks // 2)
        print(line("pick to repaint, minimal app", floor_picks))
        print(line("pick to repaint, explain page", our_picks, floor_picks))
        browser.close()


if __name__ == "__main__":
    main()
