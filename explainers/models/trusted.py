"""Pickle and joblib files: only from folders that the operator of this server names as trusted."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from explainers.errors import ModelFileError

SETTING = "BAKEOFF_TRUSTED_MODELS"
ENDINGS = (".pkl", ".pickle", ".joblib", ".cloudpickle")


def folders() -> tuple[Path, ...]:
    """Return the trusted folders: those of the setting BAKEOFF_TRUSTED_MODELS, separated like PATH."""
    named = [p.strip() for p in os.environ.get(SETTING, "").split(os.pathsep)]
    return tuple(Path(p).expanduser().resolve() for p in named if p and Path(p).expanduser().is_absolute())


def is_trusted(path: Path) -> bool:
    """Return whether a file may be opened though its kind runs code.

    Parameters
    ----------
    path : Path
        The file; links are followed first.

    Returns
    -------
    bool
        True only inside a trusted folder, and never inside the home of this server, where uploads are kept.
    """
    from explainers import store

    if path.suffix.lower() not in ENDINGS:
        return False
    try:
        place = path.resolve(strict=True)
        if place.is_relative_to(store.home().resolve()):
            return False
        return any(place.is_relative_to(folder) for folder in folders())
    except (OSError, RuntimeError):
        return False


def load(path: Path, name: str) -> Any:
    """Return the estimator out of a pickle or joblib file of a trusted folder.

    Raises
    ------
    ModelFileError
        It cannot be opened, or holds something that cannot answer.
    """
    try:
        if path.suffix.lower() == ".joblib":
            import joblib

            made = joblib.load(path)
        else:
            import pickle

            with path.open("rb") as file:
                made = pickle.load(file)
    except Exception as e:
        raise ModelFileError(
            f"{name} lies in a trusted folder and could not be opened ({type(e).__name__}: {str(e)[:200]}). It may "
            "need packages or versions that are not installed here."
        ) from e
    return made
