"""What every option says of one case, each with its reasons."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

import numpy as np
import pandas as pd

from explainers import predict
from explainers.attribution import explain
from explainers.attribution import reference as make_reference
from explainers.errors import CaseError
from explainers.results import Answer, FloatArray, Reference
from explainers.study import Study

RESULT_VERSION = 1
QUICK_ROWS = 100
QUICK_PAIRS = 2


def answers(
    study: Study,
    case: pd.DataFrame | str,
    *,
    names: Sequence[str] | None = None,
    reference: Reference | None = None,
    progress: Callable[[float, str], None] | None = None,
) -> tuple[Answer, ...]:
    """Return the answer of every option to one case.

    Parameters
    ----------
    study : Study
        The study.
    case : DataFrame of one row, or str
        Raw feature columns, or the id of a case.
    names : sequence of str, optional
        Which candidates; default all that are built, in the study's order.
    reference : Reference, optional
        What to compare with. Default 100 training rows: enough for the first reason of each, not for small ones.
    progress : callable, optional
        Called with the share done (0 to 1) and what is being done.

    Returns
    -------
    tuple of Answer
        Probability of the focus class (without one: of the class chosen) or the number, the class chosen, and an
        explanation. With a focus class of two, the choice is made at the study's threshold.

    Raises
    ------
    CaseError
        The case is not one row, or cannot be answered.
    """
    row = study.row(case) if isinstance(case, str) else case
    if len(row) != 1:
        raise CaseError(f"The options are asked about one {study.case} at a time, not {len(row)}. Give one row.")
    chosen = list(names) if names is not None else [n for n, c in study.candidates.items() if c.built and not c.failure]
    compared = reference if reference is not None else make_reference(study, size=QUICK_ROWS)
    found = []
    for at, name in enumerate(chosen):
        if progress is not None:
            progress(at / len(chosen), f"asking {study.candidate(name).label}")
        explanation = explain(study, name, row, reference=compared, pairs=QUICK_PAIRS)
        outcome: Hashable = None
        if study.classes:
            outcome = choice(study, predict.predict(study, name, row)[list(study.classes)].to_numpy(dtype=float)[0])
        prediction = float(explanation.predictions[0])
        found.append(Answer(candidate=name, prediction=prediction, outcome=outcome, explanation=explanation))
    if progress is not None:
        progress(1.0, "done")
    return tuple(found)


def choice(study: Study, probabilities: FloatArray) -> Hashable:
    """Return the class that is chosen: by the threshold where one of two classes is in focus, else the likeliest."""
    if study.positive is not None and len(study.classes) == 2:
        focus = study.classes.index(study.positive)
        return study.classes[focus if probabilities[focus] >= study.threshold else 1 - focus]
    return study.classes[int(np.argmax(probabilities))]
