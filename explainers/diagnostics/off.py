"""Tests of where an option is off on never-seen rows: on the whole, by column, by group, by score."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from explainers.diagnostics.catalogue import ABOUT, found, without
from explainers.diagnostics.levels import (
    OTHER,
    Apart,
    Binned,
    Errors,
    Strata,
    between,
    cut,
    on_the_whole,
    sidak,
    standing_out,
)
from explainers.diagnostics.material import Material, Seen
from explainers.diagnostics.testing import enough
from explainers.results import Diagnostic
from explainers.study import TRAIN, UNKNOWN

MOST_COLUMNS = 300
MOST_SHOWN = 60
LEAST_OF_BOTH = 5.0
CLEAR = (0.0005, 0.01)


def every(m: Material) -> list[Diagnostic]:
    """Return the tests of where an option is off."""
    codes = ("bias", "columns", "groups", "scores")
    why = enough(m, m.seen[0].residuals.size) if m.seen else "there is only one outcome"
    if why:
        return [without(c, m.candidate, why, skipped=True) for c in codes]
    return [_bias(m), _columns(m), _groups(m), _scores(m)]


def _of(m: Material, seen: Seen) -> Errors:
    from explainers.metrics import groups_of

    strata = None
    if seen.variance is not None and m.study.split_by == "random" and m.rows == "test":
        n_training, n_all = int((m.study.split == TRAIN).sum()), int((m.study.split != UNKNOWN).sum())
        strata = Strata(np.round(seen.residuals + seen.fitted), n_training, n_all)

    return Errors(
        seen.residuals,
        seen.variance,
        seen.jacobian,
        seen.covariance,
        seen.residual_variance,
        seen.free,
        groups_of(m.study, seen.at),
        strata,
    )  # fmt: skip


def _about(m: Material, seen: Seen) -> dict[str, Any]:
    return {"n": seen.residuals.size, "rows": m.rows, "scale": m.scale}


def _bias(m: Material) -> Diagnostic:
    tested = [(on_the_whole(_of(m, s)), s, c) for s, c in zip(m.seen, m.outcomes, strict=True)]
    worst, seen, outcome = min(tested, key=lambda t: (t[0].p_value, -t[0].relative))
    return found(
        "bias", m.candidate, statistic_name=worst.kind if worst.kind in ("t", "z") else "t", statistic=worst.statistic,
        df=worst.df, p_value=sidak(worst.p_value, len(tested)) if len(tested) > 1 else worst.p_value,
        effect=worst.relative, outcome=outcome, side="low" if worst.mean > 0 else "high", level_values=(worst.mean,),
        level_n=(seen.residuals.size,), **_about(m, seen),
    )  # fmt: skip


def _columns(m: Material) -> Diagnostic:
    """Test every input and every left out column, and report the one that stands out most."""
    study = m.study
    names = [f.name for f in study.dictionary if f.role == "feature" and not f.protected]
    used = set(study.candidate(m.candidate).features)
    names += [n for n in study.dictionary.names("time") if n not in names]
    names = [n for n in sorted(names, key=lambda n: n not in used) if n in study.frame.columns and n != _unit(m)]
    return _worst(m, "columns", names[:MOST_COLUMNS], "no column has rows enough of two kinds")


def _groups(m: Material) -> Diagnostic:
    unit = _unit(m)
    if unit is None:
        return without("groups", m.candidate, "no column says which rows belong together")
    return _worst(m, "groups", [unit], "no two groups have rows enough")


def _unit(m: Material) -> str | None:
    unit = m.unit
    known = m.study.dictionary
    return unit if unit is not None and not (unit in known and known[unit].protected) else None


def _worst(m: Material, code: str, names: list[str], nothing: str) -> Diagnostic:
    tested: list[tuple[Apart, Binned, str, Seen, Any]] = []
    every_errors = [_of(m, seen) for seen in m.seen]
    if code == "groups":  # the groups are what is tested
        every_errors = [replace(e, groups=None) for e in every_errors]
    for name in names:
        values = m.study.frame[name]
        for seen, errors, outcome in zip(m.seen, every_errors, m.outcomes, strict=True):
            bins = cut(values.iloc[seen.at], numeric=_numeric(m, name), classes=seen.variance is not None)
            bins = _merged(bins, seen) if bins is not None and seen.variance is not None else bins
            apart = None if bins is None else between(errors, bins)
            if bins is not None and apart is not None:
                tested.append((apart, bins, name, seen, outcome))
    if not tested:
        return without(code, m.candidate, nothing, skipped=True)
    # Of those that are large enough and that chance does not explain the largest, the clearest kind first; p-values
    # alone would name whatever is measured best.
    large = [t for t in tested if t[0].share >= ABOUT[code].threshold]
    tiers = ([t for t in large if sidak(t[0].p_value, len(tested)) < level] for level in CLEAR)
    first = next((tier for tier in tiers if tier), [])
    least = min(tested, key=lambda t: (t[0].p_value, -t[0].share))
    apart, bins, name, seen, outcome = max(first, key=lambda t: t[0].share) if first else least
    places = [i for i in standing_out(apart) if bins.labels[i] != OTHER][:MOST_SHOWN]
    more = {"levels": tuple(map(_plain, (bins.labels[i] for i in places)))}
    return found(
        code, m.candidate, statistic_name="F" if len(apart.df) > 1 else "chi-squared", statistic=apart.statistic,
        df=apart.df, p_value=sidak(apart.p_value, len(tested)), effect=apart.share,
        columns=(name,),
        outcome=outcome,
        level_values=tuple(float(apart.means[i]) for i in places),
        level_n=tuple(int(apart.counts[i]) for i in places), n_within=len(bins.labels), **_about(m, seen), **more,
    )  # fmt: skip


def _plain(label: Any) -> Any:
    return tuple(label) if isinstance(label, (list, tuple)) else label


def _numeric(m: Material, name: str) -> bool:
    known = m.study.dictionary
    kind = known[name].kind if name in known else "categorical"
    values = m.study.frame[name]
    plain = pd.api.types.is_numeric_dtype(values.dtype) and not pd.api.types.is_bool_dtype(values.dtype)
    return (kind == "numeric" and plain) or values.dtype.kind == "M"


def _merged(bins: Binned, seen: Seen) -> Binned | None:
    """Leave out bins with fewer than 5 expected of either kind: counts that small do not follow the test."""
    inside = bins.codes >= 0
    k = len(bins.labels)
    wanted = np.bincount(bins.codes[inside], seen.fitted[inside], k)
    counts = np.bincount(bins.codes[inside], minlength=k)
    keep = np.flatnonzero((wanted >= LEAST_OF_BOTH) & (counts - wanted >= LEAST_OF_BOTH))
    if keep.size < 2:
        return None
    table = np.full(k + 1, -1, dtype=np.int64)
    table[keep] = np.arange(keep.size)
    return Binned(table[bins.codes], tuple(bins.labels[i] for i in keep))


def _scores(m: Material) -> Diagnostic:
    """Test stated chances against what happened in groups of similar scores, the level of all together included."""
    if m.scale != "probability":
        return without("scores", m.candidate, "it tests stated chances, and this option answers with a number")
    tested = []
    for seen, outcome in zip(m.seen, m.outcomes, strict=True):
        bins = cut(pd.Series(seen.fitted), numeric=True, classes=True)
        bins = _merged(bins, seen) if bins is not None else None
        apart = None if bins is None else between(_of(m, seen), bins)
        if bins is not None and apart is not None:
            tested.append((apart, bins, seen, outcome))
    if not tested:
        why = "its chances hardly differ, or too few rows have the rarer outcome"
        return without("scores", m.candidate, why, skipped=True)
    apart, bins, seen, outcome = min(tested, key=lambda t: (t[0].p_value, -t[0].share))
    places = standing_out(apart)
    return found(
        "scores", m.candidate, statistic_name="F" if len(apart.df) > 1 else "chi-squared", statistic=apart.statistic,
        df=apart.df, p_value=sidak(apart.p_value, len(tested)), effect=apart.share,
        outcome=outcome, levels=tuple(_plain(bins.labels[i]) for i in places),
        level_values=tuple(float(apart.means[i]) for i in places),
        level_n=tuple(int(apart.counts[i]) for i in places), n_within=len(bins.labels), **_about(m, seen),
    )  # fmt: skip
