"""A new study folder from a data file and the name of the outcome; everything else is guessed and said."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from explainers import guess
from explainers.errors import StudyError
from explainers.load.making import Making
from explainers.load.reading import Reading, read
from explainers.validate.say import plain

if TYPE_CHECKING:
    from explainers.study import Feature, Study

OPTIONS = ("no_model", "rule", "formula", "tree", "boosting")


def begin(
    folder: str | Path,
    data: str | Path,
    *,
    target: str,
    positive: str | None = None,
    split: str | None = None,
    title: str = "",
    options: Sequence[str] = OPTIONS,
    model_files: Sequence[str | Path] = (),
) -> Study:
    """Write a study folder for a data file.

    Parameters
    ----------
    folder : str or Path
        New folder, made here.
    data : str or Path
        CSV, Excel, OpenDocument, Parquet or Feather file, also packed with gzip.
    target : str
        Column with the outcome.
    positive : str, optional
        The class in focus.
    split : str, optional
        None or "random", "time:COLUMN", "group:COLUMN".
    title : str
        Title; by default the name of the folder.
    options : sequence of str
        Standard options.
    model_files : sequence of str or Path
        Model files; each becomes an option named like the file.

    Returns
    -------
    Study
        As it was written, not yet built, with every problem that does not stop it.

    Raises
    ------
    StudyError
        With all problems at once, where one of them is an error; or the folder is there already. Nothing is written.

    Examples
    --------
    >>> begin("studies/mine", "mine.csv", target="sold")  # doctest: +SKIP
    """
    from explainers.save import save

    target_folder = Path(folder)
    if target_folder.exists() and (not target_folder.is_dir() or any(target_folder.iterdir())):
        raise StudyError(
            f"The folder {plain(target_folder.name)!r} is there already and holds something. Name a new one."
        )
    reading = _read(Path(data))
    known = target if target in reading.frame.columns else None
    units = {c.name: c.unit for c in reading.columns if c.unit}
    found = guess.dictionary(reading.frame, target=known, units=units, file_name=Path(data).name)
    entries = found.features if known else {}
    making = Making("The study", [*reading.problems, *(guess.remarks(found) if known else ())])
    with tempfile.TemporaryDirectory(prefix="bakeoff-new-") as place:
        candidates: dict[str, Any] = {name: name for name in options}
        for file in map(Path, model_files):
            if not file.is_file():
                raise StudyError(f"There is no model file {plain(file.name)!r}. Check its name and where it lies.")
            shutil.copyfile(file, Path(place) / file.name)
            name, n = file.stem, 2
            while name in candidates:
                name, n = f"{file.stem}_{n}", n + 1
            candidates[name] = {"file": file.name}
        study = making.study(
            reading.frame,
            target=target,
            candidates=candidates,
            positive=positive,
            split=split,
            dictionary={n: _fields(f) for n, f in entries.items()},
            about={
                "name": target_folder.resolve().name,
                "title": title,
                **({"case": found.case, "cases": found.cases} if known else {}),
            },
            folder=Path(place) if model_files else None,
        )
        save(study, target_folder)
    return study.replace(folder=target_folder)


def _read(data: Path) -> Reading:
    if not data.is_file():
        raise StudyError(f"The file {plain(data.name)!r} is not there. Check its name and where it lies.")
    return read(data)


def _fields(feature: Feature) -> dict[str, Any]:
    """Return the fields of an entry that was guessed, as a dictionary is written."""
    return {f.name: getattr(feature, f.name) for f in fields(feature) if f.name != "name"}
