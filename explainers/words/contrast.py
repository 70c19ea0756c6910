"""Say why a candidate answers one outcome and not another: the lead of the first over the second, for two audiences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from explainers.reasons import lead_reasons
from explainers.results import Contrast, Explanation, Narrative, Reason, Sentence
from explainers.study import Study
from explainers.words import attribution, numbers, phrases, workings
from explainers.words.say import BUSINESS, Audience, Shown, capital, quoted, sentence
from explainers.words.telling import Told


@dataclass(frozen=True, slots=True)
class Lead(Told):
    """The lead of one outcome over another made ready to be told like any explanation."""

    contrast: Contrast

    @property
    def towards(self) -> str:
        """What reasons count towards: 'being heated with gas rather than heated with electricity'."""
        a, b = (phrases.outcome(self.study, c) for c in (self.contrast.a, self.contrast.b))
        return f"being {a} rather than {b}"

    @property
    def names(self) -> dict[str, str]:
        """Both outcomes as quoted names."""
        a, b = (quoted(phrases.outcome(self.study, c)) for c in (self.contrast.a, self.contrast.b))
        return {"a": a, "b": b}


def describe(contrast: Contrast, study: Study, *, audience: Audience = BUSINESS) -> Narrative:
    """Say how far one outcome is ahead of another for a case, and why.

    Parameters
    ----------
    contrast : Contrast
    study : Study
    audience : "business" or "technical"

    Returns
    -------
    Narrative
        Headline: the lead with both answers. Sentences: the average lead, the reasons, everything else.
    """
    t = _told(contrast, study, audience)
    average = _average(t)
    said = average
    if t.reasons.shown:
        said += attribution.body(t)
    elif np.any(contrast.values):
        none = sentence("comparison", "no single thing sets the two apart", facts={"n": 0})
        said += (none, *(s for s in attribution.body(t) if s.kind == "reason"))
    return Narrative(headline=headline(t), sentences=said, caveats=_limits(t))


def method(contrast: Contrast, study: Study, *, audience: Audience = BUSINESS) -> tuple[Sentence, ...]:
    """Return how the reasons for a lead were worked out."""
    t = _told(contrast, study, audience)
    if audience == BUSINESS:
        first = "both outcomes were asked about with the same swaps of values, so that their answers can be compared"
    else:
        first = "explained is the difference of both probabilities; all errors are those of that difference"
    return (sentence("method", first), *workings.method_of(t))


def title(contrast: Contrast, study: Study, *, audience: Audience = BUSINESS) -> str:
    """Return the title of the chart: the finding, as plain text."""
    t = _told(contrast, study, audience)
    shown = t.reasons.shown
    if not shown:
        return f"Nothing about this {study.case} sets the two apart"
    named = []
    for sign, side in ((True, "a"), (False, "b")):
        best = next((r for r in shown if (r.exact > 0) == sign), None)
        if best is not None:
            named.append(f"most towards {t.names[side]}: {_named(t, best)}")
    return capital("; ".join(named))


def alt(contrast: Contrast, study: Study, *, audience: Audience = BUSINESS) -> str:
    """Return the chart's text alternative: where the lead starts, each step, where it ends."""
    t = _told(contrast, study, audience)
    r = t.reasons
    steps = [_named(t, x) for x in (*r.shown, *r.protected)]
    if r.n_others:
        steps.append(f"everything else ({t.scale.amount(r.others)})")
    start, end = t.scale.amount(r.base), t.scale.amount(r.prediction)
    return (
        f"Chart of steps: the lead of {t.names['a']} over {t.names['b']}. It starts at {start} and ends at {end}. "
        f"The steps: {'; '.join(steps)}."
    )


# -- the parts -----------------------------------------------------------------------------------------------------
def _told(contrast: Contrast, study: Study, audience: Audience) -> Lead:
    """Return the lead in the shape of an explanation, with its rounded reasons and its scale."""
    picked = lead_reasons(contrast, study, finer=1 if audience == BUSINESS else 10)
    step, technical = numbers.step_of(picked), audience != BUSINESS
    mc, ref = (None if e is None else e[None] for e in (contrast.standard_errors, contrast.reference_errors))
    one = Explanation(
        candidate=contrast.candidate,
        values=contrast.values[None],
        standard_errors=mc,
        reference_errors=ref,
        base_values=np.array([contrast.averages[0] - contrast.averages[1]]),
        predictions=np.array([contrast.answers[0] - contrast.answers[1]]),
        cases=contrast.cases,
        feature_names=contrast.feature_names,
        unit="probability",
        outcome=(contrast.a,),
        method=contrast.method,
        reference=contrast.reference,
        reference_rows=contrast.reference_rows,
        n_evaluations=contrast.n_evaluations,
        seconds=contrast.seconds,
    )
    scale = numbers.scale_of(picked, study, step, contrast.candidate, technical=technical)
    return Lead(one, study, 0, audience, picked, scale, contrast)


def headline(t: Lead) -> Sentence:
    """Return the headline: by how much the first outcome is ahead of the second or behind it."""
    first, second = t.contrast.answers
    parts: dict[str, Any] = {
        **t.names,
        "p": t.scale.answer(first),
        "q": t.scale.answer(second),
        "facts": {"lead": first - second, "a_exact": first, "b_exact": second},
    }
    if t.audience != BUSINESS:
        template = "{option}: lead of {a} over {b}: {gap} ({p} against {q}); mean over {rows} reference rows: {usual}"
        gap, usual = (t.scale.amount(x) for x in (t.reasons.prediction, t.reasons.base))
        rows, option = t.contrast.reference_rows, phrases.option(t.study, t.contrast.candidate, t.audience)
        return sentence("answer", template, option=option, gap=gap, usual=usual, rows=rows, **parts)
    if t.scale.step.count(t.reasons.prediction) == 0:
        return sentence("answer", "the option says {p} for both {a} and {b}", **parts)
    ahead = t.reasons.prediction > 0
    end = "a lead of {gap}" if ahead else "the first is {gap} behind"
    gap = t.scale.size(t.reasons.prediction)
    return sentence("answer", "the option says {p} for {a} and {q} for {b}: " + end, gap=gap, **parts)


def _average(t: Lead) -> tuple[Sentence, ...]:
    """Return the average lead that the reasons start from, and that amounts are parts of the lead."""
    study, reference = t.study, t.contrast.reference
    if not np.any(t.contrast.values):
        template = "nothing about this {case} counts here. The average over past {cases} is the same"
        if reference.kind == "case":
            template = "nothing about this {case} counts here. The other {case} gets the same answer"
        return (sentence("comparison", template, case=study.case, cases=study.cases),)
    if t.audience != BUSINESS:
        return ()
    whom = {
        "everyone": "on average over past {cases}",
        "group": "on average over the group it is compared with",
        "case": "for {case} {id}",
        "rows": "on average over the {cases} that were chosen",
    }[reference.kind]
    first, second = t.contrast.averages
    parts: dict[str, Any] = {
        "cases": study.cases,
        "case": study.case,
        "id": Shown(str(reference.case), {"": str(reference.case)}),
        "p": t.scale.answer(first),
        "q": t.scale.answer(second),
        "gap": t.scale.size(t.reasons.base),
        "facts": {"lead": first - second, "a_exact": first, "b_exact": second},
    }
    n = t.scale.step.count(t.reasons.base)
    way = " the lead is {gap}: {p} against {q}" if n > 0 else " the first is {gap} behind: {p} against {q}"
    start = sentence("comparison", whom + (way if n else " the two are level, at {p} each"), **parts)
    return (start, sentence("comparison", "what follows adds to that or takes off it"))


def _limits(t: Lead) -> tuple[Sentence, ...]:
    """Say where a third outcome is ahead of both, and where scores are no chances."""
    said = []
    rest = 1.0 - sum(t.contrast.answers)
    others = [c for c in t.study.classes if c not in (t.contrast.a, t.contrast.b)]
    if len(others) == 1 and t.scale.step.count(rest) > max(t.scale.step.count(p) for p in t.contrast.answers):
        third = quoted(phrases.outcome(t.study, others[0]))
        answer = t.scale.answer(rest)
        said.append(sentence("caveat", "{third} is ahead of both, at {answer}", third=third, answer=answer))
    how = {
        "not checked": "such scores were not checked against outcomes",
        "did not match": "such scores did not match outcomes when checked",
    }
    if t.audience == BUSINESS and t.scale.checked in how:
        said.append(sentence("caveat", how[t.scale.checked]))
    return tuple(said)


def _named(t: Lead, r: Reason) -> str:
    return f"{phrases.label(t.study, r.feature)} ({t.scale.amount(r.amount)})"
