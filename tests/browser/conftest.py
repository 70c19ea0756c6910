"""One server and one browser for the whole run, a fresh context per test."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

from benchmarks.serving import FLAGS, ROOT, find_chromium, serving
from tests.pages import little_studies

SETTLED = '[data-testid="stApp"][data-test-script-state="notRunning"]'
PATIENCE_MS = 60_000
OPENING_MS = 120_000
expect.set_options(timeout=PATIENCE_MS)


def chromium() -> str:
    """Return the browser's path, or fail with what to install."""
    found = find_chromium()
    if not found:
        pytest.fail(
            "The browser tests need Chromium. Install it, for example with: apt-get install chromium", pytrace=False
        )
    return found


@pytest.fixture(scope="session")
def studies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with little studies of every kind, among them one full of markup."""
    return little_studies.write_all(tmp_path_factory.mktemp("studies"))


@pytest.fixture(scope="session")
def built_home(studies: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home in which every study is built and what options take is known; nobody has written anything.

    What other tests built is used.
    """
    folders = ["sample_data/boston_mortgages", *(str(studies / n) for n in ("houses", "grades", "tiny", "markup"))]
    subprocess.run([sys.executable, "-m", "tests.browser.measured", *folders], cwd=ROOT, check=True)
    home = tmp_path_factory.mktemp("built")
    shutil.copytree(Path(os.environ["BAKEOFF_HOME"]) / "store", home / "store")
    return home


@pytest.fixture(scope="session")
def server(built_home: Path, studies: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    log = tmp_path_factory.mktemp("log") / "server.log"
    with serving(built_home, log, BAKEOFF_STUDIES=str(studies)) as address:
        yield address
    assert "Traceback" not in log.read_text()


@pytest.fixture(scope="session")
def server_without_database(built_home: Path, studies: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server whose database cannot be reached: a file is in the way of its folder, below one named so too."""
    folder = tmp_path_factory.mktemp("in-the-way")
    (folder / "file").write_text("in the way")
    gone = f"sqlite:///{folder / 'file' / 'own.sqlite'}"
    with serving(built_home, folder / "log", BAKEOFF_DATABASE_URL=gone, BAKEOFF_STUDIES=str(studies)) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield running
        running.close()


class Reader:
    """A person at a browser: opens, picks, clicks and reads. Every step waits for what it brings."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.complaints: list[str] = []
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda e: self.complaints.append(str(e)))
        page.on("console", lambda m: self._console(m.type, m.text))
        page.on("request", lambda r: self._request(r.url))

    def _console(self, kind: str, text: str) -> None:
        # Two lookups relative to the page's own path answer 404 on every deep link; Streamlit then asks the right one.
        if kind == "error" and "404" not in text:
            self.complaints.append(text)

    def _request(self, url: str) -> None:
        if not url.startswith((self.address, "data:", "blob:")):
            self.complaints.append(f"a request to another host: {url}")

    def open(self, path: str) -> Page:
        self.page.goto(self.address + path)
        self.settle()
        return self.page

    def settle(self) -> None:
        """Wait until the script has run and no skeleton or progress is left.

        A click is sent a frame after it was made, and what came for it is drawn a frame after the script has ended.
        """
        for _ in range(2):
            self.page.evaluate("() => new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)))")
            self.page.wait_for_selector(f"{SETTLED} [data-testid='stMain'] :is(h1,h2,h3,h4)", timeout=OPENING_MS)
            self.page.wait_for_function(
                "() => document.querySelector('[data-testid=\"stApp\"]').dataset.testScriptState === 'notRunning'"
                " && !document.querySelector('[data-testid=\"stSkeleton\"]')",
                timeout=OPENING_MS,
            )

    def at(self, key: str) -> Locator:
        """Return the part of the page that the code gave this key."""
        return self.page.locator(f".st-key-{key}").first

    def press(self, key: str) -> None:
        """Press the button with this key. A button with a hint is in the page twice; one of the two is hidden."""
        self.at(key).locator("button:visible").first.click()

    def twice(self, button: Locator) -> None:
        """Click twice as hands do: the second click comes when the first one is already being answered."""
        button.dblclick(delay=100)

    def pick(self, key: str, text: str) -> None:
        """Type into a picker and take what it offers first."""
        box = self.at(key).locator("input")
        box.click()
        box.fill(text)
        box.press("Enter")

    def look(self, tab: str) -> None:
        """Open one of the tabs below the answer."""
        self.page.get_by_role("tab", name=tab).click()
        expect(self.page.get_by_role("tab", name=tab)).to_have_attribute("aria-selected", "true")

    def popover(self) -> Locator:
        """Return the popover that is open."""
        return self.page.locator('[data-testid="stPopoverBody"]')

    def link_has(self, **parameters: str) -> None:
        """Wait until the address carries these parameters."""
        self.page.wait_for_url(
            lambda url: all(parse_qs(urlsplit(url).query).get(k) == [v] for k, v in parameters.items())
        )

    def parameter(self, name: str) -> str:
        return parse_qs(urlsplit(self.page.url).query).get(name, [""])[0]

    def answer(self) -> Locator:
        return self.at("answer_card")

    def says(self, text: str | re.Pattern[str]) -> None:
        """Wait until the body of the page says this."""
        expect(self.page.locator('[data-testid="stMain"]')).to_contain_text(text)

    def text(self) -> str:
        return self.page.locator('[data-testid="stMain"]').inner_text()

    def errors(self) -> list[str]:
        return [*self.complaints, *self.page.locator('[data-testid="stException"]').all_inner_texts()]


# Nobody reads the code of charts from the server twice: a profile keeps what its browser fetched for the next reader.
_free: dict[tuple[Browser, int, str], list[BrowserContext]] = {}


@contextmanager
def reading(browser: Browser, address: str, *, width: int = 1440, scheme: str = "light") -> Iterator[Reader]:
    """Give a reader with a session and a profile of their own; it ends in an error if the console showed one.

    The profile is one that nobody else reads with at the time, emptied of everything but the browser's cache.
    """
    free = _free.setdefault((browser, width, scheme), [])
    context = free.pop() if free else None
    if context is None:
        context = browser.new_context(
            viewport={"width": width, "height": 1000},
            color_scheme=scheme,
            reduced_motion="reduce",
            accept_downloads=True,
        )
    one = Reader(context.new_page(), address)
    try:
        yield one
        assert not one.errors()
    except BaseException:
        context.close()
        raise
    one.page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
    one.page.close()
    context.clear_cookies()
    free.append(context)


@pytest.fixture
def reader(browser: Browser, server: str) -> Iterator[Reader]:
    """A reader at a desktop in light colours."""
    with reading(browser, server) as one:
        yield one
