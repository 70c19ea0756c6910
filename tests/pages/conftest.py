"""A reader of the pages without a browser: opens a link, waits for the script, and gives what is told as text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages import little_studies

ROOT = Path(__file__).resolve().parents[2]
MAIN = ROOT / "pages" / "main.py"
TOLD = ("title", "header", "subheader", "markdown", "caption", "text", "warning", "error", "info", "success", "code")
_TERM = re.compile(r"(?<!\\)\[((?:\\.|[^\]\\])*)\]\(glossary\?term=[\w%+=&.~-]*\)")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|<>~$:&^=\"'@/])")

Open = Callable[..., AppTest]


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Write little studies of every kind beside the built sample study, once."""
    from explainers import jobs, open_study

    open_study(ROOT / "sample_data" / "boston_mortgages")
    yield little_studies.write_all(tmp_path_factory.mktemp("studies"))
    jobs.shutdown()


# Not for the whole folder: pytest takes a folder without __init__.py for the session, and tests elsewhere would see it.
@pytest.fixture(scope="module", autouse=True)
def studies(written: Path) -> Iterator[Path]:
    """Open these studies, and a database that no test of another folder writes to."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BAKEOFF_STUDIES", str(written))
        patch.setenv("BAKEOFF_DATABASE_URL", f"sqlite:///{written / 'written.sqlite'}")
        yield written


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home of its own, so that no other test finds what is kept here."""
    from explainers import jobs

    with pytest.MonkeyPatch.context() as patch:
        place = tmp_path_factory.mktemp("home")
        patch.setenv("BAKEOFF_HOME", str(place))
        yield place
    jobs.shutdown()


@pytest.fixture
def page() -> Open:
    """Open a page with the parameters of a link, and state that was there before, if any."""

    def opened(name: str = "home", *, state: dict[str, Any] | None = None, **link: str) -> AppTest:
        at = AppTest.from_file(MAIN, default_timeout=60)
        for key, value in link.items():
            at.query_params[key] = value
        for key, value in (state or {}).items():
            at.session_state[key] = value
        at.run()
        if name != "home":
            for key, value in link.items():
                at.query_params[key] = value
            at.switch_page(f"{name}.py").run()
        return at

    return opened


def told(at: AppTest) -> str:
    """Return everything a reader is told in the body of the page, one piece a line, without the marks of the escape."""
    assert not at.exception, [e.value for e in at.exception]
    pieces = []
    for kind in TOLD:
        pieces += [str(e.value) for e in at.main.get(kind) if hasattr(e, "value")]
    for table in at.main.get("table"):
        frame = table.value
        pieces += [*map(str, frame.columns), *frame.astype(str).to_numpy().ravel().tolist()]
    return unescaped("\n".join(pieces))


def unescaped(text: str) -> str:
    return _ESCAPED.sub(r"\1", _TERM.sub(r"\1", text).replace("\u2060", ""))
