"""Changes of a formula that may mend what a test found, fitted on training rows and measured on never-seen ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from explainers.diagnostics.material import Material
from explainers.diagnostics.terms import added
from explainers.errors import BakeoffError
from explainers.formula import Factor, Formula, Term, parse
from explainers.results import Diagnostic, Mend
from explainers.results_diagnostics import MendKind

if TYPE_CHECKING:
    from explainers.study import Study

Array = np.ndarray[Any, np.dtype[np.float64]]
MOST_TRIED = 40
MOST_LEVELS = 60
LEVEL = 0.95
FOUND = ("caution", "problem")
Change = tuple[MendKind, str, Formula]


def mended(m: Material, judged: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return the tests with what never-seen rows say of a change, where something was found that a change may mend.

    Parameters
    ----------
    m : Material
    judged : sequence of Diagnostic
        With their status.

    Returns
    -------
    tuple of Diagnostic
        Of the changes that fit a test, the one that leaves least on the training rows is fitted there and compared on
        never-seen rows; these have no part in the choice.
    """
    known: dict[str, Mend | None] = {}
    out = []
    for d in judged:
        if d.status not in FOUND:
            out.append(d)
            continue
        if d.family == "time":
            found = _last_known(m)
        else:
            changes = _changes(m, d)
            key = " | ".join(f"{kind} {column}" for kind, column, _ in changes)
            if key not in known:
                known[key] = _tried(m, changes)
            found = known[key]
        out.append(replace(d, remedy_check=found))
    return tuple(out)


def _formula(m: Material) -> Formula | None:
    text = getattr(m.estimator, "formula", "") if m.trained is not None else ""
    try:
        return parse(text) if text else None
    except BakeoffError:
        return None


def _changes(m: Material, d: Diagnostic) -> list[Change]:
    """Return the changes that may mend what a test found."""
    formula = _formula(m)
    if formula is None:
        return []
    if d.code in ("breusch_pagan", "white", "spread_by_input", "jarque_bera", "anderson_darling", "lilliefors"):
        return _logged(m, formula)
    if d.code == "reset":
        bends = [c for name in _numbers(m, formula.columns) for c in _bends(m, formula, name)]
        return [*_logged(m, formula), *bends]
    if d.code in ("columns", "groups") and d.columns:
        name = d.columns[0]
        if name in formula.columns:
            return list(_bends(m, formula, name)) if name in _numbers(m, [name]) else []
        return _entered(m, formula, name)
    return []


def _logged(m: Material, formula: Formula) -> list[Change]:
    if m.study.task != "regression" or formula.target.transform != "as it is":
        return []
    y = m.study.frame[m.study.target].iloc[m.trained.at] if m.trained is not None else pd.Series(dtype=float)
    if not len(y) or not (y > 0).all():
        return []
    logged = replace(formula, target=replace(formula.target, transform="log"))
    out: list[Change] = [("log target", m.study.target, logged)]
    positive = [n for n in _numbers(m, formula.columns) if bool((m.study.frame[n].dropna() > 0).all())]
    plain = {Term(factors=(Factor(column=n),)): Term(factors=(Factor(column=n, transform="log"),)) for n in positive}
    if any(t in plain for t in formula.terms):
        terms = tuple(dict.fromkeys(plain.get(t, t) for t in formula.terms))
        out.append(("logs", m.study.target, replace(logged, terms=terms)))
    return out


def _numbers(m: Material, names: Iterable[str]) -> list[str]:
    known = m.study.dictionary
    return [
        n for n in names if n in known and known[n].kind == "numeric" and m.study.frame[n].nunique(dropna=True) > 4
    ][:MOST_TRIED]


def _bends(m: Material, formula: Formula, name: str) -> list[Change]:
    """Return the changes by which a column may enter bent: with its square, or by its log."""
    plain, square = Term(factors=(Factor(column=name),)), Term(factors=(Factor(column=name, transform="square"),))
    log = Term(factors=(Factor(column=name, transform="log"),))
    out: list[Change] = []
    if square not in formula.terms:
        begin = formula.terms if plain in formula.terms or log not in formula.terms else (*formula.terms, plain)
        out.append(("square", name, replace(formula, terms=(*begin, square))))
    if log not in formula.terms and plain in formula.terms and bool((m.study.frame[name].dropna() > 0).all()):
        out.append(("log", name, replace(formula, terms=tuple(log if t == plain else t for t in formula.terms))))
    return out


def _entered(m: Material, formula: Formula, name: str) -> list[Change]:
    """Return the change by which a left out column enters."""
    known = m.study.dictionary
    if name not in known or known[name].kind == "date" or not m.study.frame[name].notna().any():
        return []
    kind: MendKind = "input" if known[name].kind == "numeric" else "group"
    term = Term(factors=(Factor(column=name),))
    return [(kind, name, replace(formula, terms=(*formula.terms, term)))]


# -- trying them ---------------------------------------------------------------------------------------------------
def _tried(m: Material, changes: Sequence[Change]) -> Mend | None:
    """Fit the most promising change on training rows and compare it on never-seen ones."""
    fitted = []
    for change in _promising(m, changes):
        try:
            fitted.append((change, *_fit(m, change)))
        except (BakeoffError, np.linalg.LinAlgError, ValueError):  # such as a level that training rows never show
            continue
    if not fitted:
        return None
    (kind, column, formula), _, answers = min(fitted, key=lambda f: f[1])
    return _compared(m, kind, column, str(formula), "", answers)


def _promising(m: Material, changes: Sequence[Change]) -> list[Change]:
    """Return the change of the target, and of the others the three that explain most of what is left over."""
    t = m.trained
    if t is None or len(changes) <= 3 or not t.residuals.size:
        return list(changes[:6])
    frame = m.study.frame
    gains = []
    for change in changes:
        kind, name, _ = change
        if kind not in ("square", "log"):
            gains.append((np.inf, change))
            continue
        x = pd.to_numeric(frame[name].iloc[t.at], errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
        x = np.where(np.isfinite(x), x, np.nanmedian(x))
        bent = x**2 if kind == "square" else np.log(np.maximum(x, 1e-300))
        gains.append((added(t.residuals, t.design, bent[:, None])[0], change))
    gains.sort(key=lambda g: -g[0])
    return [c for _, c in gains[:3]]


def _fit(m: Material, change: Change) -> tuple[float, Array]:
    """Return what a changed formula leaves on training rows, in the target's unit, and its answers to all rows."""
    from explainers import lineup
    from explainers.predict import Door, check_cases, one_thread

    study, name = m.study, m.candidate
    was = study.candidate(name)
    _, column, formula = change
    features = was.features if column in (*was.features, study.target) else (*was.features, column)
    parameters = {k: v for k, v in was.parameters.items() if k != "formula"} if was.recipe == "formula" else {}
    if column not in was.features and column in study.dictionary and study.dictionary[column].kind != "numeric":
        parameters["most"] = max(int(parameters.get("most", 40)), min(MOST_LEVELS, study.frame[column].nunique()))
    new = replace(
        was, estimator=None, built=False, key="", recipe="formula", features=features,
        parameters={**parameters, "formula": str(formula)},
    )  # fmt: skip
    other = study.replace(candidates={**study.candidates, name: new})
    estimator = lineup.make("formula", other, new)
    rows = study.frame.iloc[study.training()]
    with one_thread():
        estimator.fit(check_cases(other, name, rows), rows[study.target].to_numpy())
        answers = Door(other, name, estimator).ask(check_cases(other, name, study.frame))
    answers = np.asarray(answers, dtype=np.float64).reshape(len(study.frame), -1)
    return _left(study, answers), answers


def _left(study: Study, answers: Array) -> float:
    """Return what answers leave on the training rows: mean squared error, or log loss."""
    from explainers.metrics import recorded

    at = study.training()
    if study.task == "regression":
        y = study.frame[study.target].iloc[at].to_numpy(dtype=np.float64)
        return float(np.abs(y - answers[at, 0]).mean())
    p = answers[at, :][np.arange(at.size), recorded(study, at)]
    return float(-np.log(np.maximum(p, 1e-12)).mean())


def _last_known(m: Material) -> Mend | None:
    """Return how another option that goes by the last known figure does, for errors that tell of the next one."""
    from explainers.predict import stored

    names = [
        n for n, c in m.study.candidates.items() if c.recipe == "last_known" and n != m.candidate and not c.failure
    ]
    if not names or m.study.task != "regression":
        return None
    try:
        answers = stored(m.study, names[0]).to_numpy(dtype=np.float64)
    except BakeoffError:
        return None
    column = str(m.study.candidates[names[0]].parameters.get("column", ""))
    return _compared(m, "last known", column, "", names[0], answers)


def _compared(m: Material, kind: MendKind, column: str, formula: str, other: str, answers: Array) -> Mend | None:
    """Compare answers with those of the option as it is, on never-seen rows, in the declared measure."""
    from explainers.metrics import focus_of, groups_of, measured_rows, recorded
    from explainers.metrics.differing import measure_of, paired, standing
    from explainers.metrics.measures import GREATER_IS_BETTER, class_measures, number_measures
    from explainers.predict import stored

    study = m.study
    at, rows = measured_rows(study, m.candidate, ("test",))
    if at.size < 10:
        return None
    metric = measure_of(study)
    before = stored(study, m.candidate).to_numpy(dtype=np.float64)[at]
    after = answers[at]
    figures: list[dict[str, float]]
    if study.task == "regression":
        focus = 0
        actual: Any = study.frame[study.target].iloc[at].to_numpy(dtype=np.float64)
        figures = [number_measures(a[:, 0], actual) for a in (before, after)]
    else:
        focus, actual = focus_of(study), recorded(study, at)
        figures = [class_measures(a, actual, focus=focus, threshold=study.threshold) for a in (before, after)]
    if any(metric not in f for f in figures):
        return None
    lower, upper, *_ = paired(
        metric, after, before, actual, focus, study.threshold, groups=groups_of(study, at), level=LEVEL
    )
    margin = study.margin if metric == study.metric else None
    better = GREATER_IS_BETTER[metric]
    return Mend(
        kind=kind, column=column, formula=formula, candidate=other, metric=metric, before=figures[0][metric],
        after=figures[1][metric], lower=lower, upper=upper, level=LEVEL,
        verdict=standing(lower, upper, greater_is_better=better, margin=margin), n=int(at.size), rows=rows,
    )  # fmt: skip
