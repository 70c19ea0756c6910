"""Say what one option is against another: in the measure that decides, and where another measure says otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from explainers.results import Difference, Narrative, Sentence
from explainers.study import Study
from explainers.words import phrases, turning
from explainers.words.say import BUSINESS, Audience, sentence
from explainers.words.verdict import ABOUT, NAMES


def pair(differences: Sequence[Difference], study: Study, *, audience: Audience = BUSINESS) -> Narrative:
    """Say what one option is against another in every measure, the declared one first.

    Parameters
    ----------
    differences : sequence of Difference
        Of the same two options, as :func:`explainers.compare.apart` gives them.
    study : Study
    audience : "business" or "technical"

    Returns
    -------
    Narrative
        Headline: the declared measure. Sentences: the others; those that conclude otherwise say so.
    """
    every = list(differences)
    if not every:
        head = sentence("answer", "these {cases} cannot set the two apart", cases=study.cases)
        return Narrative(headline=head, sentences=())
    first, rest = every[0], every[1:]
    name = phrases.option(study, first.a, audience)
    said = [otherwise(d, name, audience=audience) for d in rest if audience != BUSINESS or speaks_against(d, first)]
    if not said and rest:
        said = [sentence("comparison", "the other measures do not speak against that")]
    return Narrative(headline=against(first, study, audience=audience), sentences=tuple(said))


def against(gap: Difference, study: Study, *, audience: Audience = BUSINESS) -> Sentence:
    """Say what one option is against another in one measure."""
    parts: dict[str, Any] = {
        "a": phrases.option(study, gap.a, audience),
        "b": phrases.option(study, gap.b, audience),
    }
    facts = {"value": gap.value, "lower": gap.lower, "upper": gap.upper}
    if audience != BUSINESS:
        return sentence(
            "comparison",
            "{a} against {b} in {measure}: {word} (difference {value}{range}, {method}, n {n})",
            measure=NAMES.get(gap.metric, gap.metric),
            word=gap.verdict,
            value=turning.signed(gap.value),
            range=turning.signed_range(gap.lower, gap.upper),
            method=gap.method or "no range",
            n=gap.n,
            facts=facts,
            **parts,
        )
    template = {
        "better": "{a} does better than {b} {about}",
        "worse": "{a} does worse than {b} {about}",
        "about the same": "{a} does about the same as {b} {about}: the gap is too small to matter",
        "cannot tell": "{a} cannot be told from {b} {about} with these {cases}",
    }[gap.verdict]
    return sentence("comparison", template, about=ABOUT[gap.metric], cases=study.cases, facts=facts, **parts)


def otherwise(gap: Difference, name: str, *, audience: Audience = BUSINESS) -> Sentence:
    """Say what another measure concludes of the same pair."""
    facts = {"value": gap.value, "lower": gap.lower, "upper": gap.upper}
    if audience != BUSINESS:
        return sentence(
            "caveat",
            "in {measure} the verdict is {word} (difference {value}{range})",
            measure=NAMES.get(gap.metric, gap.metric),
            word=gap.verdict,
            value=turning.signed(gap.value),
            range=turning.signed_range(gap.lower, gap.upper),
            facts=facts,
        )
    template = {
        "better": "yet it does better {about}",
        "worse": "yet it does worse {about}",
        "about the same": "yet it does about the same {about}",
        "cannot tell": "yet the two cannot be told apart {about}",
    }[gap.verdict]
    return sentence("caveat", template, about=ABOUT[gap.metric], facts={"option": name, **facts})


def chances(gap: Difference, first: Difference, study: Study, *, audience: Audience = BUSINESS) -> Sentence:
    """Say how the chances of one option compare with those of another; a gap that may be luck is called that."""
    facts = {"value": gap.value, "lower": gap.lower, "upper": gap.upper}
    if audience != BUSINESS:
        return sentence(
            "comparison",
            "in log loss the verdict is {word} (difference {value}{range})",
            word=gap.verdict,
            value=turning.signed(gap.value),
            range=turning.signed_range(gap.lower, gap.upper),
            facts=facts,
        )
    template = {
        "better": "the chances that {a} states are better" + (" too" if first.verdict == "better" else ""),
        "worse": "the chances that {a} states are worse" + (" too" if first.verdict == "worse" else ""),
        "about the same": "the chances that both state are about as good",
        "cannot tell": "the chances that {a} states fit a little "
        + ("worse" if gap.value > 0 else "better")
        + " here, which may be luck",
    }[gap.verdict]
    return sentence("comparison", template, a=phrases.option(study, gap.a, audience), facts=facts)


def speaks_against(gap: Difference, first: Difference) -> bool:
    """Whether one of two verdicts is better or worse and the other is not the same."""
    return gap.verdict != first.verdict and bool({gap.verdict, first.verdict} & {"better", "worse"})
