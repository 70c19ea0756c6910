"""What an option may decide alone, the rest going to a person: every rule, its errors and the work that remains."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from explainers import calibration, metrics
from explainers.costs.assuming import CURRENCY
from explainers.costs.assuming import assumptions as figures_of
from explainers.costs.figures import EXAMPLES as ASSUMED
from explainers.errors import CandidateError
from explainers.metrics import Array, IntArray
from explainers.metrics.measures import chosen as chosen_class
from explainers.reasons import one_two_five
from explainers.results import Triage, TriageRule
from explainers.study import CALIBRATION, TEST

if TYPE_CHECKING:
    from explainers.study import Study

RESULT_VERSION = 1
LEVEL = 0.95
RULES = 20
LEAST_ALONE = 20  # set-aside cases below which a rule is not chosen
FIGURES = ("most_off", "minutes_per_case", "hourly_rate", "cases_per_month")
EXAMPLES: Mapping[str, Any] = {name: ASSUMED[name] for name in FIGURES} | {"currency": CURRENCY}


def assumptions(study: Study) -> dict[str, Any]:
    """Return the figures that a triage rests on: the study's own, else examples.

    Returns
    -------
    dict
        most_off (share), minutes_per_case, hourly_rate, cases_per_month, currency, and confirmed: whether the study's
        assumptions name who confirmed them (``confirmed_by``).
    """
    found = figures_of(study)
    return {n: found.values[n] for n in FIGURES} | {
        "currency": found.currency,
        "confirmed": bool(found.confirmed_by),
    }


def triage(
    study: Study,
    candidate: str,
    *,
    most_off: float | None = None,
    cuts: Sequence[float] | None = None,
    tolerance: float | None = None,
    sureness: Any = None,
    minutes_per_case: float | None = None,
    hourly_rate: float | None = None,
    cases_per_month: float | None = None,
    currency: str | None = None,
    confirmed: bool | None = None,
) -> Triage:
    """Say what an option could decide alone, how often it would be off there, and what the rest costs.

    Parameters
    ----------
    study : Study
        The study; its assumptions give the figures that are not given here, else examples do.
    candidate : str
        Name of the candidate; built on the way if it is not.
    most_off : float, optional
        Share of the cases decided alone that may be off, each way: an answer for somebody is held to the same share as
        an answer against.
    cuts : sequence of float, optional
        The rule to measure: from which sureness on each class is decided alone (in the order of ``study.classes``;
        one cut for numbers). By default it is chosen on set-aside rows.
    tolerance : float, optional
        Numbers: off means further from the record than this. By default twice the usual error, an example figure.
    sureness : ndarray of shape (len(study.frame),), optional
        How sure the option is of each row, more is surer. By default the chance of the class that it decides for; for
        numbers how narrow the range of :func:`explainers.intervals.interval` is.
    minutes_per_case, hourly_rate, cases_per_month, currency, confirmed
        A person's time for one case, its price, cases a month, and whether somebody confirmed these.

    Returns
    -------
    Triage
        Rules from everything decided alone to nothing, each measured on never-seen rows; and the chosen one. It is
        chosen on set-aside (calibration) rows, for each class by itself: the lowest cut with at least 20 cases at which
        the upper end of the share that is off is within what is allowed. None: there is none.

    Raises
    ------
    CandidateError
        There are no never-seen rows, cuts are too few or too many, or the option gives numbers without ranges.

    Examples
    --------
    >>> from explainers import Study
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"size": [float(i % 10) for i in range(500)]})
    >>> frame["sold"] = (frame["size"] > 4).map({True: "yes", False: "no"})
    >>> study = Study.from_frame(frame, target="sold", candidates={"tree": "tree"})
    >>> found = triage(study, "tree", most_off=0.1)
    >>> found.chosen.alone, found.chosen.off, found.chosen.person
    ((50, 50), (0, 0), 0)
    """
    figures = assumptions(study)
    own = {
        "most_off": most_off,
        "minutes_per_case": minutes_per_case,
        "hourly_rate": hourly_rate,
        "cases_per_month": cases_per_month,
        "currency": currency,
        "confirmed": confirmed,
    }
    figures |= {k: v for k, v in own.items() if v is not None}
    at, said_of = metrics.measured_rows(study, candidate, (TEST,))
    if not at.size:
        raise CandidateError(f"{study.title!r} has no never-seen rows with a recorded outcome. Label some rows test.")
    answers = _Answers.of(study, candidate, tolerance, sureness)
    aside = metrics.measured_rows(study, candidate, (CALIBRATION,))[0] if said_of == "test" else at[:0]
    rest = _Measuring(study, answers, figures)
    grid = _grid(answers.sure[aside if aside.size else at])
    picked = tuple(map(float, cuts)) if cuts is not None else rest.pick(aside)
    if picked is not None and len(picked) != answers.n_ways:
        raise CandidateError(f"Expected {answers.n_ways} cuts, one for each outcome, got {len(picked)}.")
    return Triage(
        candidate=candidate,
        kind=answers.kind,
        outcomes=tuple(study.classes),
        rules=tuple(rest.rule((cut,) * answers.n_ways, at) for cut in grid),
        chosen=rest.rule(picked, at) if picked is not None and min(picked) < math.inf else None,
        allowed=float(figures["most_off"]),
        allowed_given=most_off is not None or study.assumptions.get("most_off") is not None,
        tolerance=answers.tolerance,
        level=LEVEL,
        n=int(at.size),
        rows=said_of,
        n_chosen_on=0 if cuts is not None else int(aside.size),
        minutes=float(figures["minutes_per_case"]),
        hourly=float(figures["hourly_rate"]),
        monthly=float(figures["cases_per_month"]),
        currency=str(figures["currency"]),
        confirmed=bool(figures["confirmed"]),
    )


@dataclass(frozen=True, slots=True)
class _Answers:
    """What the option decides for every row, how sure it is, and whether the record says otherwise."""

    kind: Literal["two classes", "several classes", "numbers"]
    way: IntArray
    sure: Array
    off: Any
    n_ways: int
    tolerance: float | None

    @classmethod
    def of(cls, study: Study, candidate: str, tolerance: float | None, sureness: Any) -> _Answers:
        from explainers.predict import stored

        said = stored(study, candidate).to_numpy(dtype=np.float64)
        known = study.frame[study.target].notna().to_numpy()
        everything = np.arange(len(said))
        given = None if sureness is None else np.asarray(sureness, dtype=np.float64)
        if study.task == "classification":
            way = chosen_class(said, metrics.focus_of(study), study.threshold)
            actual = np.full(len(said), -1)
            actual[known] = metrics.recorded(study, np.flatnonzero(known))
            k = len(study.classes)
            sure = said[everything, way] if given is None else given
            return cls("two classes" if k == 2 else "several classes", way, sure, way != actual, k, None)
        off_by = np.abs(said[:, 0] - study.frame[study.target].to_numpy(dtype=np.float64, na_value=np.nan))
        if tolerance is None:
            usual = study.candidate(candidate).typical_error or float(np.nanmean(off_by)) or 1.0
            tolerance = float(study.assumptions.get("tolerance") or one_two_five(2 * usual).size)
        sure = _narrowness(study, candidate) if given is None else given
        return cls("numbers", np.zeros(len(said), dtype=np.int64), sure, off_by > tolerance, 1, tolerance)


def _narrowness(study: Study, candidate: str) -> Array:
    """Return minus the width of each row's range: narrow ranges are sure ones."""
    from explainers.intervals import interval

    found = interval(study, candidate, study.frame)
    if found.method == "none" or not np.isfinite(found.upper - found.lower).any():
        raise CandidateError(
            f"The option {candidate!r} has no ranges here, so nothing says of which numbers it is sure. "
            "Hand in how sure it is of each row as sureness, or set rows aside for ranges."
        )
    return np.asarray(found.lower - found.upper, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class _Measuring:
    study: Study
    answers: _Answers
    figures: Mapping[str, Any]

    def rule(self, cuts: tuple[float, ...], at: IntArray) -> TriageRule:
        """Return what a rule does on these rows."""
        a = self.answers
        way, off = a.way[at], a.off[at]
        alone = a.sure[at] >= np.asarray(cuts)[way] - 1e-12
        groups = metrics.groups_of(self.study, at)
        each = [alone & (way == k) for k in range(a.n_ways)]
        ranges = [_share(off, mask, groups) for mask in each]
        error, lower, upper = _share(off, alone, groups)
        person = int((~alone).sum())
        hours = person / len(at) * float(self.figures["cases_per_month"]) * float(self.figures["minutes_per_case"]) / 60
        low, high = self._band(cuts)
        return TriageRule(
            cuts=cuts,
            low=low,
            high=high,
            alone=tuple(int(m.sum()) for m in each),
            off=tuple(int((m & off).sum()) for m in each),
            person=person,
            error=error,
            lower=lower,
            upper=upper,
            lower_each=tuple(r[1] for r in ranges),
            upper_each=tuple(r[2] for r in ranges),
            hours=hours,
            money=hours * float(self.figures["hourly_rate"]),
        )

    def _band(self, cuts: tuple[float, ...]) -> tuple[float | None, float | None]:
        """Return the chances of the class in focus between which a person decides, for two classes."""
        if self.answers.kind != "two classes":
            return None, None
        focus, threshold = metrics.focus_of(self.study), self.study.threshold
        low, high = 1 - cuts[1 - focus], max(cuts[focus], threshold)
        return (None if low < 0 else min(low, threshold)), (None if high > 1 else high)

    def pick(self, at: IntArray) -> tuple[float, ...] | None:
        """Return the lowest cuts that keep to what is allowed on these rows, infinite where there is none."""
        a, allowed = self.answers, float(self.figures["most_off"])
        if not at.size:
            return None
        groups = metrics.groups_of(self.study, at)
        out = []
        for k in range(a.n_ways):
            mine = a.way[at] == k
            found = math.inf
            for cut in _grid(a.sure[at][mine], 40)[:-1]:
                mask = mine & (a.sure[at] >= cut - 1e-12)
                upper = _share(a.off[at], mask, groups)[2]
                if mask.sum() >= LEAST_ALONE and upper is not None and upper <= allowed:
                    found = cut
                    break
            out.append(found)
        return tuple(out)


def _share(off: Any, mask: Any, groups: IntArray | None) -> tuple[float | None, float | None, float | None]:
    """Return the share that is off among some rows, with Wilson's range; None where there are no rows."""
    if not mask.any():
        return None, None, None
    each = np.asarray(off[mask], dtype=np.float64)
    n = calibration.effective_rows(each, None if groups is None else groups[mask])
    lower, upper = calibration.wilson(np.array([each.mean()]), np.array([n]), NormalDist().inv_cdf(0.5 + LEVEL / 2))
    return float(each.mean()), float(lower[0]), float(upper[0])


def _grid(sure: Array, most: int = RULES) -> list[float]:
    """Return cuts from below everything to above it: everything alone first, nothing alone last."""
    finite = sure[np.isfinite(sure)]
    if not finite.size:
        return [math.inf]
    cuts = np.unique(np.quantile(finite, np.arange(1, most) / most, method="lower"))
    return [-math.inf, *cuts[cuts > finite.min()].tolist(), math.inf]
