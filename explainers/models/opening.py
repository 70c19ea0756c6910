"""From bytes of a known kind to something that answers: looked through first, then made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from explainers.errors import BakeoffError
from explainers.installed import needed
from explainers.models import boosted_trees, formula_file, onnx_file, skops_file
from explainers.models.kinds import Kind, broken


def looked_through(kind: Kind, data: bytes, name: str) -> None:
    """Refuse bytes that are not a whole and harmless file of their kind; nothing is made of them.

    Parameters
    ----------
    kind : str
        Kind of the file.
    data : bytes
        The whole file.
    name : str
        What to call it in messages.

    Raises
    ------
    ModelFileError
        With what is wrong and what to do.
    """
    looks: dict[str, Callable[[bytes, str], Any]] = {
        "skops": skops_file.check,
        "onnx": onnx_file.check,
        "formula": formula_file.check,
    }
    if kind in looks:
        looks[kind](data, name)
    else:
        boosted_trees.check(kind, data, name)


def installed(kind: Kind, name: str) -> None:
    """Raise NotInstalledError where the package that a kind of file needs is missing."""
    package = {"onnx": "onnxruntime", "xgboost": "xgboost", "lightgbm": "lightgbm", "catboost": "catboost"}.get(kind)
    if package is not None:
        needed(package, name)


def made(kind: Kind, data: bytes, name: str) -> Any:
    """Return the estimator in the bytes of a file, after looking through them.

    Raises
    ------
    ModelFileError
        The file is refused, or the package that made it cannot open it.
    NotInstalledError
        That package is not installed.
    """
    if kind == "skops":
        return skops_file.loads(data, name)
    if kind == "onnx":
        return onnx_file.loads(data, name)
    if kind == "formula":
        return formula_file.loads(data, name)
    boosted_trees.check(kind, data, name)
    from explainers.adapters.boosters import booster_of

    try:
        return booster_of(kind, data, name)
    except BakeoffError:
        raise
    except Exception as e:  # packages raise kinds of their own
        raise broken(name, kind, f"the package cannot open it ({type(e).__name__})") from e


def kind_of(kinds: tuple[Kind, ...], data: bytes) -> Kind:
    """Return which of the kinds that a name allows the bytes are."""
    if kinds == ("xgboost", "formula"):
        return "formula" if formula_file.is_formula(data) else "xgboost"
    return kinds[0]
