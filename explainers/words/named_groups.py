"""Say of a group that somebody named how often what was stated held in it."""

from __future__ import annotations

from typing import Any

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
    'The range held for 33 of 40 cases; the promise was 90 in 100.'
    """
    if not n:
        return (_nobody(study),)
    template = "the range held for {k} of {n} {cases}; the promise was {level}"
    cases = plural(n, study.case, study.cases)
    said = [sentence("answer", template, to=audience, k=held, n=n, cases=cases, level=share(level))]
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
    template = (
        "of {n} {cases}, {k} " + plural(happened, "was", "were") + " {outcome}; the option expected about {stated}"
    )
    parts: dict[str, Any] = {
        "cases": plural(n, study.case, study.cases),
        "outcome": phrases.outcome(study, study.positive),
    }
    expected = Shown(plain(stated, 2), {"": stated, "shown": float(plain(stated, 2).replace(",", ""))})
    return (sentence("answer", template, to=audience, n=n, k=happened, stated=expected, **parts), *_few(n, study))


def agreeing(n: int, agrees: int, study: Study, *, audience: Audience = BUSINESS) -> tuple[Sentence, ...]:
    """Say for how many cases of a group the answer is what was recorded; parameters as in :func:`ranges`."""
    if not n:
        return (_nobody(study),)
    template = "the option agrees with the record for {k} of {n} {cases}"
    cases = plural(n, study.case, study.cases)
    return (sentence("answer", template, to=audience, k=agrees, n=n, cases=cases), *_few(n, study))


def _nobody(study: Study) -> Sentence:
    return sentence("caveat", "none of its {cases} is a never-seen one", cases=study.cases)


def _few(n: int, study: Study) -> tuple[Sentence, ...]:
    if n >= FEW:
        return ()
    return (sentence("caveat", "so few {cases} tell little", cases=study.cases, facts={"n": n}),)
