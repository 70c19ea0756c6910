"""What the tests of one option work on: residuals of never-seen rows, and of training rows where it is a formula."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from explainers.study import Study

Array = np.ndarray[Any, np.dtype[np.float64]]
IntArray = np.ndarray[Any, np.dtype[np.int64]]
MOST_CLASSES = 12


@dataclass(frozen=True, slots=True)
class Trained:
    """A formula on the rows it was fitted on."""

    at: IntArray
    design: Array
    residuals: Array
    fitted: Array
    term_of: list[int]
    term_columns: list[list[str]]
    names: list[str]
    penalised: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """Residuals of one class, or of the number, on rows that are not for training."""

    at: IntArray
    residuals: Array
    fitted: Array
    variance: Array | None = None
    jacobian: Array | None = None
    covariance: Array | None = None
    residual_variance: float | None = None
    free: float = np.inf


@dataclass(frozen=True, slots=True)
class Material:
    """Everything the tests of one option need."""

    study: Study
    candidate: str
    scale: str  # target, log, or probability
    seen: tuple[Seen, ...]  # one for numbers and for two classes, one per class for more
    outcomes: tuple[Any, ...]  # the class of each
    rows: str
    unit: str | None
    trained: Trained | None
    estimator: Any


def gather(study: Study, candidate: str) -> Material:
    """Return residuals of never-seen rows on the scale the option works on, and its training rows if it is a formula.

    Parameters
    ----------
    study : Study
    candidate : str
        Built on the way if it is not.

    Raises
    ------
    CandidateError
        There is no such candidate, or it cannot be fitted.
    """
    from explainers.build import fitted
    from explainers.metrics import measured_rows, together
    from explainers.predict import stored

    at, rows = measured_rows(study, candidate, ("test",))
    answers = stored(study, candidate).to_numpy(dtype=np.float64)
    known = study.candidate(candidate)
    estimator = fitted(study, candidate) if known.kind == "statistical" or known.given_fitted else None
    formula = is_formula(estimator)
    scale = "target"
    if study.task == "classification":
        scale = "probability"
    elif estimator is not None and formula and estimator.link_ == "log":
        scale = "log"
    trained = _trained(study, candidate, estimator) if formula and not known.given_fitted else None
    seen, outcomes = _seen(study, candidate, answers, at, estimator if formula else None, trained, scale)
    return Material(
        study=study,
        candidate=candidate,
        scale=scale,
        seen=seen,
        outcomes=outcomes,
        rows=rows,
        unit=together(study),
        trained=trained,
        estimator=estimator if formula else None,
    )


def is_formula(estimator: Any) -> bool:
    """Return whether an estimator is one of our formulas, fitted."""
    return hasattr(estimator, "term_of_") and hasattr(estimator, "design") and hasattr(estimator, "coef_")


def _trained(study: Study, candidate: str, estimator: Any) -> Trained | None:
    from explainers.predict import check_cases

    at = study.training()
    if not at.size:
        return None
    checked = check_cases(study, candidate, study.frame.iloc[at])
    design = estimator.design(checked).to_numpy()
    link = design @ estimator.coef_
    if study.task == "regression":
        y = study.frame[study.target].iloc[at].to_numpy(dtype=np.float64)
        fitted = link[:, 0]
        residuals = (np.log(y) if estimator.link_ == "log" else y) - fitted
    else:
        if link.shape[1] > 1:
            return Trained(
                at,
                design,
                np.zeros(0),
                np.zeros(0),
                estimator.term_of_,
                estimator.term_columns_,
                estimator.names_,
                bool(estimator.notes_),
            )
        fitted = link[:, 0]
        happened = (study.frame[study.target].iloc[at].astype(object).to_numpy() == estimator.classes_[1]).astype(float)
        residuals = happened - 1 / (1 + np.exp(-fitted))
    return Trained(
        at,
        design,
        residuals,
        fitted,
        list(estimator.term_of_),
        list(estimator.term_columns_),
        list(estimator.names_),
        bool(estimator.notes_),
    )


def _seen(
    study: Study, candidate: str, answers: Array, at: IntArray, estimator: Any, trained: Trained | None, scale: str
) -> tuple[tuple[Seen, ...], tuple[Any, ...]]:
    if study.task == "classification":
        return _seen_classes(study, candidate, answers, at, estimator, trained)
    y = study.frame[study.target].iloc[at].to_numpy(dtype=np.float64)
    said = answers[at, 0]
    design = None
    if trained is not None and not trained.penalised:
        from explainers.predict import check_cases

        design = estimator.design(check_cases(study, candidate, study.frame.iloc[at])).to_numpy()
    if scale == "log":
        usable = (y > 0) & (said > 0)
        at, y, said = at[usable], y[usable], said[usable]
        design = None if design is None else design[usable]
        said = np.log(said) - np.log(estimator.smear_)
        y = np.log(y)
    if design is None or trained is None or estimator.plain_free_ < 1:
        return (Seen(at, y - said, said),), (None,)
    variance = float((trained.residuals**2).sum() / estimator.plain_free_)
    return (
        Seen(
            at,
            y - said,
            said,
            jacobian=design,
            covariance=estimator.cov_,
            residual_variance=variance,
            free=float(estimator.plain_free_),
        ),
    ), (None,)


def _seen_classes(
    study: Study, candidate: str, answers: Array, at: IntArray, estimator: Any, trained: Trained | None
) -> tuple[tuple[Seen, ...], tuple[Any, ...]]:
    from explainers.metrics import focus_of, recorded
    from explainers.predict import check_cases

    codes = recorded(study, at)
    k = len(study.classes)
    wanted = [focus_of(study)] if k == 2 else list(range(min(k, MOST_CLASSES)))
    design, order = None, list[int]()
    if trained is not None and not trained.penalised and at.size:
        design = estimator.design(check_cases(study, candidate, study.frame.iloc[at])).to_numpy()
        known = list(map(str, estimator.classes_))
        order = [known.index(str(c)) if str(c) in known else -1 for c in study.classes]
        design = design if sorted(order) == list(range(k)) else None  # a class that no training row shows
    out = []
    for c in wanted:
        p = answers[at, c]
        variance = np.maximum(p * (1 - p), 1e-12)
        jacobian = None
        if design is not None:
            blocks = []
            for j in range(1, k):  # coefficients of every class but the estimator's first
                other = answers[at, order.index(j)]
                own = 1.0 if order[c] == j else 0.0
                blocks.append(design * (p * (own - other))[:, None])
            jacobian = np.column_stack(blocks)
        out.append(
            Seen(
                at,
                (codes == c).astype(np.float64) - p,
                p,
                variance=variance,
                jacobian=jacobian,
                covariance=None if design is None else estimator.cov_,
            )
        )
    return tuple(out), tuple(study.classes[c] for c in wanted)
