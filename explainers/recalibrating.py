"""The recalibrated variant of a standard option: what it answers, with its chances set right."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from explainers.errors import CandidateError
from explainers.study import TRAIN

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
        encoded rows can be mixed as for the recipe itself. It is fitted on training rows alone.

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
    target = study.frame[study.target][(study.split == TRAIN).to_numpy()].dropna()
    fewest = int(target.astype(str).value_counts().to_numpy().min(initial=FOLDS))
    folds = min(FOLDS, fewest)
    if isinstance(inner, Pipeline):
        return Pipeline([*inner.steps[:-1], (inner.steps[-1][0], Recalibrated(inner.steps[-1][1], folds))])
    return Recalibrated(inner, folds)
