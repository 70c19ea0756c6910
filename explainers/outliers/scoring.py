"""How unlike anything seen a case is: one number, counted on rows that nothing was learned from, with its reasons."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable

import numpy as np
import pandas as pd

from explainers import store
from explainers.errors import CaseError
from explainers.fields import FloatArray
from explainers.outliers import detector as detectors
from explainers.outliers.detector import PARTS, Detector, Marks
from explainers.outliers.pairs import Ints
from explainers.outliers.reasons import Past, oddities
from explainers.results_unusual import Unusual
from explainers.study import TRAIN, UNKNOWN, Study, data_key

KIND = "detector"
VERSION = 1
"""Of what is kept of a detector; raised where it is learned otherwise."""
FEWEST, ENOUGH = 50, 500
"""Held-out rows from which 1 in 20 is claimed, and 1 in 100; with fewer nothing is said of shares."""
BEHIND = 5
"""From so many rows on, the finest share is that of so many of them."""
KEPT = 6
_at_hand: OrderedDict[Hashable, tuple[Detector, Past]] = OrderedDict()


def unusual(study: Study, cases: pd.DataFrame | str, *, candidate: str | None = None) -> Unusual:
    """Return how unlike anything seen some cases are, typed in or stored, each with its reasons.

    The score is the largest of five calibrated parts: how far out the furthest number is (ranks, with a generalised
    Pareto tail beyond them), how far out the others are together, how badly the numbers go together (Mahalanobis
    distance of normal scores), how rare the rarest level or gap is, how rare two values are together. The share is the
    conformal p-value (Vovk, Gammerman and Shafer 2005; Bates et al. 2023, doi:10.1214/22-AOS2244): (1 + held-out rows
    at least as unusual) / (held-out rows + 1), where nothing was learned from the held-out rows. A held-out row is
    compared with the others.

    Parameters
    ----------
    study : Study
    cases : DataFrame of shape (n_cases, at least the columns looked at), or str
        Raw feature columns; or the id of one case.
    candidate : str, optional
        Look at the columns that this candidate is given; by default at the study's inputs, without protected ones.

    Returns
    -------
    Unusual
        With fewer than 50 held-out rows it says nothing of shares, with fewer than 500 nothing finer than 1 in 20.

    Raises
    ------
    CaseError
        There is no such case, or a column is not there.
    CandidateError
        There is no such candidate.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> frame = pd.DataFrame({"size": rng.normal(100, 20, 1500), "sold": rng.choice(["no", "yes"], 1500)})
    >>> study = Study.from_frame(frame, target="sold", candidates={"no_model": "no_model"})
    >>> found = unusual(study, pd.DataFrame({"size": [101.0, 400.0]}))
    >>> found.at_1_in_100, found.kinds[1], found.reasons[1][0].features
    ((False, True), 'far', ('size',))
    """
    names = columns(study, candidate)
    frame = study.row(cases) if isinstance(cases, str) else cases
    lacking = [name for name in names if name not in frame.columns]
    if lacking:
        raise CaseError(
            f"The {study.case} lacks the columns {', '.join(lacking)}. Give every input, empty if not known."
        )
    frame = frame[list(names)]
    detector, past = _ready(study, names)
    rows = detectors.read_rows(detector.learned, frame)
    scored = detectors.score(detector.learned, rows)
    calibrated = detectors.totals(detector.parts, scored.raw)
    scores = detectors.total(calibrated)
    counts, compared = _counted(detector, detectors.marks(rows), scores)
    n = detector.held.size
    shares = (1 + counts) / (compared + 1) if n >= FEWEST else np.full(len(frame), np.nan)
    reasons = tuple(oddities(past, scored, calibrated, frame, row) for row in range(len(frame)))
    return Unusual(
        cases=frame,
        feature_names=names,
        scores=scores,
        shares=shares,
        counts=tuple(map(int, counts)),
        compared=tuple(map(int, compared)),
        n_held_out=n,
        finest=BEHIND / n if n >= ENOUGH else 1 / 20 if n >= FEWEST else None,
        rows=detector.rows,
        n_training=detector.learned.n,
        at_1_in_100=tuple(bool(s <= 1 / 100) if n >= ENOUGH else None for s in shares),
        at_1_in_20=tuple(bool(s <= 1 / 20) if n >= FEWEST else None for s in shares),
        kinds=tuple(r[0].kind if r else "nothing" for r in reasons),
        reasons=reasons,
        part_names=PARTS,
        parts=calibrated,
    )


def _counted(detector: Detector, marks: Marks, scores: FloatArray) -> tuple[Ints, Ints]:
    """Return how many held-out rows are at least as unusual, and out of how many, a row itself not counted."""
    n = detector.held.size
    near = scores - 1e-9 * (1 + np.abs(scores))  # the same row scored alone may differ in its last digits
    counts = n - np.searchsorted(detector.held, near, side="left")
    if not n:
        return counts, np.zeros_like(counts)
    at = np.minimum(np.searchsorted(detector.marks, marks), n - 1)
    own = (detector.marks[at] == marks).astype(counts.dtype)
    return counts - own, n - own


def columns(study: Study, candidate: str | None = None) -> tuple[str, ...]:
    """Return the columns that are looked at: those of a candidate, else the study's inputs."""
    names = study.inputs if candidate is None else study.candidate(candidate).features
    return tuple(n for n in names if n in study.frame.columns)


def detector_key(study: Study, names: tuple[str, ...]) -> str:
    """Return the key of a detector: the data, the columns, and the order of ordered levels."""
    data = study.data_key or data_key(study.frame, study.dictionary, study.split)
    orders = [
        [n, list(map(str, study.dictionary[n].level_labels))] for n in names if study.dictionary[n].kind == "ordered"
    ]
    return store.key(KIND, VERSION, data, list(names), orders)


def ready(study: Study, candidate: str | None = None) -> bool:
    """Whether a case can be scored at once, because the detector was learned before."""
    key = detector_key(study, columns(study, candidate))
    return key in _at_hand or store.has(KIND, key)


def prepare(study: Study) -> int:
    """Learn and keep the detector of every set of columns that options of the study are given.

    Returns
    -------
    int
        How many sets of columns there are, the study's inputs among them.
    """
    sets = dict.fromkeys([columns(study), *(columns(study, name) for name in study.candidates)])
    for names in sets:
        if not store.has(KIND, detector_key(study, names)):
            _ready(study, names)
    return len(sets)


def _ready(study: Study, names: tuple[str, ...]) -> tuple[Detector, Past]:
    """Return the detector from memory, else from the store, else learned now."""
    key = detector_key(study, names)
    if key in _at_hand:
        _at_hand.move_to_end(key)
        return _at_hand[key]
    kept = store.get(KIND, key)
    if kept is None:
        detector = detectors.learn(study, names)
        store.put(KIND, key, detectors.packed(detector))
    else:
        detector = detectors.unpacked(kept)
    label = study.split.to_numpy()
    train = label == TRAIN
    past = study.frame.loc[train if train.any() else label == UNKNOWN, list(names)]
    _at_hand[key] = (detector, Past(detector.learned, past, {}, {}))
    while len(_at_hand) > KEPT:
        _at_hand.popitem(last=False)
    return _at_hand[key]
