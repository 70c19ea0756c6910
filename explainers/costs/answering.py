"""What options said on the measured rows, and what that comes to before prices: each kind of difference by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from explainers import metrics
from explainers.costs.figures import wrong_name
from explainers.errors import CandidateError
from explainers.metrics import Array, IntArray
from explainers.metrics.measures import chosen as chosen_class
from explainers.results import Assumptions, Errors
from explainers.study import TEST, TRAIN

if TYPE_CHECKING:
    from explainers.study import Study

NO_MODEL = "no_model"


@dataclass(frozen=True, slots=True)
class Answered:
    """What the answers of one option come to on the measured rows, before prices.

    ``each`` has one column per price of ``names``: how many units of it each row takes. ``right`` is 1 where an answer
    is as in the record.
    """

    names: tuple[str, ...]
    each: Array
    right: Array

    @property
    def shares(self) -> dict[str, float]:
        """Units of each price per case."""
        if not len(self.each):
            return dict.fromkeys(self.names, 0.0)
        return dict(zip(self.names, self.each.mean(axis=0).tolist(), strict=True))

    @property
    def right_share(self) -> float:
        """Share of cases that are answered as in the record."""
        return float(self.right.mean()) if len(self.right) else 0.0

    def money(self, values: Mapping[str, float]) -> Array:
        """Return what each row's answer costs, less what it brings, shape (n,)."""
        prices = np.array([values[n] for n in self.names])
        return np.asarray(self.each @ prices - self.right * values["right"])


class Rows:
    """Some rows with a recorded outcome, the same for every option, and what options said of them.

    Parameters
    ----------
    study : Study
    at : ndarray of shape (n,)
        Places of the rows.
    said_of : str
        What these rows are to the options: test, unknown history, calibration.
    """

    def __init__(self, study: Study, at: IntArray, said_of: str = "test") -> None:
        self.study, self.at, self.said_of = study, at, said_of
        self._said: dict[str, Array] = {}
        self._each_way: tuple[Assumptions, tuple[Array, Array]] | None = None

    @classmethod
    def of(cls, study: Study, names: Sequence[str], labels: Sequence[str] = (TEST,)) -> Rows:
        """Return the rows on which these options are measured.

        Raises
        ------
        CandidateError
            There is no option.
        """
        if not names:
            raise CandidateError(f"{study.title!r} has no option that could be fitted. Add one, such as no_model.")
        found = [metrics.measured_rows(study, n, labels) for n in names]
        said = next((s for _, s in found if s != labels[0]), found[0][1])
        return cls(study, found[0][0], said)

    def __len__(self) -> int:
        return len(self.at)

    @cached_property
    def groups(self) -> IntArray | None:
        """Rows that belong together."""
        return metrics.groups_of(self.study, self.at)

    @cached_property
    def actual(self) -> IntArray:
        """Places of the recorded classes."""
        return metrics.recorded(self.study, self.at)

    @cached_property
    def numbers(self) -> Array:
        """Recorded numbers."""
        every = self.study.frame[self.study.target].to_numpy(dtype=np.float64, na_value=np.nan)
        return np.asarray(every[self.at])

    @cached_property
    def focus(self) -> int:
        """Place of the class in focus."""
        return metrics.focus_of(self.study)

    def said(self, candidate: str) -> Array:
        """Return the answers of an option, shape (n, n_outputs); of no model where the study has none of that kind."""
        if candidate not in self._said:
            self._said[candidate] = _said(self.study, candidate, self.at)
        return self._said[candidate]

    def ways(self, candidate: str, cut: float | None = None) -> IntArray:
        """Return the places of the classes that an option names."""
        line = self.study.threshold if cut is None else cut
        return chosen_class(self.said(candidate), self.focus, line)

    def answered(self, candidate: str, found: Assumptions, *, cut: float | None = None) -> Answered:
        """Return what an option's answers come to, before prices.

        Parameters
        ----------
        candidate : str
            Name of a candidate; "no_model" stands for the usual answer where the study has none of that kind.
        found : Assumptions
            Says which prices there are, whether a column multiplies them, and from when on a number counts as right.
        cut : float, optional
            With two classes: from which chance on a case is flagged; the study's own by default.
        """
        if self.study.classes:
            return self.answered_by(self.ways(candidate, cut), found)
        off = np.abs(self.said(candidate)[:, 0] - self.numbers)
        right = (off <= found.values["right_within"]).astype(np.float64)
        return Answered(("wrong_per_unit",), (off * self.weights(found))[:, None], right)

    def answered_by(self, way: IntArray, found: Assumptions) -> Answered:
        """Return the same for places of classes that were named, shape (n,)."""
        columns: dict[str, Array] = {}
        weights = self.weights(found)
        for a, recorded in enumerate(self.study.classes):
            for b, other in enumerate(self.study.classes):
                if a == b:
                    continue
                name = wrong_name(recorded, other)
                name = name if name in found.values else "wrong"
                units = np.where((self.actual == a) & (way == b), weights, 0.0)
                columns[name] = columns[name] + units if name in columns else units
        each = np.column_stack(list(columns.values())) if columns else np.zeros((len(self), 0))
        return Answered(tuple(columns), each, (way == self.actual).astype(np.float64))

    def money_each_way(self, found: Assumptions) -> tuple[Array, Array]:
        """Return with two classes what each row costs if it is flagged, and what if it is not, shape (n,) each."""
        known = self._each_way
        if known is None or known[0] is not found:
            ways = (np.full(len(self), k, dtype=np.int64) for k in (self.focus, 1 - self.focus))
            flagged, passed = (self.answered_by(way, found).money(found.values) for way in ways)
            known = self._each_way = (found, (flagged, passed))
        return known[1]

    def weights(self, found: Assumptions) -> Array:
        """Return what multiplies the price of each row's answer, shape (n,); a missing value takes the mean."""
        if not found.wrong_from:
            return np.ones(len(self))
        column = self.study.frame[found.wrong_from].to_numpy(dtype=np.float64, na_value=np.nan)
        known = np.isfinite(column)
        return np.asarray(np.where(known, column, float(column[known].mean()))[self.at])

    def errors(self, candidate: str, cut: float | None = None) -> Errors | None:
        """Return both kinds of error as counts; None for numbers and where no class is in focus."""
        study = self.study
        if not study.classes or study.positive not in study.classes:
            return None
        flagged, actual = self.ways(candidate, cut) == self.focus, self.actual == self.focus
        return Errors(
            candidate=candidate,
            outcome=study.classes[self.focus],
            found=int((actual & flagged).sum()),
            missed=int((actual & ~flagged).sum()),
            false_alarms=int((~actual & flagged).sum()),
            passed=int((~actual & ~flagged).sum()),
            threshold=study.threshold if cut is None else cut,
            rows=self.said_of,
        )


def _said(study: Study, candidate: str, at: IntArray) -> Array:
    from explainers.predict import stored

    if candidate in study.candidates:
        return np.asarray(stored(study, candidate).to_numpy(dtype=np.float64)[at])
    known = study.frame[study.target].notna().to_numpy()
    learned = (study.split == TRAIN).to_numpy() & known
    learned = learned if learned.any() else known
    if study.classes:
        places = metrics.recorded(study, np.flatnonzero(learned))
        shares = np.bincount(places, minlength=len(study.classes)) / max(len(places), 1)
        return np.tile(shares, (len(at), 1))
    middle = float(np.median(study.frame[study.target].to_numpy(dtype=np.float64, na_value=np.nan)[learned]))
    return np.full((len(at), 1), middle)
