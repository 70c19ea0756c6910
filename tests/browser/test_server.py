from __future__ import annotations

import asyncio
import os
import re
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from benchmarks.client import Session
from benchmarks.serving import ROOT, serving

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    "path", ["/", "/explain?case=8", "/_stcore/health", "/static/nothing.js", "/_stcore/upload_file/x"]
)
def test_every_answer_carries_the_security_headers(server: str, path: str) -> None:
    try:
        headers = urllib.request.urlopen(server + path, timeout=30).headers
    except urllib.error.HTTPError as error:
        headers = error.headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "http:" not in policy
    assert "*" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "SAMEORIGIN"
    assert headers["referrer-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]


@pytest.mark.parametrize("path", ["/", "/explain?case=8"])
def test_the_code_of_charts_is_asked_for_with_the_page(server: str, path: str) -> None:
    """A browser that first hears of these megabytes when a chart is to be drawn draws it a second later."""
    asked = urllib.request.urlopen(server + path, timeout=30).headers["link"]
    target = re.fullmatch(r"<\.(/static/js/PlotlyChart\.[^>]+)>; rel=modulepreload", asked)
    assert target, asked
    found = urllib.request.urlopen(server + target[1], timeout=30)
    assert "javascript" in found.headers["content-type"]
    assert len(found.read()) > 1_000_000
    assert found.headers["link"] is None


AHEAD = """
import sys
from explainers import open_study
from explainers.ahead import cases_ahead, explain_ahead
study = open_study(sys.argv[1])
explain_ahead(study, "logistic", cases_ahead(study))
"""
QUESTION = "study=houses&option=logistic"
PAGES = (f"/?{QUESTION}", f"/explain?{QUESTION}&look=others", f"/looks_at?{QUESTION}&look=whole")


def test_after_clear_cache_nothing_is_computed_again(built_home: Path, studies: Path, tmp_path: Path) -> None:
    """Any client may empty Streamlit's caches for everyone: that costs a reload, and no result is worked out anew."""
    home, log, counted = tmp_path / "home", tmp_path / "log", tmp_path / "counted"
    shutil.copytree(built_home / "store", home / "store", ignore=shutil.ignore_patterns("importance*"))
    environment = {**os.environ, "BAKEOFF_HOME": str(home)}
    subprocess.run([sys.executable, "-c", AHEAD, str(studies / "houses")], cwd=ROOT, env=environment, check=True)
    counted.touch()
    tasks = {"BAKEOFF_WORKER_TASKS": "tests.browser.counted_tasks", "BAKEOFF_COUNTED": str(counted)}
    with serving(home, log, BAKEOFF_STUDIES=str(studies), **tasks) as address:
        first, before_that = read(address, clear=False), None
        for _ in range(5):  # what is learned in the background is said once it is there
            if first == before_that:
                break
            first, before_that = read(address, clear=False), first
        assert "importance" in counted.read_text().split()  # it is counted where something is computed
        before = _kept(home)
        counted.write_text("")
        assert read(address, clear=True) == first
        again = [task for task in counted.read_text().split() if task not in ("warm", "ahead")]
        assert again == []
        assert _kept(home) == before
    assert "Traceback" not in log.read_text()


def read(address: str, *, clear: bool) -> list[list[str]]:
    """Read in a thread of its own: the browser of other tests keeps a running loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(_read(address, clear=clear))).result()


async def _read(address: str, *, clear: bool) -> list[list[str]]:
    """Open the pages and pick three cases; with ``clear`` somebody else empties the caches before every step."""
    said = []
    async with Session(address, PAGES[0]) as stranger:
        await stranger.open()
        for path in PAGES:
            async with Session(address, path) as reader:
                if clear:
                    await stranger.clear_cache()
                await reader.open()
                said.append(reader.texts)
                for case in list(reader.widgets["case"].options)[:3] if "case" in reader.widgets else ():
                    if clear:
                        await stranger.clear_cache()
                    await reader.pick("case", case)
                    said.append(reader.texts)
                assert not reader.errors
    return said


def _kept(home: Path) -> dict[str, int]:
    """Return every kept result with its inode: one that is written again, even alike, gets another."""
    return {str(p.relative_to(home)): p.stat().st_ino for p in (home / "store").rglob("*.bake")}
