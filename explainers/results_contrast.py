"""The result of asking why one outcome and not another."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from explainers.fields import FloatArray, explained

if TYPE_CHECKING:
    from explainers.results import Reference


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Contrast:
    """Why one class rather than another: attributions of the lead, which is the probability of a minus that of b."""

    candidate: str = explained("Name of the candidate that was explained.")
    a: Hashable = explained("The class that is asked about.")
    b: Hashable = explained("The class it is set against.")
    values: FloatArray = explained("Attributions of the lead of a over b, shape (n_features,), in probability.")
    standard_errors: FloatArray | None = explained(
        "Monte Carlo standard errors of the lead's attributions, from the differences along the same walks; None where "
        "the method is exact."
    )
    reference_errors: FloatArray | None = explained(
        "Standard errors of the lead's attributions from the choice of reference rows; None with one reference row."
    )
    answers: tuple[float, float] = explained("Probability of a and of b for the case.")
    averages: tuple[float, float] = explained("Average probability of a and of b over the reference rows.")
    cases: pd.DataFrame = explained("The one case, raw feature columns.")
    feature_names: tuple[str, ...] = explained("Original columns, in the order of the attributions.")
    method: str = explained("How it was computed: exact enumeration or sampled permutations.")
    reference: Reference = explained("What the case is compared with.")
    reference_rows: int = explained("Number of reference rows.")
    n_evaluations: int = explained("Rows that were sent through the estimator.")
    seconds: float = explained("Processor seconds that the computation took.", default=float("nan"))

    def to_frame(self) -> pd.DataFrame:
        """Return one row per column: value, attribution of the lead and both errors."""
        blank = np.full(len(self.values), np.nan)
        return pd.DataFrame(
            {
                "feature": list(self.feature_names),
                "value": [self.cases[name].iloc[0] for name in self.feature_names],
                "attribution": self.values,
                "standard_error": blank if self.standard_errors is None else self.standard_errors,
                "reference_error": blank if self.reference_errors is None else self.reference_errors,
            }
        )
