"""Say of a group that somebody named how often what was stated held in it."""

from __future__ import annotations

from explainers.results import Sentence
from explainers.study import Study
from explainers.words import phrases
from explainers.words.numbers import plain, share
from explainers.words.say import BUSINESS, Audience, Shown, plural, sentence

FEW = 30


def ranges(n: int, held: int, level: float, study: Study, *, audience: Audience = BUSINESS) -> tuple[Sentence, ...]:
    """Say for how many cases of a group the range held.

    Parameters
    ----------
    n, held : int
        Never-seen cases of the group, and those whose record lies inside its range.
    level : float
        What was promised, such as 0.9.
    study : Study
    audience : "business" or "technical"

    Returns
    -------
    tuple of Sentence

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"x": range(20), "price": range(20)})
    >>> study = Study.from_frame(frame, target="price", candidates={"no_model": "no_model"})
    >>> ranges(40, 33, 0.9, study)[0].text
    'The range held for 33 of 40 cases.'
    """
    if not n:
        return (_nobody(study),)
    cases = plural(n, study.case, study.cases)
    said = (
        sentence("answer", "the range held for {k} of {n} {cases}", to=audience, k=held, n=n, cases=cases),
        sentence("comparison", "it was to hold for {level}", level=share(level)),
    )
    return (*said, *_few(n, study))


def rates(n: int, happened: int, stated: float, study: Study, *, audience: Audience = BUSINESS) -> tuple[Sentence, ...]:
    """Say for how many cases of a group it came true, and how many the stated chances add up to.

    Parameters
    ----------
    n, happened : int
        Never-seen cases of the group, and those with the outcome in focus.
    stated : float
        Sum of the stated chances.
    study : Study
    audience : "business" or "technical"
    """
    if not n:
        return (_nobody(study),)
    template = "of {n} {cases}, {k} " + plural(happened, "was", "were") + " {outcome}"
    cases, outcome = plural(n, study.case, study.cases), phrases.outcome(study, study.positive)
    text = plain(stated, 2)
    expected = Shown(text, {"": stated, "shown": float(text.replace(",", ""))})
    said = (
        sentence("answer", template, to=audience, n=n, k=happened, cases=cases, outcome=outcome),
        sentence("comparison", "the option had said {stated} or so", to=audience, stated=expected),
    )
    return (*said, *_few(n, study))


def agreeing(n: int, agrees: int, study: Study, *, audience: Audience = BUSINESS) -> tuple[Sentence, ...]:
    """Say for how many cases of a group the answer is what was recorded; parameters as in :func:`ranges`."""
    if not n:
        return (_nobody(study),)
    template = "of {n} {cases}, it matches the record on {k}"
    cases = plural(n, study.case, study.cases)
    return (sentence("answer", template, k=agrees, n=n, cases=cases, to=audience), *_few(n, study))


def _nobody(study: Study) -> Sentence:
    return sentence("caveat", "none of its {cases} is a never-seen one", cases=study.cases)


def _few(n: int, study: Study) -> tuple[Sentence, ...]:
    if n >= FEW:
        return ()
    return (sentence("caveat", "so few {cases} tell little", cases=study.cases, facts={"n": n}),)
