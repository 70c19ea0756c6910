"""Elasticities of a log-log formula in closed form: how many percent its answer goes with 10% of an input."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from explainers.results import Elasticity

if TYPE_CHECKING:
    from explainers.study import Study

CHANGE = 0.10
LEVEL = 0.95


def elasticities(
    study: Study, estimator: Any, *, change: float = CHANGE, level: float = LEVEL
) -> tuple[Elasticity, ...]:
    """Return how the answer of a fitted log-log formula goes with each input.

    With ``log(y) = ... + b log(x) + ...`` an ``x`` that is larger by the share ``change`` goes with an answer that is
    larger by ``(1 + change)^b - 1``, whatever the other columns hold. That is exact for the answer itself, since the
    factor that takes logs back cancels. The range is that of ``b`` taken through the same function, which keeps its
    order.

    Parameters
    ----------
    study : Study
        For its training rows.
    estimator : object
        Fitted. Anything but a formula whose target is a log gives no elasticities.
    change : float
        How much higher the input is, as a share.
    level : float
        Level of the ranges: Student's t on the degrees of freedom of the formula's covariance.

    Returns
    -------
    tuple of Elasticity
        One for each column that stands in the formula as ``log(column)`` and nowhere else, in the formula's order.
    """
    if getattr(estimator, "link_", "") != "log" or not hasattr(estimator, "plain_cov_"):
        return ()
    from scipy.stats import t

    rows = study.training()
    if min(estimator.free_, estimator.plain_free_) < 1:
        return ()
    wide = float(t.ppf(0.5 + level / 2, estimator.free_))
    plain_wide = float(t.ppf(0.5 + level / 2, estimator.plain_free_))
    found = []
    for at, term in enumerate(estimator.parsed_):
        column, transform = term[0]
        times = sum(name == column for factors in estimator.parsed_ for name, _ in factors)
        if len(term) > 1 or transform != "log" or times > 1:
            continue
        j = estimator.term_of_.index(at)
        b = float(estimator.coef_[j, 0])
        error, plain = (float(np.sqrt(cov[j, j])) for cov in (estimator.cov_, estimator.plain_cov_))
        lower, upper, plain_lower, plain_upper = (
            _share(b + d, change) for d in (-wide * error, wide * error, -plain_wide * plain, plain_wide * plain)
        )
        found.append(
            Elasticity(
                feature=column,
                change=change,
                value=_share(b, change),
                lower=lower,
                upper=upper,
                level=level,
                plain_lower=plain_lower,
                plain_upper=plain_upper,
                exponent=b,
                standard_error=error,
                n=int(rows.size),
                clusters=int(estimator.clusters_),
                together_by=str(estimator.clusters or ""),
            )
        )
    return tuple(found)


def _share(exponent: float, change: float) -> float:
    return float(np.expm1(exponent * np.log1p(change)))
