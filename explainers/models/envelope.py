"""How Bakeoff keeps a fitted model on its own disk: skops, or a booster's own file behind a header of plain words."""

from __future__ import annotations

import json
from typing import Any

from explainers.errors import ModelFileError
from explainers.models import skops_file
from explainers.models.kinds import Kind

MAGIC = b"BAKEOFF-MODEL-1\n"
_NO_FILE = {
    "function": "It was handed in as a function, which no safe model file can hold. Save the model behind it in one of "
    "the kinds that are read, such as skops or ONNX, and name that file.",
    "statsmodels": "It was handed in as results of statsmodels, whose own files run code when they are opened. Write "
    "its formula and coefficients as a file of coefficients (explainers.models.formula_file), or fit the formula here.",
    "predictions": "It came as a table of answers, which is read again from its file.",
}


def dump(estimator: Any) -> bytes:
    """Return an estimator as bytes that :func:`loads` opens.

    Parameters
    ----------
    estimator : object
        A fitted scikit-learn compatible estimator out of permitted types, or an adapter with a file of its own kind.

    Returns
    -------
    bytes
        A skops file; for adapters their own file behind a header.

    Raises
    ------
    ModelFileError
        It has something in it that :func:`loads` would refuse.
    """
    found = native(estimator)
    if found is None:
        return skops_file.dump(estimator)
    kind, data, about = found
    head = json.dumps({"kind": kind, **about}).encode()
    return MAGIC + head + b"\n" + data


def native(estimator: Any) -> tuple[Kind, bytes, dict[str, Any]] | None:
    """Return kind, bytes and what else is known of an adapter that has a file of its own kind; None for others."""
    kind: Any = getattr(estimator, "kind_", "")
    if kind in _NO_FILE:
        raise ModelFileError(_NO_FILE[kind])
    if kind not in ("xgboost", "lightgbm", "catboost", "onnx", "formula"):
        return None
    classes = getattr(estimator, "classes_", None)
    about = {} if classes is None else {"classes": [c.item() if hasattr(c, "item") else c for c in classes]}
    try:
        return kind, estimator.to_bytes(), about
    except Exception as e:
        raise ModelFileError(f"This {kind} model cannot be written as a model file: {type(e).__name__}: {e}.") from e


def opened(data: bytes, name: str) -> Any:
    """Return what :func:`dump` wrote behind the header."""
    import numpy as np

    from explainers.models.opening import made

    head, _, body = data[len(MAGIC) :].partition(b"\n")
    try:
        about = json.loads(head)
        kind = about["kind"]
    except (ValueError, KeyError, TypeError) as e:
        raise ModelFileError(f"{name} is damaged. It is fitted or read anew.") from e
    estimator = made(kind, body, name)
    if "classes" in about:
        estimator.classes_ = np.array(about["classes"], dtype=object)
    return estimator
