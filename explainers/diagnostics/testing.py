"""Carry out every test on the material of one option."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from explainers.diagnostics import order, shape, spread, terms
from explainers.diagnostics.catalogue import found, without
from explainers.diagnostics.material import Material, Seen, Trained
from explainers.results import Diagnostic

Array = np.ndarray[Any, np.dtype[np.float64]]
LEAST = 30  # rows below which a test can find next to nothing
LEAST_FREE = 20
MOST_BASIS = 60_000_000  # cells of a basis that is worth taking along
FORMULA_ONLY = "it looks into the terms of a formula, and this option has none"
NUMBERS_ONLY = "errors of chances follow from the chances themselves, so they have no width or shape of their own"
PENALISED = "some inputs of the formula say the same as others, so a test of its terms does not hold"
Test = Callable[[Material], list[Diagnostic]]


def every(m: Material) -> list[Diagnostic]:
    """Return all tests of an option that need no column by column look, those that do not apply with the reason."""
    return [*_bends(m), *_spreads(m), *_shapes(m), *_times(m), *_terms(m)]


def enough(m: Material, n: int) -> str:
    """Return why a test of never-seen rows is skipped; empty if it is not."""
    if n == 0:
        return "there are no rows that it has not seen"
    if n < LEAST:
        return f"there are only {n} rows to test on, and it takes {LEAST}"
    return "" if m.seen and np.ptp(m.seen[0].residuals) > 0 else "it is off by the same amount in every row"


def _flat(residuals: Array, fitted: Array) -> bool:
    return float(residuals.std()) <= 1e-10 * (float(np.abs(fitted).max(initial=0.0)) + float(np.abs(residuals).max()))


# -- formulas: bends -------------------------------------------------------------------------------------------------
def _formula(m: Material, code: str) -> tuple[Trained | None, list[Diagnostic]]:
    """Return the training rows of a formula, or why a test of them is not carried out."""
    t = m.trained
    if t is None:
        return None, [without(code, m.candidate, FORMULA_ONLY)]
    if t.penalised:
        return None, [without(code, m.candidate, PENALISED, skipped=True)]
    free = len(t.design) - t.design.shape[1]
    if free < LEAST_FREE:
        why = f"it learned from only {len(t.design)} rows, for {t.design.shape[1]} terms"
        return None, [without(code, m.candidate, why, skipped=True)]
    if t.residuals.size and _flat(t.residuals, t.fitted):
        return None, [without(code, m.candidate, "it fits every row that it learned from exactly", skipped=True)]
    return t, []


def _bends(m: Material) -> list[Diagnostic]:
    t, why = _formula(m, "reset")
    if t is None:
        return why
    if m.scale == "probability":
        if not t.residuals.size:
            return [without("reset", m.candidate, "it is carried out for two outcomes, and this formula has more")]
        happened = t.residuals + 1 / (1 + np.exp(-t.fitted))
        tested = terms.link_test(np.round(happened), t.design, t.fitted)
        name = "likelihood ratio"
    else:
        tested, name = terms.reset(t.residuals, t.design, t.fitted), "F"
    if tested is None or tested[2][0] == 0:
        return [without("reset", m.candidate, "its terms leave no room for a bend")]
    statistic, p, df, share = tested
    figures = {"statistic_name": name, "statistic": statistic, "df": df, "p_value": p, "effect": share}
    return [found("reset", m.candidate, n=len(t.design), rows="training", scale=m.scale, **figures)]


# -- spread ------------------------------------------------------------------------------------------------------------
def _errors(m: Material, code: str) -> tuple[Array, Array, str, list[Diagnostic]]:
    """Return residuals and predictions that spread and shape are tested on: training rows of a formula, else others."""
    none = np.zeros(0)
    if m.scale == "probability":
        return none, none, "", [without(code, m.candidate, NUMBERS_ONLY)]
    if m.trained is not None and not _formula(m, code)[1]:
        return m.trained.residuals, m.trained.fitted, "training", []
    seen = m.seen[0]
    why = enough(m, seen.residuals.size)
    if why:
        return none, none, "", [without(code, m.candidate, why, skipped=True)]
    return seen.residuals - seen.residuals.mean(), seen.fitted, m.rows, []


def _spreads(m: Material) -> list[Diagnostic]:
    out = []
    residuals, fitted, on, why = _errors(m, "breusch_pagan")
    if why:
        out += why
    elif np.ptp(fitted) <= 0:
        out.append(without("breusch_pagan", m.candidate, "it gives every case the same answer"))
    else:
        middle = (fitted - fitted.mean()) / fitted.std()
        statistic, p, df = spread.breusch_pagan(residuals, np.column_stack([np.ones(fitted.size), middle]))
        times, upper = spread.ratio(residuals, fitted)
        figures = {"statistic_name": "LM", "statistic": statistic, "df": (float(df),), "p_value": p, "effect": times}
        more = {"side": "high" if upper else "low", "n": fitted.size, "rows": on}
        out.append(found("breusch_pagan", m.candidate, scale=m.scale, **figures, **more))
    if m.scale == "probability":
        return [*out, *(without(c, m.candidate, NUMBERS_ONLY) for c in ("spread_by_input", "white"))]
    return [*out, _by_input(m), _white(m)]


def _by_input(m: Material) -> Diagnostic:
    t, why = _formula(m, "spread_by_input")
    if t is None:
        return why[0]
    if t.design.shape[1] < 2:
        return without("spread_by_input", m.candidate, "the formula has no terms")
    statistic, p, df = spread.breusch_pagan(t.residuals, t.design)
    return found(
        "spread_by_input", m.candidate, statistic_name="LM", statistic=statistic, df=(float(df),), p_value=p,
        effect=_adjusted(statistic, len(t.design), df), n=len(t.design), rows="training", scale=m.scale,
        columns=_widest(t),
    )  # fmt: skip


def _adjusted(statistic: float, n: int, df: int) -> float:
    return max(0.0, 1 - (1 - statistic / n) * (n - 1) / max(n - df - 1, 1))


def _widest(t: Trained) -> tuple[str, ...]:
    """Return the columns of the terms that squared residuals go with most, each term by itself."""
    square = t.residuals**2
    shares: dict[int, float] = {}
    for term in dict.fromkeys(i for i in t.term_of if i >= 0):
        own = t.design[:, [j for j, of in enumerate(t.term_of) if of == term]]
        r2, rank = spread.explained_by(square, np.column_stack([np.ones(len(own)), own]))
        shares[term] = _adjusted(r2 * len(own), len(own), rank - 1)
    strongest = sorted((i for i in shares if shares[i] > 0.01), key=lambda i: -shares[i])[:3]
    return tuple(dict.fromkeys(c for i in strongest for c in t.term_columns[i]))


def _white(m: Material) -> Diagnostic:
    t, why = _formula(m, "white")
    if t is None:
        return why[0]
    n, k = t.design.shape
    if k < 2:
        return without("white", m.candidate, "the formula has no terms")
    if not spread.white_feasible(n, k):
        products = k * (k + 1) // 2
        reason = f"{k} terms have {products:,} products, too many for the {n:,} rows it learned from"
        return without("white", m.candidate, reason, skipped=True)
    statistic, p, df = spread.white(t.residuals, t.design)
    return found(
        "white", m.candidate, statistic_name="LM", statistic=statistic, df=(float(df),), p_value=p,
        effect=_adjusted(statistic, n, df), n=n, rows="training", scale=m.scale,
    )  # fmt: skip


# -- shape -------------------------------------------------------------------------------------------------------------
def _shapes(m: Material) -> list[Diagnostic]:
    codes = ("jarque_bera", "anderson_darling", "lilliefors")
    residuals, _, on, why = _errors(m, codes[0])
    if why:
        return [without(c, m.candidate, why[0].why, skipped=why[0].status == "skipped") for c in codes]
    n = residuals.size
    about: dict[str, Any] = {"n": n, "rows": on, "scale": m.scale}
    jb, p, skew, excess = shape.jarque_bera(residuals)
    side = "low" if skew > 0.5 else "high" if skew < -0.5 else "both"
    out = [
        found(
            codes[0], m.candidate, statistic_name="JB", statistic=jb, df=(2.0,), p_value=p,
            effect=float(np.hypot(skew, excess / 2)), side=side, **about,
        )
    ]  # fmt: skip
    a2, p = shape.anderson_darling(residuals)
    size = float(np.sqrt(max(a2 - 0.4, 0.0) / n))  # less what a bell shape shows on average
    out.append(found(codes[1], m.candidate, statistic_name="A²", statistic=a2, p_value=p, effect=size, **about))
    gap, p = shape.lilliefors(residuals)
    out.append(found(codes[2], m.candidate, statistic_name="D", statistic=gap, p_value=p, effect=gap, **about))
    return out


# -- time --------------------------------------------------------------------------------------------------------------
def _times(m: Material) -> list[Diagnostic]:
    codes = ("durbin_watson", "ljung_box")
    t = m.trained if m.scale != "probability" and not _formula(m, codes[0])[1] else None
    at = t.at if t is not None else m.seen[0].at
    if at.size < LEAST:
        why = enough(m, at.size) or f"there are only {at.size} rows to test on"
        return [without(c, m.candidate, why, skipped=True) for c in codes]
    o = order.ordered(m.study, at, m.unit)
    if o.why:
        return [without(c, m.candidate, o.why) for c in codes]
    residuals = (t.residuals if t is not None else _standardised(m.seen[0]))[o.order]
    fit = order.Fit()
    if t is not None and t.design.size <= MOST_BASIS:
        fit = order.Fit(spread.orthonormal(t.design[o.order]))
    else:
        residuals = order.centred(residuals, o.groups)
    pairs = int((o.groups[1:] == o.groups[:-1]).sum())
    if pairs < LEAST or float(residuals @ residuals) <= 0:
        why = f"only {pairs} rows follow another one of the same group"
        return [without(c, m.candidate, why, skipped=True) for c in codes]
    about: dict[str, Any] = {
        "n": residuals.size, "rows": "training" if t is not None else m.rows, "scale": m.scale,
        "within": o.within, "n_within": int(np.unique(o.groups).size),
        "columns": tuple(c for c in (order.time_column(m.study),) if c),
    }  # fmt: skip
    d, p, first = order.durbin_watson(residuals, o.groups, fit)
    side = "alike" if first >= 0 else "opposite"
    out = [
        found(codes[0], m.candidate, statistic_name="d", statistic=d, p_value=p, effect=abs(first), side=side, **about)
    ]
    if not order.most_lags(o.groups):
        return [*out, without(codes[1], m.candidate, "the rows of a group are too few for several steps", skipped=True)]
    q, p, lags, largest = order.ljung_box(residuals, o.groups, fit)
    figures: dict[str, Any] = {"statistic_name": "Q", "statistic": q, "df": (float(lags),), "p_value": p}
    return [*out, found(codes[1], m.candidate, effect=largest, **figures, **about)]


def _standardised(seen: Seen) -> Array:
    return seen.residuals if seen.variance is None else seen.residuals / np.sqrt(seen.variance)


# -- terms and rows of a formula -----------------------------------------------------------------------------------
def _terms(m: Material) -> list[Diagnostic]:
    t, why = m.trained, ""
    if t is None:
        return [without(c, m.candidate, FORMULA_ONLY) for c in ("vif", "condition_number", "influence")]
    about: dict[str, Any] = {"n": len(t.design), "rows": "training", "scale": m.scale}
    out = []
    factors = terms.inflation(t.design, t.term_of)
    alone = {i: v for i, v in factors.items() if not _shares_a_column(i, t)}
    if len(factors) < 2 or not alone:
        why = "the formula has fewer than two terms of different columns"
        out += [without(c, m.candidate, why) for c in ("vif", "condition_number")]
    else:
        worst = sorted(alone, key=lambda i: -alone[i])
        high = [i for i in worst if alone[i] >= 5] or worst[:1]
        out.append(
            found(
                "vif", m.candidate, statistic_name="VIF", statistic=alone[worst[0]], effect=alone[worst[0]],
                columns=tuple(dict.fromkeys(c for i in high[:4] for c in t.term_columns[i])), **about,
            )
        )  # fmt: skip
        kept = [j for j, i in enumerate(t.term_of) if i in alone]
        size = terms.condition_number(t.design[:, kept])
        name = {"statistic_name": "condition number", "statistic": size, "effect": size}
        out.append(found("condition_number", m.candidate, **name, **about))
    return [*out, _influence(m)]


def _shares_a_column(term: int, t: Trained) -> bool:
    """Return whether a column of this term stands in another one too, as a square does beside the column itself."""
    own = set(t.term_columns[term])
    return any(own & set(columns) for i, columns in enumerate(t.term_columns) if i != term)


def _influence(m: Material) -> Diagnostic:
    t, why = _formula(m, "influence")
    if t is None:
        return why[0]
    from explainers.outliers import influence

    known = influence(m.study, m.candidate)
    if known.why:
        return without("influence", m.candidate, "it learned from too few rows for its terms", skipped=True)
    cook = np.nan_to_num(known.cooks)  # a row that a term of its own fits exactly moves nothing else
    first = np.argsort(-cook, kind="stable")[:3]
    ids = known.ids[first]
    return found(
        "influence", m.candidate, statistic_name="Cook's D", statistic=float(cook[first[0]]),
        effect=float(cook[first[0]]), levels=tuple(map(str, ids)), level_values=tuple(map(float, cook[first])),
        level_n=(1,) * len(first), n=len(cook), rows="training", scale=m.scale,
    )  # fmt: skip
