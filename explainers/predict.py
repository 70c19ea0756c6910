"""The only door to an estimator: every question to a candidate is checked here, counted here and answered here."""

from __future__ import annotations

import contextlib
import sys
import warnings
from collections.abc import Hashable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from explainers.cases import check_cases
from explainers.errors import BakeoffError, CandidateError

if TYPE_CHECKING:
    from explainers.study import Study

Array = np.ndarray[Any, np.dtype[np.float64]]
Answers = Literal["probabilities", "scores", "labels", "numbers"]
_BATCH = 100_000
__all__ = ["Door", "check_cases", "door", "predict", "stored"]


def predict(study: Study, candidate: str, cases: pd.DataFrame) -> pd.DataFrame:
    """Answer cases.

    Parameters
    ----------
    study : Study
        The study.
    candidate : str
        Name of the candidate; it is built on the way if it is not.
    cases : DataFrame of shape (n, k)
        Raw columns; see :func:`check_cases` for what is accepted.

    Returns
    -------
    DataFrame of shape (n, 1) or (n, n_classes)
        Index and order of ``cases``. Numbers: a column "prediction" in the target's unit. Classes: one column of
        probabilities per class, named by the class, in the order of ``study.classes``.

    Raises
    ------
    CaseError
        A column is missing or a value is of the wrong kind.
    CandidateError
        There is no such candidate, it cannot be fitted, or it does not answer with finite numbers.

    Examples
    --------
    >>> from explainers import Study
    >>> frame = pd.DataFrame({"size": [float(i) for i in range(40)], "sold": ["no", "yes"] * 20})
    >>> study = Study.from_frame(frame, target="sold", candidates={"no_model": "no_model"})
    >>> predict(study, "no_model", frame.head(2)).to_numpy().tolist()
    [[0.5, 0.5], [0.5, 0.5]]
    """
    checked = check_cases(study, candidate, cases)
    names = _columns(study)
    if not len(checked):
        return pd.DataFrame(np.empty((0, len(names))), index=cases.index, columns=names)
    return _framed(door(study, candidate).ask(checked), cases.index, names)


def stored(study: Study, candidate: str) -> pd.DataFrame:
    """Return the answers to every row of the study: from disk, or computed and kept.

    Parameters
    ----------
    study : Study
        The study.
    candidate : str
        Name of the candidate.

    Returns
    -------
    DataFrame of shape (len(study.frame), 1) or (len(study.frame), n_classes)
        As from :func:`predict`, with the index of ``study.frame``.
    """
    from explainers import store
    from explainers.build import candidate_key

    names = _columns(study)
    key = candidate_key(study, study.candidate(candidate))
    kept = store.get("predictions", key)
    if isinstance(kept, np.ndarray) and kept.shape == (len(study.frame), len(names)):
        return _framed(kept, study.frame.index, names)
    answers = predict(study, candidate, study.frame)
    store.put("predictions", key, np.ascontiguousarray(answers.to_numpy(dtype=np.float64)))
    return answers


def door(study: Study, candidate: str) -> Door:
    """Return the door to a candidate, built on the way if it is not.

    Parameters
    ----------
    study : Study
        The study.
    candidate : str
        Name of the candidate.

    Returns
    -------
    Door
        With ``ask`` for checked rows and ``n_evaluations``.

    Raises
    ------
    CandidateError
        There is no such candidate, it cannot be fitted, or its classes are not those of the study.
    """
    from explainers.build import fitted

    return Door(study, candidate, fitted(study, candidate))


class Door:
    """Asks one fitted estimator, counts the rows, and turns its answers into one shape.

    Parameters
    ----------
    study : Study
        Its task and classes decide the shape of the answers.
    candidate : str
        Name of the candidate.
    estimator : object
        Fitted; with ``predict_proba``, ``decision_function`` or ``predict``.

    Attributes
    ----------
    estimator : object
        The estimator.
    features : tuple of str
        Columns that ``ask`` expects.
    n_evaluations : int
        Rows that were sent through the estimator so far.
    answers : {"probabilities", "scores", "labels", "numbers"}
        What the estimator gives: "scores" are squeezed into 0 to 1 without being probabilities, "labels" are 0 or 1.
    """

    def __init__(self, study: Study, candidate: str, estimator: Any) -> None:
        self.study = study
        self.candidate = candidate
        self.estimator = estimator
        self.features = study.candidate(candidate).features
        self.n_evaluations = 0
        self.answers: Answers = _kind_of_answers(study, candidate, estimator)
        self._order = self._class_order() if study.task == "classification" else None

    def ask(self, frame: pd.DataFrame) -> Array:
        """Answer checked rows.

        Parameters
        ----------
        frame : DataFrame of shape (n, len(features))
            Rows as :func:`check_cases` returns them.

        Returns
        -------
        ndarray of shape (n,) or (n, n_classes)
            Numbers, or one column per class in the order of ``study.classes``.

        Raises
        ------
        CandidateError
            The estimator fails, or answers with something other than finite numbers of that shape.
        """
        if not len(frame):
            return np.empty(0) if self._order is None else np.empty((0, len(self.study.classes)))
        parts = [self._ask(frame.iloc[at : at + _BATCH]) for at in range(0, len(frame), _BATCH)]
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def beside(self, estimator: Any) -> Door:
        """Return a door of this kind to another estimator of the same candidate, such as its last step."""
        return Door(self.study, self.candidate, estimator)

    def _ask(self, frame: pd.DataFrame) -> Array:
        self.n_evaluations += len(frame)
        try:
            with one_thread(), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                said = self._raw(frame)
        except BakeoffError:
            raise
        except Exception as error:
            raise CandidateError(
                f"{self._label} does not answer: {type(error).__name__}: {error}. "
                "Check that it was made for these columns, in this order."
            ) from error
        wanted = (len(frame),) if self._order is None else (len(frame), len(self.study.classes))
        if said.shape != wanted:
            raise CandidateError(f"{self._label} should answer in the shape {wanted}, and {said.shape} came.")
        if not np.isfinite(said).all():
            lost = int((~np.isfinite(said)).reshape(len(frame), -1).any(axis=1).sum())
            raise CandidateError(
                f"{self._label} answers {lost} of {len(frame)} {self.study.cases} with something that is no number. "
                "Fill missing values before it, or use another option."
            )
        if self._order is not None and ((said < -1e-9) | (said > 1 + 1e-9)).any():
            raise CandidateError(f"{self._label} gives probabilities outside 0 to 1. Check its predict_proba.")
        return np.asarray(said)

    @property
    def _label(self) -> str:
        return f"The option {self.candidate!r}"

    def _raw(self, frame: pd.DataFrame) -> Array:
        if self._order is None:
            numbers = np.asarray(self.estimator.predict(frame), dtype=np.float64)
            return numbers.ravel() if numbers.size == len(frame) else numbers
        n = len(self.study.classes)
        if self.answers == "labels":
            codes = place_of(self.study.classes, np.asarray(self.estimator.predict(frame)).ravel())
            if (codes < 0).any():
                raise CandidateError(
                    f"{self._label} answers with something that is none of the classes "
                    f"{', '.join(map(str, self.study.classes))}. Give an option that names classes."
                )
            return np.asarray(np.eye(n)[codes], dtype=np.float64)
        if self.answers == "scores":
            said = _squeezed(np.asarray(self.estimator.decision_function(frame), dtype=np.float64))
        else:
            said = np.asarray(self.estimator.predict_proba(frame), dtype=np.float64)
            if said.ndim == 1 or said.shape[1] == 1:
                said = np.column_stack([1 - said.ravel(), said.ravel()])
        if said.shape[1] != len(self._order):
            raise CandidateError(f"{self._label} knows {len(self._order)} classes and answers for {said.shape[1]}.")
        out = np.zeros((len(said), n))
        out[:, self._order] = said
        return out

    def _class_order(self) -> np.ndarray[Any, Any]:
        own = getattr(self.estimator, "classes_", None)
        if own is None:
            return np.arange(len(self.study.classes))
        order = place_of(self.study.classes, np.asarray(own))
        if (order < 0).any():
            raise CandidateError(
                f"{self._label} was fitted to the classes {', '.join(map(str, own))}, and the study has "
                f"{', '.join(map(str, self.study.classes))}. Fit it to the study's own values of {self.study.target!r}."
            )
        return order


def place_of(classes: Sequence[Hashable], values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return the place of each value among the classes, shape (n,); -1 where it is none of them.

    1, 1.0, True and "1" count as the same class where the classes themselves do not tell them apart.
    """
    exact = {c: i for i, c in enumerate(classes)}
    texts: dict[str, int] = {}
    for i, c in enumerate(classes):
        texts.setdefault(_class_text(c), i)
    short, unique = pd.factorize(pd.Series(np.asarray(values, dtype=object)), use_na_sentinel=True)
    table = [exact.get(v, texts.get(_class_text(v), -1)) for v in unique]
    return np.asarray(np.array([*table, -1], dtype=np.int64)[short])


def _class_text(value: Any) -> str:
    if isinstance(value, bool | np.bool_):
        return str(int(value))
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    return str(value)


def _kind_of_answers(study: Study, candidate: str, estimator: Any) -> Answers:
    if study.task == "regression":
        if not hasattr(estimator, "predict"):
            raise CandidateError(f"The option {candidate!r} has no predict. Give an estimator of scikit-learn's kind.")
        return "numbers"
    ways: tuple[tuple[str, Answers], ...] = (
        ("predict_proba", "probabilities"),
        ("decision_function", "scores"),
        ("predict", "labels"),
    )
    for method, answers in ways:
        if hasattr(estimator, method):
            return answers
    raise CandidateError(
        f"The option {candidate!r} has neither predict_proba nor predict. Give an estimator of scikit-learn's kind."
    )


def _squeezed(scores: Array) -> Array:
    if scores.ndim == 1 or scores.shape[1] == 1:
        one = 0.5 * (1.0 + np.tanh(0.5 * scores.ravel()))
        return np.column_stack([1 - one, one])
    scores = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(scores / scores.sum(axis=1, keepdims=True))


def _columns(study: Study) -> list[Hashable]:
    return list(study.classes) if study.task == "classification" else ["prediction"]


def _framed(answers: Array, index: pd.Index[Any], names: list[Hashable]) -> pd.DataFrame:
    return pd.DataFrame(answers.reshape(len(answers), len(names)), index=index, columns=pd.Index(names, dtype=object))


_controllers: dict[bool, Any] = {}


@contextlib.contextmanager
def one_thread() -> Iterator[None]:
    """Run with one OpenMP and one BLAS thread: on busy cores two of them wait for each other most of the time."""
    boosting = "sklearn.ensemble._hist_gradient_boosting" in sys.modules
    if boosting not in _controllers:  # looking the libraries up takes milliseconds
        from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]

        _controllers[boosting] = ThreadpoolController()
    with _controllers[boosting].limit(limits=1):
        yield
