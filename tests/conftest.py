"""For every test: a home of its own, which tests stay in one process, and the report of promises."""

from __future__ import annotations

import atexit
import os
import platform
import shutil
import tempfile
import time
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


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist reads the groups
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Say which tests stay together where they run in two processes, and begin with the long ones.

    A file's tests share what they made once. Full simulations share nothing and are dealt out one by one; where they
    came last, one process would wait for the other.
    """
    if not hasattr(config, "workerinput"):
        return
    order: dict[int, tuple[int, str]] = {}
    for item in items:
        name = item.path.relative_to(ROOT / "tests").as_posix()
        folder = next((f for f in SHARED if name.startswith(f"{f}/")), "")
        long = item.get_closest_marker("promise") is not None
        alone = long and not folder and name.startswith("explainers/")
        if not alone:
            item.add_marker(pytest.mark.xdist_group(folder or name.removesuffix(".py")))
        rank = SHARED.index(folder) * 2 if folder else 1 if alone else 3
        order[id(item)] = (rank, "" if alone else folder or name)
    items.sort(key=lambda item: order[id(item)])


def _without_group(name: str) -> str:
    """Return a test's name without the group that pytest-xdist writes behind it."""
    at = name.rfind("@")
    return name[:at] if at > name.rfind("]") else name


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
                test = _without_group(report.nodeid)
                lines.append(f"| {promise} | {'; '.join(figures) or 'see the test'} | {held} | `{test}` |")
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
def promise(record_property: object) -> object:
    """Return a function that records a promise in words with the figure measured."""

    def record(words: str, figure: str) -> None:
        record_property("promise", words.replace("|", "/"))  # type: ignore[operator]
        record_property("figure", figure.replace("|", "/"))  # type: ignore[operator]

    return record
