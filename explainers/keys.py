"""Keys of results: what the asker can compute before any work is done, and the worker computes again.

No scikit-learn here: a page that shows a built study looks results up by these keys and never needs it.
"""

from __future__ import annotations

import ast
from collections.abc import Hashable, Mapping, Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from explainers import store
from explainers.errors import CandidateError, CaseError
from explainers.study import Study

EXPLANATION, ANSWERS, AGREEMENT, CONTRAST = "explanation", "answers", "agreement", "contrast"
Case = Mapping[str, Any]
Cases = pd.DataFrame | Case | Sequence[Case]


def case_values(row: pd.DataFrame | pd.Series[Any] | Case) -> dict[str, Any]:
    """Return one case as plain Python values by column, None for missing ones.

    Parameters
    ----------
    row : DataFrame of one row, Series or mapping
        The case.

    Returns
    -------
    dict
        Column to value.

    Raises
    ------
    CaseError
        The frame does not have exactly one row.

    Examples
    --------
    >>> case_values(pd.DataFrame({"x": [np.int64(1)], "y": [np.nan], "z": ["a"]}))
    {'x': 1, 'y': None, 'z': 'a'}
    """
    if isinstance(row, pd.DataFrame):
        if len(row) != 1:
            raise CaseError(f"Expected one case, got {len(row)}. Pick one row.")
        return {str(name): _plain(row[name].iloc[0]) for name in row.columns}
    return {str(name): _plain(value) for name, value in row.items()}


def _plain(value: Any) -> Any:
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return None
    return value.item() if isinstance(value, np.generic) and not isinstance(value, np.datetime64) else value


def case_frame(study: Study, case: Case) -> pd.DataFrame:
    """Return a case of plain values as a frame of one row, as the compute functions take it.

    Parameters
    ----------
    study : Study
        The study.
    case : mapping
        Column to value; columns that the study does not have are left out.

    Returns
    -------
    DataFrame, shape (1, n_columns)
        Index 0. Columns that are numbers in the study are numbers here, with NaN for None.
    """
    columns: dict[str, Any] = {}
    for name in (n for n in study.frame.columns if n in case):
        value = _plain(case[name])
        if value is None and pd.api.types.is_numeric_dtype(study.frame[name].dtype):
            value = np.nan
        columns[name] = pd.Series([value], dtype=None if value is not None else object)
    return pd.DataFrame(columns, index=pd.RangeIndex(1))


def reference_spec(reference: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return what a case is compared with in its one spelling: kind, and feature and level, or case.

    Raises
    ------
    CaseError
        It is no such description.
    """
    spec = dict(reference or {"kind": "everyone"})
    wanted = {"everyone": (), "group": ("feature", "level"), "case": ("case",)}.get(str(spec.get("kind")))
    if wanted is None or any(k not in spec for k in wanted):
        raise CaseError(
            f"Expected a comparison with everyone, a group (feature and level) or a case; got {reference!r:.200}. "
            "Choose one of these."
        )
    out = {"kind": spec["kind"], **{k: _plain(spec[k]) for k in wanted}}
    if "case" in out:
        out["case"] = str(out["case"])
    return out


def explanation_key(
    study: Study,
    candidate: str,
    cases: Cases,
    *,
    outcome: Hashable = None,
    reference: Mapping[str, Any] | None = None,
) -> str:
    """Return the key of an explanation in the store, kind ``"explanation"``.

    Parameters
    ----------
    study : Study
        With the keys of its candidates filled in, as ``open_study`` returns it.
    candidate : str
        Name of the candidate.
    cases : DataFrame, mapping or sequence of mappings
        The cases; only the candidate's columns count, 1 and 1.0 are the same value, and the index does not count.
    outcome : hashable, optional
        The class explained; None is the study's focus class.
    reference : mapping, optional
        ``{"kind": "everyone"}``, ``{"kind": "group", "feature": .., "level": ..}`` or ``{"kind": "case", "case": ..}``.

    Returns
    -------
    str

    Raises
    ------
    CandidateError
        There is no such candidate, or it has no key.
    CaseError
        The reference is of no known kind, or its case does not exist.
    """
    return store.key(
        EXPLANATION,
        result_version("attribution"),
        _candidate_key(study, candidate),
        study.data_key,
        _rows(cases, study.candidate(candidate).features),
        _plain(study.positive if outcome is None else outcome),
        _reference(study, reference),
    )


def agreement_key(
    study: Study,
    candidate: str,
    case: Case,
    *,
    outcome: Hashable = None,
    reference: Mapping[str, Any] | None = None,
) -> str:
    """Return the key of an agreement with shap, kind ``"agreement"``; parameters as in :func:`explanation_key`."""
    ours = explanation_key(study, candidate, case, outcome=outcome, reference=reference)
    return store.key(AGREEMENT, ours, _installed("shap"))


def contrast_key(
    study: Study,
    candidate: str,
    case: Case,
    *,
    a: Hashable,
    b: Hashable,
    reference: Mapping[str, Any] | None = None,
) -> str:
    """Return the key of a contrast of class a with class b, kind ``"contrast"``; else as :func:`explanation_key`."""
    ours = explanation_key(study, candidate, case, outcome=a, reference=reference)
    return store.key(CONTRAST, result_version("contrast"), ours, _plain(b))


def answers_key(study: Study, case: Case, *, reference: Mapping[str, Any] | None = None) -> str:
    """Return the key of what all candidates say of a case, kind ``"answers"``."""
    names = list(study.candidates)
    return store.key(
        ANSWERS,
        result_version("answers"),
        [(n, explanation_key(study, n, case, reference=reference)) for n in names if study.candidates[n].built],
        [(n, study.candidates[n].failure) for n in names],
        float(study.threshold),
    )


def candidate_result_key(study: Study, stem: str, candidate: str, **arguments: Any) -> str:
    """Return the key of a result about a whole candidate, made by the compute module ``stem``.

    Parameters
    ----------
    study : Study
        With the keys of its candidates filled in; its data, measure, threshold and focus class count.
    stem : str
        Such as "importance"; its RESULT_VERSION counts.
    candidate : str
        Name of the candidate.
    **arguments : object
        What the result depends on besides; None counts as left out.
    """
    return store.key(
        stem,
        result_version(stem),
        _candidate_key(study, candidate),
        study.data_key,
        study.metric,
        float(study.threshold),
        _plain(study.positive),
        [(f.name, f.kind, list(map(str, f.level_labels))) for f in study.dictionary],
        sorted((k, _plain(v)) for k, v in arguments.items() if v is not None),
    )


@cache
def result_version(stem: str) -> int:
    """Return the RESULT_VERSION of a compute module without importing it (that would import scikit-learn).

    Parameters
    ----------
    stem : str
        Name under ``explainers``, such as "attribution".

    Returns
    -------
    int
        0 where the module does not say.
    """
    spec = find_spec(f"explainers.{stem}")
    if spec is None or spec.origin is None:
        return 0
    for node in ast.parse(Path(spec.origin).read_text(encoding="utf-8")).body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if any(isinstance(t, ast.Name) and t.id == "RESULT_VERSION" for t in targets):
            return int(ast.literal_eval(getattr(node, "value", None) or ast.Constant(0)))
    return 0


@cache
def _installed(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _candidate_key(study: Study, name: str) -> str:
    found = study.candidate(name)
    if not found.key:
        raise CandidateError(
            f"The candidate {name!r} has no key, so nothing can be kept of it. Open the study with open_study first."
        )
    return found.key


def _rows(cases: Cases, columns: Sequence[str]) -> list[list[Any]]:
    if isinstance(cases, pd.DataFrame):
        rows: list[Case] = [case_values(cases.iloc[[i]]) for i in range(len(cases))]
    else:
        rows = [cases] if isinstance(cases, Mapping) else list(cases)
    return [[_settled(row.get(c)) for c in columns] for row in rows]


def _settled(value: Any) -> Any:
    """Return a value so that 1, 1.0 and numpy's 1 give one key, and True another."""
    value = _plain(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**53:
        return float(value)
    return value


def _reference(study: Study, reference: Mapping[str, Any] | None) -> Any:
    spec = reference_spec(reference)
    if spec["kind"] == "group":
        return [spec["kind"], str(spec["feature"]), str(spec["level"])]
    if spec["kind"] == "case":
        # The values too: without an id column an id is a row's place, which data_key does not cover.
        return [spec["kind"], spec["case"], _rows(study.row(spec["case"]), study.feature_names)]
    return [spec["kind"]]
