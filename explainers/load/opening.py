"""The two doors: a study folder and a data frame."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from explainers.errors import BakeoffError, StudyError
from explainers.load.candidates import inside
from explainers.load.files import ENDINGS, read_table
from explainers.load.known import recall
from explainers.load.making import Making, finished
from explainers.load.study_file import FILE, read_study_file
from explainers.load.texts import ABOUT
from explainers.results import Problem
from explainers.study import Dictionary, Study, study_error
from explainers.validate.say import counted, listed, plain


def open_study(folder: str | Path, *, build: bool = True) -> Study:
    """Open a study folder: study.yaml, the data it names and, if there are any, model files.

    Parameters
    ----------
    folder : str or Path
        The folder (or its study.yaml).
    build : bool
        True: every candidate is fitted now, or taken from the store. False: candidates that are in the store are
        taken from there, nothing is fitted and no model is loaded.

    Returns
    -------
    Study
        With the problems that do not stop it.

    Raises
    ------
    StudyError
        With all problems at once, where one of them is an error. Nothing else is raised for a bad folder.

    Examples
    --------
    >>> open_study("sample_data/boston_mortgages", build=False).positive
    'yes'
    """
    path = Path(folder)
    path = path.parent if path.name == FILE else path
    try:
        study = opened(path)
    except BakeoffError:
        raise
    except Exception as error:
        raise StudyError(
            f"The study {plain(path.name)!r} cannot be opened: something in its files is not as expected "
            f"({type(error).__name__}). Compare study.yaml and the data with the sample study."
        ) from error
    return _attached(study, build=build)


def from_frame(
    frame: pd.DataFrame,
    *,
    target: str,
    candidates: Mapping[str, Any] | Sequence[str] | None = None,
    positive: Hashable = None,
    dictionary: Dictionary | Mapping[str, Any] | None = None,
    split: str | Sequence[str] | pd.Series[str] | None = None,
    **about: Any,
) -> Study:
    """Make a study of a data frame and fit its candidates.

    Parameters
    ----------
    frame : DataFrame of shape (n_rows, n_columns)
        The data; never changed. Any index is kept. Rows without an outcome stay in it, but are not learned from.
    target : str
        Column with the outcome.
    candidates : mapping or sequence, optional
        Name to an estimator in the style of scikit-learn (unfitted: it is fitted on the training rows; fitted: it is
        taken as it is), the name of a recipe, or a Candidate. Default: no model and one rule.
    positive : hashable, optional
        The class in focus; default yes/true/1, else the rarer of two classes.
    dictionary : Dictionary or mapping, optional
        Column to its fields. A mapping may name some columns only, the others are guessed; with a Dictionary, columns
        that it does not name are left out.
    split : str or sequence of str, optional
        None or "random", "time:COLUMN", "group:COLUMN", or a label for each row (train, calibration, test, unknown).
    **about
        Any text field of Study (title, question, case, cases, people, name, outcome_words, ...) and task.

    Returns
    -------
    Study
        Built; a candidate that could not be fitted says so in its `failure`.

    Raises
    ------
    StudyError
        With all problems at once, where one of them is an error.

    Examples
    --------
    >>> frame = pd.DataFrame({"age": range(60), "bought": ["no", "yes", "no"] * 20})
    >>> from_frame(frame, target="bought", candidates={"rule": "rule"}).positive
    'yes'
    """
    making = Making("The study")
    try:
        study = making.study(
            frame,
            target=target,
            candidates=candidates,
            positive=positive,
            dictionary=dictionary,
            split=split,
            about=about,
        )
    except BakeoffError:
        raise
    except Exception as error:
        raise StudyError(
            f"The table cannot be made into a study: something in it is not as expected ({type(error).__name__}: "
            f"{plain(error, 200)}). Check that it has one row per case and one kind of value in each column."
        ) from error
    return _attached(study, build=True)


def opened(folder: Path) -> Study:
    """Return the study of a folder, not yet built; :func:`open_study` without the wrapping."""
    name = plain(folder.resolve().name)
    if not folder.is_dir():
        raise _missing("no_folder", name, "There is no folder of this name.", "Check its name.")
    path = folder / FILE
    if not path.is_file():
        held = listed(sorted(p.name for p in folder.iterdir()), 5)
        raise _missing(
            "no_study_file",
            name,
            f"The folder has no {FILE} (it holds: {held}).",
            f"Write {FILE}, or make the folder with Study.from_frame(...).save(...).",
        )
    fields, problems = read_study_file(path)
    making = Making(f"The study '{name}'", problems)
    data = _data_file(folder, fields, making)
    if data is None:
        making.stop_on_errors()
    assert data is not None
    table, found, raw = _read(data, making)
    making.problems += found
    about = {k: v for k, v in fields.items() if k in ABOUT}
    about.setdefault("name", folder.resolve().name)
    making.problems += _remarks(fields.get("remarks", ()))
    making.known = recall([path, data, *([folder / split] if isinstance(split := fields.get("split"), str) else [])])
    study = making.study(
        table,
        target=fields.get("target"),
        candidates=fields.get("candidates"),
        positive=fields.get("positive"),
        dictionary=fields.get("columns"),
        split=_split(folder, fields.get("split"), table, making),
        about={**about, "pinned": tuple(fields.get("pinned", ()))},
        raw=raw,
        closed=True,
        missing_values=fields.get("missing_values", ()),
        folder=folder,
    )
    making.known.keep()
    return study


def _remarks(written: Any) -> list[Problem]:
    """Return what was found when the study was made and is kept in its file; never an error."""
    keys = ("code", "where", "message", "remedy")
    return [
        Problem(
            **{key: plain(item.get(key, ""), 500) for key in keys},
            severity="note" if item.get("severity") == "note" else "warning",
        )
        for item in written
        if isinstance(item, Mapping)
    ]


def _missing(code: str, where: str, message: str, remedy: str) -> StudyError:
    return study_error((Problem(code=code, where=where, message=message, remedy=remedy),), "The study")


def _read(data: Path, making: Making) -> tuple[pd.DataFrame, list[Problem], bool]:
    """Read the data; if that fails, what was found in study.yaml is said with it."""
    try:
        return read_table(data)
    except StudyError as error:
        making.problems += error.problems
        making.stop_on_errors()
        raise


def _data_file(folder: Path, fields: Mapping[str, Any], making: Making) -> Path | None:
    """Return the data file that study.yaml names, or the only one in the folder."""
    named = fields.get("data")
    if named is not None:
        path = inside(folder, named)
        if path is None:
            making.add(
                "data_outside",
                f"{FILE}, data",
                f"The data file '{plain(named)}' is not inside the folder of the study, so it is not read.",
                "Put the file into the folder and write its name only.",
            )
        elif not path.is_file():
            there = [p.name for p in _candidates(folder)]
            making.add(
                "data_missing",
                f"{FILE}, data",
                f"The data file '{plain(named)}' is not in the folder.",
                f"The folder has {listed(there)}: name that." if there else "Put the file into the folder.",
            )
            path = None
        return path
    found = _candidates(folder)
    if len(found) == 1:
        return found[0]
    held = f"{counted(len(found), 'data file')}: {listed(p.name for p in found)}" if found else "no data file"
    making.add(
        "which_data" if found else "data_missing",
        f"{FILE}, data",
        f"It does not say which file holds the data, and the folder has {held}.",
        "Write 'data: NAME' with the name of one file.",
    )
    return None


def _candidates(folder: Path) -> list[Path]:
    return sorted(p for p in folder.iterdir() if p.suffix.lower() in ENDINGS and p.name.lower() != "split.csv")


def _split(folder: Path, named: str | Mapping[str, Any] | None, table: pd.DataFrame, making: Making) -> Any:
    """Return the split: a rule as text, the moments at which parts begin, or the labels of a file or a column."""
    if named is None or isinstance(named, Mapping):
        return named
    if named.lower().endswith(".csv"):
        path = inside(folder, named)
        if path is None or not path.is_file():
            making.add(
                "split_missing", f"{FILE}, split", f"The file '{plain(named)}' is not in the folder.", "Put it there."
            )
            return None
        labels, _, _ = _read(path, making)
        return labels.iloc[:, -1].tolist()
    how, _, column = named.partition(":")
    if how.strip() == "labels" and column in table.columns:
        return table[column].tolist()
    return named


def _attached(study: Study, *, build: bool) -> Study:
    """Return the study with its candidates built, or with those that were built before."""
    from explainers import build as building

    done = building.build(study) if build else building.attach(study)
    return finished(replace(done, problems=study.problems))
