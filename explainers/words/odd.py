"""Say which cases are oddest: by their inputs, by their record, and what people said of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from explainers.results import Narrative, Sentence, Unusual
from explainers.study import Study
from explainers.words import unusual as say_unusual
from explainers.words.say import BUSINESS, Audience, Shown, listed, plural, sentence, spelled

ROWS = {"test": "never-seen", "all": ""}


def describe(
    ranked: pd.DataFrame,
    first: Unusual | None,
    study: Study,
    *,
    rows: str = "test",
    marks: Mapping[str, int] | None = None,
    audience: Audience = BUSINESS,
) -> Narrative:
    """Say which case has the oddest inputs, why, and what people said of odd cases so far.

    Parameters
    ----------
    ranked : DataFrame
        Cases with score and share, the most unusual first, as ``outliers.scores`` gives them.
    first : Unusual or None
        The reasons of the first of them; None where there is none.
    study : Study
    rows : "test" or "all"
        Which rows were ranked.
    marks : mapping of str to int, optional
        How many cases people hold to be each of real, data error, check.
    audience : "business" or "technical"

    Returns
    -------
    Narrative
        Nothing is called odd where no row is among the most unusual 1 in 20.
    """
    n, which = len(ranked), ROWS[rows]
    if first is None or not n:
        head = sentence("answer", "there are no {which} {cases} to look at", which=which or "such", cases=study.cases)
        return Narrative(headline=head, sentences=_said(marks, study), caveats=())
    name = str(ranked.index[0])
    parts: dict[str, Any] = {"case": study.case, "id": Shown(name, {"": name}), "n": n, "cases": study.cases}
    parts["which"] = f"{which} " if which else ""
    if first.finest is None or not say_unusual.flagged(first):
        head = sentence("answer", "of {n} {which}{cases}, none stands out by its values", **parts)
        if first.finest is None:
            head = sentence("answer", "of {n} {which}{cases}, {case} {id} has the oddest values", **parts)
        return Narrative(
            headline=head,
            sentences=_said(marks, study),
            caveats=say_unusual.limits(first, study, audience=audience) if first.finest is None else (),
        )
    head = sentence("answer", "of {n} {which}{cases}, No. {id} has the oddest values", **parts)
    why = reason(first, study, audience=audience)
    return Narrative(headline=head, sentences=(*why, *_said(marks, study)), caveats=())


def _said(marks: Mapping[str, int] | None, study: Study) -> tuple[Sentence, ...]:
    """Say what people hold marked cases to be."""
    marks = marks or {}
    total = sum(marks.values())
    if not total:
        return ()
    each = [f"{spelled(n)} {plural(n, word, words)}" for (word, words), n in _named(marks) if n]
    facts = {key.replace(" ", "_"): n for key, n in marks.items()}
    what = Shown(listed(each), facts)
    template = "people marked {total} {cases}: {what}. Nothing was taken out of the data"
    words = plural(total, study.case, study.cases)
    return (sentence("comparison", template, total=spelled(total), cases=words, what=what),)


def _named(marks: Mapping[str, int]) -> list[tuple[tuple[str, str], int]]:
    words = {
        "real": ("as real", "as real"),
        "data error": ("as a data error", "as data errors"),
        "check": ("to be checked", "to be checked"),
    }
    return [(words[key], n) for key, n in marks.items()]


def reason(result: Unusual, study: Study, *, row: int = 0, audience: Audience = BUSINESS) -> tuple[Sentence, ...]:
    """Return why one case of a list is odd: the reasons that its own page gives, and how many others are as odd.

    Parameters
    ----------
    result : Unusual
    study : Study
    row : int
        Which case of the result.
    audience : "business" or "technical"
    """
    said = say_unusual.limits(result, study, audience=audience, row=row)
    if said and result.finest is not None:
        if audience != BUSINESS:
            return said
        n, k = result.compared[row], result.counts[row]
        template = "of {n} others, {k} " + plural(max(k, 1), "is", "are") + " as odd"
        others = Shown("none" if k == 0 else f"{k:,}", {"": k})
        return (*said[:-1], sentence("comparison", template, n=n, k=others))
    if not result.reasons[row]:
        return (sentence("reason", "none of its values is odd", to=audience),)
    described = say_unusual.describe(result, study, audience=audience, row=row)
    return (described.headline,)


def title(ranked: pd.DataFrame, off: pd.Series[float], study: Study) -> str:
    """Return what the chart of both shows: who has the oddest values and whose record is furthest from the answer."""
    if ranked.empty:
        return ""
    inputs = str(ranked.index[0])
    known = off[np.isfinite(off.to_numpy(dtype=float))]
    if known.empty:
        return f"{study.case.capitalize()} {inputs} has the oddest values"
    record = str(known.index[int(np.argmax(known.to_numpy()))])
    if record == inputs:
        return f"{study.case.capitalize()} {inputs} has the oddest values, and its record is furthest from the answer"
    return f"The answer is furthest off for {study.case} {record}, not for the one with the oddest values"


def alt(ranked: pd.DataFrame, off: pd.Series[float], study: Study) -> str:
    """Return the text alternative of that chart."""
    first = f"{study.case.capitalize()} {ranked.index[0]} has the oddest values. " if len(ranked) else ""
    return (
        f"Points, one for each of {len(ranked):,} {study.cases}: odder values further right, further from the record "
        f"higher up. {first}{title(ranked, off, study)}."
    )


def axes(study: Study, *, shares: bool, audience: Audience = BUSINESS) -> tuple[str, str]:
    """Return what stands at the axes of that chart."""
    target = study.dictionary[study.target]
    unit = f", {target.unit}" if target.unit else ""
    across = "how odd its values are: 1 in so many" if shares else "how odd its values are"
    if audience != BUSINESS:
        return across, "1 − probability of the recorded class" if study.classes else f"absolute residual{unit}"
    return across, f"how far the answer is from the record{unit if not study.classes else ', of 100'}"


def method(ranked: pd.DataFrame, study: Study, *, rows: str, audience: Audience = BUSINESS) -> tuple[Sentence, ...]:
    """Say how cases were ranked, and that nothing is taken out of the data."""
    said = [
        sentence(
            "method",
            "each {case} was set beside the past {cases} that the options learned from",
            case=study.case,
            cases=study.cases,
        ),
        sentence("method", "a value far out counts, and so do values that are rare together"),
        sentence("method", "some are always the oddest: odd does not mean that anything is amiss"),
        sentence(
            "method",
            "no mark changes the data or an answer; the trial without marked {cases} is only shown",
            cases=study.cases,
        ),
    ]
    if rows == "all":
        template = "{cases} that were learned from seem a little less odd than they are"
        said.append(sentence("caveat", template, cases=study.cases))
    if audience != BUSINESS:
        said.append(
            sentence(
                "method",
                "calibrated surprise of each row, the largest of five parts; shares are conformal p-values on {n} rows",
                n=len(ranked),
            )
        )
    return tuple(said)
