"""For every test: a home of its own, which tests stay in one process, and the report of promises."""

from __future__ import annotations

import atexit
import os
import platform
import shutil
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

# Before anything is imported that reads it: no test touches the home of the person who runs the tests.
_HOME = tempfile.mkdtemp(prefix="bakeoff-tests-")
os.environ["BAKEOFF_HOME"] = _HOME
os.environ.pop("BAKEOFF_DATABASE_URL", None)
os.environ.pop("BAKEOFF_STUDIES", None)
os.environ.pop("BAKEOFF_COMPUTE", None)
atexit.register(shutil.rmtree, _HOME, ignore_errors=True)

ROOT = Path(__file__).resolve().parent.parent
SHARED = ("browser", "pages", "explainers/database")
"""Folders whose tests share a server, a browser or a worker: each folder stays in one process."""
_STARTED = time.monotonic()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--promises", metavar="FILE", help="write what was measured for each promise to this file")


def _together(name: str) -> str:
    """Return the unit of tests that stay in one process: a shared folder, a file, or a full simulation by itself."""
    path = name.split("::", maxsplit=1)[0].removeprefix("tests/")
    folder = next((f for f in SHARED if path.startswith(f"{f}/")), "")
    return folder or (name if path.endswith("_promises.py") else path)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with what takes longest where tests run in two processes: else one would wait for the other at the end."""
    if not hasattr(config, "workerinput"):
        return

    def rank(item: pytest.Item) -> tuple[int, str]:
        unit = _together(item.nodeid)
        alone = "_promises.py" in unit
        return (SHARED.index(unit) * 2 if unit in SHARED else 1 if alone else 3), "" if alone else unit

    items.sort(key=rank)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Deal tests out in those units. (Marks of groups have no effect with this version of pytest.)"""
    from xdist.scheduler import LoadScopeScheduling

    class Units(LoadScopeScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            return _together(nodeid)

    return Units(config, log)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Write each promise with the figure that was measured, the machine and the date."""
    target = config.getoption("--promises")
    if not target:
        return
    lines = []
    for outcome in ("passed", "failed"):
        for report in terminalreporter.getreports(outcome):
            figures = [str(v) for k, v in report.user_properties if k == "figure"]
            promise = next((str(v) for k, v in report.user_properties if k == "promise"), "")
            if report.when == "call" and promise:
                held = "held" if outcome == "passed" else "**did not hold**"
                measured = "; ".join(figures) or "see the test"
                lines.append(f"| {promise} | {measured} | {held} | `{report.nodeid}` |")
    counts = {k: len(terminalreporter.getreports(k)) for k in ("passed", "failed", "skipped")}
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    head = [
        "# Promises, as measured",
        "",
        f"Written by pytest with `--promises` on {datetime.now(UTC):%d %B %Y}: {counts['passed']} passed, "
        f"{counts['failed']} failed, {counts['skipped']} skipped, in {(time.monotonic() - _STARTED) / 60:.0f} minutes. "
        f"Machine: {machine}.",
        "",
        "| promise | measured | | test |",
        "|---|---|---|---|",
    ]
    path = Path(target)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([*head, *sorted(lines)]) + "\n", encoding="utf-8")


@pytest.fixture
def canary(tmp_path: Path) -> Iterator[Path]:
    """Give a path that a hostile file makes when it is run (`tests/evil.py`); none may be there at the end."""
    path = tmp_path / "canary"
    yield path
    assert not path.exists(), "something in the file was run"


@pytest.fixture
def promise(record_property: object) -> object:
    """Return a function that records a promise in words with the figure measured."""

    def record(words: str, figure: str) -> None:
        record_property("promise", words.replace("|", "/"))  # type: ignore[operator]
        record_property("figure", figure.replace("|", "/"))  # type: ignore[operator]

    return record
