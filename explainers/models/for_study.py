"""The estimator of a model file as an option of one study: matched to its rows, classes and other forms."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from explainers.attribution.separable import steps_of
from explainers.errors import CandidateError, ModelFileError
from explainers.models.inputs import inputs
from explainers.models.predictions_file import PredictionsTable
from explainers.validate.say import quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from explainers.study import Candidate, Study

MOST_ROWS = 5_000


def estimator_of(study: Study, candidate: Candidate) -> Any:
    """Return the estimator in the model file of a candidate.

    Where the same model is there in a second form (``parameters: {same_as: model.skops}``, or beside model.onnx a file
    model.skops) the two are compared on the study's own rows first.

    Parameters
    ----------
    study : Study
        With the folder in which the file lies.
    candidate : Candidate
        With the name of its file; its parameters may name ``classes`` in the model's order.

    Returns
    -------
    object
        Fitted; its ``notes_`` say what a reader has to know.

    Raises
    ------
    ModelFileError
        The file is refused.
    CandidateError
        The two forms do not give the same answers.
    """
    from explainers import models
    from explainers.adapters import adapt
    from explainers.adapters.onnx_model import OnnxModel
    from explainers.predict import check_cases

    assert study.folder is not None
    path = study.folder / candidate.file
    made: Any = models.load(path)
    if isinstance(made, PredictionsTable):
        return made.for_study(study, candidate.features)
    found, refused = adapt(made, task=study.task, classes=study.classes, positive=study.positive)
    if refused is not None:
        raise ModelFileError(f"The model file {path.name!r} holds no option. {' '.join(refused)}")
    found = with_own_names(found, candidate.features)
    classes = candidate.parameters.get("classes")
    if classes:
        found.classes_ = _classes(study, classes)
    elif isinstance(found, OnnxModel):
        found.find_classes(check_cases(study, candidate.name, study.frame.head(MOST_ROWS)))
    other = _other_form(study, candidate, path)
    if other is not None:
        _compared(study, candidate, found, path, other)
    return found


def with_own_names(estimator: Any, columns: Sequence[str]) -> Any:
    """Return an estimator of scikit-learn's kind so that it may be given columns of other names than its own, by place.

    Parameters
    ----------
    estimator : object
        Fitted. Boosters, ONNX and the like take columns by place themselves and come back as they are.
    columns : sequence of str
        Columns of the data, in the order of its own.

    Returns
    -------
    object
        The estimator, or a pipeline that names its columns first.

    Raises
    ------
    CandidateError
        It is a formula or a rule, whose parts speak of their columns.
    """
    own = [str(n) for n in inputs(estimator).names]
    if hasattr(estimator, "kind_") or len(own) != len(columns) or set(own) == set(columns):
        return estimator
    if steps_of(estimator)[-1].__class__.__module__.startswith("explainers."):
        raise CandidateError(
            f"This model speaks of its columns by name: {quoted(own)}. Give the columns of the data these names."
        )
    from sklearn.pipeline import Pipeline

    from explainers.estimators import OwnNames

    steps = list(estimator.steps) if type(estimator) is Pipeline else [("model", estimator)]
    return Pipeline([("own_names", OwnNames(list(columns), own).fit()), *steps])


def _classes(study: Study, named: Any) -> Any:
    """Return the classes that study.yaml names, as the data write them."""
    from explainers.dictionary import match_level

    listed = [match_level(c, study.classes) for c in (named if isinstance(named, list | tuple) else [named])]
    if None in listed or len(set(listed)) != len(study.classes):
        raise CandidateError(
            f"The classes of this option should be {', '.join(map(str, study.classes))} in the order of the model, and "
            f"{named!r:.200} came. Correct 'classes' in its parameters."
        )
    out = np.empty(len(listed), dtype=object)
    out[:] = listed
    return out


def _other_form(study: Study, candidate: Candidate, path: Path) -> Path | None:
    from explainers.load.candidates import inside

    named = candidate.parameters.get("same_as")
    if named:
        other = inside(study.folder, str(named))
        if other is None or not other.is_file():
            raise CandidateError(
                f"The other form of this option, {str(named)[:80]!r}, is not in the folder of the study. Put it there, "
                "or leave 'same_as' out."
            )
        return other
    beside = path.with_suffix(".skops")
    return beside if path.suffix.lower() == ".onnx" and beside.is_file() else None


def _compared(study: Study, candidate: Candidate, found: Any, path: Path, other: Path) -> None:
    from explainers import models
    from explainers.adapters.onnx_model import AS_IT_IS
    from explainers.models.agreeing import compare, verdict
    from explainers.predict import check_cases

    rows = study.frame.iloc[np.random.default_rng(0).permutation(len(study.frame))[:MOST_ROWS]]
    rows = check_cases(study, candidate.name, rows)
    second = models.load(other)
    same = compare(found, second, rows, task=study.task, classes=study.classes)
    said = verdict(same, repr(path.name), repr(other.name), "in probability" if study.classes else "in the answer")
    if said:
        raise CandidateError(said)
    notes = [n for n in getattr(found, "notes_", []) if n != AS_IT_IS]
    compared = f"Its answers to {same.n:,} rows were compared with those of {other.name!r}: they are the same."
    found.notes_ = [*notes, compared]
