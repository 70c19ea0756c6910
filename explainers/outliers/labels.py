"""Rows whose recorded outcome is worth a check, and how well such a list does when it is measured."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from explainers.errors import BakeoffError, StudyError
from explainers.outliers import folded, outcomes
from explainers.results import Suspect, Suspicious, WhyNoCheck

if TYPE_CHECKING:
    from explainers.study import Study

RESULT_VERSION = 1
SHOWN = 100
NEIGHBOURS = 20
FEWEST = 30
"""Rows with a recorded outcome below which no list is made."""
FEWEST_MEASURED = 200
"""Rows below which a list cannot be measured: too few outcomes could be changed."""
PLANTED = 0.05
TRIALS, ONCE_FROM = 3, 20_000
FAR = 3.0
"""Numbers are listed from so many times the usual distance on; classes where another one is expected."""


def suspicious_labels(study: Study, *, random_state: int = 0, trials: int | None = None) -> Suspicious:
    """Return rows whose recorded outcome is worth a check, the oddest first.

    A stock option (boosting) is fitted to folds of all rows with a recorded outcome (by time or group where the split
    is), so that each row is judged by a fit that never saw it. Classes are ranked by the probability of the recorded
    class, numbers by their distance from what is expected, in units of the usual distance of such rows. The list is
    then measured: 5% of the outcomes are changed on purpose (classes: to another class drawn by lot; numbers: exchanged
    between rows drawn by lot), everything is done again, and the changed ones among the first rows are counted.

    Parameters
    ----------
    study : Study
        The study; its outcomes may be classes or numbers.
    random_state : int
        Seed of the trials.
    trials : int, optional
        How often the list is measured; by default three times, once where there are more than 20,000 rows.

    Returns
    -------
    Suspicious
        A row on the list is worth a check: it may be as true as any other. Outcomes that are odd in the data already
        count against the measured share, which is therefore cautious; outcomes that go astray in a pattern are found
        less often than those that were changed by lot.

    Notes
    -----
    Ranking by out-of-fold probability: Northcutt, Jiang and Chuang (2021), https://doi.org/10.1613/jair.1.12125

    Examples
    --------
    >>> from explainers import Study
    >>> x = [float(i) for i in range(100)]
    >>> sold = ["yes" if v >= 50 else "no" for v in x]
    >>> sold[5] = "yes"
    >>> study = Study.from_frame(pd.DataFrame({"size": x, "sold": sold}), target="sold", candidates=["no_model"])
    >>> suspicious_labels(study).suspects[0].id
    '5'
    """
    kind = "classes" if study.classes else "numbers"
    target = study.frame[study.target]
    known = np.flatnonzero(target.notna().to_numpy())
    why = _why(study, known)
    if why:
        return _nothing(study, kind, why)
    try:
        folds = folded.in_folds(study)
    except StudyError:
        return _nothing(study, kind, "no rows to fold")
    whole = folded.every_row(study)
    try:
        judged = outcomes.judge(whole, folded.answers(whole, folds), target)
    except BakeoffError:
        return _nothing(study, kind, "cannot be judged")
    scored = np.flatnonzero(np.isfinite(judged.score))
    worth = scored[_worth(study, judged, target)[scored]]
    order = worth[np.argsort(-judged.score[worth], kind="stable")][:SHOWN]
    times = trials if trials is not None else TRIALS if scored.size <= ONCE_FROM else 1
    enough = scored.size >= FEWEST_MEASURED and times > 0
    trial = _trials(whole, folds, scored, times, random_state) if enough else {}
    return Suspicious(
        kind="classes" if study.classes else "numbers",
        suspects=tuple(_suspect(study, int(at), judged) for at in order),
        scores=judged.score,
        n_worth=int(worth.size),
        n_scored=int(scored.size),
        n_unscored=len(study.frame) - int(scored.size),
        n_folds=len(folds),
        options=(folded.RECIPE,),
        scale=judged.scale,
        **trial,
    )


def _why(study: Study, known: np.ndarray) -> WhyNoCheck:
    if len(known) < FEWEST or not study.inputs:
        return "too few rows"
    return "one outcome" if study.frame[study.target].iloc[known].nunique() < 2 else ""


def _nothing(study: Study, kind: Any, why: WhyNoCheck) -> Suspicious:
    n = len(study.frame)
    return Suspicious(kind=kind, why=why, scores=np.full(n, np.nan), n_scored=0, n_unscored=n, n_folds=0, options=())


def _worth(study: Study, judged: outcomes.Judged, target: pd.Series) -> np.ndarray:
    """Return which rows are worth a check at all: a list that goes on for its own sake would tire its reader."""
    if not study.classes:
        return np.asarray(judged.score >= FAR)
    from explainers.predict import place_of

    return np.asarray(place_of(study.classes, target.astype(object).to_numpy()) != judged.expected)


# -- the list -----------------------------------------------------------------------------------------------------
def _suspect(study: Study, at: int, judged: outcomes.Judged) -> Suspect:
    from explainers.similar import similar

    given = study.frame[study.target].iloc[at]
    near = similar(study, str(study.case_ids[at]), n=NEIGHBOURS)
    ids = study.dictionary.names("id")
    names = near.rows[ids[0]] if ids and ids[0] in near.rows else near.rows.index.to_series()
    classes = bool(study.classes)
    return Suspect(
        id=str(study.case_ids[at]),
        at=at,
        part=str(study.split.iloc[at]),
        given=given,
        expected=study.classes[int(judged.expected[at])] if classes else float(judged.expected[at]),
        chance=1.0 - float(judged.score[at]) if classes else None,
        off=None if classes else float(given) - float(judged.expected[at]),
        usual=None if classes else float(judged.usual[at]),
        score=float(judged.score[at]),
        neighbours=tuple(names.astype(str).tolist()),
        neighbour_outcomes=near.outcomes,
        alike=sum(o == given for o in near.outcomes) if classes else None,
    )


# -- how well it does ---------------------------------------------------------------------------------------------
def _trials(whole: Study, folds: folded.Folds, scored: np.ndarray, trials: int, random_state: int) -> dict[str, Any]:
    """Change outcomes on purpose, make the list again, and count how many of them it begins with."""
    from explainers.calibration import wilson

    rng = np.random.default_rng(random_state)
    target = whole.frame[whole.target]
    planted = max(2, round(PLANTED * scored.size))
    first = min(SHOWN, planted)
    hits = 0
    for _ in range(trials):
        at = rng.choice(scored, planted, replace=False)
        changed = _changed(whole, target, at, rng)
        judged = outcomes.judge(whole, folded.answers(whole, folds, target=changed), changed)
        score = np.nan_to_num(judged.score, nan=-np.inf)
        hits += int(np.isin(np.argsort(-score, kind="stable")[:first], at).sum())
    looked_at = first * trials
    lower, upper = wilson(np.array([hits / looked_at]), np.array([looked_at]), 1.959964)
    return {
        "first": first,
        "precision": hits / looked_at,
        "precision_lower": float(lower[0]),
        "precision_upper": float(upper[0]),
        "hits": hits,
        "looked_at": looked_at,
        "trials": trials,
        "planted": planted,
        "chance": planted / scored.size,
    }


def _changed(whole: Study, target: pd.Series, at: np.ndarray, rng: np.random.Generator) -> pd.Series:
    """Return outcomes of which some are changed: classes to another one, numbers exchanged among those rows."""
    values = target.astype(object).to_numpy(copy=True)
    if whole.classes:
        from explainers.metrics import recorded

        codes = recorded(whole, at)
        shift = rng.integers(1, len(whole.classes), at.size)
        levels = {int(c): target.iloc[int(at[np.flatnonzero(codes == c)[0]])] for c in np.unique(codes)}
        for place, code in zip(at, (codes + shift) % len(whole.classes), strict=True):
            values[place] = levels.get(int(code), whole.classes[int(code)])
    else:
        values[at] = values[np.roll(at, 1)]  # drawn by lot already, so the next one is any other
    return pd.Series(values, index=target.index, name=target.name).astype(target.dtype)
