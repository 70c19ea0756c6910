"""From a basis and answers to what is stated: ranges, frequencies or sets, or why there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, get_args

import numpy as np

from explainers.errors import CandidateError
from explainers.intervals import conformal, frequencies
from explainers.intervals.basis import LEAST_FOR_BINS, Basis, student
from explainers.results import Interval, RangeMethod, WhyNoRange

if TYPE_CHECKING:
    from explainers.study import Study

Array = np.ndarray[Any, np.dtype[np.float64]]
LEAST_FOR_RATES = 30
_METHODS: dict[str, tuple[RangeMethod, ...]] = {
    "numbers": ("normalised", "by bins", "plain", "formula"),
    "two": ("sigmoid", "nearest"),
    "several": ("sets by class", "sets"),
}


def methods(study: Study, basis: Basis) -> tuple[RangeMethod, ...]:
    """Return the methods that can be asked of an option, its default first.

    Numbers: ranges scaled by how far off the option usually is on such cases; by bins of the answer where it has few
    answers or could not be folded; equally wide ones where there is too little to tell cases apart; for formulas
    their own. Two classes: the fitted curve, counts of the nearest scores. Several: sets that keep the promise within
    every class, or only over all. On the heating study the latter ruled out the rarest class for 36 in 100 of the
    houses that had it (nominal 10), the former for 11, with 1.6 instead of 1.3 classes; adaptive sets (APS) with 1.8
    classes ruled it out for 20.
    """
    if len(study.classes) > 2:
        return _METHODS["several"]
    if study.classes:
        return _METHODS["two"] if basis.beta.size else ("nearest",)
    own: tuple[RangeMethod, ...] = ("formula",) if basis.formula is not None else ()
    if basis.why:
        return own
    several = bool(basis.edges.size)
    if basis.scaled:
        return ("normalised", *(("by bins",) if several else ()), "plain", *own)
    if several and (basis.few or len(basis.answers) >= LEAST_FOR_BINS):
        return ("by bins", "plain", *own)
    return ("plain", *own)


def stated(
    study: Study,
    candidate: str,
    basis: Basis,
    answers: Array,
    *,
    level: float,
    method: RangeMethod | None = None,
    scales: Array | None = None,
    formula: Mapping[str, Any] | None = None,
    index: Sequence[Any] = (),
) -> Interval:
    """Return what is stated beside answers.

    Parameters
    ----------
    study : Study
    candidate : str
    basis : Basis
        What ranges of this candidate rest on.
    answers : ndarray of shape (n,) or (n, n_classes)
        Numbers, or class probabilities.
    level : float
        Promised share, .5 to below 1.
    method : str, optional
        One of :func:`methods`; the first of them by default.
    scales : ndarray of shape (n,), optional
        Needed for "normalised".
    formula : mapping, optional
        ``link`` and ``error`` of these cases; needed for "formula".
    index : sequence
        Index of the cases.

    Raises
    ------
    CandidateError
        The level is no share, or the method does not fit.
    """
    if not 0.5 <= level < 1:
        raise CandidateError(f"Expected a level from 0.5 to below 1, such as 0.9, and {level} came. Give one of these.")
    known = methods(study, basis)
    if method is not None and method not in get_args(RangeMethod):
        raise CandidateError(f"There is no way {method!r} to make ranges. Use one of: {', '.join(known)}.")
    if method is not None and not basis.why and method not in known:
        raise CandidateError(
            f"Ranges of {candidate!r} cannot be made by {method!r} here. Use one of: {', '.join(known) or 'none'}."
        )
    chosen = method if method in known else known[0] if known else "none"
    why = _why(study, basis, level, chosen)
    if why:
        chosen = "none"
    n = len(answers)
    fields: dict[str, Any] = {
        "candidate": candidate,
        "level": float(level),
        "method": chosen,
        "why": why,
        "n_calibration": len(basis.answers),
        "index": tuple(index),
        "rate": np.full(n, np.nan),
    }
    if not study.classes:
        ends = _numbers(basis, answers, level, chosen, scales, formula)
        return Interval(prediction=answers, lower=ends[0], upper=ends[1], **fields)
    if len(study.classes) > 2:
        return _sets(study, basis, answers, level, chosen, fields)
    return _rates(study, basis, answers, level, chosen, fields)


def _why(study: Study, basis: Basis, level: float, method: RangeMethod) -> WhyNoRange:
    if method == "formula":
        return ""
    if basis.why:
        return basis.why
    needed = LEAST_FOR_RATES if len(study.classes) == 2 else conformal.rows_needed(level)
    return "too few" if len(basis.answers) < needed else ""


def _numbers(
    basis: Basis,
    answers: Array,
    level: float,
    method: RangeMethod,
    scales: Array | None,
    formula: Mapping[str, Any] | None,
) -> tuple[Array, Array]:
    if method == "none":
        return np.full(len(answers), -np.inf), np.full(len(answers), np.inf)
    off = np.abs(basis.recorded - basis.answers)
    if method == "formula":
        if formula is None or basis.formula is None:
            raise CandidateError("A formula's own range needs the sum of its terms for these cases. Give formula=.")
        known = basis.formula["student"].get(level)
        half = (known if known is not None else student(level, basis.formula["free"])) * formula["error"]
        lower, upper = formula["link"] - half, formula["link"] + half
        if basis.formula["log"]:
            lower, upper = np.exp(lower), np.exp(upper)
    else:
        if method == "normalised":
            if scales is None:
                raise CandidateError("Ranges scaled to the case need the scales of these cases. Give scales=.")
            half = conformal.quantile(off / basis.scales[basis.at], level) * scales
        elif method == "by bins":
            half = conformal.by_bins(basis.edges, basis.answers, off, answers, level)
        else:
            half = np.full(len(answers), conformal.quantile(off, level))
        lower, upper = answers - half, answers + half
    return np.clip(lower, basis.floor, basis.ceiling), np.clip(upper, basis.floor, basis.ceiling)


def _rates(
    study: Study, basis: Basis, answers: Array, level: float, method: RangeMethod, fields: dict[str, Any]
) -> Interval:
    scores = answers[:, study.classes.index(study.positive)] if answers.ndim == 2 else answers
    blank = np.full(len(scores), np.nan)
    fields |= {"prediction": scores, "outcome": (study.positive,) * len(scores)}
    if method == "none":
        return Interval(lower=blank, upper=blank, **fields)
    group, hits = frequencies.nearest(scores, basis.answers, basis.recorded)
    if method == "sigmoid":
        found = frequencies.curve(scores, basis.answers, (basis.beta, basis.covariance), level)
    else:
        found = frequencies.counted(group, hits, level)
    fields |= {"rate": found[0], "group_n": tuple(map(int, group)), "group_hits": tuple(map(int, hits))}
    return Interval(lower=found[1], upper=found[2], **fields)


def _sets(
    study: Study, basis: Basis, answers: Array, level: float, method: RangeMethod, fields: dict[str, Any]
) -> Interval:
    blank = np.full(len(answers), np.nan)
    likeliest = answers.argmax(axis=1) if len(answers) else np.zeros(0, dtype=np.int64)
    fields |= {
        "prediction": answers[np.arange(len(answers)), likeliest],
        "outcome": tuple(study.classes[k] for k in likeliest),
        "lower": blank,
        "upper": blank,
    }
    if method == "none":
        return Interval(**fields)
    codes = basis.recorded.astype(np.int64)
    of = conformal.set_thresholds_by_class if method == "sets by class" else conformal.set_threshold
    chosen = conformal.in_sets(answers, of(basis.answers, codes, level))
    order = np.argsort(-answers, axis=1, kind="stable")
    sets = tuple(tuple(study.classes[k] for k in places if row[k]) for places, row in zip(order, chosen, strict=True))
    return Interval(sets=sets, **fields)
