"""The recalibrated variant of a standard option: what it answers, with its chances set right."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from explainers.errors import CandidateError, StudyError

if TYPE_CHECKING:
    from explainers.study import Candidate, Study

FOLDS = 5


def recalibrated(study: Study, candidate: Candidate) -> Any:
    """Return the unfitted estimator of a recalibrated option.

    Parameters
    ----------
    study : Study
        A study with classes.
    candidate : Candidate
        Its parameter ``of`` names the standard recipe that is recalibrated, such as "boosting"; all other parameters
        go to that recipe.

    Returns
    -------
    estimator
        The recipe's own pipeline with :class:`explainers.estimators.Recalibrated` around its last step, so that
        encoded rows can be mixed as for the recipe itself. It is fitted on training rows alone; rows are held out by
        time or group where the split is.

    Raises
    ------
    CandidateError
        The study asks for numbers, or the parameter names no other standard option.
    """
    from sklearn.pipeline import Pipeline

    from explainers import lineup
    from explainers.estimators import Recalibrated

    parameters = dict(candidate.parameters)
    of = str(parameters.pop("of", ""))
    known = [r for r in lineup.RECIPES if r != "no_model"]
    if study.task != "classification" or of not in known:
        what = "the study asks for a number" if study.task != "classification" else f"it names {of!r}"
        raise CandidateError(
            f"The option {candidate.name!r} sets the chances of another one right, and {what}. Use it for classes, "
            f"with parameters: {{of: RECIPE}}, one of {', '.join(known)}."
        )
    inner = lineup.make(of, study, replace(candidate, recipe=of, parameters=parameters))
    target = study.frame[study.target].iloc[study.training()]
    fewest = int(target.astype(str).value_counts().to_numpy().min(initial=FOLDS))
    folds = min(FOLDS, fewest)
    parts, ordered = _parts(study)
    if isinstance(inner, Pipeline):
        last = Recalibrated(inner.steps[-1][1], folds, parts, ordered)
        return Pipeline([*inner.steps[:-1], (inner.steps[-1][0], last)])
    return Recalibrated(inner, folds, parts, ordered)


def rests_on(recipe: str, study: Study) -> Any:
    """Return what else of a study decides what a recipe fits, beside its training rows; None for nothing."""
    from explainers.split import apart

    if recipe == "formula":
        return study.formula
    return apart(study) if recipe == "recalibrated" and apart(study)[0] != "random" else None


def _parts(study: Study) -> tuple[np.ndarray[Any, Any] | None, bool]:
    """Return the part of each training row where rows are kept apart by time or group, and whether parts follow."""
    from explainers.split import apart, folds

    how = apart(study)[0]
    if how == "random":
        return None, False
    rows = study.training()
    place = np.full(len(study.frame), -1, dtype=np.int8)
    try:
        for part, (_, held) in enumerate(folds(study, FOLDS)):
            place[held] = part
    except StudyError:
        place[:] = -1  # too few moments or groups: no row is ever held out and nothing is bent
    return place[rows], how == "time"
