"""Real model files of every kind, made on the spot; shared by the tests of what loads and of what is refused."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

N = 240
TARGETS = ("numbers", "two", "three")


@cache
def rows() -> pd.DataFrame:
    """Return rows with numbers, a missing value here and there, and levels."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "size": rng.normal(100, 20, N).round(1).astype(np.float32).astype(float),
            "age": rng.integers(0, 60, N).astype(float),
            "heating": rng.choice(["gas", "oil", "wood"], N),
        }
    )
    frame.loc[::9, "age"] = np.nan
    return frame


@cache
def outcome(target: str) -> np.ndarray[Any, Any]:
    """Return numbers, two classes or three."""
    frame = rows()
    link = (frame["size"] - 100) / 20 + 0.8 * (frame["heating"] == "wood")
    link = link.to_numpy() + np.random.default_rng(1).normal(0, 0.7, N)
    if target == "numbers":
        return np.asarray(200 + 30 * link)
    if target == "two":
        return np.where(link > 0, "yes", "no")
    return np.where(link < -0.6, "high", np.where(link < 0.6, "low", "middle"))


def codes(target: str) -> np.ndarray[Any, Any]:
    """Return the outcome as an estimator takes it that only knows 0, 1, 2."""
    return outcome(target) if target == "numbers" else np.unique(outcome(target), return_inverse=True)[1]


def native(frame: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return rows with levels as pandas categories."""
    return (rows() if frame is None else frame).astype({"heating": "category"})


def answers(model: Any, frame: pd.DataFrame, target: str) -> np.ndarray[Any, Any]:
    return np.asarray(model.predict(frame) if target == "numbers" else model.predict_proba(frame), dtype=float)


def pipeline(target: str) -> Any:
    """Return a fitted pipeline of scikit-learn."""
    from sklearn.compose import make_column_transformer
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LinearRegression, LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    encode = make_column_transformer(
        (make_pipeline(SimpleImputer(), StandardScaler()), ["size", "age"]),
        (OneHotEncoder(handle_unknown="ignore", sparse_output=False), ["heating"]),
    )
    model = LinearRegression() if target == "numbers" else LogisticRegression()
    return make_pipeline(encode, model).fit(rows(), outcome(target))


def skops_file(path: Path, target: str) -> Any:
    import skops.io

    made = pipeline(target)
    skops.io.dump(made, path)
    return answers(made, rows(), target)


def onnx_file(path: Path, target: str) -> Any:
    from skl2onnx import to_onnx

    made = pipeline(target)
    small = rows().astype({"size": np.float32, "age": np.float32})
    options = {} if target == "numbers" else {"options": {id(made[-1]): {"zipmap": False}}}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path.write_bytes(to_onnx(made, small[:1], **options).SerializeToString())
    return answers(made, rows(), target)


def xgboost_file(path: Path, target: str) -> Any:
    import xgboost

    kind = xgboost.XGBRegressor if target == "numbers" else xgboost.XGBClassifier
    made = kind(n_estimators=5, max_depth=3, enable_categorical=True, n_jobs=1).fit(native(), codes(target))
    made.save_model(path)
    return answers(made, native(), target)


def lightgbm_file(path: Path, target: str) -> Any:
    import lightgbm

    kind = lightgbm.LGBMRegressor if target == "numbers" else lightgbm.LGBMClassifier
    made = kind(n_estimators=5, verbose=-1, n_jobs=1).fit(native(), outcome(target))
    made.booster_.save_model(path)
    return answers(made, native(), target)


def catboost_file(path: Path, target: str) -> Any:
    import catboost

    kind = catboost.CatBoostRegressor if target == "numbers" else catboost.CatBoostClassifier
    frame = rows().astype({"heating": object})
    made = kind(iterations=5, verbose=0, allow_writing_files=False, cat_features=["heating"], thread_count=1)
    made.fit(frame, outcome(target))
    made.save_model(str(path))
    return answers(made, frame, target)


def formula_file(path: Path, target: str) -> Any:
    """Write a formula by hand and work its answers out by hand."""
    frame = rows()
    design = np.column_stack(
        [np.ones(N), np.log(frame["size"]), frame["age"].fillna(30), *(frame["heating"] == h for h in ("oil", "wood"))]
    ).astype(float)
    names = ["(intercept)", "log(size)", "age", "heating[oil]", "heating[wood]"]
    document: dict[str, Any] = {
        "bakeoff": "formula",
        "version": 1,
        "formula": "outcome ~ log(size) + age + heating",
        "levels": {"heating": ["gas", "oil", "wood"]},
        "missing": {"age": 30, "size": 100, "heating": "gas"},
    }
    sets = [[-9.0, 2.0, 0.01, 0.3, -0.5], [4.0, -1.0, 0.02, 0.0, 0.7]]
    if target == "numbers":
        document["coefficients"] = dict(zip(names, sets[0], strict=True))
        out = design @ sets[0]
    elif target == "two":
        document |= {"classes": ["no", "yes"], "coefficients": dict(zip(names, sets[0], strict=True))}
        chance = 1 / (1 + np.exp(-(design @ sets[0])))
        out = np.column_stack([1 - chance, chance])
    else:
        document["classes"] = ["high", "low", "middle"]
        document["coefficients"] = {
            c: dict(zip(names, s, strict=True)) for c, s in zip(("low", "middle"), sets, strict=True)
        }
        powers = np.exp(np.column_stack([np.zeros(N), *(design @ s for s in sets)]))
        out = powers / powers.sum(axis=1, keepdims=True)
    path.write_text(json.dumps(document), encoding="utf-8")
    return out


def table_file(path: Path, target: str) -> Any:
    """Write the answers of a pipeline as a table; the file says which case each belongs to."""
    said = answers(pipeline(target), rows(), target)
    table = pd.DataFrame({"case": [f"h{i}" for i in range(N)]})
    if target == "numbers":
        table["prediction"] = said
    else:
        for j, name in enumerate(np.unique(outcome(target))):
            table[name] = said[:, j]
    table = table.sample(frac=1.0, random_state=0)
    table.to_csv(path, index=False) if path.suffix == ".csv" else table.to_parquet(path, index=False)
    return said


MAKERS: dict[str, tuple[str, Callable[[Path, str], Any], float]] = {
    "skops": (".skops", skops_file, 1e-12),
    "ONNX": (".onnx", onnx_file, 1e-5),
    "XGBoost JSON": (".json", xgboost_file, 1e-6),
    "LightGBM text": (".txt", lightgbm_file, 1e-12),
    "CatBoost": (".cbm", catboost_file, 1e-12),
    "formula with coefficients": (".json", formula_file, 1e-12),
    "table of answers, CSV": (".csv", table_file, 1e-12),
    "table of answers, Parquet": (".parquet", table_file, 1e-12),
}
NEEDS = {"ONNX": "skl2onnx", "XGBoost JSON": "xgboost", "LightGBM text": "lightgbm", "CatBoost": "catboost"}


def write(kind: str, target: str, folder: Path) -> tuple[Path, Any, float]:
    """Write a file; return it with the answers it has to give to :func:`rows`, and how near they have to be."""
    import pytest

    ending, maker, near = MAKERS[kind]
    if kind in NEEDS:
        pytest.importorskip(NEEDS[kind], reason="the extra models is not installed")
    path = folder / f"model{ending}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return path, maker(path, target), near


def study_folder(folder: Path, target: str, candidates: dict[str, Any], **fields: Any) -> Path:
    """Write a study folder of the rows with these candidates."""
    folder.mkdir(parents=True, exist_ok=True)
    frame = rows().assign(case=[f"h{i}" for i in range(N)], outcome=outcome(target))
    frame.to_csv(folder / "data.csv", index=False)
    text = {"title": "Houses", "target": "outcome", "data": "data.csv", "candidates": candidates, **fields}
    text["columns"] = {
        "case": {"role": "id", "kind": "categorical"},
        "outcome": {"role": "target", "kind": "numeric" if target == "numbers" else "categorical"},
        "size": {"kind": "numeric"},
        "age": {"kind": "numeric"},
        "heating": {"kind": "categorical"},
    }
    (folder / "study.yaml").write_text(json.dumps(text), encoding="utf-8")
    return folder
