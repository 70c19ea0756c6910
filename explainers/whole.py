"""The whole of a candidate, where it can be shown: a table, a small tree, a formula, weights."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from explainers import predict
from explainers.attribution.references import training_rows
from explainers.attribution.routes import Route
from explainers.attribution.separable import steps_of
from explainers.effects import as_curve, grid_of
from explainers.results import Branch, Condition, FloatArray, Weight, Whole
from explainers.study import Study

RESULT_VERSION = 1
LEVEL = 0.95
MOST_CELLS, MOST_LEAVES, MOST_WEIGHTS = 80, 16, 400
_HALF = 1.959963984540054


def whole(study: Study, candidate: str) -> Whole:
    """Return everything that a candidate goes by, where that can be listed; else say that it cannot.

    Parameters
    ----------
    study : Study
        The study.
    candidate : str
        Name of the candidate; built on the way if it is not.

    Returns
    -------
    Whole
        kind "constant", "table" (a rule or group table: every cell), "tree" (at most 16 leaves: every question and
        answer), "formula" (what each column does, with its range), "weights" (the same without ranges: shrinking
        gives none) or "none". What a column does is said for a typical case, every other column at its median or most
        frequent level: numbers and ordered levels from their lower to their upper quartile, levels and pairs each
        against the most frequent one. The ranges are for the coefficients alone.

    Raises
    ------
    CandidateError
        The candidate is unknown or cannot be fitted.

    Examples
    --------
    >>> from explainers import Study
    >>> frame = pd.DataFrame({"size": [float(i % 7) for i in range(60)], "price": [2.0 * (i % 7) for i in range(60)]})
    >>> study = Study.from_frame(frame, target="price", candidates={"formula": "formula"})
    >>> [round(w.amount, 6) for w in whole(study, "formula").weights]
    [8.0]
    """
    door = predict.door(study, candidate)
    estimator = door.estimator
    columns = door.features
    known = training_rows(study)
    rows = predict.check_cases(study, candidate, known)[list(columns)]
    common: dict[str, Any] = {
        "candidate": candidate,
        "unit": "probability" if study.classes else "target",
        "outcome": study.positive if study.classes else None,
        "focus": study.classes.index(study.positive) if study.positive in study.classes else 0,
        "n": len(rows),
    }
    steps = steps_of(estimator)
    final = steps[-1]
    if type(final).__module__ == "sklearn.dummy":
        answer = tuple(float(v) for v in np.atleast_1d(door.ask(rows.head(1))[0]))
        one = Branch(conditions=(), rows=len(rows), answers=answer)
        return Whole(kind="constant", columns=(), unused=tuple(columns), branches=(one,), **common)
    if hasattr(final, "cells_") and hasattr(final, "bins_"):
        used = tuple(final.chosen_)
        if final.counts_.size > MOST_CELLS:
            return Whole(kind="none", columns=used, unused=_but(columns, used), **common)
        return Whole(kind="table", columns=used, unused=_but(columns, used), branches=_cells(study, final), **common)
    if hasattr(final, "tree_"):
        reader = _reader(steps[:-1], list(columns))
        if reader is None or final.tree_.n_leaves > MOST_LEAVES:
            return Whole(kind="none", columns=tuple(columns), **common)
        branches = _nodes(study, final, reader)
        used = tuple(dict.fromkeys(c.feature for b in branches for c in b.conditions))
        return Whole(kind="tree", columns=used, unused=_but(columns, used), branches=branches, **common)
    if hasattr(final, "term_columns_"):
        used = tuple(dict.fromkeys(c for term in final.term_columns_ for c in term))
        return Whole(
            kind="formula",
            columns=used,
            unused=_but(columns, used),
            weights=_weights(study, door, rows, used, final),
            coefficients=_coefficients(final, study),
            formula=str(final.formula),
            link=str(final.link_),
            **common,
        )
    if hasattr(final, "coef_") and type(final).__module__.startswith("sklearn.linear_model"):
        of = Route(door, rows.head(50), rows.head(50), rows.head(200))
        used = tuple(c for c, use in zip(columns, of.used, strict=True) if use)
        return Whole(
            kind="weights",
            columns=used,
            unused=_but(columns, used),
            weights=_weights(study, door, rows, used, None),
            link="logit" if study.classes else "identity",
            **common,
        )
    return Whole(kind="none", columns=tuple(columns), **common)


def typical(study: Study, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the typical case as a frame of one row: medians (a value that occurs) and most frequent levels."""
    out: dict[str, Any] = {}
    for name in rows.columns:
        held = rows[name].dropna()
        if not len(held):
            out[name] = None
        elif as_curve(study.dictionary[name], rows[name]):
            out[name] = held.quantile(0.5, interpolation="nearest")
        else:
            out[name] = held.mode().iloc[0]
    return pd.DataFrame({name: pd.Series([value], dtype=object) for name, value in out.items()})


def _but(columns: Any, used: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(c for c in columns if c not in used)


# -- tables ------------------------------------------------------------------------------------------------------
def _cells(study: Study, final: Any) -> tuple[Branch, ...]:
    from explainers.estimators.bins import Bins

    bins = [Bins(**b) for b in final.bins_]
    places = predict.place_of(study.classes, final.classes_) if study.classes else None
    out = []
    for cell in np.ndindex(final.counts_.shape):
        conditions = tuple(_group(study, b, g) for b, g in zip(bins, cell, strict=True))
        answers = _ordered(np.atleast_1d(final.cells_[cell]), places, len(study.classes))
        out.append(Branch(conditions=conditions, rows=int(final.counts_[cell]), answers=answers))
    return tuple(out)


def _group(study: Study, bins: Any, group: int) -> Condition:
    if bins.missing and group == bins.size - 1:
        return Condition(feature=bins.column, missing=True)
    if bins.kind != "number":
        if group < len(bins.levels):
            return Condition(feature=bins.column, levels=(_level(study, bins.column, bins.levels[group]),))
        return Condition(feature=bins.column, levels=tuple(bins.levels), other=True)
    above = bins.edges[group - 1] if group else None
    up_to = bins.edges[group] if group < len(bins.edges) else None
    return Condition(feature=bins.column, above=above, up_to=up_to, missing=False if bins.missing else None)


def _ordered(values: FloatArray, places: Any, n: int) -> tuple[float, ...]:
    if places is None:
        return tuple(float(v) for v in values[:1])
    out = np.zeros(n)
    out[places] = values
    return tuple(map(float, out))


def _level(study: Study, column: str, text: str) -> Any:
    """Return a level as the data holds it, from its text."""
    for value in pd.unique(study.frame[column].dropna()):
        if str(value) == text or (isinstance(value, float | np.floating) and f"{value:g}" == text):
            return value.item() if isinstance(value, np.generic) else value
    return text


# -- trees -------------------------------------------------------------------------------------------------------
def _reader(before: list[Any], columns: list[str]) -> Any:
    """Return what tells of an encoded column: its original column, how it is read, its level and its fill."""
    if not before:
        return [(c, "number", [], None, 0.0) for c in columns]
    encoder = before[0]
    if len(before) > 1 or type(encoder).__name__ != "Encoder" or encoder.scale or not encoder.fill:
        return None
    out: list[tuple[str, str, list[str], int | None, float]] = []
    for i, (column, kind) in enumerate(zip(encoder.columns, encoder.kinds, strict=True)):
        levels, fill = encoder.levels_[i], encoder.fill_[i]
        if kind == "level" and encoder.flags:
            n = len(levels) + encoder.other_[i]
            shown = [1] if n == 2 else list(range(n))
            out += [(column, "flag", levels, k, fill) for k in shown]
        else:
            out.append((column, kind, levels, None, fill))
        if encoder.missing_[i] and encoder.fill:
            out.append((column, "missing", levels, None, fill))
    return out if len(out) == len(encoder.names_out_) else None


def _nodes(study: Study, final: Any, reader: list[Any]) -> tuple[Branch, ...]:
    tree = final.tree_
    places = predict.place_of(study.classes, final.classes_) if study.classes else None
    out: list[Branch] = []

    def walk(node: int, conditions: tuple[Condition, ...], depth: int) -> None:
        leaf = tree.children_left[node] < 0
        values = np.atleast_1d(np.asarray(tree.value[node], dtype=float).ravel())
        values = values / values.sum() if study.classes and values.sum() > 0 else values
        out.append(
            Branch(
                conditions=conditions,
                depth=depth,
                leaf=bool(leaf),
                rows=int(tree.n_node_samples[node]),
                answers=_ordered(values, places, len(study.classes)),
            )
        )
        if not leaf:
            low, high = _question(study, reader[tree.feature[node]], float(tree.threshold[node]))
            walk(int(tree.children_left[node]), (low,), depth + 1)
            walk(int(tree.children_right[node]), (high,), depth + 1)

    walk(0, (), 0)
    return tuple(out)


def _question(
    study: Study, read: tuple[str, str, list[str], int | None, float], cut: float
) -> tuple[Condition, Condition]:
    column, kind, levels, place, fill = read
    if kind == "missing":
        return Condition(feature=column, missing=False), Condition(feature=column, missing=True)
    if kind == "number":
        return Condition(feature=column, up_to=cut), Condition(feature=column, above=cut)
    raw = [_level(study, column, text) for text in levels]
    if kind == "ordered":
        k = int(np.floor(cut)) + 1
        del fill
        return Condition(feature=column, levels=tuple(raw[:k])), Condition(feature=column, levels=tuple(raw[k:]))
    if place is not None and place < len(raw):
        others = tuple(raw[:place] + raw[place + 1 :])
        this = Condition(feature=column, levels=(raw[place],))
        if len(levels) == 2:
            return Condition(feature=column, levels=others), this
        return Condition(feature=column, levels=(raw[place],), other=True), this
    return Condition(feature=column, levels=tuple(raw)), Condition(feature=column, levels=tuple(raw), other=True)


# -- formulas and weights ----------------------------------------------------------------------------------------
def _weights(study: Study, door: Any, rows: pd.DataFrame, used: tuple[str, ...], formula: Any) -> tuple[Weight, ...]:
    """Return what each column does for a typical case, the strongest first."""
    usual = typical(study, rows)
    pairs = [(name, low, high) for name in used for low, high in _contrasts(study, rows, usual, name)]
    if not pairs:
        return ()
    both = [usual.assign(**{name: pd.Series([v], dtype=object)}) for name, low, high in pairs for v in (low, high)]
    cases = predict.check_cases(study, door.candidate, pd.concat(both, ignore_index=True))
    focus = study.classes.index(study.positive) if study.positive in study.classes else 0
    said = door.ask(cases).reshape(len(cases), -1)[:, focus]
    ends = _ranges(formula, cases, focus, study) if formula is not None else [(None, None)] * len(pairs)
    relative = formula is not None and formula.link_ == "log"
    out = []
    for at, ((name, low, high), (lower, upper)) in enumerate(zip(pairs, ends, strict=True)):
        before, after = float(said[2 * at]), float(said[2 * at + 1])
        out.append(
            Weight(
                features=(name,),
                low=low,
                high=high,
                before=before,
                amount=after / before - 1 if relative else after - before,
                lower=lower,
                upper=upper,
                relative=relative,
            )
        )
    return tuple(sorted(out, key=lambda w: -abs(w.amount))[:MOST_WEIGHTS])


def _contrasts(study: Study, rows: pd.DataFrame, usual: pd.DataFrame, name: str) -> list[tuple[Any, Any]]:
    """Return the pairs of values to compare: quartiles, or each level against the most frequent one."""
    entry, held = study.dictionary[name], rows[name].dropna()
    if not len(held):
        return []
    if as_curve(entry, rows[name]):
        low, high = (held.quantile(q, interpolation="nearest") for q in (0.25, 0.75))
        if low == high:
            low, high = held.min(), held.max()
        return [(_plain(low), _plain(high))] if low != high else []
    levels, first = grid_of(entry, rows[name]), usual[name].iloc[0]
    if entry.kind == "ordered" and len(levels) > 2:
        return [(levels[0], levels[-1])]
    if entry.kind in ("ordered", "boolean") and len(levels) == 2:
        return [(levels[0], levels[1])]
    every = [_plain(v) for v in held.value_counts().index]  # all of them: this is to be the whole
    return [(_plain(first), level) for level in every if str(level) != str(first)]


def _ranges(formula: Any, cases: pd.DataFrame, focus: int, study: Study) -> list[tuple[float | None, float | None]]:
    """Return the ranges of what a formula says differently, from the covariance of its coefficients."""
    design = formula.design(cases).to_numpy(dtype=float)
    wide = _wide(formula)
    coef, cov = np.asarray(formula.coef_), np.asarray(formula.cov_)
    p, m = coef.shape
    out: list[tuple[float | None, float | None]] = []
    places = predict.place_of(study.classes, formula.classes_) if study.classes else None
    for at in range(0, len(design), 2):
        step = design[at + 1] - design[at]
        if m == 1:
            middle, error = float(step @ coef[:, 0]), float(np.sqrt(max(step @ cov @ step, 0.0)))
            ends = middle - wide * error, middle + wide * error
            if formula.link_ == "identity":
                out.append(ends)
            elif formula.link_ == "log":
                out.append((float(np.expm1(ends[0])), float(np.expm1(ends[1]))))
            else:
                base = float(design[at] @ coef[:, 0])
                moved = sorted(_chance(base + e) - _chance(base) for e in ends)
                flip = places is not None and int(places[1]) != focus
                out.append((-moved[1], -moved[0]) if flip else (moved[0], moved[1]))
            continue
        drawn = np.random.default_rng(0).multivariate_normal(coef.T.ravel(), cov, size=1_000, method="eigh")
        drawn = drawn.reshape(-1, m, p)
        chances = [_softmax(drawn @ row) for row in (design[at], design[at + 1])]
        own = int(np.argmax(places == focus)) if places is not None else focus
        low, high = np.quantile(chances[1][:, own] - chances[0][:, own], [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
        out.append((float(low), float(high)))
    return out


def _wide(formula: Any) -> float:
    """Return the half-width of a range in standard errors: Student's t where the formula says its freedom."""
    free = getattr(formula, "free_", None)
    if not free or formula.link_ == "logit":
        return _HALF
    from scipy.stats import t

    return float(t.ppf(0.5 + LEVEL / 2, free))


def _coefficients(formula: Any, study: Study) -> pd.DataFrame:
    wide = _wide(formula)
    coef, cov = np.asarray(formula.coef_), np.asarray(formula.cov_)
    error = np.sqrt(np.maximum(np.diag(cov), 0.0)).reshape(coef.shape[1], -1).T
    frames = []
    for k in range(coef.shape[1]):
        frame = pd.DataFrame({"name": list(formula.names_), "coefficient": coef[:, k], "standard_error": error[:, k]})
        if coef.shape[1] > 1:
            frame.insert(0, "class", str(formula.classes_[k + 1]))
        frames.append(frame)
    every = pd.concat(frames, ignore_index=True)
    every["lower"] = every["coefficient"] - wide * every["standard_error"]
    every["upper"] = every["coefficient"] + wide * every["standard_error"]
    if study.classes:
        every["odds_ratio"] = np.exp(every["coefficient"].clip(-700, 700))
    return every


def _chance(x: float) -> float:
    return float(0.5 * (1 + np.tanh(0.5 * x)))


def _softmax(link: FloatArray) -> FloatArray:
    full = np.column_stack([np.zeros(len(link)), link])
    full = np.exp(full - full.max(axis=1, keepdims=True))
    return np.asarray(full / full.sum(axis=1, keepdims=True))


def _plain(value: Any) -> Any:
    if isinstance(value, np.datetime64):
        return pd.Timestamp(value)
    return value.item() if isinstance(value, np.generic) else value
