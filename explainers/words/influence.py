"""Say which rows a formula rests on more than on others."""

from __future__ import annotations

from typing import Any

import numpy as np

from explainers.results import Influence, Narrative, Sentence
from explainers.study import Study
from explainers.words import weights
from explainers.words.say import BUSINESS, Audience, Shown, plural, sentence

STRONG, STRONG_COOK = 1.0, 0.5
"""From so many standard errors, or from this Cook's distance on, a row alone is said to move the formula."""
WHY = {
    "not a formula": "how much single {cases} weigh can be told for a plain formula only",
    "unknown history": "nobody has said which {cases} this option learned from",
    "penalty": "this formula had to be held back, so the part of single {cases} cannot be told",
    "too few rows": "there are too few {cases} behind this formula to say what single ones do to it",
}


def describe(result: Influence, study: Study, *, audience: Audience = BUSINESS) -> Narrative:
    """Say whether any row alone moves the formula, and which.

    Parameters
    ----------
    result : Influence
    study : Study
    audience : "business" or "technical"

    Returns
    -------
    Narrative
    """
    if result.why:
        head = sentence("answer", WHY[result.why], cases=study.cases, to=audience)
        return Narrative(headline=head, sentences=())
    n = strong(result)
    parts: dict[str, Any] = {"n": result.n, "cases": study.cases, "case": study.case}
    if n == 0:
        head = sentence("answer", "no single {case} of {n} changes the formula much", **parts)
    else:
        k = Shown(f"{n:,}", {"": n})
        how = plural(n, "moves a weight of the formula all by itself", "each move a weight of the formula on their own")
        head = sentence("answer", "of {n} {cases}, {k} " + how, k=k, **parts)
    said: list[Sentence] = []
    if result.n:
        first = np.argmax(np.nan_to_num(np.abs(result.largest), nan=0.0)) if n else order(result)[0]
        said += item(result, study, row=int(first), audience=audience, named=True)
    caveats = []
    if result.alone:
        a = result.alone
        template = "{a} {cases} decide a weight alone, such as the only one of its kind"
        caveats.append(sentence("caveat", template, a=a, cases=plural(a, study.case, study.cases)))
    caveats.append(sentence("caveat", "what counts much may be perfectly real: look before you judge", facts={"n": n}))
    if audience == BUSINESS:
        template = "a weight counts as moved when leaving one {case} out shifts it as far as luck usually does"
        said.append(sentence("method", template, case=study.case))
    else:
        said.append(_technical(result))
    return Narrative(headline=head, sentences=tuple(said), caveats=tuple(caveats))


def strong(result: Influence) -> int:
    """Return how many rows alone move a weight by its standard error, or all of them together far."""
    with np.errstate(invalid="ignore"):
        moved = (np.abs(result.largest) >= STRONG) | (result.cooks >= STRONG_COOK)
    return int(moved.sum())


def order(result: Influence) -> np.ndarray:
    """Return the rows by falling Cook's distance; rows that decide a weight alone come first."""
    return np.argsort(-np.nan_to_num(result.cooks, nan=np.inf), kind="stable")


def item(
    result: Influence, study: Study, *, row: int, audience: Audience = BUSINESS, named: bool = False
) -> tuple[Sentence, ...]:
    """Say of one row what leaving it out would do.

    Parameters
    ----------
    result : Influence
    study : Study
    row : int
        Its place in the result.
    audience : "business" or "technical"
    named : bool
        Whether the sentence names the row.
    """
    name = str(result.ids[row])
    who = Shown(f"{study.case} {name}", {"": name}) if named else Shown("it")
    move = float(result.largest[row])
    if not np.isfinite(move) or not np.isfinite(result.cooks[row]):
        return (
            sentence("reason", "{who} decides a weight alone: no other {case} speaks for it", who=who, case=study.case),
        )
    k = int(result.largest_term[row])
    outcome = result.outcomes[k] if result.outcomes else None
    term = weights.term(study, result.terms[k], outcome=outcome, audience=audience)
    if audience == BUSINESS:
        size = Shown(f"{abs(move):.1f}", {"": round(abs(move), 1)})
        template = "{who} counts most for the weight of {term}"
        said = [sentence("reason", template, who=who, term=term)]
        how = "without it that weight would be {way}: {size} times as far as luck usually moves it"
        if abs(move) < 0.05:
            how = "without it that weight would hardly change"
        said.append(sentence("reason", how, way="lower" if move > 0 else "higher", size=size, facts={"move": move}))
        return tuple(said)
    figures = {
        "cook": float(result.cooks[row]),
        "leverage": float(result.leverage[row]),
        "residual": float(result.studentised[row]),
        "dffits": float(result.dffits[row]),
        "move": move,
    }
    shown: dict[str, Any] = {which: Shown(_three(v), {"": _three(v)}) for which, v in figures.items()}
    template = (
        "Cook's distance {cook}, leverage {leverage}, studentised residual {residual}, DFFITS {dffits}; "
        "largest DFBETAS {move} for {term}"
    )
    if named:
        template, shown["who"] = "{who}: " + template, who
    return (sentence("reason", template, term=term, **shown),)


def _three(value: float) -> str:
    text = f"{abs(value):.3f}" if abs(value) >= 0.0005 or value == 0 else f"{abs(value):.1e}"
    return ("−" if value < 0 else "") + text


def _technical(result: Influence) -> Sentence:
    how = "exact deletion figures of least squares"
    if result.method == "one step":
        how = "one Newton step of the likelihood (Pregibon)"
    template = how + " on {n} training rows, {p} coefficients"
    if result.clusters:
        template += "; rows are left out one by one, though {clusters} clusters stand behind the ranges"
    return sentence("method", template, n=result.n, p=result.p, clusters=result.clusters)
