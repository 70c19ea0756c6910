"""Say how good options are where counts of one class do not tell: several classes, and the option hardest to beat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from explainers.reasons import Step, one_two_five
from explainers.results import Errors, Judgement, Metric, Sentence
from explainers.study import Study
from explainers.words import brackets, numbers, phrases
from explainers.words.numbers import Scale
from explainers.words.say import BUSINESS, Audience, Shown, listed, quoted, sentence, whole

PLAIN = ("baseline", "rule")
ROWS = {"test": "never-seen", "calibration": "set-aside", "training": "training"}
Figures = Mapping[str, Sequence[Metric]]


def figure(metrics: Figures, name: str | None, metric: str) -> Metric | None:
    """Return one figure of one option, if it was measured."""
    return next((m for m in metrics.get(name or "", ()) if m.name == metric), None)


# -- several classes ---------------------------------------------------------------------------------------------
def agreed(
    metrics: Figures, study: Study, name: str, none: str | None, audience: Audience = BUSINESS
) -> list[Sentence]:
    """Say on how many cases the likeliest class is the recorded one, beside no model."""
    mine, base = figure(metrics, name, "accuracy"), figure(metrics, none, "accuracy")
    if mine is None:
        return []
    parts: dict[str, Any] = {
        "option": phrases.option(study, name, audience),
        "record": phrases.record(study),
        "k": round(mine.value * mine.n),
        "range": brackets.of_hundred(
            (mine.lower, mine.upper) if mine.lower is not None and mine.upper is not None else None, each=mine.n
        ),
        "n": mine.n,
        "rows": ROWS.get(mine.rows, "possibly seen"),
        "cases": study.cases,
    }
    template = "{option} agrees with {record} on {k}{range} of {n} {rows} {cases}"
    if base is not None and none is not None:
        template += ", {none} on {k_none}"
        parts |= {"none": phrases.option(study, none, audience), "k_none": round(base.value * base.n)}
    return [sentence("comparison", template, facts={"accuracy": mine.value}, **parts)]


def found(each: Sequence[Errors], study: Study) -> list[Sentence]:
    """Say for each class how many of its cases are found, and how many others are taken for it."""
    said = []
    for e in each:
        template = "of {n} that were {outcome}, it finds {found} and counts {others} others among them"
        if phrases.decided(study):
            template = "of {n} that were {outcome}, it names {found}, and {others} others as well"
        said.append(
            sentence(
                "comparison",
                template,
                n=e.found + e.missed,
                outcome=phrases.outcome(study, e.outcome),
                found=_none(e.found),
                others=Shown("no" if e.false_alarms == 0 else whole(e.false_alarms), {"": e.false_alarms}),
                facts={"missed": e.missed, "passed": e.passed},
            )
        )
    return said


def _none(n: int) -> Shown:
    return Shown("none" if n == 0 else whole(n), {"": n})


# -- numbers -------------------------------------------------------------------------------------------------------
def errors_scale(metrics: Figures, study: Study) -> Scale:
    """Return the one scale on which the usual errors of all options are read, so that one figure never reads two ways.

    Parameters
    ----------
    metrics : mapping of str to sequence of Metric
        Figures of all options on the same rows.
    study : Study

    Returns
    -------
    Scale
        As fine as the smallest of them asks for; one that is next to nothing asks for no more than a fiftieth of the
        largest.
    """
    known = [m.value for n in study.candidates if (m := figure(metrics, n, "mae")) is not None and m.value > 0]
    finest = max(min(known), max(known) / 50) if known else 20.0
    return Scale("number", Step(1, one_two_five(finest / 20).exponent), numbers.target_unit(study))


# -- the plainest option that no other beats -----------------------------------------------------------------------
def hardest(
    metrics: Figures,
    study: Study,
    audience: Audience = BUSINESS,
    *,
    verdicts: Mapping[str, Judgement] | None = None,
) -> list[Sentence]:
    """Say so where no other option comes closer than no model or a rule, and what that means.

    Parameters
    ----------
    metrics : mapping of str to sequence of Metric
        Figures of all options on the same rows.
    study : Study
    audience : "business" or "technical"
    verdicts : mapping of str to Judgement, optional
        Whether the next closest option can be told from that rule.

    Returns
    -------
    list of Sentence
        Empty where a costlier option has the smallest usual error.
    """
    known = {n: m for n in study.candidates if (m := figure(metrics, n, "mae")) is not None}
    ranked = sorted(known, key=lambda n: known[n].value)
    if len(ranked) < 2 or study.candidates[ranked[0]].kind not in PLAIN:
        return []
    best, second = (study.candidates[n] for n in ranked[:2])
    mine, other = known[best.name], known[second.name]
    scale = errors_scale(metrics, study)
    parts: dict[str, Any] = {
        "best": phrases.option(study, best.name, audience),
        "second": phrases.option(study, second.name, audience),
        "mine": scale.size(mine.value),
        "other": scale.size(other.value),
        "n": mine.n,
        "rows": ROWS.get(mine.rows, "possibly seen"),
        "cases": study.cases,
        "facts": {"mae": mine.value, "mae_second": other.value},
    }
    if audience != BUSINESS:
        template = "lowest MAE on {n} {rows} {cases}: {best} {mine}; next {second} {other}"
        return [sentence("comparison", template, **parts)]
    template = "{best} is the hardest to beat: it is off by {mine} on {n} {rows} {cases}"
    said = [
        sentence("comparison", template + ". The next closest, {second}, is off by {other}", **parts),
    ]
    judged = (verdicts or {}).get(second.name)
    gap = judged.against_rule if judged is not None else None
    if gap is not None and gap.b == best.name and gap.verdict != "worse":
        template = "that gap could be chance: {second} cannot be told from {best}"
        if gap.verdict == "about the same":
            template = "that gap is too small to matter: {second} does about the same as {best}"
        said.append(sentence("comparison", template, second=parts["second"], best=parts["best"]))
    own = [c for c in best.features if all(c not in o.features for o in study.candidates.values() if o is not best)]
    if own:
        told = listed(quoted(phrases.label(study, c)) for c in own)
        said.append(
            sentence("comparison", "{best} is the only option that is told {told}", told=told, best=parts["best"])
        )
    said.append(
        sentence("comparison", "if only the figure itself is wanted, nothing costlier has earned its place here yet")
    )
    other_use = next((c for c in study.candidates.values() if c.elasticities), None)
    if other_use is not None:
        template = "{option} answers another question: what goes with {what}"
        name = phrases.option(study, other_use.name, audience)
        said.append(sentence("comparison", template, option=name, what=_asked(study)))
    return said


def _asked(study: Study) -> str:
    entry = phrases.feature(study, study.target)
    return entry.noun or quoted(entry.label)
