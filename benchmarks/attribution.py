"""Attributions beside shap.PermutationExplainer, through full pipelines, in interleaved runs.

python -m benchmarks.attribution [--quick] [--runs 3]

Both explain the same rows of the same fitted pipeline (imputed and scaled numbers, one-hot levels, a model) against the
same 100 reference rows, on one thread. shap gets raw rows as whole numbers that its function turns back into a frame,
the quickest way found. Rows are counted where the model at the end of the pipeline is asked. The error is the root mean
square distance to a long run of our sampler with a seed of its own (its own error is taken off both); that this long
run is right is checked against brute force in the tests. Times are processor seconds, so that other work on the
machine counts for little. shap is run once before the clock starts, as it compiles itself on some versions of Python.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import io
import os
import statistics
import tempfile
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np
import pandas as pd

COLUMNS, BACKGROUND = 20, 100
EXACT_ROWS = 12
Frame = pd.DataFrame


@dataclass
class Setting:
    """One comparison: how many rows, how long each side may sample, and what is promised."""

    model: str
    rows: int
    permutations: int  # shap: antithetic permutations, each with every reference row
    pairs: int  # ours: antithetic permutations of each reference row
    promised: float  # shap's time over ours


SETTINGS = [
    Setting("boosting", 100, 2, 2, 1.5),
    Setting("boosting", 1_000, 2, 2, 2.0),
    Setting("forest", 100, 2, 2, 3.0),
    Setting("logistic", 100, 2, 2, 8.0),
    Setting("logistic", 1_000, 2, 2, 8.0),
    # at the shortest run and at the default length of shap, nothing is promised
    Setting("boosting", 100, 1, 2, 0.0),
    Setting("boosting", 100, 12, 6, 0.0),
]


def data(n: int = 4_000) -> Frame:
    """Return 14 numbers and 6 columns of levels, with a binary target that depends on interactions."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.standard_normal((n, COLUMNS - 6)), columns=[f"x{j}" for j in range(COLUMNS - 6)])
    for j in range(6):
        frame[f"c{j}"] = rng.choice(list("abcdef")[: 2 + j % 5], n)
    score = frame.x0 + 0.8 * frame.x1 * frame.x2 - frame.x3.abs() + (frame.c0 == "a") * frame.x4
    score += (
        0.7 * (frame.c1 == "b") + 0.4 * np.sin(2 * frame.x5) + 0.3 * frame[[f"x{j}" for j in range(6, 14)]].sum(axis=1)
    )
    return frame.assign(y=np.where(rng.random(n) < 1 / (1 + np.exp(-score)), "yes", "no"))


def pipelines(frame: Frame) -> dict[str, Any]:
    from sklearn.compose import ColumnTransformer
    from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    numbers, levels = [c for c in frame if c[0] == "x"], [c for c in frame if c[0] == "c"]

    def behind_encoder(model: Any) -> Any:
        scaled = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
        onehot = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
        return make_pipeline(ColumnTransformer([("numbers", scaled, numbers), ("levels", onehot, levels)]), model)

    return {
        "boosting": behind_encoder(HistGradientBoostingClassifier(random_state=0)),
        "forest": behind_encoder(RandomForestClassifier(100, min_samples_leaf=5, random_state=0)),
        "logistic": behind_encoder(LogisticRegression()),
    }


@contextlib.contextmanager
def counted(model: Any) -> Iterator[list[int]]:
    """Count the rows that the model at the end of a pipeline is asked."""
    asked: list[int] = []
    plain = model.predict_proba

    def counting(rows: Any) -> Any:
        asked.append(len(rows))
        return plain(rows)

    model.predict_proba = counting
    try:
        yield asked
    finally:
        del model.predict_proba


def shap_runner(pipeline: Any, cases: Frame, refs: Frame, permutations: int) -> Callable[[int], Any]:
    """Return a function of the seed that runs shap and returns the values."""
    import shap

    levels = {c: sorted(set(cases[c]) | set(refs[c])) for c in cases if cases[c].dtype.kind not in "fi"}
    tables = {c: np.array(v, dtype=object) for c, v in levels.items()}

    def to_numbers(frame: Frame) -> Any:
        out = frame.copy()
        for c, known in levels.items():
            out[c] = pd.Categorical(frame[c], categories=known).codes
        return out.to_numpy(dtype=float)

    def answer(rows: Any) -> Any:
        frame = {c: rows[:, j] for j, c in enumerate(cases.columns)}
        for c, table in tables.items():
            frame[c] = table[frame[c].astype(int)]
        return pipeline.predict_proba(pd.DataFrame(frame))[:, 1]

    numbers, background = to_numbers(cases), to_numbers(refs)

    def run(seed: int) -> Any:
        with contextlib.redirect_stderr(io.StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            masker = shap.maskers.Independent(background, max_samples=len(background))
            explainer = shap.explainers.PermutationExplainer(answer, masker, seed=seed)
            return explainer(numbers, max_evals=permutations * (2 * COLUMNS + 1), silent=True).values

    return run


def timed(run: Callable[[int], Any], seed: int, model: Any) -> tuple[float, int, Any]:
    """Return processor seconds, rows asked and values of one run."""
    gc.collect()
    with counted(model) as asked:
        before = process_time()
        values = run(seed)
        seconds = process_time() - before
    return seconds, sum(asked), values


def compare(study: Any, setting: Setting, runs: int, truth: Any, own_error: float) -> bool:
    """Print one line: median times with their spread, rows asked, errors, and both ratios."""
    from explainers import predict
    from explainers.attribution import explain, reference

    refs = reference(study, size=BACKGROUND)
    names = list(study.candidate(setting.model).features)
    cases = pd.concat([study.rows("test"), study.rows("calibration")]).iloc[: setting.rows]
    fitted = predict.door(study, setting.model).estimator

    def ours(seed: int) -> Any:
        return explain(study, setting.model, cases, reference=refs, pairs=setting.pairs, random_state=seed).values

    shap = shap_runner(fitted, cases[names], refs.rows[names], setting.permutations)
    shap_runner(fitted, cases[names].iloc[:2], refs.rows[names], 1)(0)
    both: dict[str, list[tuple[float, int, Any]]] = {"ours": [], "shap": []}
    for seed in range(runs):
        for who, run in (("ours", ours), ("shap", shap)) if seed % 2 else (("shap", shap), ("ours", ours)):
            both[who].append(timed(run, seed, fitted[-1]))
    seconds = {who: [s for s, _, _ in found] for who, found in both.items()}
    rows = {who: statistics.median(n for _, n, _ in found) / setting.rows for who, found in both.items()}
    error = {
        who: float(
            np.sqrt(max(0.0, np.mean([np.square(v[:EXACT_ROWS] - truth).mean() for _, _, v in found]) - own_error))
        )
        for who, found in both.items()
    }
    faster = statistics.median(s / o for s, o in zip(seconds["shap"], seconds["ours"], strict=True))
    closer = error["shap"] / max(error["ours"], 1e-12)
    ok = not setting.promised or (faster >= setting.promised and closer >= 2)
    promised = (
        f"{'held' if ok else 'NOT HELD'} (>= {setting.promised:g}x, error <= 1/2)" if setting.promised else "no promise"
    )
    print(
        f"{setting.model:9} {setting.rows:5} rows | "
        f"shap {_spread(seconds['shap'])} s, {rows['shap']:6,.0f} evaluations a row, error {error['shap']:.5f} | "
        f"ours {_spread(seconds['ours'])} s, {rows['ours']:6,.0f}, {error['ours']:.5f} | "
        f"{faster:.1f}x faster, error {closer:.1f}x smaller | {promised}",
        flush=True,
    )
    return ok


def _spread(seconds: list[float]) -> str:
    return f"{statistics.median(seconds):.2f} ({min(seconds):.2f} to {max(seconds):.2f})"


def one_case(runs: int) -> bool:
    """Print the processor seconds of one explanation of one mortgage application by boosting, warm."""
    from explainers import open_study
    from explainers.attribution import explain

    study = open_study(Path(__file__).resolve().parent.parent / "sample_data" / "boston_mortgages", build=False)
    cases = study.rows("test")
    explain(study, "boosting", cases.iloc[[0]])
    took = []
    for at in range(1, 4 * runs):
        before = process_time()
        explain(study, "boosting", cases.iloc[[at]])
        took.append(process_time() - before)
    ok = statistics.median(took) <= 0.25
    print(f"one mortgage application by boosting: {_spread(took)} CPU s | {'held' if ok else 'NOT HELD'} (<= 0.25)")
    return ok


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="the settings with 100 rows, two runs each")
    parser.add_argument("--runs", type=int, default=3, help="interleaved runs of each comparison")
    chosen = parser.parse_args()
    runs = 2 if chosen.quick else chosen.runs
    with tempfile.TemporaryDirectory() as home:
        os.environ.setdefault("BAKEOFF_HOME", home)
        return measure(runs, chosen.quick)


def measure(runs: int, quick: bool) -> int:
    from threadpoolctl import threadpool_limits

    from explainers import Study
    from explainers.attribution import explain, reference

    frame = data()
    study = Study.from_frame(frame, target="y", positive="yes", candidates=pipelines(frame))
    cases = pd.concat([study.rows("test"), study.rows("calibration")])
    refs = reference(study, size=BACKGROUND)
    held = True
    with threadpool_limits(1):
        for name in study.candidates:
            settings = [s for s in SETTINGS if s.model == name and (not quick or (s.rows <= 100 and s.promised))]
            long = explain(study, name, cases.iloc[:EXACT_ROWS], reference=refs, pairs=60, random_state=10_000)
            own = 0.0 if long.standard_errors is None else float(np.square(long.standard_errors).mean())
            for setting in settings:
                held &= compare(study, setting, runs, long.values, own)
        held &= one_case(runs)
    return 0 if held else 1


if __name__ == "__main__":
    raise SystemExit(main())
