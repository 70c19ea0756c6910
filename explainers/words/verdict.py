"""Say what the never-seen rows conclude of one option: against what is required, against no model and the rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from explainers.reasons import one_two_five
from explainers.results import Difference, Judgement, Metric, Narrative, Sentence
from explainers.study import Study
from explainers.words import brackets, numbers, phrases
from explainers.words.numbers import MINUS, Scale
from explainers.words.say import BUSINESS, Audience, Shown, capital, join, plural, sentence, spelled

FEW = 30  # of the rarest outcome: below it ranges are rough
NAMES: Mapping[str, str] = {
    "accuracy": "accuracy",
    "auc": "ROC AUC",
    "log_loss": "log loss",
    "brier": "Brier score",
    "mae": "MAE",
    "rmse": "RMSE",
    "r2": "R²",
}
# What each measure is about, as it fits after "does better than no model".
ABOUT: Mapping[str, str] = {
    "accuracy": "in how often it agrees with the record",
    "auc": "in telling outcomes apart",
    "log_loss": "in the chances that it states",
    "brier": "in how near its chances come",
    "mae": "in how far off it usually is",
    "rmse": "in how far off it is when large errors weigh more",
    "r2": "in how much of the ups and downs it tells",
}
SHORT: Mapping[str, str] = {
    "better": "better than no model",
    "worse": "worse than no model",
    "about the same": "no better than no model",
    "cannot tell": "not shown to beat no model",
}
REQUIRED: Mapping[str, str] = {
    "meets it": "meets what is required",
    "does not": "falls short of what is required",
    "cannot tell": "cannot tell if it meets what is required",
    "not set": "",
}


def describe(result: Judgement, study: Study, *, audience: Audience = BUSINESS) -> Narrative:
    """Say what the never-seen rows conclude of one option.

    Parameters
    ----------
    result : Judgement
    study : Study
    audience : "business" or "technical"

    Returns
    -------
    Narrative
        Headline: against what is required where somebody set that, else against no model.
    """
    need, against = required(result, study, audience=audience), against_no_model(result, study, audience=audience)
    said = [*need, *against] if result.required != "not set" else [*against, *need]
    if result.against_rule is not None:
        said.append(_against(result.against_rule, study, audience))
    return Narrative(headline=said[0], sentences=tuple(said[1:]), caveats=tuple(few(result, study)))


def chip(result: Judgement | None) -> str:
    """Return the standing against no model in a few words; empty for no model itself or without one.

    Examples
    --------
    >>> chip(None)
    ''
    """
    return SHORT.get(result.standing, "") if result is not None else ""


def column(result: Mapping[str, Judgement], *, audience: Audience = BUSINESS) -> str:
    """Return the header above the chips: the measure in which options are set against no model."""
    metric = next((j.metric for j in result.values() if j.metric), "")
    if audience != BUSINESS:
        return f"{NAMES[metric]} against no model" if metric in NAMES else "Against no model"
    return capital(ABOUT[metric]) if metric in ABOUT else "Against no model"


def limit(result: Judgement | None, study: Study, *, audience: Audience = BUSINESS) -> tuple[Sentence, ...]:
    """Return the sentence that an option which was not shown to beat no model carries wherever it appears."""
    if result is None or result.standing not in ("worse", "about the same", "cannot tell"):
        return ()
    return (replace(_standing(result, study, audience), kind="caveat"),)


def required_chip(result: Judgement | None) -> str:
    """Return in a few words whether the option reaches what is required; empty where nobody has set that."""
    return REQUIRED[result.required] if result is not None else ""


def ends(metric: Metric | Difference | None) -> tuple[float, float] | None:
    """Return the range of a figure, if it has one."""
    if metric is None or metric.lower is None or metric.upper is None:
        return None
    return metric.lower, metric.upper


# -- against no model ----------------------------------------------------------------------------------------------
def against_no_model(result: Judgement, study: Study, *, audience: Audience = BUSINESS) -> list[Sentence]:
    """Say whether the option does better than no model, by how much, and where other measures disagree."""
    name = phrases.option(study, result.candidate, audience)
    if not result.no_model:
        return [
            sentence("caveat", "there is no option without a model, so nothing says if {option} is needed", option=name)
        ]
    if result.difference is None:
        if result.candidate == result.no_model:
            return [
                sentence(
                    "comparison",
                    "every option has to beat {option}. One that does not is not worth what it costs",
                    to=audience,
                    option=name,
                )
            ]
        return [
            sentence(
                "caveat", "there are too few {cases} to compare {option} with no model", cases=study.cases, option=name
            )
        ]
    gap = result.difference
    said = [_standing(result, study, audience)]
    gap_said = amount(gap, study, audience)
    if gap_said is not None:
        said.append(gap_said)
    if result.standing == "cannot tell" and gap.verdict in ("better", "worse"):
        said.append(
            sentence(
                "caveat",
                "alone it would count as {word}; with {n} options tried, luck could show as much",
                word=gap.verdict,
                to=audience,
                n=spelled(result.n_options),
                facts={"adjusted": result.adjusted},
            )
        )
    said += [_otherwise(d, study, audience) for d in result.others if d.metric in result.disagreeing]
    return said


def _standing(result: Judgement, study: Study, audience: Audience) -> Sentence:
    gap = result.difference
    assert gap is not None
    parts: dict[str, Any] = {
        "option": phrases.option(study, result.candidate, audience),
        "none": phrases.option(study, result.no_model, audience),
    }
    if audience != BUSINESS:
        p = (
            numbers.plain(result.adjusted, 2)
            if result.adjusted is not None and result.adjusted >= 1e-4
            else "below 0.0001"
        )
        return sentence(
            "comparison",
            "{option} against {none} in {measure}: {word} (Holm-adjusted p {p}, {n} "
            + plural(result.n_options, "model", "models")
            + ")",
            measure=NAMES[result.metric],
            word=result.standing,
            p=Shown(p, {"": result.adjusted, "shown": numbers.read(p.removeprefix("below "))}),
            n=result.n_options,
            **parts,
        )
    template = {
        "better": "{option} does better than {none} {about}",
        "worse": "{option} does worse than {none} {about}",
        "about the same": "{option} does about the same as {none} {about}: the gap is too small to matter",
        "cannot tell": "{option} has not been shown to beat {none} {about}",
    }[str(result.standing)]
    return sentence("comparison", template, about=ABOUT[result.metric], **parts)


def amount(gap: Difference, study: Study, audience: Audience) -> Sentence | None:
    """Say how large a difference is, in plain units where the measure has one; None where it has none for business."""
    found = ends(gap)
    if found is None:
        return sentence("caveat", "there are too few {cases} for a range of that gap", cases=study.cases)
    if audience != BUSINESS:
        least, most, value = (_signed(v) for v in (*found, gap.value))
        template = "difference in {measure} {value}, {level}% range {low} to {high} ({method}, n {n})"
        level = round(100 * gap.level)
        return sentence(
            "range",
            template,
            measure=NAMES[gap.metric],
            value=value,
            low=least,
            high=most,
            level=level,
            method=gap.method,
            n=gap.n,
            facts={"mcnemar": gap.mcnemar} if gap.mcnemar is not None else None,
        )
    better = gap.value if gap.greater_is_better else -gap.value
    low, high = found if gap.greater_is_better else (-found[1], -found[0])
    facts = {"value": gap.value, "lower": found[0], "upper": found[1]}
    if gap.metric in ("mae", "rmse"):
        size = max(abs(low), abs(high), abs(better))
        scale = Scale("number", one_two_five(size / 20 if size > 0 else 1), numbers.target_unit(study))
        template = "it is off by {value} on average. The range of that gap is {range}"
        value = _less(better, scale)
        if not scale.step.count(better):
            value = Shown("slightly less" if better > 0 else "slightly more" if better < 0 else "as much", {"": better})
        return sentence("range", template, value=value, range=_span(low, high, scale), facts=facts)
    if gap.metric in ("auc", "accuracy"):
        template = "of {of} pairs it puts {value} in the right order. The range of that gap is {range}"
        if gap.metric == "accuracy":
            template = "of {of} {cases} it answers {value} as in the record. The range of that gap is {range}"
        return sentence(
            "range",
            template,
            of=100,
            value=_more(better),
            cases=study.cases,
            range=join("{low} to {high}", low=_more(low, short=low * high > 0), high=_more(high)),
            facts=facts,
        )
    return None


def _less(value: float, scale: Scale) -> Shown:
    return join("{size} {word}", size=scale.size(abs(value)), word="less" if value >= 0 else "more")


def _span(low: float, high: float, scale: Scale) -> Shown:
    """Return a range on both sides of nothing, or on one; an end that is not nothing never reads as nothing."""
    if low * high < 0:
        return join("{low} to {high}", low=_side(low, scale), high=_side(high, scale))
    near, far = sorted((abs(low), abs(high)))
    word = "less" if high > 0 else "more"
    if far and not scale.step.count(near):
        start = Shown("just above 0" if near else "0", {"": near, "shown": 0})
        return join("{near} to {far} {word}", near=start, far=scale.size(far), word=word)
    return join("{range} {word}", range=brackets.span((near, far), scale), word=word)


def _side(value: float, scale: Scale) -> Shown:
    """Return one end of a range that has nothing within it."""
    if scale.step.count(value):
        return _less(value, scale)
    return join("less than {size} {word}", size=scale.size(scale.step.size), word="less" if value >= 0 else "more")


def _more(value: float, *, short: bool = False) -> Shown:
    n = round(abs(value) * 100)
    word = "" if short else " more" if value >= 0 else " fewer"
    if n == 0 and value != 0:
        return Shown(f"less than 1{word}", {"": value, "shown": 1})
    return Shown(f"{n}{word}", {"": value, "shown": n})


def _signed(value: float) -> Shown:
    text = numbers.plain(abs(value), 3)
    return Shown((MINUS if value < 0 else "+") + text if value else text, {"": value, "shown": numbers.read(text)})


def _otherwise(gap: Difference, study: Study, audience: Audience) -> Sentence:
    """Say what another measure concludes that differs."""
    parts: dict[str, Any] = {"none": phrases.option(study, gap.b, audience)}
    if audience != BUSINESS:
        return sentence(
            "caveat", "{measure} concludes otherwise: {word}", measure=capital(NAMES[gap.metric]), word=gap.verdict
        )
    template = {
        "better": "{about} {option} does beat {none}",
        "worse": "{about} {option} does worse than {none}",
        "about the same": "{about} {option} does no better than {none}",
        "cannot tell": "{about} {option} has not been shown to beat {none}",
    }[gap.verdict]
    # It stands among other limits, so it names the option.
    parts["option"] = phrases.option(study, gap.a, audience)
    return sentence("caveat", template, about=ABOUT[gap.metric] + ",", **parts)


def _against(gap: Difference, study: Study, audience: Audience) -> Sentence:
    """Say how the option does against the rule, or another option."""
    parts: dict[str, Any] = {"a": phrases.option(study, gap.a, audience), "b": phrases.option(study, gap.b, audience)}
    facts = {"value": gap.value}
    if audience != BUSINESS:
        template = "{a} against {b} in {measure}: {word}"
        return sentence("comparison", template, measure=NAMES[gap.metric], word=gap.verdict, facts=facts, **parts)
    template = {
        "better": "{a} does better than {b}",
        "worse": "{a} does worse than {b}",
        "about the same": "{a} does about the same as {b}: the gap is too small to matter",
        "cannot tell": "{a} cannot be told from {b} with these {cases}",
    }[gap.verdict]
    return sentence("comparison", template, cases=study.cases, facts=facts, **parts)


# -- against what is required ----------------------------------------------------------------------------------------
def required(result: Judgement, study: Study, *, audience: Audience = BUSINESS) -> list[Sentence]:
    """Say whether the option reaches what is required, or that nobody has set that."""
    if result.required == "not set":
        return [sentence("caveat", "nobody has set yet what is good enough")]
    need = study.required or {}
    who, when = str(need.get("who") or ""), str(need.get("when") or "")
    template = {
        "meets it": "{option} meets what is required",
        "does not": "{option} falls short of what is required",
        "cannot tell": "these {cases} cannot tell if {option} meets what is required",
    }[result.required]
    name = phrases.option(study, result.candidate, audience)
    level = enough(result.required_metric, result.required_level or 0.0, study, audience=audience)
    figure = _figure(result.required_figure, study, audience)
    said = [
        sentence("answer", template, option=name, cases=study.cases),
        sentence("comparison", "required is {level}{figure}", level=level, figure=figure),
    ]
    if who:
        template = "{who} set this" + (" on {when}" if when else "")
        said.append(sentence("comparison", template, who=capital(who), when=when))
    else:
        said.append(sentence("caveat", "nobody has said who set this"))
    return said


def enough(metric: str, level: float, study: Study, *, audience: Audience = BUSINESS) -> Shown:
    """Return a level of a measure as people say it: pairs or cases of 100, the target's unit, else the number."""
    if audience == BUSINESS:
        if metric == "auc":
            return join("{n} of 100 pairs in the right order", n=_hundred(level))
        if metric == "accuracy":
            return join("{n} of 100 as in the record", n=_hundred(level))
        if metric in ("mae", "rmse"):
            scale = Scale("number", one_two_five(level / 20 if level > 0 else 1), numbers.target_unit(study))
            return join("off by at most {size}", size=scale.size(level))
        return join("a score of {n}", n=Shown(numbers.plain(level, 3), {"": level}))
    return join("{measure} {n}", measure=NAMES.get(metric, metric), n=Shown(numbers.plain(level, 4), {"": level}))


def _figure(metric: Metric | None, study: Study, audience: Audience) -> Shown:
    if metric is None:
        return Shown(", which was not measured")
    if audience == BUSINESS and metric.name in ("auc", "accuracy"):
        return join(", and it reaches {n}{range}", n=_hundred(metric.value), range=brackets.of_hundred(ends(metric)))
    if audience == BUSINESS and metric.name in ("mae", "rmse"):
        scale = Scale("number", one_two_five(metric.value / 20 if metric.value > 0 else 1), numbers.target_unit(study))
        found = brackets.between(ends(metric), scale)
        return join(", and it is off by {size}{range}", size=scale.size(metric.value), range=found)
    value = numbers.plain(metric.value, 3)
    return join(", and it reaches {n}", n=Shown(value, {"": metric.value, "shown": numbers.read(value)}))


def _hundred(value: float) -> Shown:
    n = round(100 * value)
    return Shown(str(n), {"": value, "shown": n, "of": 100})


# -- limits ----------------------------------------------------------------------------------------------------------
def few(result: Judgement | None, study: Study) -> list[Sentence]:
    """Say where so few cases of the rarest outcome were tested that ranges are rough, or that rows may be known."""
    metric = result.measured if result is not None else None
    if metric is None:
        return []
    said = []
    if metric.rarest is not None and metric.rarest < FEW:
        template = "only {n} of the {all} {cases} had the rarest outcome, so these ranges are rough"
        if not metric.rarest:
            template = "none of the {all} {cases} had the rarest outcome, so nothing shows how well it is told"
        said.append(sentence("caveat", template, n=metric.rarest, all=metric.n, cases=study.cases))
    elif metric.lower is None:
        template = "{n} {cases} are too few for a range"
        said.append(sentence("caveat", template, n=metric.n, cases=study.cases))
    if metric.groups:
        template = "the {n} {cases} come from {groups} groups, and count as such in the ranges"
        said.append(sentence("method", template, n=metric.n, cases=study.cases, groups=metric.groups))
    if metric.rows == "unknown history":
        said.append(sentence("caveat", "the option may have seen these {cases} before", cases=study.cases))
    return said
