"""A formula with its coefficients as a JSON file, in the grammar of :mod:`explainers.formula`: read, never run.

::

    {"bakeoff": "formula", "version": 1,
     "formula": "log(price) ~ log(size) + heating + size:age",
     "levels": {"heating": ["gas", "oil", "wood"]},
     "coefficients": {"(intercept)": 1.2, "log(size)": 0.5, "heating[oil]": -0.1, "heating[wood]": 0, "size:age": 0.01},
     "missing": {"size": 100, "age": 30, "heating": "gas"}}

Columns that are not among the levels are numbers. The first level of a column is what the others are compared with.
``missing`` says what stands for a value that is not there. Two classes: ``"classes": ["no", "yes"]``; the coefficients
are of the log-odds of the second. Several classes: one set of coefficients for each class but the first, with which
they are compared. Optional: ``covariance`` (in the order of the coefficients), ``free`` (its degrees of freedom, for
numbers), ``factor`` (with a log target: what the answer is multiplied by, such as the mean of exp(residual)).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from explainers.errors import BakeoffError, ModelFileError
from explainers.fields import FloatArray
from explainers.formula import Factor, Formula, parse
from explainers.models.inputs import Inputs
from explainers.models.kinds import broken, too_large

MOST_BYTES = 20_000_000
MOST_COEFFICIENTS = 5_000
INTERCEPT = "(intercept)"
_FIELDS = frozenset(
    {*("bakeoff", "version", "formula", "levels", "coefficients", "missing", "classes", "covariance", "free", "factor")}
)


def is_formula(data: bytes) -> bool:
    """Return whether JSON is meant to be a formula with coefficients."""
    return b'"bakeoff"' in data[:2_000] and b'"learner"' not in data[:2_000]


def check(data: bytes, name: str) -> None:
    """Refuse bytes that are no formula with coefficients; see :func:`loads`."""
    _read(data, name)


def describe(data: bytes, name: str) -> Inputs:
    """Return what the formula says of its inputs; see :func:`loads`."""
    said = _read(data, name)
    return Inputs(
        names=said.formula.columns,
        count=len(said.formula.columns),
        levels={c: tuple(known) for c, known in said.levels.items()},
        numbers=frozenset(c for c in said.formula.columns if c not in said.levels),
        classes=tuple(said.classes),
        task="classification" if said.classes else "regression",
    )


def loads(data: bytes, name: str) -> Any:
    """Return the formula as a fitted estimator.

    Parameters
    ----------
    data : bytes
        The whole file.
    name : str
        What to call it in messages.

    Returns
    -------
    FormulaRegressor, FormulaClassifier or GivenFormula
        Fitted. With a covariance the formula itself, which can be shown as a whole with its ranges; else something that
        only answers.

    Raises
    ------
    ModelFileError
        The file is not as described above; the message says where.
    """
    from explainers.adapters.formulas import GivenFormula
    from explainers.estimators import FormulaClassifier, FormulaRegressor

    said = _read(data, name)
    formula, levels, classes = said.formula, said.levels, said.classes
    kinds = ["level" if c in levels else "number" for c in formula.columns]
    made: Any = (FormulaClassifier if classes else FormulaRegressor)(str(formula), list(formula.columns), kinds)
    made.feature_names_in_ = np.array(list(formula.columns), dtype=object)
    made.n_features_in_ = len(formula.columns)
    made.kinds_ = dict(zip(formula.columns, kinds, strict=True))
    made.levels_ = levels
    made.other_ = dict.fromkeys(levels, False)
    made.missing_ = []
    made.parsed_ = [[(f.column, f.transform) for f in term.factors] for term in formula.terms]
    made.terms_ = [str(t) for t in formula.terms]
    made.term_columns_ = [list(t.columns) for t in formula.terms]
    made.fill_, made.names_, made.term_of_, made.coef_ = said.fill, said.names, said.term_of, said.coef
    made.smear_, made.notes_ = said.factor, []
    if classes:
        made.link_, made.classes_ = "logit", np.array(classes, dtype=object)
    else:
        made.link_ = "log" if formula.target.transform == "log" else "identity"
    if said.covariance is None:
        return GivenFormula(made, data)
    made.cov_ = made.plain_cov_ = said.covariance
    made.clusters_, made.free_, made.plain_free_ = 0, said.free, said.free
    return made


def dumps(estimator: Any) -> bytes:
    """Return a fitted formula of Bakeoff's own as such a file.

    Parameters
    ----------
    estimator : FormulaRegressor or FormulaClassifier
        Fitted.

    Returns
    -------
    bytes
        JSON that :func:`loads` reads.

    Raises
    ------
    ModelFileError
        It has terms that the file cannot say: rare levels put together, or marks of missing values.
    """
    if any(estimator.other_.values()) or estimator.missing_:
        raise ModelFileError(
            "This formula was fitted with rare levels put together or with marks of missing values, which a file of "
            "coefficients cannot say. Keep it as a .skops file."
        )
    coef = np.asarray(estimator.coef_, dtype=float)
    classes = [c.item() if isinstance(c, np.generic) else c for c in getattr(estimator, "classes_", ())]
    sets = [dict(zip(estimator.names_, map(float, coef[:, j]), strict=True)) for j in range(coef.shape[1])]
    document: dict[str, Any] = {
        "bakeoff": "formula",
        "version": 1,
        "formula": estimator.formula,
        "levels": {c: list(v) for c, v in estimator.levels_.items()},
        "coefficients": sets[0] if len(sets) == 1 else {str(c): s for c, s in zip(classes[1:], sets, strict=True)},
        "missing": {
            c: estimator.levels_[c][int(v)] if estimator.levels_.get(c) else float(v)
            for c, v in estimator.fill_.items()
        },
        "covariance": np.asarray(estimator.cov_, dtype=float).tolist(),
        "factor": float(estimator.smear_),
    }
    if classes:
        document["classes"] = classes
    else:
        document["free"] = int(estimator.free_)
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


# -- reading -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Said:
    """What a file says, in the forms that the estimator has."""

    formula: Formula
    levels: dict[str, list[str]]
    classes: list[Any]
    fill: dict[str, float]
    names: list[str]
    term_of: list[int]
    coef: FloatArray
    covariance: FloatArray | None
    factor: float
    free: int


def _read(data: bytes, name: str) -> _Said:
    """Read a file to the end, so that whatever is wrong in it is said before anything is made of it."""
    document, formula = _document(data, name)
    levels = {str(c): [str(v) for v in known] for c, known in document.get("levels", {}).items()}
    classes = [_class(c) for c in document.get("classes", ())]
    names, term_of = _names(formula, levels, name)
    coef = _coefficients(document["coefficients"], names, classes, name)
    covariance = document.get("covariance")
    return _Said(
        formula=formula,
        levels={c: levels[c] for c in formula.columns if c in levels},
        classes=classes,
        fill=_fill(document.get("missing", {}), formula, levels, name),
        names=names,
        term_of=term_of,
        coef=coef,
        covariance=None if covariance is None else _covariance(covariance, coef.size, name),
        factor=float(document.get("factor", 1.0)),
        free=int(document.get("free", 1_000_000)),
    )


def _document(data: bytes, name: str) -> tuple[dict[str, Any], Formula]:
    too_large(data, name, MOST_BYTES)
    try:
        document = json.loads(data.decode("utf-8-sig"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as e:
        raise broken(name, "formula") from e
    if not isinstance(document, dict) or document.get("bakeoff") != "formula" or document.get("version") != 1:
        raise broken(name, "formula", 'it does not begin with "bakeoff": "formula", "version": 1')
    unknown = [str(k)[:40] for k in document if k not in _FIELDS]
    if unknown:
        raise broken(name, "formula", f"the field {unknown[0]!r} is not known")
    wanted: tuple[tuple[str, type], ...] = (("formula", str), ("coefficients", dict))
    for key, kind in wanted:
        if not isinstance(document.get(key), kind):
            raise broken(name, "formula", f"the field {key!r} is missing or of another kind")
    wanted = (("levels", dict), ("missing", dict), ("classes", list))
    for key, kind in wanted:
        if not isinstance(document.get(key, kind()), kind):
            raise broken(name, "formula", f"the field {key!r} is of another kind")
    if any(not isinstance(v, list) or not v for v in document.get("levels", {}).values()):
        raise broken(name, "formula", "the levels of a column should be a list")
    for key in ("factor", "free"):
        if key in document and not _is_number(document[key]):
            raise broken(name, "formula", f"the field {key!r} should be a number")
    classes = document.get("classes", [])
    if classes and (len(classes) < 2 or len({str(c) for c in classes}) != len(classes)):
        raise broken(name, "formula", "the classes should be two or more, each once")
    try:
        return document, parse(document["formula"])
    except BakeoffError as e:
        raise ModelFileError(f"{name} was refused and nothing in it was run. {e.message}") from e


def _no_constant(text: str) -> float:
    raise ValueError(f"{text} is no number")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _class(value: Any) -> Any:
    return value if isinstance(value, str | bool | int | float) else str(value)


def _names(formula: Formula, levels: Mapping[str, list[str]], name: str) -> tuple[list[str], list[int]]:
    """Return the names of the coefficients in the order of the design, and the term of each."""
    names, term_of = [INTERCEPT], [-1]
    for at, term in enumerate(formula.terms):
        here = [""]
        for factor in term.factors:
            more = _factor_names(factor, levels, name)
            here = [f"{a}:{b}" if a else b for a in here for b in more]
            if len(names) + len(here) > MOST_COEFFICIENTS:
                raise broken(name, "formula", f"it has more than {MOST_COEFFICIENTS:,} coefficients")
        names += here
        term_of += [at] * len(here)
    return names, term_of


def _factor_names(factor: Factor, levels: Mapping[str, list[str]], name: str) -> list[str]:
    if factor.column not in levels:
        return [str(factor)]
    if factor.transform != "as it is":
        raise broken(name, "formula", f"{factor} needs numbers, and {factor.column!r} holds levels")
    return [f"{factor}[{level}]" for level in levels[factor.column][1:]]


def _coefficients(given: Mapping[str, Any], names: list[str], classes: list[Any], name: str) -> Any:
    """Return coefficients of shape (p, m)."""
    sets = [given]
    if len(classes) > 2:
        lacking = [str(c) for c in classes[1:] if not isinstance(given.get(str(c)), dict)]
        if lacking:
            raise broken(name, "formula", f"the coefficients of the class {lacking[0]!r} are missing")
        sets = [given[str(c)] for c in classes[1:]]
    for one in sets:
        lacking = [n for n in names if n not in one]
        strange = [str(n)[:60] for n in one if n not in names]
        wrong = [n for n in names if n in one and not _is_number(one[n])]
        if lacking or strange or wrong:
            what = (
                f"the coefficient of {lacking[0]!r} is missing"
                if lacking
                else f"the coefficient {strange[0]!r} belongs to no term of the formula"
                if strange
                else f"the coefficient of {wrong[0]!r} is no number"
            )
            raise broken(name, "formula", what)
    return np.array([[float(one[n]) for one in sets] for n in names])


def _fill(given: Mapping[str, Any], formula: Formula, levels: Mapping[str, list[str]], name: str) -> dict[str, float]:
    out = {}
    for column in formula.columns:
        value = given.get(column)
        if column in levels:
            if value is not None and str(value) not in levels[column]:
                raise broken(name, "formula", f"what stands for a missing {column!r} is none of its levels")
            out[column] = float(levels[column].index(str(value))) if value is not None else 0.0
        elif value is not None and not _is_number(value):
            raise broken(name, "formula", f"what stands for a missing {column!r} should be a number")
        else:
            out[column] = float(value) if value is not None else float("nan")
    return out


def _covariance(given: Any, size: int, name: str) -> Any:
    try:
        found = np.array(given, dtype=np.float64)
    except (TypeError, ValueError) as e:
        raise broken(name, "formula", "its covariance does not hold numbers") from e
    if found.shape != (size, size) or not np.isfinite(found).all() or not np.allclose(found, found.T, rtol=1e-6):
        raise broken(name, "formula", f"its covariance should be symmetric and have {size} rows and columns")
    return found
