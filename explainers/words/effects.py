"""Say how answers move with one input, whether that is what the expert expects, and where there is little data."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from explainers.results import Effect, FloatArray, Narrative, Sentence
from explainers.study import Study
from explainers.words import amounts, phrases
from explainers.words.numbers import Scale
from explainers.words.say import BUSINESS, Audience, Shown, plural, quoted, sentence

AGREES, DISAGREES = 0.95, 0.05
Agreement = Literal["agrees", "mostly agrees", "does not agree", "gives no weight"]


def describe(result: Effect, study: Study, *, audience: Audience = BUSINESS) -> Narrative:
    """Say how the average answer moves with one input, how single rows differ, and how much data there is.

    Parameters
    ----------
    result : Effect
    study : Study
    audience : "business" or "technical"

    Returns
    -------
    Narrative
        Headline: the finding. Caveats: that it is what the option would say, and values with few rows.
    """
    said = [
        *_meant(result, study, audience),
        *_singly(result, study, audience),
        *_missing(result, study, audience),
        *_groups(result, study, audience),
    ]
    expected = expectation(result, study, audience=audience)
    said += [expected] if expected is not None else []
    return Narrative(
        headline=headline(result, study, audience=audience),
        sentences=tuple(said),
        caveats=(
            sentence("caveat", "this is what the option would say, not what would happen", to=audience),
            *_few(result, study, audience),
        ),
    )


def scale(result: Effect, study: Study, audience: Audience = BUSINESS) -> Scale:
    """Return the scale on which the curve is read: as fine as answers are, so that less counts as nothing."""
    curve = curve_of(result)
    size = float(np.abs(curve).max(initial=0.0)) if result.unit == "probability" else float(np.ptp(curve))
    return amounts.scale(study, result.candidate, result.unit, [size], audience=audience, coarse=True)


def curve_of(result: Effect) -> FloatArray:
    """Return the average over all rows in the output that is spoken of, shape (n_grid,)."""
    return np.asarray(result.individual[:, result.focus].mean(axis=0))


def outcome_of(result: Effect) -> Any:
    """Return the class that is spoken of; None for numbers."""
    return result.outputs[result.focus] if result.outputs else None


def headline(result: Effect, study: Study, *, audience: Audience = BUSINESS) -> Sentence:
    """Return the finding: between which answers the average moves, and where."""
    s, curve = scale(result, study, audience), curve_of(result)
    low, high = int(curve.argmin()), int(curve.argmax())
    name = amounts.name(study, result.feature)
    facts = {"feature": result.feature, "lowest": float(curve[low]), "highest": float(curve[high])}
    if float(np.ptp(result.individual[:, result.focus], axis=1).max(initial=0.0)) == 0:
        return sentence("answer", "{name} counts for nothing in this option", name=name, to=audience, facts=facts)
    # With several classes "the answer" would leave open which of them is meant.
    what = amounts.what(s, study, outcome_of(result)) if len(result.outputs) > 2 else "the answer"
    if s.step.count(curve[low]) == s.step.count(curve[high]):
        template = "on average {what} hardly moves with {name}"
        return sentence("answer", template, name=name, what=what, facts=facts)
    parts: dict[str, Any] = {
        "what": what,
        "average": what.replace("the ", "the average ", 1),
        "name": name,
        "low": s.answer(float(curve[low])),
        "high": s.answer(float(curve[high])),
        "at_low": amounts.value(study, result.feature, result.grid[low]),
        "at_high": amounts.value(study, result.feature, result.grid[high]),
        "facts": facts,
    }
    rising = result.kind == "curve" and result.rising >= AGREES and high > low and _steady(curve, up=True)
    falling = result.kind == "curve" and result.falling >= AGREES and high < low and _steady(curve, up=False)
    if rising or falling:  # both values stand side by side, so that the unit is said once
        first, last = ("at_low", "at_high") if rising else ("at_high", "at_low")
        parts[first] = _without_unit(study, result.feature, parts[first], parts[last])
    if rising:
        template = "the higher {name}, the higher {what}: {low} at {at_low}, {high} at {at_high}"
    elif falling:
        template = "the higher {name}, the lower {what}: {high} at {at_high}, {low} at {at_low}"
    elif result.kind == "curve":
        parts["at_low"] = _without_unit(study, result.feature, parts["at_low"], parts["at_high"])
        template = "over {name}, {average} is lowest at {at_low} ({low}) and highest at {at_high} ({high})"
    else:
        template = "for {name}, {average} is highest for {at_high} ({high}) and lowest for {at_low} ({low})"
    return sentence("answer", template, **parts)


def _steady(curve: FloatArray, *, up: bool) -> bool:
    """Whether a curve goes one way but for ups and downs that come to next to nothing of what it spans."""
    steps = np.diff(curve) if up else -np.diff(curve)
    return bool(-steps[steps < 0].sum() <= (1 - AGREES) * np.ptp(curve))


def _without_unit(study: Study, name: str, first: Shown, last: Shown) -> Shown:
    """Return the first of two values without its unit, where the last one says it too."""
    unit = f" {phrases.feature(study, name).unit}"
    both = first.text.endswith(unit) and last.text.endswith(unit)
    if not both:
        return first
    text = first.text.removesuffix(unit)
    return Shown(text, {**first.facts, "text": text})


def _from_to(study: Study, name: str, low: object, high: object) -> dict[str, Shown]:
    """Return both ends of a range of values, the unit said once."""
    ends = amounts.value(study, name, low), amounts.value(study, name, high)
    return {"low": _without_unit(study, name, *ends), "high": ends[1]}


def title(result: Effect, study: Study, *, audience: Audience = BUSINESS) -> str:
    """Return the finding as the title of the chart."""
    return headline(result, study, audience=audience).text.rstrip(".")


def alt(result: Effect, study: Study, *, audience: Audience = BUSINESS) -> str:
    """Return the chart's text alternative: kind of chart, ends, finding."""
    s, curve = scale(result, study, audience), curve_of(result)
    kind = "Curve" if result.kind == "curve" else "Points"
    shown = range(len(curve)) if result.kind == "points" else np.unique(np.linspace(0, len(curve) - 1, 5).astype(int))
    places = [f"{amounts.value(study, result.feature, result.grid[i])}: {s.answer(float(curve[i]))}" for i in shown]
    return f"{kind} of the average answer. {'; '.join(places)}. {title(result, study, audience=audience)}."


def agreement(result: Effect, study: Study) -> tuple[Agreement, float] | None:
    """Return whether the option goes the way the dictionary expects, and over how much of the range.

    Returns
    -------
    tuple or None
        None where the dictionary expects nothing, or says nothing about the outcome of a number or of several classes.
    """
    wanted = expected_way(result, study)
    if wanted is None:
        return None
    curve = curve_of(result)
    if scale(result, study).step.count(float(np.ptp(curve))) == 0:
        return "gives no weight", 0.0
    share = result.rising if wanted == "up" else result.falling
    if not _steady(curve, up=wanted == "up"):
        share = min(share, 0.9)  # one large step the other way may be a small part of the range
    right_way = (curve[-1] > curve[0]) == (wanted == "up")
    if not right_way:
        return "does not agree", share
    return ("agrees" if share >= AGREES else "mostly agrees" if share > 0.5 else "does not agree"), share


def expected_way(result: Effect, study: Study) -> Literal["up", "down"] | None:
    """Return which way the average should go from the first value of the input to the last.

    Of two outcomes the one in focus counts as unwanted unless the dictionary says that high is better in it.
    """
    entry = phrases.feature(study, result.feature)
    goal = phrases.feature(study, study.target).better
    if entry.better == "neither" or entry.kind == "categorical" or len(result.grid) < 2:
        return None
    if goal == "neither":
        if len(study.classes) != 2 or study.positive is None:
            return None
        goal = "low"
    return "up" if entry.better == goal == "high" or (entry.better == "low" and goal == "low") else "down"


def expectation(result: Effect, study: Study, *, audience: Audience = BUSINESS) -> Sentence | None:
    """Say what the dictionary expects of this input and whether the option goes that way."""
    found, wanted = agreement(result, study), expected_way(result, study)
    if found is None or wanted is None:
        return None
    how, share = found
    entry = phrases.feature(study, result.feature)
    way = "towards" if wanted == "up" else "against"
    goes = "higher" if wanted == "up" else "lower"
    then = "count " + way + " {goal}" if result.outputs else f"go with a {goes} answer"
    verdict = {
        "agrees": "The option agrees over {share}.",
        "mostly agrees": "The option agrees over {share}. Over the rest it does not.",
        "does not agree": "The option does not agree: it goes that way over {share}.",
        "gives no weight": "The option gives it next to no weight.",
    }[how]
    curve = curve_of(result)
    if how == "does not agree" and (curve[-1] > curve[0]) != (wanted == "up"):
        verdict = "The option does not agree: from end to end it goes the other way."
    subject = "more of {name}" if result.kind == "curve" else "{last} in {name}"
    return sentence(
        "comparison",
        "you expect " + subject + " to " + then + ". " + verdict,
        name=quoted(entry.label),
        last=amounts.value(study, result.feature, result.grid[-1]),
        goal=f"being {phrases.outcome(study, outcome_of(result))}",
        share=amounts.tenths(share),
        to=audience,
        facts={"agreement": how, "better": entry.better, "exact_share": share},
    )


def marking(result: Effect, study: Study, *, audience: Audience = BUSINESS) -> str:
    """Return what an expert is asked to judge: the finding and what was expected."""
    expected = expectation(result, study, audience=audience)
    return " ".join([headline(result, study, audience=audience).text, *([expected.text] if expected else [])])


def method(result: Effect, study: Study, *, audience: Audience = BUSINESS) -> tuple[Sentence, ...]:
    """Say how the curve was made and on which rows."""
    business = audience == BUSINESS
    return (
        sentence(
            "method",
            "for the curve each of these {cases} is asked about again with every value. All else stays as it is"
            if business
            else "partial dependence and individual conditional expectation at {points} values of {name}",
            cases=study.cases,
            points=len(result.grid),
            name=amounts.name(study, result.feature),
        ),
        amounts.rows(study, result.n, result.population, result.rows, to=audience),
    )


def caption(result: Effect, study: Study, *, audience: Audience = BUSINESS) -> tuple[Sentence, ...]:
    """Return the lines below the chart: which rows were asked, and what the strip of data shows."""
    template = "bars below: how many {cases} that the option learned from have such a value"
    return (
        amounts.rows(study, result.n, result.population, result.rows, to=audience),
        sentence("method", template, cases=study.cases, to=audience),
        *([_thin(study)] if shows_rows(result) else []),
    )


def shows_rows(result: Effect) -> bool:
    """Whether the chart has a line for each of some rows, and these can be told from the average."""
    if len(result.average) > 1 or len(result.outputs) > 2 or not len(result.individual):
        return False
    apart = np.abs(result.individual[:, result.focus] - curve_of(result)).max(initial=0.0)
    return bool(apart > 0.01 * max(float(np.ptp(result.individual[:, result.focus])), 1e-12))


def _thin(study: Study) -> Sentence:
    return sentence("method", "thin lines are single {cases}, some of them", cases=study.cases)


# -- sentences ---------------------------------------------------------------------------------------------------
def _meant(result: Effect, study: Study, audience: Audience) -> list[Sentence]:
    """Say what the answer is a chance or score of."""
    if not result.outputs or len(result.outputs) > 2:  # with several classes the headline says it
        return []
    kind = {"chance": "chances", "score": "scores", "probability": "predicted probabilities"}
    template = "answers are {kind} of being {outcome}"
    if scale(result, study, audience).kind == "score":
        template = "answers are {kind} for being {outcome}"
    outcome = phrases.outcome(study, outcome_of(result))
    named = kind[scale(result, study, audience).kind]
    return [sentence("comparison", template, kind=named, outcome=outcome)]


def _singly(result: Effect, study: Study, audience: Audience) -> list[Sentence]:
    """Say how much the move differs from row to row, between the same two values."""
    curve = curve_of(result)
    low, high = int(curve.argmin()), int(curve.argmax())
    if low == high or len(result.individual) < 20:
        return []
    each = result.individual[:, result.focus, high] - result.individual[:, result.focus, low]
    ends = np.quantile(each, [0.1, 0.9])
    s = scale(result, study, audience)
    if s.step.count(float(ends[1])) == 0:
        return []
    if s.step.count(float(ends[0])) == s.step.count(float(ends[1])):
        template = "for nearly every {case} the gap between these two is the same"
        return [sentence("range", template, case=study.case, facts={"gap": float(ends[0])}, to=audience)]
    return [
        sentence(
            "range",
            "taken singly, {cases} differ. For {n} in {of} the gap between these two is {range}",
            n=8,
            of=10,
            cases=study.cases,
            range=amounts.between(s, float(ends[0]), float(ends[1])),
            facts={"low_exact": float(ends[0]), "high_exact": float(ends[1])},
            to=audience,
        )
    ]


def _missing(result: Effect, study: Study, audience: Audience) -> list[Sentence]:
    if result.at_missing is None:
        return []
    s = scale(result, study, audience)
    weights = np.array(result.counts, dtype=float)
    found = float(np.average(result.at_missing[:, result.focus], weights=weights)) if weights.sum() else 0.0
    return [
        sentence(
            "comparison",
            "where nothing is recorded for it, the average answer is {answer}",
            answer=s.answer(found),
            facts={"exact": found, "n_missing": result.n_missing},
            to=audience,
        )
    ]


def _groups(result: Effect, study: Study, audience: Audience) -> list[Sentence]:
    """Say how far the average moves in each group of rows."""
    if result.by is None:
        return []
    moves = np.ptp(result.average[:, result.focus], axis=1)
    s = amounts.scale(study, result.candidate, result.unit, moves, audience=audience)
    return [
        sentence(
            "comparison",
            "where {by} is {where}, the average moves by {size}. That is for {n} {cases}",
            where=Shown(group_name(result, study, g), {"": group_name(result, study, g)}),
            by=amounts.name(study, result.by),
            size=s.size(float(moves[g])),
            n=n,
            cases=plural(n, study.case, study.cases),
            facts={"group": g},
            to=audience,
        )
        for g, n in enumerate(result.counts)
    ]


def group_name(result: Effect, study: Study, g: int) -> str:
    """Return what a group of rows holds: a level, or a range of the second input."""
    group = result.groups[g]
    if result.by is None or not group:
        return f"all {study.cases}"
    if len(group) == 1:
        return str(amounts.value(study, result.by, group[0]))
    ends = _from_to(study, result.by, group[0], group[1])
    return f"{ends['low']} to {ends['high']}"


def _few(result: Effect, study: Study, audience: Audience) -> list[Sentence]:
    """Say how many rows lie beyond the ends of the curve or have a level that is not shown."""
    if not result.outside:
        return []
    if result.kind == "points":
        template = "{n} {cases} it learned from {have} a rarer value. That is not shown"
        return [
            sentence(
                "caveat",
                template,
                n=result.outside,
                cases=plural(result.outside, study.case, study.cases),
                have=plural(result.outside, "has", "have"),
                to=audience,
            )
        ]
    ends = _from_to(study, result.feature, result.grid[0], result.grid[-1])
    return [
        sentence(
            "caveat",
            "shown from {low} to {high}. Of the {all} {cases} it learned from, {n} {lie} beyond",
            low=ends["low"],
            high=ends["high"],
            n=result.outside,
            lie=plural(result.outside, "lies", "lie"),
            all=int(result.density.sum()) + result.outside,
            cases=study.cases,
            to=audience,
        )
    ]
