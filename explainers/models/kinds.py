"""Which kind of model file a path names, and what is said of those that are not opened."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from explainers.errors import ModelFileError

Kind = Literal["skops", "onnx", "xgboost", "lightgbm", "catboost", "formula", "predictions"]
MOST_BYTES = 1_000_000_000
RUNS_CODE = {
    ".pkl": "pickle",
    ".pickle": "pickle",
    ".p": "pickle",
    ".joblib": "joblib",
    ".jl": "joblib",
    ".dill": "dill",
    ".cloudpickle": "cloudpickle",
    ".sav": "pickle",
    ".npy": "numpy",
    ".npz": "numpy",
    ".pt": "PyTorch",
    ".pth": "PyTorch",
    ".h5": "Keras",
    ".keras": "Keras",
    ".mlmodel": "MLflow",
}
WORDS: dict[Kind, str] = {
    "skops": "skops",
    "onnx": "ONNX",
    "xgboost": "XGBoost JSON",
    "lightgbm": "LightGBM text",
    "catboost": "CatBoost",
    "formula": "formula with coefficients",
    "predictions": "table of answers",
}
ENDINGS: dict[str, tuple[Kind, ...]] = {
    ".skops": ("skops",),
    ".onnx": ("onnx",),
    ".json": ("xgboost", "formula"),
    ".txt": ("lightgbm",),
    ".cbm": ("catboost",),
    ".csv": ("predictions",),
    ".parquet": ("predictions",),
}
SAFE_WAY = (
    'Where the model was trained, run `import skops.io; skops.io.dump(estimator, "model.skops")` and use that file.'
)
_ANOTHER_FORM = {
    ".ubj": "Save the XGBoost model with the ending .json instead: `model.save_model('model.json')`.",
    ".bst": "Save the XGBoost model with the ending .json instead: `model.save_model('model.json')`.",
    ".deb": "Save the XGBoost model with the ending .json instead: `model.save_model('model.json')`.",
    ".pmml": SAFE_WAY,
}


def named(path: Path) -> str:
    """Return what a file is called in messages: its name, never its folder."""
    return f"The model file {path.name!r}"


def kinds_by_name(path: Path) -> tuple[Kind, ...]:
    """Return the kinds that a file may be of by its ending.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    tuple of str
        One or two kinds.

    Raises
    ------
    ModelFileError
        There is no such file, it is a folder, runs code when it is opened, or is of no kind that is known.
    """
    suffix = path.suffix.lower()
    if path.is_dir():
        raise ModelFileError(
            f"{path.name!r} is a folder. Expected one model file. A folder such as MLflow's can hold code that runs "
            f"when it is opened, so nothing in it was opened. {SAFE_WAY}"
        )
    if not path.is_file():
        raise ModelFileError(f"There is no model file {path.name!r}. Check its name and where it lies.")
    if suffix in RUNS_CODE:
        raise ModelFileError(
            f"{named(path)} was not opened: files of this kind ({RUNS_CODE[suffix]}) can run any code when they are "
            f"opened. {SAFE_WAY}"
        )
    if suffix in _ANOTHER_FORM:
        raise ModelFileError(f"{named(path)} was not opened: {suffix} is not read here. {_ANOTHER_FORM[suffix]}")
    if suffix not in ENDINGS:
        raise ModelFileError(
            f"{named(path)} was not opened: {suffix or 'no ending'} is not a kind of model file that Bakeoff knows. "
            f"Expected one of: {', '.join(ENDINGS)}. {SAFE_WAY}"
        )
    return ENDINGS[suffix]


def read_bytes(path: Path) -> bytes:
    """Return the bytes of a file of at most 1,000 MB.

    Raises
    ------
    ModelFileError
        It is larger or cannot be read.
    """
    try:
        with path.open("rb") as file:
            # No more than there is: room for the most would be taken at once, which is more than a small machine has.
            data = file.read(min(path.stat().st_size, MOST_BYTES) + 1)
    except OSError as e:
        raise ModelFileError(
            f"{named(path)} could not be read ({e.strerror}). Check that it is whole and may be read."
        ) from e
    too_large(data, named(path))
    return data


def too_large(data: bytes, name: str, most: int | None = None) -> None:
    """Refuse more bytes than a model has."""
    limit = MOST_BYTES if most is None else most
    if len(data) > limit:
        raise ModelFileError(f"{name} is larger than {limit / 1e6:,.0f} MB and was not opened. Make the model smaller.")


def broken(name: str, kind: Kind, why: str = "") -> ModelFileError:
    """Return the refusal of a file that is not a whole file of its kind."""
    because = f": {why}" if why else ""
    return ModelFileError(
        f"{name} is not a whole {WORDS[kind]} file, whatever it is called{because}. Nothing in it was run. "
        f"Write it again where the model was trained. {SAFE_WAY}"
    )
