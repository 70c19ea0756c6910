"""How good every option is, and every two of them set against each other in every measure: worked out once, kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

from explainers import metrics
from explainers.errors import CandidateError
from explainers.metrics.differing import measure_of
from explainers.metrics.evaluating import kept_key
from explainers.results import Difference, Metric

if TYPE_CHECKING:
    from explainers.results_quality import Standing
    from explainers.study import Study

LEVEL = 0.95
_OTHER_WAY: Mapping[str, Standing] = {"better": "worse", "worse": "better"}


@dataclass(frozen=True, slots=True)
class Quality:
    """Figures by option and measure, differences by two options and measure."""

    figures: Mapping[tuple[str, str], Metric]
    differences: Mapping[tuple[str, str, str], Difference]

    def of(self, name: str, metric: str) -> Metric | None:
        """Return one option's figure; None where these rows cannot give it."""
        return self.figures.get((name, metric))

    def between(self, a: str, b: str, metric: str) -> Difference | None:
        """Return what one option is against another; None where these rows cannot give it."""
        found = self.differences.get((a, b, metric))
        if found is not None:
            return found
        other = self.differences.get((b, a, metric))
        return turned(other) if other is not None else None


def quality(study: Study, names: Sequence[str]) -> Quality:
    """Measure options and set every two against each other, from disk where that was done before.

    Parameters
    ----------
    study : Study
    names : sequence of str
        Candidates that are built.

    Returns
    -------
    Quality
    """
    from explainers import store

    key = key_of(study, names)
    kept = _read(store.get("compare", key), names)
    if kept is not None:
        return kept
    found = _measured(study, names)
    place = {n: i for i, n in enumerate(names)}
    store.put(
        "compare",
        key,
        {
            "figures": [(place[n], m) for (n, _), m in found.figures.items()],
            "differences": [(place[a], place[b], d) for (a, b, _), d in found.differences.items()],
        },
    )
    return found


def apart(study: Study, a: str, b: str) -> dict[str, Difference]:
    """Return what one option is against another in every measure, the declared one first.

    Parameters
    ----------
    study : Study
    a, b : str
        Names of candidates; verdicts speak of a.

    Returns
    -------
    dict of str to Difference
        By measure; one that these rows cannot give is left out.
    """
    study.candidate(a)
    study.candidate(b)
    known = metrics.CLASS_MEASURES if study.task == "classification" else metrics.NUMBER_MEASURES
    found = quality(study, [a, b])
    gaps = {m: found.between(a, b, m) for m in sorted(known, key=lambda m: m != measure_of(study))}
    return {m: d for m, d in gaps.items() if d is not None}


def ready(study: Study, names: Sequence[str]) -> bool:
    """Whether all of it is on disk, so that a page need not wait."""
    from explainers import store

    return store.has("compare", key_of(study, names))


def key_of(study: Study, names: Sequence[str]) -> str:
    """Return the key under which the figures of these options are kept."""
    from explainers import keys

    return kept_key(study, names, "compare", keys.result_version("compare"), LEVEL)


def measure(study: Study, found: Quality, names: Sequence[str], wanted: str | None) -> str:
    """Return the measure to compare in: the one wanted, else the declared one, else a plain one that the rows give.

    Raises
    ------
    CandidateError
        The measure that is wanted is none of this kind of study.
    """
    known = metrics.CLASS_MEASURES if study.task == "classification" else metrics.NUMBER_MEASURES
    if wanted is not None and wanted not in known:
        raise CandidateError(f"Expected a measure of this kind of study, got {wanted!r}. Use {', '.join(known)}.")
    first = wanted or measure_of(study)
    tries = [first] if wanted else [first, "log_loss", "mae"]
    return next((m for m in tries if any(found.of(n, m) is not None for n in names)), first)


def turned(found: Difference) -> Difference:
    """Return a difference the other way round: the verdict then speaks of what was b."""
    return replace(
        found,
        a=found.b,
        b=found.a,
        value=-found.value,
        lower=None if found.upper is None else -found.upper,
        upper=None if found.lower is None else -found.lower,
        verdict=_OTHER_WAY.get(found.verdict, found.verdict),
    )


def _measured(study: Study, names: Sequence[str]) -> Quality:
    known = metrics.CLASS_MEASURES if study.task == "classification" else metrics.NUMBER_MEASURES
    figures = {(n, m.name): m for n in names for m in metrics.evaluate(study, n, level=LEVEL)}
    differences = {}
    for a, b in combinations(names, 2):
        for m in known:
            try:
                differences[(a, b, m)] = metrics.difference(study, a, b, m, level=LEVEL)
            except CandidateError:
                continue  # these rows cannot give the measure
    return Quality(figures, differences)


def _read(kept: object, names: Sequence[str]) -> Quality | None:
    if not isinstance(kept, dict):
        return None
    try:
        figures = {(names[i], m.name): m for i, m in kept["figures"]}
        every = [replace(d, a=names[i], b=names[j]) for i, j, d in kept["differences"]]
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        return None  # kept by another version
    return Quality(figures, {(d.a, d.b, d.metric): d for d in every})
