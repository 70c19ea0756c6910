"""Say where an option is most wrong: the groups that stand out, how sure that is, or that none does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from explainers.results import Cells, Narrative, Segment, Segments, Sentence
from explainers.study import Study
from explainers.words import amounts, numbers, phrases
from explainers.words.numbers import Scale
from explainers.words.say import BUSINESS, Audience, Shown, capital, join, plural, quoted, sentence, spelled
from explainers.words.where import LONG, short, where

MOST_SAID = 3
WHY = {
    "no rows": "nobody can tell where it is most off: there are no never-seen {cases}",
    "too few": "nobody can tell where it is most off. Only {n} never-seen {cases} are there, and it takes {fewest}",
    "no columns": "nobody can tell where it is most off: there is nothing to tell {cases} apart by",
    "all errors alike": "it is off alike for all {n} never-seen {cases}, so there is no worst place",
}
FEWEST = 40
LONGEST = 28
"""Words of a sentence from which the table has to say it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One segment as a row of a table."""

    name: str
    n: int
    error: str
    between: str
    elsewhere: str
    share_of_errors: str
    verdict: str


def describe(result: Segments, study: Study, *, audience: Audience = BUSINESS) -> Narrative:
    """Say where an option is most wrong, or that no segment stands out.

    Parameters
    ----------
    result : Segments
    study : Study
    audience : "business" or "technical"

    Returns
    -------
    Narrative
        Headline: the worst segment, or that there is none. Sentences: how sure, how many cases and what part of all
        errors, which way it is off, how it went on set-aside cases, the next segments, what was looked at.
    """
    if result.why:
        parts: dict[str, Any] = {"cases": study.cases, "n": result.n, "fewest": FEWEST}
        return Narrative(headline=sentence("answer", WHY[result.why], to=audience, **parts), sentences=())
    scale = scale_of(result, study, audience)
    out = clear(result)
    said: list[Sentence] = []
    if out:
        first = out[0]
        said += [*_sure(result, first, audience, scale), *_size(first, result, study)]
        said += [*_way(first, study, audience, scale), *_again(result, first, study, scale)]
        said += _others(out[1:], study, scale)
    said += [*_looked(result, out, audience), amounts.rows(study, result.n, result.n, result.rows, to=audience)]
    return Narrative(
        headline=headline(result, study, audience=audience), sentences=tuple(said), caveats=_caveats(result, study)
    )


def clear(result: Segments) -> tuple[Segment, ...]:
    """Return the segments that stand out, the clearest first."""
    return tuple(s for s in result.segments if s.stands_out)


def scale_of(result: Segments | Cells, study: Study, audience: Audience = BUSINESS) -> Scale | None:
    """Return the scale on which errors of numbers are read; None for classes, which are counted."""
    if result.measure == "wrong answers":
        return None
    return amounts.scale(study, result.candidate, "target", [result.error], audience=audience)


def headline(result: Segments, study: Study, *, audience: Audience = BUSINESS) -> Sentence:
    """Return the finding: where it is most wrong, and how it does elsewhere; or that no segment stands out."""
    out = clear(result)
    if not out:
        template = "no group stands out: of {looked} that were looked at, none is off by more than chance allows"
        return sentence("answer", template, looked=result.n_looked, facts={"error": result.error})
    first = out[0]
    scale = scale_of(result, study, audience)
    parts: dict[str, Any] = {"where": where(first.conditions, study)}
    facts = {"error": first.error, "elsewhere": first.elsewhere, "n": first.n}
    parts["else"] = error_text(first.elsewhere, scale)
    if scale is None:
        parts |= {"record": phrases.record(study), "held": _counted(first)}
        template = "it differs most often from {record} where {where}: for {held}. Elsewhere it does for {else}"
        apart = (
            "it differs most often from {record} in one group: for {held}. There {where}. Elsewhere it does for {else}"
        )
    else:
        parts["size"] = scale.size(first.error)
        template = "it is furthest off where {where}: by {size} on average. Elsewhere it is off by {else}"
        apart = "it is furthest off in one group: by {size} on average. There {where}. Elsewhere it is off by {else}"
    if len(f"{parts['where']}".split()) > LONG:
        template, parts["where"] = apart, where(first.conditions, study, apart=True)
    return sentence("answer", template, facts=facts, **parts)


def _counted(s: Segment) -> Shown:
    hits = round(s.error * s.n)
    return Shown(f"{hits:,} of {s.n:,}", {"hits": hits, "n": s.n})


def error_text(value: float, scale: Scale | None) -> Shown:
    """Return an error as people read it: an amount, or a share of a hundred."""
    return numbers.share(value) if scale is None else scale.size(value)


def _sure(result: Segments, s: Segment, audience: Audience, scale: Scale | None) -> list[Sentence]:
    low, high = _ends(s, scale)
    facts = {"lower": s.lower, "upper": s.upper, "p_value": s.p_value}
    if audience != BUSINESS:
        k = round(s.p_value * (result.n_shuffles + 1)) - 1
        template = "error there {error} ({low} to {high}, lower end simultaneous), ratio {ratio}; family-wise p {p}"
        p = Shown(numbers.plain(s.p_value, 2), {"": s.p_value, "shown": numbers.read(numbers.plain(s.p_value, 2))})
        ratio = _ratio(s.error / result.error)
        return [
            sentence(
                "range",
                template,
                error=error_text(s.error, scale),
                low=low,
                high=high,
                ratio=ratio,
                p=p,
                facts={**facts, "above": k},
            )
        ]
    if s.lower <= s.elsewhere:
        return [sentence("range", "how much worse it is there cannot be told from so few", facts=facts)]
    template = "even with luck and the long search allowed for, it is off by at least {low} there"
    if scale is None:
        template = "even with luck and the long search allowed for, it differs for at least {low} there"
    return [sentence("range", template, low=low, facts=facts)]


def _ends(s: Segment, scale: Scale | None) -> tuple[Shown, Shown]:
    """Return the ends of the range of an error, rounded outwards."""
    step = 0.01 if scale is None else scale.step.size
    low, high = float(np.floor(s.lower / step + 1e-9) * step), float(np.ceil(s.upper / step - 1e-9) * step)
    return error_text(low, scale), error_text(high, scale)


def _ratio(value: float) -> Shown:
    text = numbers.plain(value, 2)
    return Shown(text, {"": value, "shown": numbers.read(text)})


def _size(s: Segment, result: Segments, study: Study) -> list[Sentence]:
    template = "these {n} {cases} are {share} of all, and {part} of everything it is off by"
    if result.measure == "wrong answers":
        template = "these {n} {cases} are {share} of all, and {part} of all that differ"
    return [
        sentence(
            "comparison",
            template,
            n=s.n,
            cases=study.cases,
            share=numbers.share(s.share),
            part=numbers.share(s.share_of_errors),
        )
    ]


def _way(s: Segment, study: Study, audience: Audience, scale: Scale | None) -> list[Sentence]:
    """Say which way it is off: too little or too much, missed or flagged."""
    if scale is not None:
        if not (np.isfinite(s.lean_lower) and (s.lean_lower > 0 or s.lean_upper < 0)):
            return []
        template = "there it says too " + ("little" if s.lean > 0 else "much") + ", by {size} on average"
        facts = {"lean": s.lean, "lean_lower": s.lean_lower, "lean_upper": s.lean_upper}
        return [sentence("comparison", template, size=scale.size(s.lean), facts=facts)]
    if not s.counts:
        return []
    found, missed, flagged, passed = s.counts
    had, had_not = found + missed, flagged + passed
    outcome = phrases.outcome(study, study.positive) if study.positive is not None else ""
    if not outcome:
        return []
    facts = {"found": found, "missed": missed, "flagged": flagged, "passed": passed}
    said = []
    if had:
        template = "of {had} there that {were} {outcome}, it finds {found}"
        were = plural(had, "was", "were")
        said.append(sentence("comparison", template, had=had, were=were, outcome=outcome, found=found, facts=facts))
    if had_not:
        template = "of {rest} others there it flags {flagged}"
        said.append(sentence("comparison", template, rest=had_not, flagged=flagged, facts=facts))
    if audience != BUSINESS and np.isfinite(s.expected):
        template = "its own probabilities announce {expected} there"
        said.append(sentence("comparison", template, expected=numbers.share(s.expected)))
    return said


def _again(result: Segments, s: Segment, study: Study, scale: Scale | None) -> list[Sentence]:
    """Say how it went on set-aside cases of that kind, which had no part in the search."""
    if s.n_again < 5:
        return []
    cases = plural(s.n_again, study.case, study.cases)
    facts = {"overall": result.error_again}
    if scale is None:
        hits = round(s.error_again * s.n_again)
        template = "of {n} set-aside {cases} of that kind, not searched, {hits} differ"
        return [sentence("comparison", template, n=s.n_again, cases=cases, hits=hits, facts=facts)]
    template = "on {n} set-aside {cases} of that kind, not searched, it is off by {size}"
    return [sentence("comparison", template, n=s.n_again, cases=cases, size=scale.size(s.error_again), facts=facts)]


def _others(rest: Sequence[Segment], study: Study, scale: Scale | None) -> list[Sentence]:
    said: list[Sentence] = []
    for s in rest[: MOST_SAID - 1]:
        held = _counted(s) if scale is None else join("off by {size}", size=scale.size(s.error))
        start = "then where" if said else "next comes where"
        template = start + " {where}: {held}" + ("" if scale is None else ", over {n} {cases}")
        parts: dict[str, Any] = {"where": where(s.conditions, study), "held": held}
        one = sentence("comparison", template, n=s.n, cases=study.cases, **parts)
        if len(one.text.split()) <= LONGEST:
            said.append(one)
    more = len(rest) - len(said)
    if more:
        template = "{n} more " + plural(more, "stands out", "stand out")
        said.append(sentence("comparison", template, n=spelled(more)))
    return said


def _looked(result: Segments, out: Sequence[Segment], audience: Audience) -> list[Sentence]:
    """Say what was looked at, and what the same search finds where there is nothing to find."""
    facts: dict[str, Any] = {"n_shuffled": result.n_shuffled, "least": result.least, "level": result.level}
    if audience != BUSINESS:
        template = (
            "{looked} groups of at least {least} rows by one and two of {d} columns, and leaves of a depth-3 tree; "
            "rate-function statistic, maximum over {times} permutations of {n} errors (Westfall-Young)"
        )
        found = {"depth": 3, **facts}
        counts: dict[str, Any] = {
            "least": result.least,
            "d": len(result.columns),
            "times": result.n_shuffles,
            "n": result.n_shuffled,
        }
        return [sentence("method", template, looked=result.n_looked, facts=found, **counts)]
    if not out:
        template = "errors dealt out at random {times} times often show a group as clear as the clearest here"
        if result.segments:
            k = round(result.segments[0].p_value * (result.n_shuffles + 1)) - 1
            template = "with errors dealt out at random, {k} of {times} searches found a group at least as clear"
            facts["k"] = k
            return [sentence("method", template, k=k, times=result.n_shuffles, facts=facts)]
        return [sentence("method", template, times=result.n_shuffles, facts=facts)]
    k = round(out[0].p_value * (result.n_shuffles + 1)) - 1
    first = sentence("method", "{looked} groups were looked at", looked=result.n_looked)
    template = "with errors dealt out at random, {k} of {times} such searches found a group as clear"
    shown = Shown("none" if k == 0 else f"{k}", {"": k})
    return [first, sentence("method", template, k=shown, times=result.n_shuffles, facts=facts)]


def _caveats(result: Segments, study: Study) -> tuple[Sentence, ...]:
    said = []
    if result.group is not None:
        template = "{cases} with the same {group} belong together, and that was allowed for"
        said.append(sentence("caveat", template, cases=study.cases, group=quoted(phrases.label(study, result.group))))
    if any(s.n < 30 for s in clear(result)):
        template = "some of these groups are small, so their figures are rough"
        said.append(sentence("caveat", template))
    return tuple(said)


# -- table and chart -----------------------------------------------------------------------------------------------
def table(result: Segments, study: Study, *, audience: Audience = BUSINESS, leaves: bool = False) -> tuple[Row, ...]:
    """Return the segments, or with ``leaves`` the parts of the tree, as rows of a table."""
    scale = scale_of(result, study, audience)
    return tuple(_row(s, study, scale) for s in (result.leaves if leaves else result.segments))


def _row(s: Segment, study: Study, scale: Scale | None) -> Row:
    low, high = (end.text for end in _ends(s, scale)) if np.isfinite(s.upper) else ("", "no range")
    number, _, unit = low.partition(" ")
    low = number if unit and high.endswith(f" {unit}") else low  # the unit is said once
    return Row(
        name=short(s.conditions, study),
        n=s.n,
        error=error_text(s.error, scale).text,
        between=f"{low} to {high}" if low else high,
        elsewhere=error_text(s.elsewhere, scale).text if np.isfinite(s.elsewhere) else "",
        share_of_errors=numbers.share(s.share_of_errors).text,
        verdict="stands out" if s.stands_out else "may be chance",
    )


def labels(result: Segments, study: Study, *, leaves: bool = False) -> tuple[str, ...]:
    """Return the names of the segments as the chart shows them."""
    return tuple(short(s.conditions, study) for s in (result.leaves if leaves else result.segments))


def axis(result: Segments | Cells, study: Study) -> str:
    """Return what the error is, with its unit, for the axis of a chart."""
    if result.measure == "wrong answers":
        return f"differ from {phrases.record(study)}, of 100 {study.cases}"
    unit = numbers.target_unit(study)
    return f"how far off on average{f', {unit}' if unit else ''}"


def title(result: Segments, study: Study) -> str:
    """Return the title of the chart of segments: the finding."""
    out = clear(result)
    if result.why or not out:
        return headline_of_none(result, study)
    count = "One group stands out" if len(out) == 1 else f"{capital(spelled(len(out)).text)} groups stand out"
    which = "" if len(out) == 1 else "the clearest "
    times = float(np.floor(10 * out[0].error / result.error) / 10) if result.error > 0 else 0.0
    what = f"{which}differs" if result.measure == "wrong answers" else f"{which}is off"
    how = "often" if result.measure == "wrong answers" else "much"
    if times < 1.1:
        return count
    joined = f"; {what}" if which else f": it {what}"
    return f"{count}{joined} {numbers.plain(times, 2)} times as {how} as overall"


def headline_of_none(result: Segments, study: Study) -> str:
    """Return the title where nothing stands out."""
    return "No group stands out" if not result.why else describe(result, study).headline.text.removesuffix(".")


def alt(result: Segments, study: Study) -> str:
    """Return the chart's text alternative: every segment with its error, and the finding."""
    rows = table(result, study)
    listed = "; ".join(f"{r.name}: {r.error} ({r.between}), {r.n:,} {study.cases}, {r.verdict}" for r in rows)
    return f"Chart of dots with ranges, one for each group. {listed}. {title(result, study)}."
