"""Say what an option is off by on some picked cases, and on each of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from explainers.reasons import one_two_five
from explainers.results import Sentence
from explainers.study import Study
from explainers.words import numbers, phrases
from explainers.words.numbers import Scale
from explainers.words.say import BUSINESS, Audience, plural, sentence

ANSWERS = {"predicted": "What the option says", "actual": "What was recorded", "order": "The order of the data"}


def against(study: Study, name: str, *, audience: Audience = BUSINESS) -> str:
    """Return what a chart is set against, as a picker shows it.

    Examples
    --------
    >>> frame = pd.DataFrame({"size": range(20), "price": range(20)})
    >>> against(Study.from_frame(frame, target="price", candidates={"no_model": "no_model"}), "predicted")
    'What the option says'
    """
    if name in study.frame.columns:
        return phrases.label(study, name)
    said = ANSWERS.get(name, name)
    return said.replace("option", "model") if audience != BUSINESS else said


def scale(rows: pd.DataFrame, study: Study) -> Scale:
    """Return the scale on which numbers of these rows are read: their usual distance gets two figures."""
    off = np.abs(rows["residual"].to_numpy(dtype=float))
    size = float(np.nanmean(off)) if off.size and np.isfinite(off).any() else 0.0
    return Scale("number", one_two_five(size / 20 if size > 0 else 1), numbers.target_unit(study))


def describe(
    chosen: pd.DataFrame,
    every: pd.DataFrame,
    study: Study,
    *,
    differs: tuple[int, int] | None = None,
    rows: str = "never-seen",
    audience: Audience = BUSINESS,
) -> tuple[Sentence, ...]:
    """Say how many cases were picked, and how far off the option is on them and on all.

    Parameters
    ----------
    chosen, every : DataFrame
        Rows of ``residuals.residuals``: those that were picked, and all that could be.
    study : Study
    differs : tuple of int, optional
        For classes how many of the picked, and of all, the option calls otherwise than the record.
    rows : str
        Which rows those are, such as "never-seen"; empty where that is not known.
    audience : "business" or "technical"

    Returns
    -------
    tuple of Sentence
        How many; how far off; and for numbers to which side, where that is the same for nearly all.
    """
    n, m = len(chosen), len(every)
    which = f"{rows} " if rows else ""
    words = plural(n, study.case, study.cases)
    said = [sentence("answer", "{n} of {m} {which}{cases} picked", n=n, m=m, which=which, cases=study.cases)]
    if not n:
        return tuple(said)
    if study.classes:
        if differs is not None:
            record = f"what {study.decided_by} decided" if study.decided_by else "the record"
            template = "the option differs from {record} on {k} of {n}; of all, on {all} of {m}"
            k, total = differs
            said.append(sentence("comparison", template, to=audience, record=record, k=k, n=n, all=total, m=m))
        return tuple(said)
    own, whole = (np.abs(r["residual"].to_numpy(dtype=float)) for r in (chosen, every))
    by = scale(every, study)
    parts: dict[str, Any] = {"own": by.size(float(np.nanmean(own))), "all": by.size(float(np.nanmean(whole)))}
    template = "the option is off by {own} on average there; on all, by {all}"
    if n == 1:
        template = "the option is off by {own} there; on all, by {all} on average"
    said.append(sentence("comparison", template, to=audience, **parts))
    above = int((chosen["residual"] > 0).sum())
    if n >= 3 and max(above, n - above) >= 0.9 * n:
        side, k = ("above", above) if above >= n - above else ("below", n - above)
        template = "the record lies {side} the answer for {k} of {n} {cases}"
        said.append(sentence("comparison", template, side=side, k=k, n=n, cases=words))
    return tuple(said)


def cells(rows: pd.DataFrame, study: Study, candidate: str, *, audience: Audience = BUSINESS) -> pd.DataFrame:
    """Return answer and distance of each row, as a table of picked cases shows them.

    Parameters
    ----------
    rows : DataFrame
        Of ``residuals.residuals``.
    study : Study
    candidate : str
    audience : "business" or "technical"

    Returns
    -------
    DataFrame of shape (n, 2)
        Texts; the second column says how far the record is from the answer, with its sign for numbers.
    """
    subject = "option" if audience == BUSINESS else "model"
    if not study.classes:
        by = scale(rows, study)
        answers = [by.answer(float(v)).text for v in rows["predicted"]]
        apart = [by.amount(float(v)).text for v in rows["residual"]]
        return pd.DataFrame({f"What the {subject} says": answers, "Record less answer": apart})
    known = study.candidates.get(candidate)
    how = numbers.checked(known)
    by = Scale("chance" if how == "matched" else "score", one_two_five(0.01), checked=how)
    if audience != BUSINESS:
        by = Scale("probability", one_two_five(0.01), checked=how)
    outcomes = rows["outcome"] if "outcome" in rows else [study.positive] * len(rows)
    answers = [
        f"{by.answer(float(p)).text} {phrases.outcome(study, o)}"
        for p, o in zip(rows["predicted"], outcomes, strict=True)
    ]
    apart = [f"{100 * abs(float(v)):.0f} of 100" for v in rows["residual"]]
    return pd.DataFrame({f"What the {subject} says": answers, "How far from the record": apart})
