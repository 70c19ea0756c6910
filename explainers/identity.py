"""What makes an estimator that was given the same as another: its file, its content, or its class and parameters."""

from __future__ import annotations

import copy
import hashlib
import inspect
import io
import types
import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from explainers.errors import BakeoffError, CandidateError

if TYPE_CHECKING:
    from explainers.study import Candidate, Study

_STACK = ("numpy", "scipy", "scikit-learn")


def digest(parts: Any) -> str:
    """Return 64 hexadecimal digits for plain values; mappings count without order."""
    return hashlib.sha256(_text(parts).encode("utf-8", "surrogatepass")).hexdigest()


def packages(candidate: Candidate) -> tuple[str, ...]:
    """Return the packages whose versions decide what a given estimator answers."""
    if candidate.estimator is None:
        return _STACK
    adapted = str(getattr(candidate.estimator, "package_", ""))
    if adapted:
        return (*_STACK, adapted)
    top = type(candidate.estimator).__module__.partition(".")[0]
    return _STACK if top in ("sklearn", "explainers", "__main__") else (*_STACK, top)


def of_given(study: Study, candidate: Candidate) -> tuple[Any, ...]:
    """Return what identifies a candidate that is no standard one."""
    if candidate.file and study.folder is not None:
        try:
            return ("file", hashlib.sha256((study.folder / candidate.file).read_bytes()).hexdigest())
        except OSError:
            return ("file", candidate.key)
    estimator = candidate.estimator
    if estimator is None:
        return ("nothing", candidate.name)
    if candidate.given_fitted:
        return ("fitted", _class(type(estimator)), _content(estimator))
    return ("unfitted", _describe(estimator))


def given_estimator(study: Study, candidate: Candidate) -> Any:
    """Return the estimator that was given, out of its model file if need be."""
    if candidate.estimator is not None or not candidate.file or study.folder is None:
        return candidate.estimator
    from explainers.models.for_study import estimator_of

    return estimator_of(study, candidate)


def came_fitted(candidate: Candidate, estimator: Any) -> bool:
    """Return whether a model file holds a fitted estimator; those handed over say it in ``given_fitted``."""
    if not candidate.file:
        return False
    if not hasattr(estimator, "fit"):  # boosters, ONNX, tables of answers
        return True
    from sklearn.exceptions import NotFittedError
    from sklearn.utils.validation import check_is_fitted

    try:
        check_is_fitted(estimator)
    except (NotFittedError, TypeError):
        return False
    return True


def fresh_copy(estimator: Any) -> Any:
    """Return an unfitted copy, so that the caller's own object is never changed.

    Raises
    ------
    CandidateError
        It came as a booster, a function or answers, which have no way to be fitted.
    """
    if not hasattr(estimator, "fit"):
        raise CandidateError("It came as a sealed model or as answers, which cannot be fitted again.")
    if hasattr(estimator, "get_params"):
        from sklearn.base import clone

        return clone(estimator)
    return copy.deepcopy(estimator)


def _content(estimator: Any) -> str:
    """Return the SHA-256 over a fitted estimator; one that cannot be written down is like no other."""
    import pickle

    from explainers import models

    try:
        return hashlib.sha256(models.dump(estimator)).hexdigest()
    except BakeoffError:
        pass
    noted: list[Any] = []

    class Noting(pickle.Pickler):
        """Writes functions and classes by name, so that what they do has to be noted beside."""

        def reducer_override(self, value: Any) -> Any:
            if isinstance(value, type | types.FunctionType):
                noted.append(_described_code(value))
            return NotImplemented

    written = io.BytesIO()  # never read back
    try:
        Noting(written, protocol=5).dump(estimator)
    except Exception:  # objects can refuse in any way
        return uuid.uuid4().hex
    return digest([hashlib.sha256(written.getvalue()).hexdigest(), noted])


def _describe(value: Any) -> Any:
    """Return class and parameters as plain values, through nested estimators."""
    if value is None or isinstance(value, str | int | float | bool | np.generic):
        return value
    if isinstance(value, Mapping):
        return {str(k): _describe(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_describe(v) for v in value]
    if isinstance(value, np.ndarray):
        return ("array", str(value.dtype), value.shape, hashlib.sha256(value.tobytes()).hexdigest())
    if hasattr(value, "get_params") and not isinstance(value, type):
        return (_class(type(value)), _describe(value.get_params(deep=False)))
    if isinstance(value, type) or callable(value):
        return _described_code(value)
    text = repr(value)
    return uuid.uuid4().hex if " at 0x" in text else (type(value).__qualname__, text)


def _described_code(value: Any) -> Any:
    """Return a class or function by where it lives and, outside packages, by its source and what it encloses."""
    cells = [cell.cell_contents for cell in getattr(value, "__closure__", None) or ()]
    return (_class(value), _describe(getattr(value, "__defaults__", None)), _describe(cells))


def _class(what: Any) -> tuple[str, str, str]:
    """Return where a class or function lives; one that is not part of a package counts with its source too."""
    module, name = str(getattr(what, "__module__", "")), str(getattr(what, "__qualname__", repr(what)))
    if module.partition(".")[0] in ("sklearn", "explainers", "numpy", "scipy"):
        return module, name, ""
    try:
        return module, name, hashlib.sha256(inspect.getsource(what).encode()).hexdigest()
    except (OSError, TypeError):
        return module, name, uuid.uuid4().hex


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ",".join(sorted(f"{_text(k)}:{_text(v)}" for k, v in value.items())) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(_text, value)) + "]"
    if isinstance(value, np.generic):
        value = value.item()
    return f"{type(value).__name__} {value!r}"
