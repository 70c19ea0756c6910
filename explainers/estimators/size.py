"""How large a fitted estimator is, in the numbers that it learned."""

from __future__ import annotations

from typing import Any

import numpy as np


def count_parameters(estimator: Any) -> int | None:
    """Return the number of coefficients, leaves or table entries; None where the kind is not known.

    Coefficients that were shrunk to zero do not count; of a table each cell does, of an average one number.
    """
    if hasattr(estimator, "steps"):
        return count_parameters(estimator.steps[-1][1])
    if hasattr(estimator, "offsets_"):  # recalibrated: a slope and all offsets but one
        inner = count_parameters(estimator.estimator_)
        return None if inner is None else inner + len(estimator.offsets_)
    if hasattr(estimator, "cells_"):
        cells = np.asarray(estimator.cells_)
        return int(cells.size if cells.shape[-1] == 1 else cells.size // cells.shape[-1] * (cells.shape[-1] - 1))
    if hasattr(estimator, "tree_"):
        return int(estimator.tree_.n_leaves)
    if hasattr(estimator, "_predictors"):  # histogram boosting
        return int(sum(tree.get_n_leaf_nodes() for stage in estimator._predictors for tree in stage))
    if hasattr(estimator, "estimators_"):
        parts = [count_parameters(e) for e in np.ravel(np.asarray(estimator.estimators_, dtype=object))]
        known = [p for p in parts if p is not None]
        return sum(known) if len(known) == len(parts) else None
    if hasattr(estimator, "term_scores_"):  # additive curves
        return int(sum(np.asarray(scores).size for scores in estimator.term_scores_))
    if hasattr(estimator, "coef_"):
        return int(np.count_nonzero(estimator.coef_)) + int(np.size(getattr(estimator, "intercept_", ())))
    if hasattr(estimator, "class_prior_"):
        return len(np.ravel(estimator.class_prior_)) - 1
    if hasattr(estimator, "constant_"):
        return int(np.size(estimator.constant_))
    return None
