"""An ONNX model as an estimator of raw columns."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from explainers.adapters.boosters import Adapted, two_columns
from explainers.adapters.columns import as_texts, in_order
from explainers.errors import CandidateError, ModelFileError
from explainers.installed import needed

Array = np.ndarray[Any, Any]
_NUMBERS = {
    "tensor(float)": np.float32,
    "tensor(double)": np.float64,
    "tensor(int64)": np.int64,
    "tensor(int32)": np.int32,
    "tensor(bool)": np.bool_,
}
AS_IT_IS = "An ONNX file is taken as it is: there was no estimator to compare its answers with."


class OnnxModel(Adapted):
    """An ONNX model with one input per column, or one matrix of numbers.

    Parameters
    ----------
    data : bytes
        The file; :mod:`explainers.models.onnx_file` has looked inside.
    classes : sequence, optional
        The classes that the file names.
    name : str
        What to call it in messages.

    Raises
    ------
    ModelFileError
        It answers with something other than classes or one number per case, or reads images or the like.

    Examples
    --------
    >>> OnnxModel(data).predict(frame)  # doctest: +SKIP
    """

    kind_, package_ = "onnx", "onnxruntime"

    def __init__(self, data: bytes, classes: Sequence[Hashable] = (), name: str = "The ONNX model") -> None:
        super().__init__()
        self.data_ = data
        self.model_: Any = None
        session = self._session(name)
        inputs = session.get_inputs()
        one = len(inputs) == 1 and _width(inputs[0].shape) != 1
        strange = [i for i in inputs if len(i.shape) > 2 or i.type not in (*_NUMBERS, "tensor(string)")]
        if strange:
            raise ModelFileError(
                f"{name} reads {strange[0].name!r} as {strange[0].type} of {len(strange[0].shape)} dimensions. "
                "Bakeoff explains tables: give a model that reads one value per column and case."
            )
        self.matrix_ = one
        self.inputs_ = [(i.name, i.type) for i in inputs]
        self.names_ = () if one else tuple(i.name for i in inputs)
        self.n_features_in_ = (_width(inputs[0].shape) or None) if one else len(inputs)
        self.numbers_ = tuple(n for n, kind in self.inputs_ if kind != "tensor(string)") if not one else ()
        self._outputs(session.get_outputs(), name)
        if self.task_ == "classification" and classes:
            self.classes_ = np.asarray(list(classes), dtype=object)
            self.n_classes_ = len(classes)
        self.notes_ = [AS_IT_IS]

    def _outputs(self, outputs: Sequence[Any], name: str) -> None:
        """Find the output that is asked for: probabilities where there are any, else one number per case."""
        said = {o.name: (o.type, o.shape) for o in outputs}
        chances = [n for n, (kind, _) in said.items() if kind.startswith("seq(map")]
        labels = [n for n, (kind, _) in said.items() if kind in ("tensor(string)", "tensor(int64)")]
        floats = [n for n, (kind, _) in said.items() if kind in ("tensor(float)", "tensor(double)")]
        self.n_classes_, self.label_ = 0, labels[0] if labels else ""
        if labels and (chances or floats):
            self.task_, self.asked_ = "classification", (chances or floats)[0]
            self.n_classes_ = _width(said[self.asked_][1]) if floats and not chances else 0
        elif len(floats) == 1 and not chances:
            width = _width(said[floats[0]][1])
            self.task_, self.asked_ = "regression", floats[0]
            if width > 1:
                self.task_, self.n_classes_ = "classification", width
        else:
            raise ModelFileError(
                f"{name} answers with {', '.join(f'{n} ({kind})' for n, (kind, _) in said.items()) or 'nothing'}. "
                "Expected a label with probabilities, or one number per case. Export one answer per model."
            )

    def _session(self, name: str = "This option") -> Any:
        if self.model_ is None:
            needed("onnxruntime", name)
            import onnxruntime

            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = options.inter_op_num_threads = 1
            options.log_severity_level = 4
            self.model_ = onnxruntime.InferenceSession(self.data_, options, providers=["CPUExecutionProvider"])
        return self.model_

    def __getstate__(self) -> dict[str, Any]:
        """Leave the session out: it is made again from the bytes."""
        return {**self.__dict__, "model_": None}

    def _chances(self, frame: pd.DataFrame) -> Array:
        said = self._ask(frame)
        if isinstance(said, list):  # one mapping of class to probability per case
            classes = list(getattr(self, "classes_", ())) or sorted(said[0]) if said else []
            return np.array([[row[c] for c in classes] for row in said], dtype=np.float64)
        found = np.asarray(said, dtype=np.float64)
        if found.ndim == 2 and found.shape[1] > 1:
            return _summing_to_one(found)
        return two_columns(found)

    def _numbers(self, frame: pd.DataFrame) -> Array:
        said = np.asarray(self._ask(frame), dtype=np.float64)
        return said.ravel() if said.size == len(frame) else said

    def _ask(self, frame: pd.DataFrame) -> Any:
        return self._session().run([self.asked_], self._feed(frame))[0]

    def find_classes(self, frame: pd.DataFrame) -> None:
        """Find the classes in the labels that the model gives to rows, where the file names them nowhere.

        Parameters
        ----------
        frame : DataFrame of shape (n, k)
            Rows of the study. Where not every class is the likeliest of some row, nothing is concluded.
        """
        if self.task_ != "classification" or hasattr(self, "classes_") or not self.label_ or not len(frame):
            return
        labels = np.asarray(self._session().run([self.label_], self._feed(frame))[0]).ravel()
        places = self._chances(frame).argmax(axis=1)
        named = {int(p): set(labels[places == p].tolist()) for p in np.unique(places)}
        if len(named) == self.n_classes_ and all(len(v) == 1 for v in named.values()):
            self.classes_ = np.array([next(iter(named[i])) for i in range(self.n_classes_)], dtype=object)
        else:
            self.notes_ = [*self.notes_, "The file names no classes; they are taken in their order in the data."]

    def _feed(self, frame: pd.DataFrame) -> dict[str, Array]:
        if self.matrix_:
            (name, kind) = self.inputs_[0]
            width = self.n_features_in_
            if width is not None and width != frame.shape[1]:
                raise CandidateError(
                    f"The ONNX model reads {width} columns, and {frame.shape[1]} came. Give it its own columns."
                )
            if kind == "tensor(string)":
                texts = [as_texts(frame.iloc[:, i], "").to_numpy(dtype=object) for i in range(frame.shape[1])]
                return {name: np.column_stack(texts)}
            return {name: _as(frame.to_numpy(dtype=np.float64, na_value=np.nan), kind, name)}
        given = in_order(frame, self.names_, "The ONNX model")
        feed = {}
        for name, kind in self.inputs_:
            values = given[name]
            if kind == "tensor(string)":
                feed[name] = as_texts(values, "").to_numpy(dtype=object).reshape(-1, 1)
            else:
                feed[name] = _as(values.to_numpy(dtype=np.float64, na_value=np.nan).reshape(-1, 1), kind, name)
        return feed

    def to_bytes(self) -> bytes:
        """Return the file as it came."""
        return self.data_


def _width(shape: Sequence[Any]) -> int:
    """Return the declared number of columns, 0 where it is open."""
    return int(shape[1]) if len(shape) == 2 and isinstance(shape[1], int) else 0


def _as(values: Array, kind: str, name: str) -> Array:
    wanted = _NUMBERS[kind]
    if not np.issubdtype(wanted, np.floating) and np.isnan(values).any():
        raise CandidateError(
            f"The ONNX model reads {name!r} as whole numbers, which cannot be missing, and some are. "
            "Fill them, or export the model with a floating-point input."
        )
    return values.astype(wanted)


def _summing_to_one(found: Array) -> Array:
    """Return probabilities with the error of single precision taken out, row by row; other rows stay as they are."""
    total = found.sum(axis=1, keepdims=True)
    fits = (np.abs(total - 1) < 1e-4) & (found >= 0).all(axis=1, keepdims=True)
    return np.asarray(np.where(fits, found / np.where(fits, total, 1.0), found))
