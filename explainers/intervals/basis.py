"""What every range of one option rests on: answers to calibration rows, scales, curve. Made once, kept on disk by key.

Making it for numbers needs the estimator and scikit-learn (a worker does it); using what is kept needs neither.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from explainers.errors import BakeoffError
from explainers.intervals import frequencies
from explainers.results import WhyNoRange
from explainers.study import CALIBRATION, TRAIN

if TYPE_CHECKING:
    from explainers.study import Study

Array = np.ndarray[Any, np.dtype[np.float64]]
KIND, SCALE_MODEL = "intervals_basis", "intervals_scale"
BINS = 5
LEAST_FOR_BINS = 100
LEVELS = (0.8, 0.9, 0.95)
KEPT = 32
_memory: OrderedDict[str, Basis] = OrderedDict()
_models: OrderedDict[str, Any] = OrderedDict()
_lock = threading.Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """Calibration rows as arrays, and what was learned beside them.

    ``answers`` (n,) or (n, k) and ``recorded`` (n,): numbers, 1 for the outcome of two classes, or class codes.
    ``scales`` (all rows of the study,): 1 everywhere without a scale model. ``edges``: inner edges of bins of the
    answer. ``beta``, ``covariance``: the curve of two classes, empty without. ``formula``: link and error of every
    row, degrees of freedom, log, and Student's quantiles by level. ``floor``: no range of numbers goes below it.
    """

    why: WhyNoRange
    answers: Array
    recorded: Array
    at: np.ndarray[Any, Any]
    scales: Array
    scaled: bool
    edges: Array
    few: bool
    beta: Array
    covariance: Array
    formula: dict[str, Any] | None
    floor: float
    ceiling: float


def key_of(study: Study, candidate: str) -> str:
    """Return the key under which the basis of a candidate is kept."""
    from explainers import keys
    from explainers.build import candidate_key

    known = study.candidate(candidate)
    if not known.key:
        known = replace(known, key=candidate_key(study, known))
        study = study.replace(candidates={**study.candidates, candidate: known})
    target = study.dictionary[study.target]
    ends = [target.minimum, target.maximum]
    return keys.candidate_result_key(study, "intervals", candidate, part="basis", ends=ends, split=study.split_by)


def find(study: Study, candidate: str) -> Basis | None:
    """Return what was prepared before, or for classes what can be made of kept answers at once; else None."""
    from explainers import store
    from explainers.build import candidate_key

    key = key_of(study, candidate)
    known = _memory.get(key)
    if known is None:
        kept = store.get(KIND, key)
        if isinstance(kept, dict):
            known = Basis(**kept)
        elif study.classes and store.has("predictions", candidate_key(study, study.candidate(candidate))):
            known = _of_classes(study, candidate)
        if known is not None:
            _remember(_memory, key, known)
    return known


def prepare(study: Study, candidate: str) -> Basis:
    """Return what every range of a candidate rests on, made and kept if need be.

    Parameters
    ----------
    study : Study
        The study; its candidate is built on the way if it is not.
    candidate : str
        Name of the candidate.

    Raises
    ------
    CandidateError
        There is no such candidate, or it cannot be fitted.
    """
    from explainers import store

    found = find(study, candidate)
    if found is not None:
        return found
    if study.classes:
        return _of_classes(study, candidate)
    key = key_of(study, candidate)
    with store.lock(KIND, key):
        found = find(study, candidate)  # another process may have made it while we waited
        if found is not None:
            return found
        made, model = _of_numbers(study, candidate)
        _remember(_memory, key, made)
        _remember(_models, key, model)
        if model is not None:
            from explainers import models

            store.put_bytes(SCALE_MODEL, key, models.dump(model))
        store.put(KIND, key, asdict(made))
    return made


def scale_model(study: Study, candidate: str) -> Any:
    """Return the fitted scale model of a candidate that was prepared; None where it has none."""
    from explainers import models, store

    key = key_of(study, candidate)
    made = _models.get(key, _models)
    if made is _models:  # None is a model too: there was nothing to learn from
        data = store.get_bytes(SCALE_MODEL, key)
        made = models.loads(data, name="The kept scale of ranges") if data else _of_numbers(study, candidate)[1]
        _remember(_models, key, made)
    return made


def _remember(memory: OrderedDict[str, Any], key: str, value: Any) -> None:
    with _lock:
        memory[key] = value
        memory.move_to_end(key)
        while len(memory) > KEPT:
            memory.popitem(last=False)


def _calibration(study: Study, candidate: str) -> tuple[np.ndarray[Any, Any], WhyNoRange]:
    """Return the positions of the calibration rows, and why they cannot be used."""
    if study.candidate(candidate).given_fitted and study.split_by != "labels":
        return np.zeros(0, dtype=np.int64), "unknown history"
    known = study.frame[study.target].notna().to_numpy()
    at = np.flatnonzero((study.split == CALIBRATION).to_numpy() & known)
    return at, "" if at.size else "no calibration rows"


def _of_classes(study: Study, candidate: str) -> Basis:
    from explainers.metrics import recorded
    from explainers.predict import stored

    at, why = _calibration(study, candidate)
    answers = stored(study, candidate).to_numpy()[at] if at.size else np.empty((0, len(study.classes)))
    codes = recorded(study, at) if at.size else np.zeros(0, dtype=np.int64)
    beta, covariance = np.empty(0), np.empty((0, 0))
    actual = codes.astype(np.float64)
    if at.size and len(np.unique(codes)) < 2:
        why = "one class"
    if len(study.classes) == 2:
        focus = study.classes.index(study.positive)
        answers, actual = answers[:, focus], (codes == focus).astype(np.float64)
        curve = frequencies.fit(answers, actual) if not why else None
        beta, covariance = curve if curve is not None else (beta, covariance)
    return Basis(
        why=why,
        answers=np.ascontiguousarray(answers),
        recorded=actual,
        at=at,
        scales=np.empty(0),
        scaled=False,
        edges=np.empty(0),
        few=False,
        beta=beta,
        covariance=covariance,
        formula=None,
        floor=-np.inf,
        ceiling=np.inf,
    )


def _of_numbers(study: Study, candidate: str) -> tuple[Basis, Any]:
    from explainers.intervals import spread
    from explainers.predict import check_cases, stored

    at, why = _calibration(study, candidate)
    answers = stored(study, candidate).to_numpy()[:, 0]
    actual = study.frame[study.target].to_numpy(dtype=np.float64, na_value=np.nan)
    train = (study.split == TRAIN).to_numpy()
    every = check_cases(study, candidate, study.frame)
    values = np.unique(answers[train] if train.any() else answers)
    few = len(values) <= frequencies.FEW_SCORES
    scales, model, edges = np.ones(len(answers)), None, (values[1:] + values[:-1]) / 2
    if not few and not why:
        edges = _fifths(answers[train])
        try:
            held_out = spread.out_of_fold(study, candidate)
            edges = _fifths(held_out[np.isfinite(held_out)])
            model = spread.learn(study, candidate, held_out)
        except BakeoffError:
            model = None  # too few rows to fold: ranges are made without a scale
        scales = spread.scales(model, every, answers)
    formula = spread.formula_parts(study, candidate, every) if why != "unknown history" else None
    if formula is not None:
        formula["student"] = {level: student(level, formula["free"]) for level in LEVELS}
    return Basis(
        why=why,
        answers=answers[at],
        recorded=actual[at],
        at=at,
        scales=scales,
        scaled=model is not None,
        edges=edges,
        few=few,
        beta=np.empty(0),
        covariance=np.empty((0, 0)),
        formula=formula,
        floor=_floor(study, actual[train]),
        ceiling=np.inf if (top := study.dictionary[study.target].maximum) is None else float(top),
    ), model


def _floor(study: Study, trained: Array) -> float:
    """Return what no range goes below: the dictionary's minimum, or 0 where no training row is below 0."""
    least = study.dictionary[study.target].minimum
    if least is not None:
        return float(least)
    known = trained[np.isfinite(trained)]
    return 0.0 if known.size and known.min() >= 0 else -np.inf


def _fifths(answers: Array) -> Array:
    return np.unique(np.quantile(answers, np.arange(1, BINS) / BINS)) if answers.size else np.empty(0)


def student(level: float, free: float) -> float:
    """Return the two-sided quantile of Student's distribution."""
    from scipy.stats import t

    return float(t.ppf(0.5 + level / 2, free))
