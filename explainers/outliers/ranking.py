"""Score every row of a study by how unusual its inputs are, without spelling out the reasons of each."""

from __future__ import annotations

import numpy as np
import pandas as pd

from explainers.outliers import detector as detectors
from explainers.outliers.scoring import FEWEST, _counted, _ready, columns
from explainers.study import TEST, Study

RESULT_VERSION = 1
CHUNK = 20_000  # rows at a time: what is read of each column is held in memory besides


def scores(study: Study, candidate: str | None = None, *, rows: str = "test") -> pd.DataFrame:
    """Score rows of a study by how unlike anything seen their inputs are.

    Parameters
    ----------
    study : Study
    candidate : str, optional
        Look at the columns that this candidate is given; by default at the study's inputs, without protected ones.
    rows : {"test", "all"}
        The never-seen rows, or every row. What is usual was learned on training rows, so those seem a little less
        unusual than they are.

    Returns
    -------
    DataFrame of shape (n_rows, 3)
        By case id: score (larger is more unusual), share (of held-out rows at least as unusual, the row counted
        among them; NaN where there are fewer than 50) and split (the row's part of the data), most unusual first.

    Raises
    ------
    CandidateError
        There is no such candidate.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> frame = pd.DataFrame({"size": rng.normal(100, 20, 600), "sold": rng.choice(["no", "yes"], 600)})
    >>> frame.loc[7, "size"] = 900.0
    >>> study = Study.from_frame(frame, target="sold", candidates={"no_model": "no_model"})
    >>> scores(study, rows="all").index[0]
    '7'
    """
    names = columns(study, candidate)
    split = study.split.to_numpy().astype(str)
    at = np.arange(len(split)) if rows == "all" else np.flatnonzero(split == TEST)
    found, shares = np.zeros(at.size), np.full(at.size, np.nan)
    if names and at.size:
        detector, _ = _ready(study, names)
        for first in range(0, at.size, CHUNK):
            here = slice(first, first + CHUNK)
            read = detectors.read_rows(detector.learned, study.frame.iloc[at[here]][list(names)])
            raw = detectors.score(detector.learned, read).raw
            found[here] = detectors.total(detectors.totals(detector.parts, raw))
            if detector.held.size >= FEWEST:
                counts, compared = _counted(detector, detectors.marks(read), found[here])
                shares[here] = (1 + counts) / (compared + 1)
    table = pd.DataFrame(
        {"score": found, "share": shares, "split": split[at]}, index=pd.Index(study.case_ids[at], name="case")
    )
    return table.iloc[np.argsort(-found, kind="stable")]
