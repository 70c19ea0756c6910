"""What a brought model answers to rows whose outcome is known, beside what happened and beside other answers of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from explainers.errors import BakeoffError, StudyError
from explainers.validate.say import plain

if TYPE_CHECKING:
    from explainers.study import Candidate, Study

FEW = 6
MOST_ROWS = 5_000
ROUNDED = 6


def asked(study: Study, candidate: Candidate, beside: str, tables: Any) -> dict[str, Any]:
    """Return what a model answers to rows whose outcome is known.

    Parameters
    ----------
    study : Study
        With the candidate, and the folder of its file.
    candidate : Candidate
        What is asked.
    beside, tables
        As for :func:`explainers.model_uploads.try_model`.

    Returns
    -------
    dict
        Plain values: what it is, some rows with its answers, how far these are from what happened.

    Raises
    ------
    BakeoffError
        It does not answer.
    """
    from explainers import identity
    from explainers.load.candidates import is_fitted
    from explainers.predict import Door, check_cases

    estimator = identity.given_estimator(study, candidate)
    technical, kind = _class(estimator)
    out: dict[str, Any] = {
        "task": study.task,
        "technical": technical,
        "option_kind": kind,
        "unfitted": not identity.came_fitted(candidate, estimator) and not is_fitted(estimator),
        "notes": list(getattr(estimator, "notes_", ())),
        "names_classes": getattr(estimator, "classes_", None) is not None,
        "all_rows": len(study.frame),
        "table": getattr(estimator, "kind_", "") == "predictions",
    }
    if out["unfitted"]:
        return out
    door = Door(study, candidate.name, estimator)
    at = _places(study)
    rows = check_cases(study, candidate.name, study.frame.iloc[at])
    answers = door.ask(rows).reshape(len(at), -1)
    out |= {"answers": door.answers, **_against(study, at, answers)}
    if beside:
        try:
            out["beside"] = _compared(study, candidate, at, answers, beside, tables)
        except BakeoffError as error:
            out["beside"] = {"failed": error.message}
    return out


def _places(study: Study) -> Any:
    """Return the places of rows to ask about: never-seen ones where there are any, a random part of them."""
    known = study.frame[study.target].notna().to_numpy(dtype=bool)
    test = known & (study.split == "test").to_numpy(dtype=bool)
    at = np.flatnonzero(test if test.any() else known)
    return np.sort(np.random.default_rng(0).permutation(at)[:MOST_ROWS])


def _against(study: Study, at: Any, answers: Any) -> dict[str, Any]:
    """Return some rows, each with its answer and what happened, and how far the two are apart on all of them."""
    actual = study.frame[study.target].iloc[at]
    few = [
        {"case": str(study.case_ids[at[i]]), "answers": [float(v) for v in answers[i]], "was": _value(actual.iloc[i])}
        for i in _few(study, actual)
    ]
    out: dict[str, Any] = {"rows": few, "n": len(at), "part": _part(study, at)}
    if not study.classes:
        off = np.abs(answers[:, 0] - actual.to_numpy(dtype=np.float64))
        return {**out, "off": float(off.mean()) if len(off) else None}
    from explainers.predict import place_of

    was = place_of(study.classes, actual.to_numpy(dtype=object))
    named = answers.argmax(axis=1)
    out |= {"classes": list(study.classes), "agree": int((named == was).sum())}
    if study.positive in study.classes:
        focus = study.classes.index(study.positive)
        here, says = was == focus, named == focus
        out |= {"positive": focus, "n_positive": int(here.sum())}
        out |= {"found": int((here & says).sum()), "flagged": int((~here & says).sum())}
    return out


def _few(study: Study, actual: pd.Series[Any]) -> list[int]:
    """Return the places of a few rows: the first ones, of classes the first of each in turn."""
    if not study.classes:
        return list(range(min(FEW, len(actual))))
    turn = actual.groupby(actual.astype(str), sort=False).cumcount().to_numpy()
    return sorted(int(i) for i in np.argsort(turn, kind="stable")[:FEW])


def _part(study: Study, at: Any) -> str:
    return "test" if len(at) and study.split.iloc[at[0]] == "test" else "known"


def _value(value: Any) -> Any:
    value = value.item() if isinstance(value, np.generic) else value
    return value if isinstance(value, str | int | float | bool) else str(value)


def _class(estimator: Any) -> tuple[str, str]:
    """Return the name of the class of an estimator, and which kind of option it makes."""
    from explainers.load.candidates import described

    if hasattr(estimator, "kind_"):
        return "", "statistical" if estimator.kind_ == "formula" else "black_box"
    return described(estimator)


# -- beside other answers --------------------------------------------------------------------------------------------
def _compared(
    study: Study, candidate: Candidate, at: Any, answers: Any, beside: str, tables: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """Return how far the answers are from others that are said to be the same model's."""
    from explainers import models
    from explainers.model_uploads import relative
    from explainers.models.predictions_file import PredictionsTable

    how, _, what = beside.partition(":")
    if how == "file":
        assert study.folder is not None
        name = str(tables[what]["name"])
        table = models.load(study.folder / relative(tables[what]))
        if not isinstance(table, PredictionsTable):
            raise StudyError(f"“{plain(name)}” holds a model and no answers, so there is nothing to compare with.")
        other = table.for_study(study, candidate.features).answers_[at]
        rounded: Any = other
        held = np.ones(len(at), dtype=bool)
    else:
        if what not in study.frame.columns:
            raise StudyError(f"The data have no column “{plain(what)}” any more. Choose another one.")
        name = study.dictionary[what].label
        values = study.frame[what].iloc[at]
        held = values.notna().to_numpy(dtype=bool)
        labels = _labels(study, values[held])
        if labels is not None:
            apart = int((answers[held].argmax(axis=1) != labels).sum())
            return {"name": name, "n": int(held.sum()), "apart": apart, "largest": None}
        other = rounded = _figures(study, values[held], name)
    mine = answers[held]
    other = np.asarray(other, dtype=np.float64).reshape(len(mine), -1)
    if other.shape[1] == 1 and study.classes:
        mine = mine[:, [study.classes.index(study.positive)]]
    far = np.abs(mine - other).max(axis=1) if len(mine) else np.zeros(0)
    far = np.nan_to_num(far, nan=np.inf)
    apart = int((far > _tolerance(study, mine, rounded)).sum())
    return {"name": name, "n": len(mine), "apart": apart, "largest": float(far.max(initial=0.0))}


def _figures(study: Study, values: pd.Series[Any], name: str) -> Any:
    """Return the numbers of a column, or the chances of the outcome in focus.

    Raises
    ------
    StudyError
        It holds neither.
    """
    found = pd.to_numeric(values, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    if not len(found) or not np.isfinite(found).all():
        raise StudyError(
            f"The column “{plain(name)}” holds no answers in the rows that were asked. Choose another one."
        )
    if study.classes and (study.positive not in study.classes or found.min() < 0 or found.max() > 1):
        raise StudyError(
            f"The column “{plain(name)}” holds neither outcomes nor chances between 0 and 1. Choose another one."
        )
    return found


def _labels(study: Study, values: pd.Series[Any]) -> Any:
    """Return the places of the classes that a column names; None where it holds something else."""
    from explainers.predict import place_of

    if not study.classes:
        return None
    places = place_of(study.classes, values.to_numpy(dtype=object))
    return places if len(places) and (places >= 0).all() else None


def _tolerance(study: Study, mine: Any, other: Any) -> float:
    """Return how far two answers may be apart that are the same: single precision, or the rounding of the others."""
    from explainers.models.agreeing import EQUAL

    scale = 1.0 if study.classes else float(np.ptp(mine)) if len(mine) else 1.0
    values: Any = np.asarray(other, dtype=np.float64).ravel()
    digits = next((d for d in range(ROUNDED) if np.array_equal(values, values.round(d), equal_nan=True)), ROUNDED)
    return max(EQUAL * (scale or 1.0), 0.501 * 10.0**-digits)
