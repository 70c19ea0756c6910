"""Boosters of XGBoost, LightGBM and CatBoost as estimators of raw columns: out of a model file or handed in."""

from __future__ import annotations

import json
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from explainers.adapters.columns import as_texts, in_order, softmax, with_levels
from explainers.errors import CandidateError
from explainers.installed import needed

Array = np.ndarray[Any, Any]
MISSING_LEVEL = "nan"


class Adapted:
    """What adapters share: they are always fitted, and only those for classes have ``predict_proba``.

    Attributes
    ----------
    model_ : object
        What the package itself made.
    kind_, package_ : str
        The kind of model file and the package whose version decides what it answers.
    task_ : {"classification", "regression"}
        What it answers with.
    names_ : tuple of str
        The columns it reads, in its order; empty where it does not say.
    levels_ : dict
        Levels of the columns that hold levels, as far as it says.
    n_classes_ : int
        Number of classes, 0 for numbers.
    notes_ : list of str
        What a reader has to know of it.
    """

    kind_ = ""
    package_ = ""
    model_: Any
    task_: str
    n_classes_: int

    def __init__(self) -> None:
        self.names_: tuple[str, ...] = ()
        self.levels_: dict[str, tuple[Hashable, ...]] = {}
        self.notes_: list[str] = []

    @property
    def predict_proba(self) -> Any:
        """Return probabilities of shape (n, n_classes); not there where it answers with numbers."""
        if self.task_ != "classification":
            raise AttributeError("predict_proba")
        return self._chances

    def predict(self, frame: pd.DataFrame) -> Array:
        """Return numbers of shape (n,), or the likeliest class of each row."""
        if self.task_ != "classification":
            return self._numbers(frame)
        places = self._chances(frame).argmax(axis=1)
        classes = getattr(self, "classes_", None)
        return np.asarray(places) if classes is None else np.asarray(classes)[places]

    def _chances(self, frame: pd.DataFrame) -> Array:
        raise NotImplementedError

    def _numbers(self, frame: pd.DataFrame) -> Array:
        raise NotImplementedError

    def to_bytes(self) -> bytes:
        """Return the model as a file of its own kind."""
        raise NotImplementedError


def two_columns(said: Array) -> Array:
    """Return probabilities of the second of two classes, shape (n,), as a column for each class."""
    said = np.asarray(said, dtype=np.float64)
    return said if said.ndim == 2 and said.shape[1] > 1 else np.column_stack([1 - said.ravel(), said.ravel()])


class XGBoostModel(Adapted):
    """A Booster of XGBoost.

    Parameters
    ----------
    booster : xgboost.Booster
        The model.

    Examples
    --------
    >>> XGBoostModel(booster).predict_proba(frame)  # doctest: +SKIP
    """

    kind_, package_ = "xgboost", "xgboost"

    def __init__(self, booster: Any) -> None:
        super().__init__()
        self.model_ = booster
        learner = json.loads(booster.save_config())["learner"]
        self.objective_ = str(learner["objective"]["name"])
        self.n_classes_ = max(int(learner["learner_model_param"]["num_class"]), 0)
        if self.objective_.startswith(("binary:", "reg:logistic")):
            self.n_classes_ = 2
        self.task_ = "classification" if self.n_classes_ else "regression"
        self.names_ = tuple(booster.feature_names or ())
        self.n_features_in_ = int(booster.num_features())
        self.types_ = tuple(booster.feature_types or ())
        self.levels_ = dict(_levels_of_xgboost(booster, self.names_))
        if self.task_ == "classification":
            self.notes_ = ["The file does not name its classes; they are taken in their order in the data."]

    def _chances(self, frame: pd.DataFrame) -> Array:
        margin = self.objective_ in ("binary:logitraw", "binary:hinge", "multi:softmax")
        said = np.asarray(self._ask(frame, margin=margin), dtype=np.float64)
        if not margin:
            return two_columns(said)
        if self.n_classes_ == 2 and said.ndim == 1:
            return two_columns(0.5 * (1.0 + np.tanh(0.5 * said)))
        return softmax(said.reshape(len(frame), -1))

    def _numbers(self, frame: pd.DataFrame) -> Array:
        return np.asarray(self._ask(frame, margin=False), dtype=np.float64)

    def _ask(self, frame: pd.DataFrame, *, margin: bool) -> Any:
        import xgboost

        given = with_levels(in_order(frame, self.names_, "The XGBoost model"), self.levels_)
        if not self.names_:
            given = pd.DataFrame(given.to_numpy(dtype=np.float64))
        matrix = xgboost.DMatrix(
            given, enable_categorical=True, nthread=1, feature_names=list(self.names_) or None, missing=np.nan
        )
        return self.model_.predict(matrix, output_margin=margin, validate_features=bool(self.names_))

    def to_bytes(self) -> bytes:
        """Return the model as XGBoost JSON."""
        return bytes(self.model_.save_raw("json"))


def _levels_of_xgboost(booster: Any, names: Sequence[str]) -> Mapping[str, tuple[Hashable, ...]]:
    """Return the levels that an XGBoost model keeps of its categorical columns; older files keep none."""
    try:
        kept = booster.get_categories(export_to_arrow=True).to_arrow()
    except Exception:  # of an older version, or it has none
        return {}
    return {name: tuple(levels.to_pylist()) for name, levels in kept or () if levels is not None and name in names}


class LightGBMModel(Adapted):
    """A Booster of LightGBM.

    Parameters
    ----------
    booster : lightgbm.Booster
        The model.

    Examples
    --------
    >>> LightGBMModel(booster).predict(frame)  # doctest: +SKIP
    """

    kind_, package_ = "lightgbm", "lightgbm"

    def __init__(self, booster: Any) -> None:
        super().__init__()
        self.model_ = booster
        head = booster.model_to_string(num_iteration=1).split("\nTree=", 1)[0]
        fields = dict(line.split("=", 1) for line in head.splitlines() if "=" in line)
        self.objective_ = fields.get("objective", "regression").split(" ")[0]
        several = int(fields.get("num_class", "1"))
        two = self.objective_ in ("binary", "cross_entropy", "xentropy")
        self.n_classes_ = several if several > 1 else 2 if two else 0
        self.task_ = "classification" if self.n_classes_ else "regression"
        self.n_features_in_ = int(booster.num_feature())
        names = tuple(booster.feature_name())
        self.names_ = () if all(n == f"Column_{i}" for i, n in enumerate(names)) else names
        infos = fields.get("feature_infos", "").split(" ")
        self.by_level_ = tuple(n for n, i in zip(names, infos, strict=False) if ":" in i and not i.startswith("["))
        self.known_ = tuple(tuple(levels) for levels in booster.pandas_categorical or ())
        if len(self.by_level_) == len(self.known_):
            self.levels_ = dict(zip(self.by_level_, self.known_, strict=True))
        if self.task_ == "classification":
            self.notes_ = ["The file does not name its classes; they are taken in their order in the data."]

    def _chances(self, frame: pd.DataFrame) -> Array:
        return two_columns(self._ask(frame))

    def _numbers(self, frame: pd.DataFrame) -> Array:
        return np.asarray(self._ask(frame), dtype=np.float64)

    def _ask(self, frame: pd.DataFrame) -> Any:
        given = in_order(frame, self.names_, "The LightGBM model")
        levels = self.levels_
        if self.known_ and not levels:  # a column that no tree uses has no mark of its own: those that hold levels
            texts = [n for n in given.columns if n in self.by_level_ or not _holds_numbers(given[n])]
            if len(texts) != len(self.known_):
                raise CandidateError(
                    f"The LightGBM model knows levels of {len(self.known_)} columns, and {len(texts)} columns of the "
                    "data hold levels. Give these columns the kind that they had where the model was fitted."
                )
            levels = dict(zip(texts, self.known_, strict=True))
        return self.model_.predict(with_levels(given, levels), num_threads=1)

    def to_bytes(self) -> bytes:
        """Return the model as LightGBM text."""
        return str(self.model_.model_to_string()).encode()


def _holds_numbers(values: pd.Series[Any]) -> bool:
    return pd.api.types.is_numeric_dtype(values.dtype)


class CatBoostModel(Adapted):
    """A model of CatBoost out of a .cbm file, or a plain ``CatBoost`` object.

    Parameters
    ----------
    model : catboost.CatBoost
        The model.

    Examples
    --------
    >>> CatBoostModel(model).predict_proba(frame)  # doctest: +SKIP
    """

    kind_, package_ = "catboost", "catboost"

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model_ = model
        classes = list(model.classes_) if model.classes_ is not None else []
        self.n_classes_ = len(classes)
        self.task_ = "classification" if classes else "regression"
        if classes:
            self.classes_ = np.asarray(classes, dtype=object)
        self.names_ = tuple(map(str, model.feature_names_ or ()))
        if all(n == str(i) for i, n in enumerate(self.names_)):
            self.names_ = ()
        self.n_features_in_ = len(model.feature_names_ or ())
        self.by_level_ = tuple(int(i) for i in model.get_cat_feature_indices())
        if self.by_level_:
            self.notes_ = [f'Levels that are missing are given to it as the word "{MISSING_LEVEL}".']

    def _chances(self, frame: pd.DataFrame) -> Array:
        return two_columns(self.model_.predict(self._given(frame), prediction_type="Probability", thread_count=1))

    def _numbers(self, frame: pd.DataFrame) -> Array:
        said = self.model_.predict(self._given(frame), thread_count=1)
        return np.asarray(said, dtype=np.float64)

    def _given(self, frame: pd.DataFrame) -> pd.DataFrame:
        given = in_order(frame, self.names_, "The CatBoost model")
        texts = {given.columns[i]: as_texts(given.iloc[:, i], MISSING_LEVEL) for i in self.by_level_}
        return given.assign(**texts) if texts else given

    def to_bytes(self) -> bytes:
        """Return the model as a .cbm file."""
        import tempfile
        from pathlib import Path

        with tempfile.TemporaryDirectory() as place:
            path = Path(place) / "model.cbm"
            self.model_.save_model(str(path))
            return path.read_bytes()


def booster_of(kind: str, data: bytes, name: str) -> Adapted:
    """Return the booster in the bytes of a file whose inside was checked.

    Parameters
    ----------
    kind : {"xgboost", "lightgbm", "catboost"}
        Of which package it is.
    data : bytes
        The whole file.
    name : str
        What to call it in messages.

    Raises
    ------
    NotInstalledError
        The package is missing.
    """
    needed(kind, name)
    if kind == "xgboost":
        import xgboost

        booster = xgboost.Booster()
        booster.load_model(bytearray(data))
        booster.set_param({"nthread": 1, "device": "cpu"})
        return XGBoostModel(booster)
    if kind == "lightgbm":
        import lightgbm

        return LightGBMModel(lightgbm.Booster(model_str=data.decode("utf-8")))
    import catboost

    model = catboost.CatBoost()
    model.load_model(blob=data)
    return CatBoostModel(model)
