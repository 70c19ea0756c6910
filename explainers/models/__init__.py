"""Model files, opened without running anything that is in them.

``kinds`` says which files there are, ``skops_file``, ``boosted_trees``, ``onnx_file`` and ``formula_file`` look through
one before anything is made of it, ``inside`` looks into what was made, ``trial`` opens a file for the first time in a
process of its own. Pickle, joblib, dill and the like run code when opened and are opened only from folders that the
operator trusts (``trusted``). ``inputs`` and ``matching`` set a model beside the data, ``agreeing`` two forms of one.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from explainers.models import envelope, formula_file, kinds, opening, predictions_file, skops_file, trial, trusted
from explainers.models.inputs import Inputs, inputs
from explainers.models.skops_file import ALLOWED

__all__ = ["ALLOWED", "Inputs", "as_file", "describe", "dump", "inputs", "load", "loads"]


def dump(estimator: Any) -> bytes:
    """Return an estimator as bytes to keep; see :func:`explainers.models.envelope.dump`."""
    data = envelope.dump(estimator)
    if not data.startswith(envelope.MAGIC):
        trial.ours("skops", data, inputs(estimator))
    return data


def as_file(estimator: Any) -> tuple[str, bytes]:
    """Return ending and bytes of a model file that :func:`load` opens.

    Parameters
    ----------
    estimator : object
        Fitted.

    Returns
    -------
    tuple of str and bytes
        Such as ".skops", or ".json" for a booster of XGBoost.

    Raises
    ------
    ModelFileError
        No safe model file can hold it.
    """
    found = envelope.native(estimator)
    if found is None:
        return ".skops", dump(estimator)
    kind, data, _ = found
    trial.ours(kind, data, inputs(estimator))
    return next(ending for ending, known in kinds.ENDINGS.items() if kind in known), data


def loads(data: bytes, *, name: str = "The model file") -> Any:
    """Return the estimator out of bytes that :func:`dump` wrote; nothing in them is run.

    Parameters
    ----------
    data : bytes
        The whole file.
    name : str
        What to call it in messages.

    Returns
    -------
    object
        The estimator.

    Raises
    ------
    ModelFileError
        They are no such bytes, are damaged or too large, have a type in them that is not permitted, or a tree whose
        nodes point nowhere.
    """
    kinds.too_large(data, name)
    if data.startswith(envelope.MAGIC):
        return envelope.opened(data, name)
    return skops_file.loads(data, name)


def load(path: str | Path) -> Any:
    """Return the estimator out of a model file, or say why not; nothing in the file is run.

    A file that is new here is looked through, then opened and asked in a process of its own with limits, then opened.

    Parameters
    ----------
    path : str or Path
        skops, ONNX, XGBoost JSON, LightGBM text, CatBoost .cbm, a formula with coefficients (.json), or a table of
        answers (.csv, .parquet); at most 1,000 MB. Pickle and joblib in trusted folders only.

    Returns
    -------
    object
        The estimator; a :class:`~explainers.models.predictions_file.PredictionsTable` for a table of answers.

    Raises
    ------
    ModelFileError
        There is no such file, it is of a kind that runs code when opened, unknown, too large, damaged or refused.
    NotInstalledError
        The package that it needs is not installed.

    Examples
    --------
    >>> load("model.skops")  # doctest: +SKIP
    """
    path = Path(path)
    name = kinds.named(path)
    if trusted.is_trusted(path):
        return trusted.load(path, name)
    allowed = kinds.kinds_by_name(path)
    if allowed == ("predictions",):
        return predictions_file.read(path, name)
    kind, data = _looked_through(path, allowed, name)
    if kind != "formula":  # read by our own few lines, which make nothing but numbers
        trial.passed(kind, data, name)
    return opening.made(kind, data, name)


def describe(path: str | Path) -> Inputs | None:
    """Return what the model in a file says of its inputs, without opening the file in this process.

    Parameters
    ----------
    path : str or Path
        As for :func:`load`.

    Returns
    -------
    Inputs or None
        None for a table of answers. A file of a trusted folder is opened to find out.

    Raises
    ------
    ModelFileError
        As for :func:`load`.
    NotInstalledError
        As for :func:`load`.

    Examples
    --------
    >>> describe("model.skops").names  # doctest: +SKIP
    ('size', 'age')
    """
    path = Path(path)
    name = kinds.named(path)
    if trusted.is_trusted(path):
        found = path.stat()
        return _of_trusted(path, name, (found.st_size, found.st_mtime_ns, found.st_ino))
    allowed = kinds.kinds_by_name(path)
    if allowed == ("predictions",):
        return None
    kind, data = _looked_through(path, allowed, name)
    return formula_file.describe(data, name) if kind == "formula" else trial.passed(kind, data, name)


@lru_cache(maxsize=50)
def _of_trusted(path: Path, name: str, _stamp: tuple[int, ...]) -> Inputs:
    return inputs(trusted.load(path, name))


def _looked_through(path: Path, allowed: tuple[kinds.Kind, ...], name: str) -> tuple[kinds.Kind, bytes]:
    data = kinds.read_bytes(path)
    kind = opening.kind_of(allowed, data)
    opening.looked_through(kind, data, name)
    opening.installed(kind, name)
    return kind, data
