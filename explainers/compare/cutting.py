"""From which chance on to flag if answers cost what is assumed: chosen on set-aside rows, counted on never-seen."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from explainers.compare.beside import beside
from explainers.costs.answering import Answered, Rows
from explainers.costs.assuming import assumptions as figures_of
from explainers.costs.averaging import Averages
from explainers.errors import CandidateError
from explainers.metrics import Array, IntArray
from explainers.results import Assumptions, ThresholdChoice
from explainers.study import CALIBRATION

if TYPE_CHECKING:
    from explainers.study import Study

LEAST_ROWS = 30
LEAST_OF_RARER = 5
SHOWN = 60  # cut-offs in the chart


def threshold(
    study: Study, candidate: str, assumptions: Assumptions | Mapping[str, Any] | None = None
) -> ThresholdChoice:
    """Choose from which chance on an option should flag, by what its answers cost.

    Parameters
    ----------
    study : Study
        A study with two classes.
    candidate : str
        Name of the candidate; built on the way if it is not.
    assumptions : Assumptions or mapping, optional
        Figures, or changes of the study's own.

    Returns
    -------
    ThresholdChoice
        The cut-off at which answers to set-aside (calibration) rows cost least, less what right ones bring; of several
        the one nearest to the study's own. Its counts and money are those of never-seen rows. infinite: nothing is
        flagged. With fewer than 30 set-aside rows, or 5 of either outcome among them, the study's own is kept. The
        change is set against the study's own cut-off on the same never-seen rows: in money, and in the share of answers
        as in the record, each with its paired range.

    Raises
    ------
    CandidateError
        The study does not ask for two classes, or no row is left to measure on.

    References
    ----------
    Elkan (2001), The foundations of cost-sensitive learning, IJCAI, 973-978; for a rule of thumb without data: flag
    from (cost of a false alarm) / (cost of a false alarm + cost of a miss) on, where chances can be believed.

    Examples
    --------
    >>> from explainers import Study
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"size": [float(i % 10) for i in range(500)]})
    >>> frame["sold"] = (frame["size"] > 4).map({True: "yes", False: "no"})
    >>> study = Study.from_frame(frame, target="sold", candidates={"tree": "tree"})
    >>> found = threshold(study, "tree", {"wrong:yes:no": 900})
    >>> found.finds, found.misses, found.false_alarms
    (50, 0, 0)
    """
    if len(study.classes) != 2:
        raise CandidateError(
            f"A cut-off is chosen between two outcomes, and {study.title!r} has "
            f"{len(study.classes) or 'numbers'}. Compare its options as they are."
        )
    found = figures_of(study, assumptions)
    rows = Rows.of(study, [candidate])
    if not len(rows):
        raise CandidateError(f"{study.title!r} has no never-seen rows with a recorded outcome. Label some rows test.")
    return chosen(rows, picked(rows, aside(study, [candidate], rows), candidate, found), found, Averages(rows.groups))


def aside(study: Study, names: Sequence[str], rows: Rows) -> Rows:
    """Return the set-aside rows on which cut-offs are chosen; none where options may have seen every row."""
    found = Rows.of(study, names, (CALIBRATION,))
    return found if rows.said_of == "test" else Rows(study, found.at[:0])


def cut_of(aside_: Rows, candidate: str, found: Assumptions) -> tuple[float, int]:
    """Return the cut-off chosen on set-aside rows, and how many rows that rests on; 0: the study's own is kept."""
    known = np.bincount(aside_.actual, minlength=2) if len(aside_) else np.zeros(2, dtype=np.int64)
    if len(aside_) < LEAST_ROWS or int(known.min()) < LEAST_OF_RARER:
        return aside_.study.threshold, 0
    return cheapest(aside_, candidate, found), len(aside_)


def cheapest(rows: Rows, candidate: str, found: Assumptions) -> float:
    """Return the cut-off at which answers to these rows cost least; of several the one nearest to the study's own."""
    cuts, amounts = money_by_cut(rows, candidate, found)
    flagged, passed = rows.money_each_way(found)
    own = np.where(rows.said(candidate)[:, rows.focus] >= rows.study.threshold, flagged, passed)
    most = float(amounts.min()) + 1e-9 * max(1.0, abs(float(amounts.min())))
    if float(own.mean()) <= most:
        return float(rows.study.threshold)
    tied = cuts[amounts <= most]
    return float(tied[int(np.argmin(np.abs(np.minimum(tied, 2.0) - rows.study.threshold)))])


def money_by_cut(rows: Rows, candidate: str, found: Assumptions) -> tuple[Array, Array]:
    """Return every cut-off that tells these rows apart, lowest first, and what each row costs on average with it.

    Cut-offs lie halfway between neighbouring chances; 0 flags all and infinity none.
    """
    n = len(rows)
    flagged, passed = rows.money_each_way(found)
    chances = rows.said(candidate)[:, rows.focus]
    order = np.argsort(chances, kind="stable")
    ordered = chances[order]
    # From the lowest chance on, rows below the cut-off are passed and the others flagged.
    sums = np.concatenate([[0.0], np.cumsum((passed - flagged)[order])]) + float(flagged.sum())
    steps = np.flatnonzero(np.diff(ordered) > 0) + 1
    halfway = (ordered[steps - 1] + ordered[steps]) / 2
    halfway = np.where(halfway > ordered[steps - 1], halfway, ordered[steps])  # neighbours with nothing between them
    places = np.concatenate([[0], steps, [n]]).astype(np.int64)
    return np.concatenate([[0.0], halfway, [math.inf]]), sums[places] / max(n, 1)


@dataclass(frozen=True, slots=True)
class Picked:
    """A cut-off that was chosen, with what the option then answers to the measured rows, and with the study's own."""

    candidate: str
    cut: float
    n_chosen_on: int
    mine: Answered
    usual: Answered

    def gained(self, found: Assumptions) -> Array:
        """Return what the change saves on each row, shape (n,)."""
        return self.usual.money(found.values) - self.mine.money(found.values)


def picked(rows: Rows, aside_: Rows, candidate: str, found: Assumptions) -> Picked:
    """Return the cut-off of one option, chosen on set-aside rows, with its answers to these rows."""
    cut, n = cut_of(aside_, candidate, found)
    usual = rows.study.threshold
    mine, theirs = (rows.answered(candidate, found, cut=c) for c in (cut, usual))
    return Picked(candidate, cut, n, mine, theirs)


def chosen(
    rows: Rows, pick: Picked, found: Assumptions, averages: Averages, raised: Mapping[str, Any] | None = None
) -> ThresholdChoice:
    """Return the choice for one option, counted, priced and set against the study's own cut-off on these rows.

    Parameters
    ----------
    rows : Rows
        The measured rows.
    pick : Picked
        From :func:`picked`.
    found : Assumptions
        What money rests on.
    averages : Averages
        Of these rows.
    raised : mapping, optional
        As :func:`explainers.costs.money.raised_of` gives them; made here by default.
    """
    study, candidate = rows.study, pick.candidate
    now, own = _counts(rows, candidate, pick.cut), _counts(rows, candidate, study.threshold)
    cuts, amounts = money_by_cut(rows, candidate, found)
    shown = _shown(cuts)
    return ThresholdChoice(
        candidate=candidate,
        outcome=study.classes[rows.focus],
        cut=pick.cut,
        usual=study.threshold,
        n_chosen_on=pick.n_chosen_on,
        finds=now[0],
        misses=now[1],
        false_alarms=now[2],
        usual_finds=own[0],
        usual_misses=own[1],
        usual_false_alarms=own[2],
        cuts=tuple(cuts[shown].tolist()),
        money_at=tuple((found.values["cases_per_month"] * amounts[shown]).tolist()),
        **beside(rows, pick.mine, pick.usual, found, averages, raised),
    )


def _counts(rows: Rows, candidate: str, cut: float) -> tuple[int, int, int]:
    """Return found, missed and false alarms."""
    flagged, actual = rows.ways(candidate, cut) == rows.focus, rows.actual == rows.focus
    return int((actual & flagged).sum()), int((actual & ~flagged).sum()), int((~actual & flagged).sum())


def _shown(cuts: Array) -> IntArray:
    """Return places of a few dozen cut-offs, both ends among them."""
    if len(cuts) <= SHOWN:
        return np.arange(len(cuts))
    return np.unique(np.linspace(0, len(cuts) - 1, SHOWN).round().astype(np.int64))
