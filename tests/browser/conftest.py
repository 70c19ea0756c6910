"""One server and one browser for the whole run, a fresh context per test."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent.parent
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
SETTLED = '[data-testid="stApp"][data-test-script-state="notRunning"]'
PATIENCE_MS = 90_000


def chromium() -> str:
    """Return the browser's path, or fail with what to install."""
    found = os.environ.get("CHROMIUM") or next(
        (p for name in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(name))), None
    )
    if not found:
        pytest.fail("The browser tests need Chromium. Install it, for example with: apt-get install chromium", pytrace=False)
    return found


@contextmanager
def serving(home: Path, log: Path, **environment: str) -> Iterator[str]:
    """Run the application on a free port and give its address; stop it and its workers at the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {**os.environ, "BAKEOFF_HOME": str(home), **environment}
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    command += ["--server.address", "127.0.0.1", "--server.headless", "true"]
    with log.open("w") as output:
        server = subprocess.Popen(command, cwd=ROOT, env=env, stdout=output, stderr=subprocess.STDOUT)
        try:
            deadline = time.monotonic() + 90
            while True:
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1).close()
                    break
                except OSError:
                    if server.poll() is not None or time.monotonic() > deadline:
                        pytest.fail(f"The application did not start:\n{log.read_text()}", pytrace=False)
                    time.sleep(0.05)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


@pytest.fixture(scope="session")
def built_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home in which the sample study is built."""
    home = tmp_path_factory.mktemp("built")
    code = "from explainers import open_study; open_study('sample_data/boston_mortgages')"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env={**os.environ, "BAKEOFF_HOME": str(home)}, check=True)
    return home


@pytest.fixture(scope="session")
def server(built_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(built_home, tmp_path_factory.mktemp("log") / "server.log") as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield running
        running.close()


class Reader:
    """A person at a browser: opens pages, waits until they stand still, reads what is said."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.complaints: list[str] = []
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda e: self.complaints.append(str(e)))
        page.on("console", lambda m: self._console(m.type, m.text))

    def _console(self, kind: str, text: str) -> None:
        # Two lookups relative to the page's own path answer 404 on every deep link; Streamlit then asks the right one.
        if kind == "error" and "404" not in text:
            self.complaints.append(text)

    def open(self, path: str) -> Page:
        self.page.goto(self.address + path)
        self.settle()
        return self.page

    def settle(self) -> None:
        """Wait until the script has run and no skeleton or progress is left."""
        self.page.wait_for_selector(f"{SETTLED} [data-testid='stMain'] :is(h1,h2,h3,h4)", timeout=PATIENCE_MS)
        self.page.wait_for_function(
            "() => document.querySelector('[data-testid=\"stApp\"]').dataset.testScriptState === 'notRunning'"
            " && !document.querySelector('[data-testid=\"stSkeleton\"]')",
            timeout=PATIENCE_MS,
        )

    def text(self) -> str:
        return self.page.locator('[data-testid="stMain"]').inner_text()

    def errors(self) -> list[str]:
        return [*self.complaints, *self.page.locator('[data-testid="stException"]').all_inner_texts()]


@pytest.fixture
def reader(browser: Browser, server: str) -> Iterator[Reader]:
    """A reader at a desktop in light colours; the test fails when the browser's console shows an error."""
    with reading(browser, server) as one:
        yield one


@contextmanager
def reading(browser: Browser, address: str, *, width: int = 1440, scheme: str = "light") -> Iterator[Reader]:
    context = browser.new_context(
        viewport={"width": width, "height": 1000}, color_scheme=scheme, reduced_motion="reduce", accept_downloads=True
    )
    one = Reader(context.new_page(), address)
    try:
        yield one
        assert not one.errors()
    finally:
        context.close()


@pytest.fixture
def another_reader(browser: Browser, server: str) -> Iterator[Callable[[], Reader]]:
    """Give further readers with sessions of their own."""
    contexts = []

    def make() -> Reader:
        context = browser.new_context(viewport={"width": 1440, "height": 1000}, reduced_motion="reduce")
        contexts.append(context)
        return Reader(context.new_page(), server)

    yield make
    for context in contexts:
        context.close()
