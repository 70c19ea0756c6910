"""Where is it most wrong: every group made by one or two conditions and a shallow tree, corrected for looking.

Errors are shuffled against the inputs to see what the clearest group of a search is by chance alone (the maximum of
Westfall and Young 1993): what is named is clearer than that in 95 of 100 searches without any weak spot.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from explainers.fields import FloatArray
from explainers.residuals import scan, worst_tree
from explainers.residuals.chance import capped, rate_of, shuffled
from explainers.residuals.scan import MOST_SHARE, Found, Limits
from explainers.residuals.slicing import Bools, Sliced, members, slice_column
from explainers.residuals.stating import state
from explainers.residuals.wrong import Wrong, wrong
from explainers.results_segments import FoundBy, Segment, Segments, WhyNoSegments
from explainers.study import CALIBRATION

if TYPE_CHECKING:
    from explainers.study import Study

RESULT_VERSION = 1
LEVEL = 0.95
MATTERS = 1.2
"""A segment stands out only where the error is so many times the overall one: many rows make trifles certain."""
FEWEST = 40
"""Rows below which nothing is searched."""
SHUFFLES = 199
MOST_SHUFFLED = 5_000
MOST, SHOWN = 8, 3
"""At most so many stand out; so many are shown in any case, marked as what chance may show."""
FAMILIES: tuple[FoundBy, ...] = ("one column", "two columns", "tree", "group")


@dataclass(frozen=True, slots=True, eq=False)
class Bars:
    """What chance shows: for each family its own bar in nats, and how far above those each shuffle came."""

    each: dict[FoundBy, float]
    margins: FloatArray
    shift: float

    def bar(self, family: FoundBy) -> float:
        """Return the nats that a group of the family has to exceed."""
        return max(self.each[family] + self.shift, 0.0)

    def rank(self, family: FoundBy) -> float:
        """Return the nats that count for nothing when groups are set in order: each further condition costs alike."""
        one, two = self.bar("one column"), max(self.bar("two columns"), self.bar("one column"))
        dear: dict[FoundBy, float] = {"two columns": two, "tree": max(self.bar("tree"), 2 * two - one)}
        return dear.get(family, self.bar(family))

    def p_value(self, family: FoundBy, nats: float) -> float:
        """Return the share of shuffles that came as far above their bars, the group itself counted."""
        above = int((self.margins >= nats - self.each[family] - 1e-9).sum())
        return (1 + above) / (self.margins.size + 1)


def segments(study: Study, candidate: str, *, columns: Sequence[str] | None = None, random_state: int = 0) -> Segments:
    """Return where a candidate is most wrong on rows that it has never seen.

    Every level, range of values and missing value of every column is looked at, every two of them on two columns, and
    the parts of a shallow tree. Each is judged by the rate function of the errors (:mod:`.chance`), and named only
    if 199 shuffles of the errors seldom show anything as clear. A named segment's rows are set aside, and the search
    goes on in the others.

    Parameters
    ----------
    study : Study
    candidate : str
        Name of the candidate.
    columns : sequence of str, optional
        Columns to search; by default the study's inputs without protected ones, and times and groups.
    random_state : int
        Seed of the shuffles.

    Returns
    -------
    Segments
        Error is the mean absolute error in the target's unit, or the share of wrong answers. With fewer than 40 rows,
        or where every error is the same, there are none, and ``why`` says so.

    Raises
    ------
    CandidateError
        There is no such candidate, or it does not answer.

    References
    ----------
    Westfall and Young (1993), Resampling-Based Multiple Testing; Kulldorff (1997),
    https://doi.org/10.1080/03610929708831995

    Examples
    --------
    >>> import pandas as pd
    >>> from explainers import Study
    >>> rng = np.random.default_rng(0)
    >>> frame = pd.DataFrame({"fuel": rng.choice(["gas", "oil", "wood"], 2000), "size": rng.normal(100, 20, 2000)})
    >>> frame["price"] = rng.normal(0, np.where(frame["fuel"] == "wood", 30, 10))
    >>> study = Study.from_frame(frame, target="price", candidates={"no_model": "no_model"})
    >>> found = segments(study, "no_model")
    >>> [c.levels for c in found.segments[0].conditions], found.segments[0].stands_out
    ([('wood',)], True)
    """
    from explainers.metrics import groups_of, together

    seen = wrong(study, candidate)
    group = together(study)
    names = searched(study) if columns is None else tuple(columns)
    n = seen.errors.size
    least = max(5, int(np.ceil(n / 200)))
    common: dict[str, Any] = {
        "candidate": candidate,
        "measure": seen.measure,
        "error": float(seen.errors.mean()) if n else float("nan"),
        "n": n,
        "rows": seen.rows,
        "least": least,
        "matters": MATTERS,
        "level": LEVEL,
        "group": group,
    }
    frame = study.frame.iloc[seen.at]
    cut = [slice_column(study, name, frame[name], least=least) for name in names] if n >= FEWEST else []
    sliced = [c for c in cut if c is not None]
    why = _why(seen, names, sliced)
    if why:
        return Segments(segments=(), leaves=(), columns=names, why=why, **common)
    rng = np.random.default_rng(random_state)
    groups = groups_of(study, seen.at)
    own = [c for c in sliced if c.name == group]
    others = [c for c in sliced if c.name != group]
    bars, looked, of = _bars(others, own, seen.errors, groups, least, rng)
    again = wrong(study, candidate, (CALIBRATION,))
    if again.rows != "calibration" or seen.rows == "calibration":
        again = wrong(study, candidate, ())
    named = _named(study, seen, again, others, own, bars, least)
    return Segments(
        segments=tuple(named),
        leaves=_leaves(study, seen, again, others, bars, least),
        columns=tuple(c.name for c in sliced),
        error_again=float(again.errors.mean()) if again.errors.size else float("nan"),
        n_looked=looked,
        n_shuffles=bars.margins.size,
        n_shuffled=of,
        **common,
    )


def searched(study: Study) -> tuple[str, ...]:
    """Return the columns that are searched by default: inputs that are not protected, times and groups."""
    names = [*study.inputs, *study.dictionary.names("time"), *study.dictionary.names("group")]
    return tuple(dict.fromkeys(n for n in names if n in study.frame.columns))


def _why(seen: Wrong, names: Sequence[str], sliced: Sequence[Sliced]) -> WhyNoSegments:
    if not seen.errors.size:
        return "no rows"
    if seen.errors.size < FEWEST:
        return "too few"
    if rate_of(seen.errors) is None:
        return "all errors alike"
    return "" if names and sliced else "no columns"


# -- what chance shows -------------------------------------------------------------------------------------------
def _bars(
    columns: Sequence[Sliced],
    own: Sequence[Sliced],
    errors: FloatArray,
    groups: Any,
    least: int,
    rng: np.random.Generator,
) -> tuple[Bars, int, int]:
    """Return the bars, how many groups were looked at, and how many rows each shuffle has."""
    n = errors.size
    rows = np.arange(n) if n <= MOST_SHUFFLED else np.sort(rng.choice(n, MOST_SHUFFLED, replace=False))
    limits = Limits(max(5, int(np.ceil(least * rows.size / n))), MOST_SHARE)
    used = _counted(errors[rows])
    rate = rate_of(used)
    assert rate is not None
    mixed = shuffled(used, groups[rows] if groups is not None else None, SHUFFLES, rng)
    z = np.asfortranarray(rate.standardised(mixed))
    roots, looked = scan.chance(columns, rows, z, rate, limits)
    clearest: dict[FoundBy, FloatArray] = {"one column": roots[:, 0], "two columns": roots[:, 1]}
    clearest["tree"] = np.zeros(SHUFFLES)
    if columns:
        asked = worst_tree.questions(columns, rows)
        sums = worst_tree.sums_of(asked, z)
        for at, row in enumerate(np.ascontiguousarray(z)):
            leaves = worst_tree.grow(asked, row, limits.least, sums=sums[at])
            parts = worst_tree.roots_of(leaves, row, rate, limits)
            clearest["tree"][at] = parts.max(initial=0.0)
    clearest["group"] = np.zeros(SHUFFLES)
    if own:
        plain = np.asfortranarray(rate.standardised(shuffled(used, None, SHUFFLES, rng)))
        alone, more = scan.chance(own, rows, plain, rate, limits)
        clearest["group"] = alone[:, 0]
        looked += more
    nats = {family: value**2 / 2 for family, value in clearest.items()}
    present = [f for f in FAMILIES if nats[f].any()]
    each: dict[FoundBy, float] = {
        f: float(np.quantile(nats[f], 1 - (1 - LEVEL) / max(len(present), 1), method="higher")) for f in FAMILIES
    }
    over = [nats[f] - each[f] for f in present or FAMILIES[:1]]
    margins: FloatArray = np.stack(over).astype(np.float64).max(axis=0)
    return Bars(each, margins, float(np.quantile(margins, LEVEL, method="higher"))), looked, rows.size


def _counted(errors: FloatArray) -> FloatArray:
    """Return errors as they count in the search; one that is only 0 and 1 stays."""
    few = np.unique(errors[:1000]).size <= 2
    held = errors if few else capped(errors)
    return held if held.std() > 0 else errors


# -- the search --------------------------------------------------------------------------------------------------
def _named(
    study: Study,
    seen: Wrong,
    again: Wrong,
    columns: Sequence[Sliced],
    own: Sequence[Sliced],
    bars: Bars,
    least: int,
) -> list[Segment]:
    """Return the segments, the clearest first, each among the rows that are in none before it."""
    frame = study.frame.iloc[seen.at]
    overall = float(seen.errors.mean())
    left = np.ones(seen.errors.size, dtype=bool)
    out: list[Segment] = []
    while len(out) < MOST and left.sum() >= FEWEST:
        found = _best(seen.errors, np.flatnonzero(left), columns, own, bars, least, overall)
        if found is None:
            break
        family, group = found
        inside = members(study, frame, group.conditions)
        nats = group.root**2 / 2
        p = bars.p_value(family, nats)
        clear = p <= 1 - LEVEL + 1e-12
        if not clear and len(out) >= SHOWN:
            break
        out.append(
            state(
                study,
                seen,
                again,
                group.conditions,
                inside,
                wide=float(np.sqrt(2 * bars.bar(family))),
                p_value=p,
                found_by=family,
                evidence=nats - bars.bar(family),
                clear=clear,
            )
        )
        if not (left & inside).any():
            break
        left &= ~inside
    return sorted(out, key=lambda s: not s.stands_out)


def _best(
    errors: FloatArray,
    rows: Any,
    columns: Sequence[Sliced],
    own: Sequence[Sliced],
    bars: Bars,
    least: int,
    overall: float,
) -> tuple[FoundBy, Found] | None:
    """Return the clearest group among some rows, and how it was found."""
    used = _counted(errors[rows])
    rate = rate_of(used)
    if rate is None:
        return None
    z = rate.standardised(used)
    limits = Limits(least, MOST_SHARE, max((MATTERS * overall - rate.mean) / rate.sd, 0.0))
    found: dict[FoundBy, Found | None] = {
        "one column": scan.best_single(columns, rows, z, rate, limits),
        "two columns": scan.best_pair(columns, rows, z, rate, limits),
        "tree": _best_leaf(columns, rows, z, rate, limits),
        "group": scan.best_single(own, rows, z, rate, limits),
    }
    known = [(family, group) for family, group in found.items() if group is not None]
    if not known:
        return None

    def order(pair: tuple[FoundBy, Found]) -> tuple[bool, float]:
        nats = pair[1].root ** 2 / 2
        return bars.p_value(pair[0], nats) <= 1 - LEVEL + 1e-12, nats - bars.rank(pair[0])

    family, group = max(known, key=order)
    return family, scan.refined(group, own if family == "group" else columns, rows, z, rate, limits)


def _best_leaf(columns: Sequence[Sliced], rows: Any, z: Any, rate: Any, limits: Limits) -> Found | None:
    if not columns:
        return None
    leaves = worst_tree.grow(worst_tree.questions(columns, rows), z, limits.least)
    roots = worst_tree.roots_of(leaves, z, rate, limits)
    at = int(roots.argmax())
    if roots[at] <= 0:
        return None
    return Found(float(roots[at]), worst_tree.conditions_of(leaves[at], columns), leaves[at].bins)


def _leaves(
    study: Study, seen: Wrong, again: Wrong, columns: Sequence[Sliced], bars: Bars, least: int
) -> tuple[Segment, ...]:
    """Return the parts of the tree over all rows, the worst first."""
    if not columns:
        return ()
    rows = np.arange(seen.errors.size)
    used = _counted(seen.errors)
    rate = rate_of(used)
    assert rate is not None
    z = rate.standardised(used)
    out = []
    for leaf in worst_tree.grow(worst_tree.questions(columns, rows), z, least):
        inside: Bools = np.zeros(rows.size, dtype=bool)
        inside[leaf.rows] = True
        root = rate.root(np.array([z[inside].sum()]), np.array([leaf.rows.size]), rows.size)[0]
        p = bars.p_value("tree", float(root) ** 2 / 2)
        out.append(
            state(
                study,
                seen,
                again,
                worst_tree.conditions_of(leaf, columns),
                inside,
                wide=float(np.sqrt(2 * bars.bar("tree"))),
                p_value=p,
                found_by="tree",
                evidence=float(root) ** 2 / 2 - bars.bar("tree"),
                clear=p <= 1 - LEVEL + 1e-12,
            )
        )
    return tuple(sorted(out, key=lambda s: -s.error))
