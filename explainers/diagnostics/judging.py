"""From sizes and p-values to a status: large enough to matter, and more than chance over all tests together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from explainers.results import Diagnostic

CAUTION_LEVEL = 0.05
PROBLEM_LEVEL = 0.01


def judged(found: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return the tests of one option with corrected p-values and their status.

    Parameters
    ----------
    found : sequence of Diagnostic
        All tests of one option; those that were not carried out keep their status.

    Returns
    -------
    tuple of Diagnostic
        caution: the size reaches the threshold and Holm's corrected p-value is below 0.05; problem: the size reaches
        ``problem_from`` and it is below 0.01. So at most 1 in 100 options that nothing is wrong with show a problem
        that a p-value decides. Tests without a p-value (terms, single rows) go by their size alone.

    References
    ----------
    Holm (1979), Scandinavian Journal of Statistics 6, 65-70, https://www.jstor.org/stable/4615733
    """
    from explainers.metrics.judging import holm

    tested = [i for i, d in enumerate(found) if d.p_value is not None]
    corrected = dict(zip(tested, holm([float(found[i].p_value or 0.0) for i in tested]), strict=True))
    out = []
    for i, d in enumerate(found):
        if d.effect is None or d.status in ("not applicable", "skipped"):
            out.append(d)
            continue
        chance = corrected.get(i)
        level = 0.0 if chance is None else chance
        status = d.status
        if d.problem_from is not None and d.effect >= d.problem_from and level < PROBLEM_LEVEL:
            status = "problem"
        elif d.threshold is not None and d.effect >= d.threshold and level < CAUTION_LEVEL:
            status = "caution"
        out.append(replace(d, status=status, adjusted=chance))
    return tuple(out)
