"""Studies that are kept here: two who change one at once, a removal that can be undone, a hostile study in one file."""

from __future__ import annotations

import io
import os
import shutil
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from explainers import Study, jobs, kept, store, uploads
from explainers.errors import BakeoffError, JobError, StudyError
from tests.explainers import model_files
from tests.pages.conftest import Open, told

DAY = 86_400


@pytest.fixture(scope="module", autouse=True)
def home(written: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home of its own, so that no other test finds what is kept here; what was built before is used."""
    del written
    with pytest.MonkeyPatch.context() as patch:
        place = tmp_path_factory.mktemp("home")
        (place / "store").symlink_to(store.home() / "store", target_is_directory=True)
        patch.setenv("BAKEOFF_HOME", str(place))
        yield place
    jobs.shutdown()


@pytest.fixture(autouse=True)
def nothing_kept(home: Path) -> Iterator[None]:
    yield
    shutil.rmtree(kept.place(), ignore_errors=True)


def keep(title: str = "Houses") -> str:
    """Keep a small study; return its name."""
    frame = model_files.rows().assign(outcome=model_files.outcome("two"))
    study = Study.from_frame(frame, target="outcome", candidates={"no_model": "no_model"})
    return kept.keep(study.replace(title=title)).name


def test_an_old_study_can_be_brought_back_for_thirty_days_after_its_removal() -> None:
    old, other = keep("Old"), keep("Other")
    past = time.time() - 400 * DAY
    for path in (*kept.folder(old).rglob("*"), kept.folder(old)):
        os.utime(path, (past, past))
    kept.remove(old)
    kept.remove(other)
    kept.restore(old)
    kept.restore(other)
    assert {s.title for s in kept.studies()} == {"Old", "Other"}


@pytest.mark.parametrize(("days", "left"), [(29.0, True), (31.0, False)])
def test_what_was_removed_long_ago_is_thrown_away(days: float, left: bool) -> None:
    first, second = keep("First"), keep("Second")
    kept.remove(first)
    (gone,) = (kept.place() / kept.REMOVED).iterdir()
    gone.rename(gone.with_name(f"{first}@{time.time_ns() - int(days * DAY * 1e9)}"))
    kept.remove(second)
    if left:
        kept.restore(first)
    else:
        with pytest.raises(StudyError, match="any more"):
            kept.restore(first)


def test_a_study_that_vanishes_while_studies_are_listed_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    here, gone = keep("Here"), keep("Gone")
    usual = kept.heading

    def removed_meanwhile(folder: Path) -> dict[str, str]:
        said = usual(folder)
        if folder.name == gone:
            kept.remove(gone)
        return said

    monkeypatch.setattr(kept, "heading", removed_meanwhile)
    assert [s.name for s in kept.studies()] == [here]


def test_a_new_title_is_not_lost_to_a_model_that_is_added_meanwhile(tmp_path: Path) -> None:
    name = keep()
    with store.lock("kept", store.key(name)):  # as whoever adds a model holds it
        renaming = threading.Thread(target=kept.rename, args=(name, "Cottages"))
        renaming.start()
        renaming.join(0.3)
        assert renaming.is_alive()
        assert kept.studies()[0].title == "Houses"
    renaming.join(20)
    assert kept.studies()[0].title == "Cottages"


def test_a_link_that_killed_work_left_behind_neither_stops_nor_changes_anything(tmp_path: Path) -> None:
    name = keep()
    path, _, _ = model_files.write("formula with coefficients", "two", tmp_path)
    upload = uploads.bring(io.BytesIO(path.read_bytes()), path.name)
    other = uploads.bring(io.BytesIO(b"what somebody else brought"), "other.json")
    models = kept.folder(name) / "models"
    for left in (upload, other):
        models.mkdir(exist_ok=True)
        hidden = models / f".mine{path.suffix}"
        hidden.unlink(missing_ok=True)
        os.link(uploads.folder(left.key) / uploads.DATA, hidden)
        model = {"key": upload.key, "name": path.name, "option": "mine", "label": "Mine"}
        assert kept.add_models(name=name, models=[model])["options"]
        kept.leave_out(name, ["mine"])
    assert (uploads.folder(other.key) / uploads.DATA).read_bytes() == b"what somebody else brought"
    assert (uploads.folder(upload.key) / uploads.DATA).read_bytes() == path.read_bytes()


def swollen(folder: Path, rows: int) -> bytes:
    """Return a study as it is downloaded, with a table of so many equal rows in place of its own."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table({n: np.zeros(rows) for n in ("size", "outcome")}), folder / "data.parquet")
    return kept.pack(folder.name)


def test_a_downloaded_study_that_fills_the_memory_is_refused_apart(monkeypatch: pytest.MonkeyPatch, page: Open) -> None:
    name = keep()
    data = swollen(kept.folder(name), 20_000_000)
    assert len(data) < 1_000_000
    kept.remove(name)
    monkeypatch.setenv("BAKEOFF_UPLOAD_MEMORY_MB", "200")
    monkeypatch.setattr(kept, "unpack", lambda *_: pytest.fail("it was opened in the process that serves pages"))
    at = page("load", state={"load_open": True})
    at.file_uploader(key="load_study_file").upload("houses.zip", data, "application/zip").run()
    assert "not enough memory" in told(at)
    assert not kept.studies()


def test_a_downloaded_study_is_opened_from_the_page(page: Open) -> None:
    name = keep("Houses at the lake")
    data = kept.pack(name)
    kept.remove(name)
    at = page("load", state={"load_open": True})
    at.file_uploader(key="load_study_file").upload("houses.zip", data, "application/zip").run()
    assert "“Houses at the lake” is here now." in told(at)
    assert len(kept.studies()) == 1
    at.run()
    assert len(kept.studies()) == 1


def test_a_downloaded_study_is_refused_with_a_word(page: Open) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("study.yaml", "title: x\n")
        packed.writestr("models/x.pkl", "x")
    at = page("load", state={"load_open": True})
    at.file_uploader(key="load_study_file").upload("x.zip", out.getvalue(), "application/zip").run()
    assert "does not belong into a study" in told(at)
    assert not kept.studies()


def test_an_upload_that_is_gone_is_said() -> None:
    upload = uploads.bring(io.BytesIO(pd.DataFrame({"a": [1]}).to_csv().encode()), "x.zip")
    (uploads.folder(upload.key) / uploads.DATA).unlink()
    with pytest.raises((BakeoffError, JobError), match="uploads are kept for a week"):
        jobs.submit("unpack_upload", study=None, key=upload.key, name=upload.name).result()
