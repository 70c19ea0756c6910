"""How far off an option is on each row: the record minus the answer, and the same in other units."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from explainers.errors import CandidateError, CaseError
from explainers.fields import FloatArray
from explainers.residuals import leverage, normal
from explainers.study import CALIBRATION, TEST, TRAIN, UNKNOWN

if TYPE_CHECKING:
    from explainers.results_residuals import Measure
    from explainers.study import Study

Ints = np.ndarray[Any, np.dtype[np.int64]]
PARTS = (TRAIN, CALIBRATION, TEST, UNKNOWN)
TINY = np.finfo(np.float64).eps
KEPT = 6
NUMBERS: tuple[Measure, ...] = ("residual", "standardised", "studentised")
CLASSES: tuple[Measure, ...] = ("residual", "standardised", "deviance", "pearson", "quantile")
# Beside the rows the frame and the split they were read from: while they are held no other can have their place.
_memory: OrderedDict[tuple[Any, ...], tuple[Rows, Any, Any]] = OrderedDict()
_of_formulas: OrderedDict[str, dict[str, FloatArray] | None] = OrderedDict()


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows with a recorded outcome: where they are, what was said of them and what was recorded."""

    at: Ints
    rows: str
    actual: FloatArray  # numbers, or 1 where the class looked at was recorded
    predicted: FloatArray  # numbers, or the chance of that class
    differs: np.ndarray[Any, np.dtype[np.bool_]]  # classes: whether the option calls the row otherwise
    codes: Ints  # classes: place of the class looked at; numbers: empty
    groups: Ints | None

    @property
    def residual(self) -> FloatArray:
        """The record minus the answer."""
        return np.asarray(self.actual - self.predicted)


def residuals(
    study: Study,
    candidate: str,
    *,
    rows: str | Sequence[str] | None = None,
    outcome: Hashable = None,
    random_state: int = 0,
) -> pd.DataFrame:
    """Return how far off a candidate is on each row, in several units.

    Parameters
    ----------
    study : Study
        The study.
    candidate : str
        Name of the candidate; built on the way if it is not.
    rows : None, "all", str or sequence of str
        Which parts of the split: by default the never-seen rows (test; unknown where there are none), or train,
        calibration, test, unknown, or "all" four.
    outcome : hashable, optional
        For classes the class whose chance is looked at: by default the focus class of two, and with several the one
        that the candidate finds likeliest for each row.
    random_state : int
        Seed of the randomised quantile residuals; a row's does not depend on which other rows are asked for.

    Returns
    -------
    DataFrame of shape (n, k)
        Index of ``study.frame``, its order, without rows whose outcome is not recorded. Columns: id (as
        ``study.case_ids``), actual, predicted, residual (actual minus predicted) in the target's unit, standardised,
        and part. Numbers: standardised is the residual over the standard deviation of the residuals of its part; for
        a least-squares formula over its own error (training rows s sqrt(1 - h), others s sqrt(1 + h)), on logs where
        the formula is, and studentised holds the externally studentised residual of training rows. Classes: actual
        is 0 or 1, predicted the chance of the class in the column outcome, standardised equals pearson, and there are
        deviance, pearson and quantile (randomised quantile residual, Dunn and Smyth 1996,
        doi:10.1080/10618600.1996.10474708): normal where the chances are true.

    Raises
    ------
    CandidateError
        There is no such candidate, it cannot be fitted, or there is no such part or class.

    Examples
    --------
    >>> from explainers import Study
    >>> frame = pd.DataFrame({"size": [float(i) for i in range(40)]})
    >>> frame["price"] = 2 * frame["size"] + 1
    >>> study = Study.from_frame(frame, target="price", candidates={"no_model": "no_model"})
    >>> found = residuals(study, "no_model")
    >>> len(found), bool((found["residual"] == found["actual"] - found["predicted"]).all())
    (8, True)
    """
    read = read_rows(study, candidate, rows, outcome)
    columns: dict[str, Any] = {
        "id": study.case_ids.to_numpy()[read.at],
        "actual": read.actual,
        "predicted": read.predicted,
        "residual": read.residual,
    }
    for name in measures(study, candidate)[1:]:
        columns[name] = measured(study, candidate, read, name, random_state=random_state)
    if study.classes:
        columns["outcome"] = np.array([*study.classes, None], dtype=object)[read.codes]
    columns["part"] = study.split.to_numpy()[read.at].astype(str)
    return pd.DataFrame(columns, index=study.frame.index[read.at])


def measures(study: Study, candidate: str) -> tuple[Measure, ...]:
    """Return what can be looked at of an option, the plain residual first."""
    if study.classes:
        return CLASSES
    return NUMBERS if leverage.is_formula(study, candidate) else NUMBERS[:2]


def ready(study: Study, candidate: str) -> bool:
    """Return whether the answers to every row are kept, so that residuals take milliseconds and no estimator."""
    from explainers import store
    from explainers.build import candidate_key

    return store.has("predictions", candidate_key(study, study.candidate(candidate)))


def parts_of(rows: str | Sequence[str] | None) -> tuple[str, ...]:
    """Return which parts of the split are meant."""
    if rows is None:
        return (TEST,)
    parts = PARTS if rows == "all" else (rows,) if isinstance(rows, str) else tuple(rows)
    strange = [p for p in parts if p not in PARTS]
    if strange or not parts:
        raise CandidateError(
            f"The parts of a split are {', '.join(PARTS)}, or all of them by 'all', and {rows!r} came. Name one."
        )
    return parts


def read_rows(study: Study, candidate: str, rows: str | Sequence[str] | None, outcome: Hashable = None) -> Rows:
    """Return the rows looked at with answers and records; kept in memory for the next view of the same rows."""
    from explainers.build import candidate_key

    key = (
        id(study.frame),
        id(study.split),
        study.target,
        candidate_key(study, study.candidate(candidate)),
        parts_of(rows),
        repr((study.positive, study.threshold, outcome)),
    )
    known = _memory.get(key)
    if known is None:
        read = _of_classes(study, candidate, rows, outcome) if study.classes else _of_numbers(study, candidate, rows)
        _memory[key] = known = (read, study.frame, study.split)
        while len(_memory) > KEPT:
            _memory.popitem(last=False)
    return known[0]


def measured(study: Study, candidate: str, read: Rows, measure: Measure, *, random_state: int = 0) -> FloatArray:
    """Return one measure of the rows that were read, shape (n,); NaN where a row has none.

    Raises
    ------
    CandidateError
        This option has no such measure.
    """
    known = measures(study, candidate)
    if measure not in known:
        raise CandidateError(
            f"{measure!r} is no residual that the option {candidate!r} has. It has: {', '.join(known)}. Name one."
        )
    if measure == "residual":
        return read.residual
    if study.classes:
        return _of_chances(study, read, measure, random_state)
    if leverage.is_formula(study, candidate):
        every = _formula(study, candidate)
        if every is not None:
            return np.asarray(every[measure][read.at])
        if measure == "studentised":
            return np.full(read.at.size, np.nan)
    return _over_spread(study, read)


def _formula(study: Study, candidate: str) -> dict[str, FloatArray] | None:
    """Return the residuals of a formula by its leverages, from disk or computed and kept."""
    from explainers import store
    from explainers.build import candidate_key
    from explainers.residuals import RESULT_VERSION

    key = store.key("leverage", RESULT_VERSION, candidate_key(study, study.candidate(candidate)), study.split_by)
    if key not in _of_formulas:
        kept = store.get("leverage", key)
        if not isinstance(kept, dict):
            kept = leverage.formula_residuals(study, candidate) or {}
            store.put("leverage", key, kept)
        _of_formulas[key] = kept or None
        while len(_of_formulas) > KEPT:
            _of_formulas.popitem(last=False)
    found = _of_formulas[key]
    fits = found is not None and len(found["standardised"]) == len(study.frame)
    return found if fits else None


def _rows(study: Study, candidate: str, rows: str | Sequence[str] | None) -> tuple[Ints, str]:
    from explainers.metrics import measured_rows

    parts = parts_of(rows)
    at, called = measured_rows(study, candidate, parts)
    return at, "all rows" if parts == PARTS and called != "unknown history" else called


def _of_numbers(study: Study, candidate: str, rows: str | Sequence[str] | None) -> Rows:
    from explainers.metrics import groups_of
    from explainers.predict import stored

    at, called = _rows(study, candidate, rows)
    actual = pd.to_numeric(study.frame[study.target].iloc[at], errors="coerce").to_numpy(
        dtype=np.float64, na_value=np.nan
    )
    finite = np.isfinite(actual)
    at, actual = at[finite], actual[finite]
    predicted = stored(study, candidate).to_numpy()[at, 0] if at.size else np.empty(0)
    none = np.zeros(at.size, dtype=bool)
    return Rows(at, called, actual, predicted, none, np.empty(0, dtype=np.int64), groups_of(study, at))


def _of_classes(study: Study, candidate: str, rows: str | Sequence[str] | None, outcome: Hashable) -> Rows:
    from explainers.metrics import focus_of, groups_of, recorded
    from explainers.metrics.measures import chosen
    from explainers.predict import place_of, stored

    at, called = _rows(study, candidate, rows)
    codes = recorded(study, at) if at.size else np.zeros(0, dtype=np.int64)
    at, codes = at[codes >= 0], codes[codes >= 0]
    answers = stored(study, candidate).to_numpy()[at] if at.size else np.empty((0, len(study.classes)))
    if outcome is not None:
        place = int(place_of(study.classes, np.array([outcome], dtype=object))[0])
        if place < 0:
            raise CandidateError(
                f"{outcome!r} is none of the outcomes {', '.join(map(str, study.classes))}. Name one of these."
            )
        looked = np.full(at.size, place)
    elif len(study.classes) <= 2:
        looked = np.full(at.size, focus_of(study))
    else:
        looked = answers.argmax(axis=1)
    says = chosen(answers, focus_of(study), study.threshold) if at.size else codes
    predicted = answers[np.arange(at.size), looked]
    return Rows(
        at,
        called,
        (codes == looked).astype(np.float64),
        predicted,
        says != codes,
        looked.astype(np.int64),
        groups_of(study, at),
    )


def _of_chances(study: Study, read: Rows, measure: Measure, random_state: int) -> FloatArray:
    p, happened = np.clip(read.predicted, TINY, 1 - TINY), read.actual > 0.5
    off = read.actual - p
    if measure in ("pearson", "standardised"):
        return np.asarray(off / np.sqrt(p * (1 - p)))
    if measure == "deviance":
        return np.asarray(np.copysign(np.sqrt(-2 * np.log(np.where(happened, p, 1 - p))), off))
    # Drawn for every row of the study, so that a row keeps its own whichever rows are looked at.
    drawn = np.random.default_rng(random_state).random(len(study.frame))[read.at]
    place = np.where(happened, (1 - p) + drawn * p, drawn * (1 - p))
    return normal.quantile(np.clip(place, TINY, 1 - TINY))


def _over_spread(study: Study, read: Rows) -> FloatArray:
    """Return residuals over the standard deviation of the residuals of their part; NaN where that is 0 or one row."""
    codes = pd.factorize(study.split.to_numpy()[read.at])[0]
    out = np.full(read.at.size, np.nan)
    for code in range(codes.max(initial=-1) + 1):
        here = codes == code
        spread = float(read.residual[here].std(ddof=1)) if here.sum() > 1 else 0.0
        if spread > 0:
            out[here] = read.residual[here] / spread
    return out


def column_of(study: Study, name: str) -> pd.Series[Any]:
    """Return a column of a study by name.

    Raises
    ------
    CaseError
        There is no such column.
    """
    if name not in study.frame.columns:
        raise CaseError(
            f"There is no column {name!r} in {study.title!r}. Look at predicted, actual, order, or one of: "
            f"{', '.join(map(str, study.frame.columns[:20]))}."
        )
    found: Any = study.frame[name]
    return found.iloc[:, 0] if isinstance(found, pd.DataFrame) else found  # a name that is there twice
