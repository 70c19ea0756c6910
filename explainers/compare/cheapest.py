"""With several classes: the answer that is expected to cost least, from the chances that an option states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from explainers.compare.beside import beside
from explainers.costs.answering import Answered, Rows
from explainers.costs.assuming import assumptions as figures_of
from explainers.costs.averaging import Averages
from explainers.costs.figures import wrong_name
from explainers.errors import CandidateError
from explainers.metrics import Array, IntArray
from explainers.results import AnswersByCost, Assumptions

if TYPE_CHECKING:
    from explainers.study import Study

ALIKE = 1e-9  # of the dearest price: two answers whose expected costs differ by less are expected to cost the same


def answers_by_cost(
    study: Study, candidate: str, assumptions: Assumptions | Mapping[str, Any] | None = None
) -> AnswersByCost:
    """Give each never-seen case the answer that is expected to cost least, and count what that changes.

    Parameters
    ----------
    study : Study
        A study with three classes or more.
    candidate : str
        Name of the candidate; built on the way if it is not.
    assumptions : Assumptions or mapping, optional
        Figures, or changes of the study's own: prices per two classes, and what a right answer brings.

    Returns
    -------
    AnswersByCost
        Counts and money beside those of the likeliest answer on the same rows, with paired ranges. Where several
        answers are expected to cost the same, the likeliest of them is given.

    Raises
    ------
    CandidateError
        The study does not ask for three classes or more, or no row is left to measure on.

    References
    ----------
    Elkan (2001), The foundations of cost-sensitive learning, IJCAI, 973-978, equation 1.

    Examples
    --------
    >>> from explainers import Study
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"size": [float(i % 9) for i in range(450)]})
    >>> frame["kind"] = ["small", "middle", "large"] * 150
    >>> study = Study.from_frame(frame, target="kind", candidates={"no_model": "no_model"})
    >>> answers_by_cost(study, "no_model", {"wrong:large:small": 900, "wrong:large:middle": 900}).named
    (90, 0, 0)
    """
    if len(study.classes) < 3:
        raise CandidateError(
            f"Answers by cost are for three classes or more, and {study.title!r} has "
            f"{len(study.classes) or 'numbers'}. With two classes a cut-off by cost does the same."
        )
    found = figures_of(study, assumptions)
    rows = Rows.of(study, [candidate])
    if not len(rows):
        raise CandidateError(f"{study.title!r} has no never-seen rows with a recorded outcome. Label some rows test.")
    return chosen(rows, picked(rows, candidate, found), found, Averages(rows.groups))


@dataclass(frozen=True, slots=True)
class Picked:
    """What an option answers by expected cost and by what is likeliest, and what either comes to."""

    candidate: str
    ways: IntArray
    usual_ways: IntArray
    mine: Answered
    usual: Answered

    @property
    def changed(self) -> int:
        """Cases that are answered otherwise."""
        return int((self.ways != self.usual_ways).sum())

    def gained(self, found: Assumptions) -> Array:
        """Return what the change saves on each row, shape (n,)."""
        return self.usual.money(found.values) - self.mine.money(found.values)


def picked(rows: Rows, candidate: str, found: Assumptions) -> Picked:
    """Return an option's answers by expected cost beside its likeliest ones."""
    usual = rows.ways(candidate)
    ways = cheapest_ways(rows.said(candidate), usual, prices(rows.study, found), rows.weights(found))
    return Picked(candidate, ways, usual, rows.answered_by(ways, found), rows.answered_by(usual, found))


def prices(study: Study, found: Assumptions) -> Array:
    """Return what naming a class costs where one is recorded, shape (n_recorded, n_named); below zero what it brings.

    On the diagonal stands what a right answer brings, which no column multiplies.
    """
    v = found.values
    each = [[-v["right"] if a == b else v.get(wrong_name(a, b), v.get("wrong", 0.0)) for b in study.classes]
            for a in study.classes]  # fmt: skip
    return np.array(each, dtype=np.float64)


def cheapest_ways(chances: Array, usual: IntArray, each: Array, weights: Array) -> IntArray:
    """Return the places of the answers that are expected to cost least.

    Parameters
    ----------
    chances : ndarray of shape (n, n_classes)
        What an option states.
    usual : ndarray of shape (n,)
        Its likeliest answers, which are kept where no other is expected to cost less.
    each : ndarray of shape (n_classes, n_classes)
        As :func:`prices` gives it.
    weights : ndarray of shape (n,)
        What multiplies the price of each row's differing answer.

    Examples
    --------
    >>> chances = np.array([[0.5, 0.3, 0.2]])
    >>> each = np.array([[0.0, 1.0, 1.0], [1.0, 0.0, 1.0], [9.0, 1.0, 0.0]])
    >>> cheapest_ways(chances, np.array([0]), each, np.ones(1)).tolist()
    [1]
    """
    right = np.diag(np.diag(each))
    expected = weights[:, None] * (chances @ (each - right)) + chances @ right
    least = expected.min(axis=1)
    own = np.take_along_axis(expected, usual[:, None], axis=1)[:, 0]
    near = ALIKE * float(np.abs(each).max(initial=0.0)) * np.maximum(weights, 1.0)
    # Among answers that are expected to cost the same, the likeliest.
    among = np.where(expected <= (least + near)[:, None], chances, -1.0)
    return np.where(own <= least + near, usual, among.argmax(axis=1)).astype(np.int64)


def chosen(
    rows: Rows, pick: Picked, found: Assumptions, averages: Averages, raised: Mapping[str, Any] | None = None
) -> AnswersByCost:
    """Return answers by cost of one option, counted, priced and set against its likeliest answers on these rows."""
    study = rows.study
    known = study.candidates[pick.candidate].calibrated if pick.candidate in study.candidates else None

    def counts(of: IntArray) -> tuple[int, ...]:
        return tuple(np.bincount(of, minlength=len(study.classes)).tolist())

    return AnswersByCost(
        candidate=pick.candidate,
        outcomes=study.classes,
        recorded=counts(rows.actual),
        finds=counts(rows.actual[pick.ways == rows.actual]),
        usual_finds=counts(rows.actual[pick.usual_ways == rows.actual]),
        named=counts(pick.ways),
        usual_named=counts(pick.usual_ways),
        changed=pick.changed,
        checked=None if known is None else known.holds,
        **beside(rows, pick.mine, pick.usual, found, averages, raised),
    )
