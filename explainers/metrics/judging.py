"""Verdicts: does an option reach what is required, and does it do better than no model once all options are counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from explainers.errors import CandidateError
from explainers.metrics.differing import difference, measure_of
from explainers.metrics.evaluating import evaluate, kept_key
from explainers.metrics.measures import CLASS_MEASURES, NUMBER_MEASURES
from explainers.results import Difference, Judgement, Metric

if TYPE_CHECKING:
    from explainers.results_quality import Requirement, Standing
    from explainers.study import Study


def verdict(study: Study, candidate: str, *, level: float = 0.95) -> Judgement:
    """Judge one option; see :func:`verdicts`, which judges all of them together.

    Raises
    ------
    CandidateError
        There is no such candidate, or it is not built.
    """
    study.candidate(candidate)
    found = verdicts(study, level=level)
    if candidate not in found:
        raise CandidateError(f"The option {candidate!r} is not built, so nothing can be said of it. Build it first.")
    return found[candidate]


def beats_no_model(study: Study, candidate: str) -> Standing | None:
    """Return whether an option does better than no model on never-seen rows; None where that is not asked.

    Parameters
    ----------
    study : Study
        The study; its declared measure decides.
    candidate : str
        Name of a built candidate.

    Returns
    -------
    str or None
        better, worse, about the same or cannot tell, all options counted; None for no model itself, in a study without
        it, and for an option that is not built.
    """
    found = verdicts(study).get(candidate)
    return (found.standing or None) if found is not None else None


def verdicts(study: Study, *, level: float = 0.95) -> dict[str, Judgement]:
    """Judge every built option against what is required and against no model.

    Parameters
    ----------
    study : Study
        The study; options that are not built are left out, and do not count.
    level : float
        Level of the ranges; 1 minus level is the share of studies without any information in which some option may be
        called better.

    Returns
    -------
    dict of str to Judgement
        By name, in the order of the study. Against no model an option is better or worse only if that stands after
        Holm's correction for the number of options.

    Notes
    -----
    The more options are tried, the more likely it is that one looks good by luck. Holm's correction holds the chance
    that any option is called better or worse where none is at 1 minus level.

    References
    ----------
    Holm (1979), Scandinavian Journal of Statistics 6, 65-70, https://www.jstor.org/stable/4615733
    """
    from explainers import store

    built = [n for n, c in study.candidates.items() if c.built]
    kinds = [(study.candidates[n].kind, n) for n in built]
    key = kept_key(study, built, "verdicts", level, kinds, sorted((study.required or {}).items(), key=str))
    known = store.get("metrics", key)
    if isinstance(known, dict) and list(known) == built:
        return known
    found = _verdicts(study, built, level)
    store.put("metrics", key, found)
    return found


def holm(p_values: Sequence[float]) -> list[float]:
    """Return p-values corrected for their number, in the same order.

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    out = [1.0] * len(p_values)
    largest = 0.0
    for at, i in enumerate(sorted(range(len(p_values)), key=lambda i: p_values[i])):
        largest = max(largest, min(1.0, p_values[i] * (len(p_values) - at)))
        out[i] = largest
    return out


def _verdicts(study: Study, built: Sequence[str], level: float) -> dict[str, Judgement]:
    kinds = {n: study.candidates[n].kind for n in built}
    none = next((n for n in built if kinds[n] == "baseline"), "")
    rule = next((n for n in built if kinds[n] == "rule"), "")
    tried = [n for n in built if kinds[n] != "baseline"] if none else []
    known = CLASS_MEASURES if study.task == "classification" else NUMBER_MEASURES
    figures = {n: {m.name: m for m in evaluate(study, n, level=level)} for n in built}
    metric = measure_of(study)
    if not all(metric in figures[n] for n in built):  # these rows cannot give the declared one
        metric = next((m for m in ("log_loss", "mae") if m in known), metric)
    against = {n: _try(study, n, none, metric, level) for n in tried}
    p_values = holm([d.p_value if d is not None and d.p_value is not None else 1.0 for d in against.values()])
    adjusted = dict(zip(against, p_values, strict=True))
    out = {}
    for name in built:
        mine = against.get(name)
        others: tuple[Difference, ...] = ()
        if mine is not None:
            tries = (_try(study, name, none, m, level) for m in known if m != metric)
            others = tuple(d for d in tries if d is not None)
        standing = _standing(mine, adjusted.get(name, 1.0), level)
        required, need = _required(study, figures[name])
        out[name] = Judgement(
            candidate=name,
            metric=metric,
            declared=metric == study.metric,
            measured=figures[name].get(metric),
            required=required,
            no_model=none,
            standing=standing,
            difference=mine,
            adjusted=adjusted.get(name),
            n_options=len(tried),
            rule=rule if rule != name else "",
            against_rule=_try(study, name, rule, metric, level) if rule and name not in (rule, none) else None,
            others=others,
            disagreeing=tuple(d.metric for d in others if _disagree(standing, d.verdict)),
            **need,
        )
    return out


def _try(study: Study, a: str, b: str, metric: str, level: float) -> Difference | None:
    try:
        return difference(study, a, b, metric, level=level)
    except CandidateError:
        return None  # these rows cannot give the measure


def _standing(found: Difference | None, adjusted: float, level: float) -> Standing | Literal[""]:
    if found is None:
        return ""
    if found.verdict in ("better", "worse") and adjusted > 1 - level:
        return "cannot tell"
    return found.verdict


def _disagree(mine: str, other: str) -> bool:
    """Whether two conclusions differ in what matters: one says better or worse and the other does not."""
    return mine != other and bool({mine, other} & {"better", "worse"})


def _required(study: Study, figures: Mapping[str, Metric]) -> tuple[Requirement, dict[str, Any]]:
    """Return whether what is required is reached, and what that is."""
    need = study.required
    if not need:
        return "not set", {}
    name = str(need.get("measure") or measure_of(study))
    level, figure = need.get("level"), figures.get(name)
    if isinstance(level, bool) or not isinstance(level, (int, float)):
        return "not set", {}
    known: dict[str, Any] = {"required_metric": name, "required_level": float(level), "required_figure": figure}
    if figure is None or figure.lower is None or figure.upper is None:
        return "cannot tell", known
    lowest, highest = (figure.lower, figure.upper) if figure.greater_is_better else (-figure.upper, -figure.lower)
    enough = float(level) if figure.greater_is_better else -float(level)
    return ("meets it" if lowest >= enough else "does not" if highest < enough else "cannot tell"), known
