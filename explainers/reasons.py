"""Pick, round and sum up the reasons of one case: the only place in which figures of an explanation are rounded."""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from explainers.errors import CandidateError
from explainers.results import Contrast, Explanation, FloatArray, Reason, Reasons
from explainers.study import TRAIN, Study

Z95 = 1.959963984540054
"""Half-width of a 95% range in standard errors."""


@dataclass(frozen=True, slots=True)
class Step:
    """A rounding step of 1, 2 or 5 times a power of ten; whole numbers of it are exact decimals."""

    mantissa: int
    exponent: int

    @property
    def size(self) -> float:
        """The step as a number."""
        return self.times(1)

    def times(self, n: int) -> float:
        """Return n steps as the float nearest to the decimal."""
        n *= self.mantissa
        return float(n * 10**self.exponent) if self.exponent >= 0 else n / 10**-self.exponent

    def count(self, x: float) -> int:
        """Return how many steps x is, halves away from zero."""
        return int(math.copysign(math.floor(abs(x) / self.size + 0.5), x))

    def finer(self, by: int) -> Step:
        """Return the step divided by a power of ten."""
        return Step(self.mantissa, self.exponent - round(math.log10(by)))


def one_two_five(x: float) -> Step:
    """Return the largest step of 1, 2 or 5 times a power of ten that is at most x.

    Examples
    --------
    >>> one_two_five(2300).size, one_two_five(0.5).size, one_two_five(0.0099).size
    (2000.0, 0.5, 0.005)
    """
    exponent = math.floor(math.log10(x) + 1e-12)
    mantissa = max(m for m in (1, 2, 5) if m <= x / 10.0**exponent * (1 + 1e-9) or m == 1)
    return Step(mantissa, exponent)


def rounding_step(explanation: Explanation, study: Study, *, row: int = 0) -> Step:
    """Return the step to which the figures of one explained case are rounded.

    Probabilities: hundredths; thousandths and so on where both the average and the answer are near 0 or 1, as far as
    the number of training rows supports it. Numbers: the largest 1-2-5 step within a tenth of the candidate's usual
    error, because finer figures say nothing.

    Parameters
    ----------
    explanation : Explanation
    study : Study
    row : int
        Which case of the explanation.

    Returns
    -------
    Step
    """
    base, prediction = float(explanation.base_values[row]), float(explanation.predictions[row])
    if explanation.unit == "probability":
        edge = min(max(base, prediction), 1 - min(base, prediction))
        rows = int((study.split == TRAIN).sum()) or len(study.frame)
        step = Step(1, -2)
        while edge < 2 * step.size and step.exponent > -4 and rows * step.size >= 10:
            step = step.finer(10)
        return step
    candidate = study.candidates.get(explanation.candidate)
    usual = candidate.typical_error if candidate is not None else None
    values = np.asarray(study.frame[study.target], dtype=float) if study.target in study.frame else np.zeros(1)
    spread = float(np.nanstd(values)) if np.isfinite(values).any() else 0.0
    if not usual or not math.isfinite(usual):
        usual = spread / 5
    size = max(usual / 10, spread / 1000, 1e-9 * max(abs(base), abs(prediction)))
    return one_two_five(size) if size > 0 else Step(1, 0)


def reasons(
    explanation: Explanation,
    study: Study,
    *,
    row: int = 0,
    most: int = 4,
    finer: int = 1,
    only: Literal["towards"] | None = None,
) -> Reasons:
    """Return the reasons of one explained case as a rounded sum that adds up exactly.

    A column is a reason when its attribution is larger than its own 95% error and does not round to nothing. Protected
    columns are never summed up among the others: they are shown, or listed on their own.

    Parameters
    ----------
    explanation : Explanation
    study : Study
    row : int
        Which case of the explanation.
    most : int
        Reasons at most.
    finer : int
        Power of ten by which the figures are finer than those for most readers; the reasons picked stay the same.
    only : "towards" or None
        Pick only reasons that count towards the outcome, as a letter does.

    Returns
    -------
    Reasons
        base + shown + protected + others = prediction in whole steps; ``others`` takes the rounding.

    Raises
    ------
    CandidateError
        The explanation holds a value that is not a number.

    Examples
    --------
    >>> from explainers import open_study
    >>> from explainers.attribution import explain
    >>> study = open_study("sample_data/boston_mortgages")  # doctest: +SKIP
    >>> reasons(explain(study, "boosting", study.row("17")), study).to_frame()  # doctest: +SKIP
    """
    values = np.asarray(explanation.values[row], dtype=float)
    base, prediction = float(explanation.base_values[row]), float(explanation.predictions[row])
    if not (np.isfinite(values).all() and math.isfinite(base) and math.isfinite(prediction)):
        raise CandidateError(
            f"The explanation of {explanation.candidate!r} should hold numbers, but one is missing or not finite. "
            "Look at what this option answers for the case."
        )
    coarse = rounding_step(explanation, study, row=row)
    step = coarse.finer(finer) if finer > 1 else coarse
    made = _made(explanation, study, values, own_errors(explanation, row=row), step, row)
    strong = [
        r for r in made if abs(r.exact) > r.error and coarse.count(r.exact) != 0 and (only is None or r.exact > 0)
    ]
    return _sum(
        made,
        strong,
        most,
        step,
        (step.count(base), step.count(prediction)),
        unit=explanation.unit,
        outcome=explanation.outcome[row] if explanation.outcome else None,
    )


def lead_reasons(contrast: Contrast, study: Study, *, most: int = 4, finer: int = 1) -> Reasons:
    """Return the reasons for the lead of one class over another as a rounded sum that adds up exactly.

    Average lead and the case's lead are the differences of the rounded probabilities, so that every figure a reader
    sees beside them fits too; everything else takes the rounding.

    Parameters
    ----------
    contrast : Contrast
    study : Study
    most : int
        Reasons at most.
    finer : int
        Power of ten by which the figures are finer than hundredths; the reasons picked stay the same.

    Returns
    -------
    Reasons
        base and prediction are leads, below 0 where the second class is ahead; outcome is the first class.
    """
    coarse = Step(1, -2)
    step = coarse.finer(finer) if finer > 1 else coarse
    errors = np.zeros(len(contrast.values)) + _together(contrast.standard_errors, contrast.reference_errors)
    made = _made(contrast, study, contrast.values, errors, step)
    strong = [r for r in made if abs(r.exact) > r.error and coarse.count(r.exact) != 0]
    ends = [step.count(first) - step.count(second) for first, second in (contrast.averages, contrast.answers)]
    return _sum(made, strong, most, step, (ends[0], ends[1]), unit="probability", outcome=contrast.a)


def _made(
    result: Explanation | Contrast, study: Study, values: FloatArray, errors: FloatArray, step: Step, row: int = 0
) -> list[Reason]:
    """Return every column as a reason with its rounded amount."""
    return [
        Reason(
            feature=name,
            value=result.cases[name].iloc[row],
            amount=step.times(step.count(values[j])),
            exact=float(values[j]),
            error=float(errors[j]),
            protected=name in study.dictionary and study.dictionary[name].protected,
        )
        for j, name in enumerate(result.feature_names)
    ]


def _sum(
    made: list[Reason],
    strong: list[Reason],
    most: int,
    step: Step,
    ends: tuple[int, int],
    *,
    unit: Literal["probability", "target"],
    outcome: Hashable,
) -> Reasons:
    """Return the strongest reasons, the protected ones, and everything else, which takes the rounding."""
    shown = tuple(sorted(strong, key=lambda r: -abs(r.exact))[:most])
    names = {r.feature for r in shown}
    protected = tuple(r for r in made if r.protected and r.feature not in names)
    told = sum(step.count(r.exact) for r in (*shown, *protected))
    base, prediction = ends
    return Reasons(
        base=step.times(base),
        prediction=step.times(prediction),
        shown=shown,
        protected=protected,
        others=step.times(prediction - base - told),
        n_others=len(made) - len(shown) - len(protected),
        step=step.size,
        unit=unit,
        outcome=outcome,
    )


def own_errors(explanation: Explanation, *, row: int = 0) -> np.ndarray:
    """Return the 95% error of each attribution of a case: both standard errors together, shape (n_features,)."""
    mc, ref = (None if e is None else e[row] for e in (explanation.standard_errors, explanation.reference_errors))
    return np.zeros(explanation.values.shape[1]) + _together(mc, ref)


def _together(mc: FloatArray | None, ref: FloatArray | None) -> FloatArray:
    """Return the 95% error that two standard errors make together."""
    total = sum((np.asarray(part, dtype=float) ** 2 for part in (mc, ref) if part is not None), np.zeros(1))
    return np.asarray(Z95 * np.sqrt(total))
