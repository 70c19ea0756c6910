"""What changes about an option when some rows are left out and it is fitted again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from explainers.errors import BakeoffError
from explainers.fields import FloatArray
from explainers.results import WhyNotWithout, Without
from explainers.study import TRAIN, UNKNOWN, Candidate

if TYPE_CHECKING:
    from explainers.study import Study

RESULT_VERSION = 1
TRIALS, TRIALS_IF_SLOW, SLOW_SECONDS = 5, 2, 5.0
ROWS = 300
"""Never-seen rows on which an input is moved from a low to a high value."""
LOW, HIGH = 0.1, 0.9
Ints = np.ndarray[Any, np.dtype[np.int64]]
Progress = Callable[[float, str], None]


@dataclass(frozen=True, slots=True)
class Fitted:
    """One fit of the option, and what is asked of it."""

    estimator: Any
    answers: FloatArray  # to the never-seen rows, (n, n_outputs)
    moved: FloatArray  # (inputs, rows): answer at the high value less answer at the low one


@dataclass(frozen=True, slots=True)
class Asked:
    """What every fit is asked: never-seen rows, and rows with one input moved, in one frame."""

    measured: Ints
    inputs: tuple[tuple[str, Any, Any], ...]
    frame: pd.DataFrame
    rows: int


def without(
    study: Study,
    candidate: str,
    ids: Sequence[str],
    *,
    random_state: int = 0,
    progress: Progress | None = None,
) -> Without:
    """Return what changes about an option when some rows are left out and it is fitted again.

    Nothing is deleted: the study stays as it is. Terms of a formula are compared with their ranges. The effect of an
    input is how far the answer moves, on average over never-seen rows, from a low to a high value of it (numbers: 10th
    and 90th hundredth of training rows; levels: the two most frequent). Measures and effects before and after are
    taken on the same never-seen rows, those left out not among them. Beside each change stands the largest change when
    as many training rows drawn by lot are left out instead.

    Parameters
    ----------
    study : Study
        The study.
    candidate : str
        Name of the candidate.
    ids : sequence of str
        Ids of the rows to leave out.
    random_state : int
        Seed of the rows drawn by lot.
    progress : callable, optional
        Called with the share done and what is being done.

    Returns
    -------
    Without
        ``why`` says so where nothing could be compared.

    Raises
    ------
    CandidateError
        There is no such candidate.

    Examples
    --------
    >>> from explainers import Study
    >>> x = [float(i % 10) for i in range(60)]
    >>> frame = pd.DataFrame({"size": x, "price": [2 * v + (i % 3) for i, v in enumerate(x)]})
    >>> frame.loc[0, ["size", "price"]] = [300.0, -400.0]
    >>> labels = ["train"] * 50 + ["test"] * 10
    >>> study = Study.from_frame(frame, target="price", candidates=["formula"], split=labels)
    >>> [(m.name, m.fate) for m in without(study, "formula", ["0"]).moves if m.kind == "term"][1]
    ('size', 'turns')
    """
    option = study.candidate(candidate)
    wanted = tuple(dict.fromkeys(map(str, ids)))
    places = pd.Series(np.arange(len(study.frame)), index=study.case_ids)
    unknown = tuple(i for i in wanted if i not in places.index)
    out = np.sort(places[[i for i in wanted if i in places.index]].to_numpy())
    train = study.training()
    gone = np.intersect1d(train, out)
    common: dict[str, Any] = {
        "candidate": candidate,
        "ids": tuple(map(str, study.case_ids[out])),
        "unknown": unknown,
        "n_training": int(gone.size),
        "n_left": int(train.size - gone.size),
    }
    if not out.size:
        return _nothing("no rows named", common)
    if train.size - gone.size < 2:
        return _nothing("nothing left", common)
    try:
        return _compared(study, option, out, train, gone, common, random_state, progress)
    except BakeoffError as error:
        return _nothing("cannot be fitted again", common, str(error))


def _nothing(why: WhyNotWithout, common: dict[str, Any], detail: str = "") -> Without:
    return Without(why=why, detail=detail, **common)


def _compared(
    study: Study,
    option: Candidate,
    out: Ints,
    train: Ints,
    gone: Ints,
    common: dict[str, Any],
    random_state: int,
    progress: Progress | None,
) -> Without:
    from explainers.build import fitted
    from explainers.metrics import measured_rows

    report = progress or (lambda _share, _doing: None)
    never, said_of = measured_rows(study, option.name, ("test",))
    asked = _asked(study, option, np.setdiff1d(never, out), train, random_state)
    anew = bool(option.given_fitted)
    recipe = _again(study, option)
    report(0.0, "fitting it without the rows")
    after, seconds = _fit(study, recipe, np.setdiff1d(train, gone), asked)
    report(0.3, "asking it with all rows")
    estimator = fitted(study, option.name)
    before = _fit(study, recipe, train, asked)[0] if anew else _ask(study, recipe, estimator, asked)
    trials = TRIALS if seconds <= SLOW_SECONDS else TRIALS_IF_SLOW
    rng = np.random.default_rng(random_state)
    others: list[Fitted] = []
    pool = np.setdiff1d(train, gone)
    for k in range(trials if gone.size and pool.size > gone.size + 2 else 0):
        report(0.4 + 0.6 * k / trials, "leaving out as many rows drawn by lot")
        lot = rng.choice(pool, gone.size, replace=False)
        others.append(_fit(study, recipe, np.setdiff1d(train, lot), asked)[0])
    from explainers.outliers.moving import effects, measures, terms

    focus = _focus(study)
    shift = np.abs(after.answers[:, focus] - before.answers[:, focus])
    far = int(shift.argmax()) if shift.size else 0
    usual = [float(np.abs(o.answers[:, focus] - before.answers[:, focus]).mean()) for o in others if shift.size]
    return Without(
        n_never_seen=int(np.isin(never, out).sum()),
        n_other=int(out.size - gone.size - np.isin(never, out).sum()),
        n_measured=int(asked.measured.size),
        rows=said_of,
        moves=(
            *terms(before.estimator, after.estimator, [o.estimator for o in others]),
            *effects(asked.inputs, before.moved, after.moved, [o.moved for o in others]),
            *measures(study, asked.measured, before.answers, after.answers, [o.answers for o in others]),
        ),
        mean_move=float(shift.mean()) if shift.size else None,
        largest_move=float(shift[far]) if shift.size else None,
        largest_id=str(study.case_ids[asked.measured[far]]) if shift.size else "",
        usual_move=max(usual) if usual else None,
        trials=len(others),
        fitted_anew=anew,
        **common,
    )


def _focus(study: Study) -> int:
    if not study.classes:
        return 0
    return study.classes.index(study.positive) if study.positive in study.classes else 0


def _again(study: Study, option: Candidate) -> Candidate:
    """Return the option as it can be fitted again: its recipe, or an unfitted copy of what was given."""
    from explainers.errors import CandidateError
    from explainers.identity import fresh_copy, given_estimator

    if option.recipe:
        return option
    given = given_estimator(study, option)
    if given is None or not hasattr(given, "fit"):
        raise CandidateError("It came as answers or as a sealed file, which cannot be fitted again.")
    return replace(option, estimator=fresh_copy(given), given_fitted=False, file="", built=False)


def _fit(study: Study, recipe: Candidate, rows: Ints, asked: Asked) -> tuple[Fitted, float]:
    from explainers.build import _fit as fit

    labels = np.full(len(study.frame), UNKNOWN, dtype=object)
    labels[rows] = TRAIN
    split = pd.Series(labels, index=study.frame.index, dtype="str")
    part = study.replace(split=split, candidates={**study.candidates, recipe.name: recipe})
    try:
        estimator, seconds, _, _ = fit(part, recipe)
    except BakeoffError:
        raise
    except Exception as error:
        from explainers.errors import CandidateError

        raise CandidateError(f"{type(error).__name__}: {str(error)[:300]}") from error
    return _ask(study, recipe, estimator, asked), seconds or 0.0


def _ask(study: Study, recipe: Candidate, estimator: Any, asked: Asked) -> Fitted:
    from explainers.predict import Door

    part = study.replace(candidates={**study.candidates, recipe.name: recipe})
    said = Door(part, recipe.name, estimator).ask(asked.frame)
    said = said.reshape(len(asked.frame), len(study.classes) or 1)
    n = asked.measured.size
    moved = said[n:, _focus(study)].reshape(len(asked.inputs), 2, asked.rows)
    return Fitted(estimator, said[:n], moved[:, 1] - moved[:, 0])


def _asked(study: Study, option: Candidate, measured: Ints, train: Ints, random_state: int) -> Asked:
    """Return what every fit is asked, in one frame: never-seen rows, then each input at its low and high value."""
    from explainers.predict import check_cases

    drawn = np.sort(np.random.default_rng(random_state).permutation(measured)[:ROWS])
    known = study.frame.iloc[train]
    inputs = tuple(
        (name, *ends)
        for name in option.features
        if (ends := _ends(known[name], study.dictionary[name].kind)) is not None and drawn.size
    )
    base = check_cases(study, option.name, study.frame.iloc[drawn])
    parts = [check_cases(study, option.name, study.frame.iloc[measured])]
    for name, low, high in inputs:
        for value in (low, high):
            part = base.copy()
            part[name] = pd.Series([value] * len(base), index=base.index).astype(base[name].dtype)
            parts.append(part)
    frame = pd.concat(parts, ignore_index=True) if len(parts) > 1 else parts[0]
    return Asked(measured, inputs, frame.astype(parts[0].dtypes.to_dict()), int(drawn.size))


def _ends(column: pd.Series, kind: str) -> tuple[Any, Any] | None:
    """Return a low and a high value that training rows hold, or the two most frequent levels; None where it is flat."""
    held = column.dropna()
    if held.dtype.kind in "iufM" and kind in ("numeric", "date", "ordered"):
        low, high = (held.quantile(q, interpolation="nearest") for q in (LOW, HIGH)) if len(held) else (0, 0)
        if low == high:
            low, high = (held.min(), held.max()) if len(held) else (0, 0)
        return None if low == high else (low, high)
    counts = held.value_counts()
    return None if len(counts) < 2 else (counts.index[0], counts.index[1])
