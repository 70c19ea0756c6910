"""Options side by side: cost against quality, what can be told from what, and which of them pay for themselves."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from explainers import metrics
from explainers.compare import cheapest, cutting, evening
from explainers.compare.options import (
    Gap,
    Option,
    Weighed,
    days,
    explainable,
    on_line,
    paying,
    set_aside,
    wanted,
)
from explainers.compare.quality import LEVEL, Quality, measure, quality
from explainers.costs import money
from explainers.costs.answering import NO_MODEL, Rows
from explainers.costs.assuming import assumptions as figures_of
from explainers.results import VARIANTS, Assumptions, BreakEven, Comparison, Difference, OptionRow, ThresholdChoice

if TYPE_CHECKING:
    from explainers.study import Study

State = Literal["least", "none", "cannot tell", "nothing"]


def compare(
    study: Study, assumptions: Assumptions | Mapping[str, Any] | None = None, metric: str | None = None
) -> pd.DataFrame:
    """Compare every option in cost and quality.

    Parameters
    ----------
    study : Study
        Its built options are taken, all if none is built; one that failed is left out.
    assumptions : Assumptions or mapping, optional
        Figures, or changes of the study's own.
    metric : str, optional
        The measure; by default the declared one.

    Returns
    -------
    DataFrame
        One row per option, columns as in :class:`explainers.results.OptionRow`: cost, value with lower and upper,
        pareto, cannot_tell_from, wrong, total, time_to_production_days, explainability, finds, misses, false_alarms...

    Examples
    --------
    >>> from explainers import Study
    >>> frame = pd.DataFrame({"size": [float(i % 9) for i in range(200)], "price": [2.0 * (i % 9) for i in range(200)]})
    >>> study = Study.from_frame(frame, target="price", candidates=["no_model", "tree"])
    >>> compare(study)["pareto"].tolist()
    [True, True]
    """
    return comparison(study, assumptions, metric).to_frame()


def comparison(
    study: Study,
    assumptions: Assumptions | Mapping[str, Any] | None = None,
    metric: str | None = None,
    *,
    variants: Collection[str] | bool = (),
) -> Comparison:
    """Compare options in cost, quality and money, and say which pay for themselves.

    Parameters
    ----------
    study : Study
        Its built options are taken, all if none is built; one that failed is left out.
    assumptions : Assumptions or mapping, optional
        Figures, or changes of the study's own.
    metric : str, optional
        The measure; by default the declared one, or a plain one where the rows cannot give that.
    variants : collection of str or bool
        Options whose variant, with a cut-off chosen by cost, counts as an option of its own; True: all of them.
        Without effect but for two classes.

    Returns
    -------
    Comparison
        Ranges are at 95%. An option pays where its saving against no model leaves out zero after Holm's correction for
        the number of options.

    Raises
    ------
    AssumptionError
        A figure is unknown or outside its limits.
    CandidateError
        The measure is none of this kind of study, or no option could be fitted.

    Notes
    -----
    Cost is what an option takes to have: build, train, serve and people; answers that differ from the record stand
    beside it. On the line is what no other option beats: at least as good for no more, one of both strictly. An
    option cannot be told from a cheaper one where the paired range of their difference holds zero, or lies inside the
    margin of the study.

    References
    ----------
    Holm (1979), Scandinavian Journal of Statistics 6, 65-70, https://www.jstor.org/stable/4615733
    """
    figures = figures_of(study, assumptions)
    names = money.names_of(study)
    measured = Rows.of(study, names)
    weighed = Weighed(measured, figures)
    found = quality(study, names)
    chosen = measure(study, found, names, metric)
    base = [weighed.option(n) for n in names]
    none = next((o for o in base if o.kind == "baseline"), None) or weighed.option(NO_MODEL)
    aside = set_aside(study, names)
    taken = [o for o in base if o.name not in aside]
    cuts = _cuts(weighed, base)
    others = _others(weighed, [o.name for o in base])
    more = [weighed.option(n, cuts[n]) for n in wanted(variants, [o.name for o in base if o.name in cuts])]
    more += [weighed.option(p.candidate, by_cost=p.mine) for p in others
             if p.changed and p.candidate in wanted(variants, [o.name for o in base])]  # fmt: skip
    every = _ordered(base, more)
    weighed.prepare(every, none)
    savings = {o.key: weighed.gap(none, o) for o in every if o.key != none.key}
    pays = dict(zip(savings, paying(list(savings.values())), strict=True))
    on = _line(base, found, chosen)
    rows = tuple(
        _row(weighed, o, found, chosen, taken, savings.get(o.key), pays.get(o.key, ""), o in on) for o in every
    )
    offered = [o for o in every if o.name not in aside]
    state, least = _state(offered, savings, pays, none, len(measured))
    behind, ahead = _next(weighed, offered, least)
    mover = _mover(weighed, offered, none, least, state)
    plain = next((o for o in taken if o.kind == "statistical"), None)
    differences = [found.between(r.candidate, r.against, chosen) for r in rows if r.against and not r.variant]
    return Comparison(
        options=rows,
        metric=chosen,
        declared=chosen == study.metric,
        greater_is_better=_better(chosen),
        line=tuple(o.name for o in on),
        no_model=none.name,
        rule=next((o.name for o in base if o.kind == "rule"), ""),
        set_aside=aside,
        state=state,
        least=least.name if least is not None else "",
        least_variant=least.variant if least is not None else "",
        next_least=behind.name if behind is not None else "",
        next_gap=ahead.value if ahead is not None else None,
        next_lower=ahead.lower if ahead is not None else None,
        next_upper=ahead.upper if ahead is not None else None,
        next_moves_most=weighed.moves_total(behind, least)[0] if behind is not None else "",
        best=_best(taken, found, chosen),
        break_even=_break_even(weighed, rows, every, none, least),
        points=evening.points(weighed, found, _line(taken, found, chosen), chosen),
        by_cost=tuple(cuts.values()),
        answers_by_cost=tuple(cheapest.chosen(measured, p, figures, weighed.averages, weighed.raised) for p in others),
        differences=tuple(d for d in differences if d is not None),
        otherwise=_otherwise(study, found, rows, chosen),
        plain=plain.name if plain is not None else "",
        beside_plain=_beside(study, found, base, plain),
        figures=tuple(m for m in (found.of(n, chosen) for n in names) if m is not None),
        moves_most=mover[0],
        moves_by=mover[1],
        assumptions=figures,
        example=not figures.confirmed_by,
        level=LEVEL,
        n=len(measured),
        rows=measured.said_of,
    )


def _better(metric: str) -> bool:
    return metrics.GREATER_IS_BETTER.get(metric, True)


def _cuts(weighed: Weighed, base: Sequence[Option]) -> dict[str, ThresholdChoice]:
    """Return the cut-off by cost of every option; of no model only where it should flag every case, or none, anew."""
    rows, study, figures = weighed.rows, weighed.study, weighed.figures
    names = [o.name for o in base]
    if len(study.classes) != 2 or not len(rows) or not names:
        return {}
    set_aside_rows = cutting.aside(study, names, rows)
    picks = [cutting.picked(rows, set_aside_rows, n, figures) for n in names]
    weighed.averages.prepare([p.gained(figures) for p in picks])
    flat = {o.name for o in base if o.kind == "baseline"}
    kept = [p for p in picks if p.candidate not in flat or not np.array_equal(p.mine.right, p.usual.right)]
    return {p.candidate: cutting.chosen(rows, p, figures, weighed.averages, weighed.raised) for p in kept}


def _others(weighed: Weighed, names: Sequence[str]) -> list[cheapest.Picked]:
    """Return with several classes what options answer where the expected cost is least."""
    if len(weighed.study.classes) < 3 or not len(weighed.rows):
        return []
    picks = [cheapest.picked(weighed.rows, n, weighed.figures) for n in names]
    weighed.averages.prepare([p.gained(weighed.figures) for p in picks])
    return picks


def _ordered(base: Sequence[Option], more: Sequence[Option]) -> list[Option]:
    """Return every option followed by its variant."""
    return [o for b in base for o in (b, *(v for v in more if v.name == b.name))]


def _line(options: Sequence[Option], found: Quality, metric: str) -> list[Option]:
    """Return the options that no other of them beats, cheapest first."""
    points = [(o.spent, _value(found, o, metric)) for o in options]
    yes = on_line(points, greater_is_better=_better(metric))
    return sorted((o for o, on in zip(options, yes, strict=True) if on), key=lambda o: o.spent)


def _value(found: Quality, option: Option, metric: str) -> float | None:
    known = found.of(option.name, metric)
    return known.value if known is not None else None


def _row(
    weighed: Weighed,
    option: Option,
    found: Quality,
    metric: str,
    base: Sequence[Option],
    saving: Gap | None,
    pays: Any,
    on_the_line: bool,
) -> OptionRow:
    study = weighed.study
    label = study.candidate(option.name).label
    known = found.of(option.name, metric) if not option.variant or metric != "accuracy" else None
    low, high = weighed.range(option)
    mover, by = weighed.moves_total(option)
    errors = weighed.rows.errors(option.name, option.cut) if option.variant != "answers by cost" else None
    row = OptionRow(
        candidate=option.name,
        variant=option.variant,
        label=f"{label}, {VARIANTS[option.variant]}" if option.variant else label,
        kind=option.kind,
        build=option.parts["build"],
        train=option.parts["train"],
        serve=option.parts["serve"],
        people=option.parts["people"],
        wrong=option.parts["wrong"],
        right=option.parts["right"],
        cost=option.spent,
        total=option.total,
        total_lower=low,
        total_upper=high,
        saving=saving.value if saving is not None else None,
        saving_lower=saving.lower if saving is not None else None,
        saving_upper=saving.upper if saving is not None else None,
        pays=pays,
        value=known.value if known is not None else None,
        lower=known.lower if known is not None else None,
        upper=known.upper if known is not None else None,
        pareto=on_the_line and not option.variant,
        moves_most=mover,
        moves_by=by,
        cost_moves_most=weighed.moves_cost(option)[0],
        wrong_moves_most=weighed.moves(lambda parts: parts["wrong"], option)[0],
        time_to_production_days=days(option, weighed.figures),
        explainability=explainable(study, option.name),
        finds=errors.found if errors is not None else None,
        misses=errors.missed if errors is not None else None,
        false_alarms=errors.false_alarms if errors is not None else None,
        cut=option.cut,
        lacking=money.lacking(option.cost),
    )
    return row if option.variant else replace(row, **_told(weighed, option, found, metric, base))


def _told(weighed: Weighed, option: Option, found: Quality, metric: str, base: Sequence[Option]) -> dict[str, Any]:
    """Return what an option is against those that cost less: the best, and the cheapest that it cannot be told from."""
    cheaper = [o for o in sorted(base, key=lambda o: o.spent) if o.spent < option.spent]
    valued = [(o, v) for o in cheaper if (v := _value(found, o, metric)) is not None]
    if not valued or _value(found, option, metric) is None:
        return {}
    sign = 1.0 if _better(metric) else -1.0
    best = max(valued, key=lambda p: sign * p[1])[0]
    alike = ("cannot tell", "about the same")
    gaps = {o.name: found.between(option.name, o.name, metric) for o, _ in valued}
    gap = gaps[best.name]
    same = next((n for n, d in gaps.items() if d is not None and d.verdict in alike), "")
    out: dict[str, Any] = {"against": best.name, "cannot_tell_from": same}
    out["against_moves_most"] = weighed.moves_cost(option, best)[0]
    if gap is not None:
        out |= {"difference": gap.value, "difference_lower": gap.lower, "difference_upper": gap.upper}
        out["standing"] = gap.verdict
    return out


def _state(
    offered: Sequence[Option], savings: Mapping[Any, Gap], pays: Mapping[Any, str], none: Option, n: int
) -> tuple[State, Option | None]:
    """Return whether something pays, and what costs least: of all if something pays, else no model."""
    tried = [o for o in offered if o.key in savings]
    if not tried or not n:
        return "nothing", None
    if any(pays.get(o.key) == "yes" for o in tried):
        return "least", min(tried, key=lambda o: o.total)
    return ("cannot tell" if any(savings[o.key].value > 0 for o in tried) else "none"), none


def _next(weighed: Weighed, every: Sequence[Option], least: Option | None) -> tuple[Option | None, Gap | None]:
    """Return the option with the smallest total but for the one that costs least, and how far behind it is."""
    others = [o for o in every if least is not None and o.key != least.key]
    if least is None or not others:
        return None, None
    behind = min(others, key=lambda o: o.total)
    return behind, weighed.gap(behind, least)


def _mover(
    weighed: Weighed, every: Sequence[Option], none: Option, least: Option | None, state: State
) -> tuple[str, float]:
    """Return what moves the gap behind the headline most: of the one that costs least, else of the nearest to it."""
    if state == "nothing" or least is None:
        return "", 0.0
    other = (
        least
        if least.key != none.key
        else min((o for o in every if o.key != none.key), key=lambda o: o.total, default=none)
    )
    return weighed.moves_total(other, none)


def _best(base: Sequence[Option], found: Quality, metric: str) -> str:
    valued = [(o.name, v) for o in base if (v := _value(found, o, metric)) is not None]
    sign = 1.0 if _better(metric) else -1.0
    return max(valued, key=lambda p: sign * p[1])[0] if valued else ""


def _break_even(
    weighed: Weighed, rows: Sequence[OptionRow], every: Sequence[Option], none: Option, least: Option | None
) -> tuple[BreakEven, ...]:
    """Return where each option comes to the same as no model, and as the best one that costs less."""
    if not len(weighed.rows):
        return ()
    by_name = {o.name: o for o in every if not o.variant} | {none.name: none}
    pairs = [
        (by_name[row.candidate], by_name[other])
        for row in rows
        for other in dict.fromkeys((none.name, row.against))
        if not row.variant and other and other != row.candidate
    ]
    if least is not None and least.variant:  # its cut-off is held where it is
        pairs.append((least, none))
    names = evening.quantities(weighed.study, weighed.figures)
    both = [sorted(pair, key=lambda o: -o.spent) for pair in pairs]
    weighed.averages.prepare([evening.line_of(weighed, a, b, q)[1] for a, b in both for q in names])
    return tuple(evening.break_even(weighed, a, b, quantity) for a, b in both for quantity in names)


def _otherwise(study: Study, found: Quality, rows: Sequence[OptionRow], metric: str) -> tuple[Difference, ...]:
    """Return what other measures conclude of the same pairs where that differs in what matters."""
    known = metrics.CLASS_MEASURES if study.task == "classification" else metrics.NUMBER_MEASURES
    out = []
    for row in rows:
        if not row.against or row.variant:
            continue
        for other in known:
            gap = found.between(row.candidate, row.against, other)
            decisive = {"better", "worse"}
            if other != metric and gap is not None and gap.verdict != row.standing:
                out += [gap] if {gap.verdict, row.standing} & decisive else []
    return tuple(out)


def _beside(study: Study, found: Quality, base: Sequence[Option], plain: Option | None) -> tuple[Difference, ...]:
    """Return what each dearer option is against the plainest one that adds things up, in every measure."""
    if plain is None:
        return ()
    known = metrics.CLASS_MEASURES if study.task == "classification" else metrics.NUMBER_MEASURES
    dearer = [o.name for o in base if o.name != plain.name and o.spent > plain.spent]
    gaps = (found.between(name, plain.name, m) for name in dearer for m in known)
    return tuple(d for d in gaps if d is not None)
