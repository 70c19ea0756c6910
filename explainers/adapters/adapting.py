"""Which adapter a model needs, and which models are refused."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np

from explainers.adapters.boosters import CatBoostModel, LightGBMModel, XGBoostModel
from explainers.adapters.functions import FunctionModel
from explainers.adapters.results_of_statsmodels import StatsmodelsModel, is_results

BOOSTERS = ("xgboost", "lightgbm", "catboost")
_DEEP = {"torch": "PyTorch", "tensorflow": "TensorFlow", "keras": "Keras", "transformers": "transformers", "jax": "JAX"}
_ANSWERS = ("predict", "predict_proba", "fit")  # some have the first two only once they are fitted
_READS_TEXT = ("CountVectorizer", "TfidfVectorizer", "HashingVectorizer")


def adapt(
    model: Any, *, task: str, classes: Sequence[Hashable] = (), positive: Hashable = None
) -> tuple[Any, tuple[str, str] | None]:
    """Return a model as something that answers frames of raw columns, or why it cannot be one.

    Parameters
    ----------
    model : object
        An estimator in the style of scikit-learn (returned as it is), a booster, statsmodels results, an ONNX session,
        its bytes, or a function of a frame.
    task : {"classification", "regression"}
        What the study asks for.
    classes : sequence
        The study's classes in order.
    positive : hashable
        The class in focus, whose probability a function may return.

    Returns
    -------
    estimator : object or None
        None where it is refused.
    refusal : tuple of str or None
        What is wrong and what to do.

    Examples
    --------
    >>> adapt(lambda frame: frame["a"], task="regression")[0].task_
    'regression'
    >>> adapt(3, task="regression")[1][0]
    "It cannot answer: it is of the type 'int', which has no 'predict'."
    """
    no = refusal(model)
    if no is not None:
        return None, no
    home, name = type(model).__module__.partition(".")[0], type(model).__name__
    if home == "xgboost" and name == "Booster":
        return XGBoostModel(model), None
    if home == "lightgbm" and name == "Booster":
        return LightGBMModel(model), None
    if home == "catboost" and name == "CatBoost" and model.is_fitted():
        return CatBoostModel(model), None
    if is_results(model):
        return StatsmodelsModel(model, task, len(classes)), None
    if home == "onnxruntime":
        return None, (
            "It is a session of onnxruntime, which does not give its file back.",
            "Hand in the path of the .onnx file as {'file': 'model.onnx'}, or its bytes.",
        )
    if isinstance(model, bytes | bytearray):
        from explainers.models import onnx_file

        return onnx_file.loads(bytes(model), "The ONNX model"), None
    if isinstance(model, Path):
        from explainers import models

        return models.load(model), None
    if not isinstance(model, type) and any(callable(getattr(model, m, None)) for m in _ANSWERS):
        return (_with_its_levels(model) if home in BOOSTERS else model), None
    if callable(model) and not isinstance(model, type):
        return FunctionModel(model, task, classes, positive), None
    what = f"'{name}'" if not isinstance(model, type) else f"the class {model.__name__!r} itself"
    return None, (
        f"It cannot answer: it is of the type {what}, which has no 'predict'.",
        "Give an estimator, a function of a frame, or the name of a recipe such as 'forest'.",
    )


def _with_its_levels(model: Any) -> Any:
    """Return a fitted booster of scikit-learn's style so that columns of text reach it as the levels that it knows."""
    home = type(model).__module__.partition(".")[0]
    way: Literal["categories", "text"] = "categories"
    try:
        if home == "xgboost":
            levels = dict(XGBoostModel(model.get_booster()).levels_)
        elif home == "lightgbm":
            levels = dict(LightGBMModel(model.booster_).levels_)
        else:
            way, names = "text", list(model.feature_names_ or ())
            levels = {str(names[i]): () for i in model.get_cat_feature_indices()}
    except Exception:  # not fitted, or made in a way of its own
        return model
    if not levels:
        return model
    from explainers.estimators import KnownLevels

    return KnownLevels.around(model, levels, way)


def refusal(model: Any) -> tuple[str, str] | None:
    """Return what is wrong with a model that cannot be an option, and what to do; None where nothing is.

    Models of several answers, of images and of bare text are refused: every page speaks of one answer to one row.
    """
    home = type(model).__module__.partition(".")[0]
    if home in _DEEP:
        return (
            f"It is a network of {_DEEP[home]}, which reads tensors such as images or encoded text, not a table.",
            "Where it reads a table, hand in a function of a frame that calls it: lambda frame: my_network(...).",
        )
    first = _first_step(model)
    if type(first).__name__ in _READS_TEXT:
        return (
            "It reads bare texts instead of a table.",
            "Put its vectorizer into a ColumnTransformer with the name of the column that holds the text.",
        )
    outputs = _n_outputs(model)
    if outputs > 1:
        return (
            f"It gives {outputs} answers to each case, and every page here speaks of one.",
            "Hand in one model per question; of MultiOutputRegressor or MultiOutputClassifier one of its estimators_.",
        )
    return None


def _first_step(model: Any) -> Any:
    steps = getattr(model, "steps", None)
    while isinstance(steps, list) and steps:
        model = steps[0][1]
        steps = getattr(model, "steps", None)
    return model


def _n_outputs(model: Any) -> int:
    """Return how many answers a fitted estimator of scikit-learn gives to each case."""
    last = model
    while isinstance(getattr(last, "steps", None), list) and last.steps:
        last = last.steps[-1][1]
    if type(last).__name__ in ("MultiOutputClassifier", "MultiOutputRegressor", "ClassifierChain", "RegressorChain"):
        return max(2, len(getattr(last, "estimators_", ())))
    found = getattr(last, "n_outputs_", 1)
    if isinstance(found, int | np.integer) and found > 1 and type(last).__name__ != "MLPClassifier":
        return int(found)
    coefficients = getattr(last, "coef_", None)
    if hasattr(last, "classes_") or not isinstance(coefficients, np.ndarray):
        return 1
    home = type(last).__module__
    return coefficients.shape[0] if home.startswith("sklearn.linear_model") and coefficients.ndim == 2 else 1
