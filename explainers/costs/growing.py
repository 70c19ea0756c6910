"""What an option takes and how good it is with fewer training rows, and whether more of them would help."""

from __future__ import annotations

import math
from statistics import fmean, median
from typing import TYPE_CHECKING, Any

import numpy as np

from explainers.costs import timing
from explainers.costs.drawing import draws
from explainers.costs.running import Progress, ask
from explainers.costs.sending import UnsendableError, as_bytes
from explainers.errors import CandidateError
from explainers.results import Growth, GrowthStep, RowsTaken, WhyNoGrowth

if TYPE_CHECKING:
    from explainers.costs.pooling import Asked
    from explainers.study import Candidate, Study

KIND = "growth"
SHARES = (0.25, 0.5)
MOST_DRAWS = 10
LEAST_ROWS = 20
MAX_SECONDS = 600.0
REPEAT_SECONDS = 0.1
QUICK_SECONDS = 0.02
"""Below this fitting is mostly what is done once whatever the number of rows."""
MOST_ASKED = 20_000


def growth_key(study: Study, candidate: str) -> str:
    """Return the key under which the growth of an option is kept, kind ``"growth"``.

    Raises
    ------
    CandidateError
        There is no such candidate.
    """
    from explainers import keys, store
    from explainers.build import candidate_key
    from explainers.metrics import together

    option = study.candidate(candidate)
    made = option.key or candidate_key(study, option)
    declared = [study.metric, study.margin, float(study.threshold), str(study.positive)]
    apart = [study.split_by, together(study) or ""]
    return store.key(KIND, keys.result_version("costs"), made, option.given_fitted, study.data_key, declared, apart)


def growth(
    study: Study,
    candidate: str,
    *,
    max_seconds: float = MAX_SECONDS,
    random_state: int = 0,
    progress: Progress | None = None,
) -> Growth:
    """Fit an option to a quarter, half and all of its training rows: what that takes, and whether more would help.

    Parameters
    ----------
    study : Study
        The study; the option need not be built.
    candidate : str
        Name of the candidate.
    max_seconds : float
        Time for all of it; then what is known so far is returned, and said to be cut short.
    random_state : int
        Seed of the draws.
    progress : callable, optional
        Called with the share done and what is being done.

    Returns
    -------
    Growth
        ``why`` says so where it cannot be tried: an option that came fitted, fewer than 20 training rows.

    Raises
    ------
    CandidateError
        There is no such candidate.
    JobError
        Its process could not be started, was ended from outside, or memory ran out. Nothing is kept then.

    Notes
    -----
    Smaller studies are drawn up to ten times (fewer where one fit takes seconds), so that one lucky half decides
    nothing; see :func:`explainers.costs.drawing.draws` for how. All fits answer the same never-seen rows. The
    difference between all rows and half of them is paired on these, and its range counts how far the draws differ
    (:func:`explainers.costs.pooling.pooled`). It is about these rows: how far another draw of all of them would have
    differed is not in it. What doubling the rows would bring is not measured: with most options it
    is less than what the last doubling brought.

    References
    ----------
    Viering and Loog (2023), The shape of learning curves: a
    review, https://doi.org/10.1109/TPAMI.2022.3220744

    Examples
    --------
    >>> from explainers import Study
    >>> import pandas as pd
    >>> size = [float(i % 10) for i in range(300)]
    >>> frame = pd.DataFrame({"size": size, "price": [3 * s for s in size]})
    >>> study = Study.from_frame(frame, target="price", candidates={"formula": "formula"})
    >>> growth(study, "formula").more_data.verdict  # doctest: +SKIP
    'about the same'
    """
    from explainers import store

    place = growth_key(study, candidate)
    kept = store.get(KIND, place) if random_state == 0 else None
    if isinstance(kept, Growth) and not (kept.cut_short and max_seconds > MAX_SECONDS):
        return kept
    found = _growth(study, study.candidate(candidate), max_seconds, random_state, progress)
    if random_state == 0:
        store.put(KIND, place, found)
    return found


def _growth(
    study: Study, option: Candidate, max_seconds: float, random_state: int, progress: Progress | None
) -> Growth:
    from explainers.metrics import measured_rows
    from explainers.metrics.differing import measure_of

    training = study.training()
    at, said_of = measured_rows(study, option.name, ("test",))
    at = np.setdiff1d(at, training)
    if at.size > MOST_ASKED:
        at = np.sort(np.random.default_rng(random_state).choice(at, MOST_ASKED, replace=False))
    common: dict[str, Any] = {
        "candidate": option.name,
        "metric": measure_of(study),
        "n_training": int(training.size),
        "n": int(at.size),
        "rows": said_of,
        "machine": timing.machine(),
    }
    if _came_fitted(study, option):
        return _nothing("came fitted", common)
    if training.size < LEAST_ROWS:
        return _nothing("too few rows", common)
    taken, found = draws(study, SHARES, MOST_DRAWS, random_state=random_state)
    rows = np.sort(np.concatenate([training, at]))
    plan = [{"share": 1.0, "rows": [_within(rows, training)]}]
    for share in sorted(SHARES, reverse=True):
        plan.append({"share": share, "rows": [_within(rows, r) for r in found[share] if r.size < training.size]})
    try:
        said, cut = _ask(study, option, rows, plan, _within(rows, at), max_seconds, progress)
    except CandidateError as error:
        return _nothing("cannot be fitted", common, error.message)
    if said is None or not said["steps"]:
        failed = next(iter(said["failed"].values()), "") if said else ""
        return _nothing("cannot be fitted" if failed else "too slow", {**common, "cut_short": not failed}, failed)
    return _told(study, at, said, {**common, "taken": taken, "cut_short": cut or bool(said.get("cut_short"))})


def _came_fitted(study: Study, option: Candidate) -> bool:
    from explainers import identity

    if option.given_fitted:
        return True
    return bool(option.file) and identity.came_fitted(option, identity.given_estimator(study, option))


def _nothing(why: WhyNoGrowth, common: dict[str, Any], detail: str = "") -> Growth:
    return Growth(why=why, detail=detail, **common)


def _within(rows: np.ndarray[Any, Any], some: np.ndarray[Any, Any]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return the places of some rows among those that are sent."""
    return np.asarray(np.searchsorted(rows, some), dtype=np.int64)


def _ask(
    study: Study,
    option: Candidate,
    rows: np.ndarray[Any, np.dtype[np.int64]],
    plan: list[dict[str, Any]],
    at: np.ndarray[Any, np.dtype[np.int64]],
    max_seconds: float,
    progress: Progress | None,
) -> tuple[dict[str, Any] | None, bool]:
    tell = progress or (lambda _share, _doing: None)
    tell(0.0, "starting a process to measure in")
    try:
        request = as_bytes(study, option.name, rows, plan=plan, at=at, least=REPEAT_SECONDS)
    except UnsendableError:
        from explainers.costs.trying import take_growth

        part = study.replace(frame=study.frame.iloc[rows], split=study.split.iloc[rows])
        found = take_growth(
            part,
            option.name,
            seconds=max_seconds,
            tell=tell,
            keep=lambda _: None,
            plan=plan,
            at=at,
            least=REPEAT_SECONDS,
        )
        return found, bool(found["cut_short"])
    return ask("growth", request, seconds=max_seconds, label=option.label, progress=progress)


def _told(study: Study, at: np.ndarray[Any, Any], said: dict[str, Any], common: dict[str, Any]) -> Growth:
    from explainers.costs.pooling import Asked

    asked = _asked(study, common["metric"], at, common["rows"], said["steps"]) if at.size else None
    common = {**common, "metric": asked.metric if asked is not None else common["metric"]}
    steps = tuple(_step(s, asked) for s in sorted(said["steps"], key=lambda s: s["share"]))
    by_share = {s["share"]: s for s in said["steps"]}
    whole, half = by_share.get(1.0), by_share.get(0.5)
    gain = None
    if isinstance(asked, Asked) and whole is not None and half is not None:
        margin = float(study.margin) if study.margin is not None and asked.metric == study.metric else None
        gain = asked.gain(common["candidate"], whole["answers"][0], half["answers"], margin=margin)
    quick = not whole or median(whole["cpu"]) < QUICK_SECONDS
    return Growth(
        steps=steps,
        more_data=gain,
        times_as_long=None if quick or half is None or whole is None else median(whole["cpu"]) / median(half["cpu"]),
        exponent=None if quick else _slope(steps),
        detail="; ".join(dict.fromkeys(said.get("failed", {}).values())),
        **common,
    )


def _asked(study: Study, metric: str, at: np.ndarray[Any, Any], said_of: str, steps: list[dict[str, Any]]) -> Asked:
    """Return the rows that were asked, in the declared measure, or in the plain one where they cannot give it."""
    from explainers.costs.pooling import Asked

    first = Asked(study, metric, at, said_of)
    if all(first.value(a) is not None for step in steps for a in step["answers"]):
        return first
    return Asked(study, "log_loss" if study.classes else "mae", at, said_of)


def _step(step: dict[str, Any], asked: Asked | None) -> GrowthStep:
    return GrowthStep(
        share=step["share"],
        rows=round(fmean(step["rows"])),
        draws=len(step["rows"]),
        train_cpu_seconds=median(step["cpu"]),
        predict_ms_per_1000=median(step["per_1000"]),
        measured=asked.measured(step["answers"], drawn=step["share"] < 1) if asked is not None else None,
    )


def _slope(steps: tuple[GrowthStep, ...]) -> float | None:
    """Return the slope of the log of processor seconds on the log of rows."""
    x = np.log([s.rows for s in steps])
    y = np.log([max(s.train_cpu_seconds, 1e-9) for s in steps])
    if len(steps) < 2 or float(np.ptp(x)) == 0:
        return None
    slope = float(((x - x.mean()) * (y - y.mean())).sum() / ((x - x.mean()) ** 2).sum())
    return slope if math.isfinite(slope) else None


__all__ = ["KIND", "Growth", "RowsTaken", "growth", "growth_key"]
