"""Say whether "30 in 100" means 30 in 100: stated chances beside what happened to never-seen cases."""

from __future__ import annotations

from explainers.results import Narrative, Reliability, Sentence
from explainers.study import Study
from explainers.words import brackets, numbers, phrases
from explainers.words.say import BUSINESS, Audience, Shown, capital, plural, sentence, spelled, whole

TILTS = {
    "too high": "on the whole its chances are too high: it says {stated}, and {observed} were",
    "too low": "on the whole its chances are too low: it says {stated}, and {observed} were",
    "too extreme": "its chances are too bold: high ones are too high, low ones too low",
    "too timid": "its chances are too timid: high ones could be higher, low ones lower",
    "mixed": "its chances are off here and there, in no one direction",
}


def describe(
    result: Reliability | None, study: Study, *, candidate: str = "", audience: Audience = BUSINESS
) -> Narrative:
    """Say whether stated chances mean what they say.

    Parameters
    ----------
    result : Reliability or None
        None where there are too few cases to tell.
    study : Study
    candidate : str
        Name of the option, where there is no result.
    audience : "business" or "technical"

    Returns
    -------
    Narrative
        Headline: whether they held. Sentences: the lowest, the highest and the worst group as counts.
    """
    if result is None:
        name = phrases.option(study, candidate, audience)
        template = "too few never-seen {cases} to tell if the chances of {option} mean what they say"
        return Narrative(headline=sentence("caveat", template, cases=study.cases, option=name), sentences=())
    shown = list(dict.fromkeys((0, result.worst, len(result.counts) - 1)))
    said = [_group(result, study, at, audience) for at in shown]
    if result.tilt != "none":
        said.insert(0, _tilt(result))
    if audience == BUSINESS:
        said.insert(
            0, sentence("comparison", "what is meant is that they were {outcome}", outcome=_outcome(result, study))
        )
    if audience != BUSINESS:
        said.append(_technical(result))
    caveats = [sentence("caveat", "a check of this size finds large faults only")]
    if result.rows == "unknown history":
        caveats.append(
            sentence("caveat", "the option may have seen these {cases} before", cases=study.cases, to=audience)
        )
    made = study.candidates.get(result.candidate)
    if made is not None and made.recipe == "recalibrated":
        template = "its chances were set right by past {cases}; those counted here are others"
        caveats.append(sentence("method", template, cases=study.cases))
    return Narrative(headline=_headline(result, study, audience), sentences=tuple(said), caveats=tuple(caveats))


def title(result: Reliability, study: Study) -> str:
    """Return the finding as the title of the figure: where stated and counted chances lie furthest apart."""
    at = max(range(len(result.counts)), key=lambda i: abs(result.stated[i] - result.observed[i]))
    said, came = numbers.share(result.stated[at]).text, numbers.share(result.observed[at]).text
    if said == came:
        return f"Stated and counted agree: {said}" if len(result.counts) == 1 else "Stated and counted agree throughout"
    n = result.counts[at]
    finding = f"{said} stated, {came} counted among {whole(n)} {plural(n, study.case, study.cases)}"
    return capital(finding) if len(result.counts) == 1 else f"Furthest apart: {finding}"


def alt(result: Reliability, study: Study) -> str:
    """Return the text alternative of the figure."""
    low, high = _group(result, study, 0, BUSINESS), _group(result, study, len(result.counts) - 1, BUSINESS)
    what = f"Counted is how many were {_outcome(result, study)}."
    return f"{_headline(result, study).text} {what} {low.text}" + (f" {high.text}" if len(result.counts) > 1 else "")


def _headline(result: Reliability, study: Study, audience: Audience = BUSINESS) -> Sentence:
    n = len(result.counts)
    outside = sum(
        not low - 1e-12 <= said <= high + 1e-12
        for said, low, high in zip(result.stated, result.joint_lower, result.joint_upper, strict=True)
    )
    parts = {"option": phrases.option(study, result.candidate, audience), "cases": study.cases}
    if n == 1:
        template = "{option} says much the same of all {cases}"
        template += ", and that held on the whole" if not outside else ", and that did not hold"
        return sentence("answer", template, option=parts["option"], cases=study.cases)
    of, groups = spelled(n), "groups of {cases} with similar chances"
    if not outside:
        return sentence(
            "answer",
            "the chances of {option} held in all {n} " + groups,
            n=of,
            option=parts["option"],
            cases=study.cases,
        )
    template = "the chances of {option} did not hold in {k} of {n} " + groups
    return sentence("answer", template, k=spelled(outside), n=of, option=parts["option"], cases=study.cases)


def _outcome(result: Reliability, study: Study) -> str:
    return phrases.outcome(study, result.outcome)


def _group(result: Reliability, study: Study, at: int, audience: Audience) -> Sentence:
    n, k = result.counts[at], result.happened[at]
    ends = (result.lower[at], result.upper[at])
    cases = plural(n, study.case, study.cases)
    facts = {"observed": result.observed[at]}
    if audience != BUSINESS:
        template = "stated {stated}, observed {observed}{range}: {k} of {n} {cases}"
        return sentence(
            "range",
            template,
            stated=_decimal(result.stated[at]),
            observed=_decimal(result.observed[at]),
            range=_ends(ends),
            k=k,
            n=n,
            cases=cases,
        )
    template = "{n} {cases} " + plural(n, "was", "were") + " given about {stated}. It came true for {share}{range}"
    return sentence(
        "range",
        template,
        n=n,
        cases=cases,
        stated=numbers.share(result.stated[at]),
        share=numbers.share(result.observed[at]),
        range=brackets.of_hundred(ends),
        facts={**facts, "k": k},
    )


def _tilt(result: Reliability) -> Sentence:
    # Each group can hold while all of them together lean one way.
    return sentence(
        "comparison",
        ("taken together, though, " if result.holds else "") + TILTS[result.tilt],
        stated=numbers.share(result.mean_stated),
        observed=numbers.share(result.mean_observed),
    )


def _technical(result: Reliability) -> Sentence:
    template = (
        "{n} rows in {groups} "
        + plural(len(result.counts), "group", "groups")
        + ", Wilson ranges at {level}%; jointly (Bonferroni) the check {word}"
    )
    return sentence(
        "method",
        template,
        n=result.n,
        groups=len(result.counts),
        level=round(100 * result.level),
        word="passes" if result.holds else "fails",
    )


def _decimal(value: float) -> Shown:
    text = numbers.decimal(value, 3)
    return Shown(text, {"": value, "shown": numbers.read(text)})


def _ends(ends: tuple[float, float]) -> Shown:
    low, high = (numbers.decimal(v, 3) for v in ends)
    return Shown(f" ({low} to {high})", {"low": numbers.read(low), "high": numbers.read(high)})
