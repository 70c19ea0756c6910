"""Say what became of past cases like this one: alike in their values, not in their score."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from explainers.reasons import one_two_five
from explainers.results import Narrative, Sentence, Similar
from explainers.study import Study
from explainers.words import numbers, phrases
from explainers.words.numbers import Scale
from explainers.words.say import BUSINESS, Audience, Shown, plural, sentence, whole


def describe(similar: Similar, study: Study, *, audience: Audience = BUSINESS) -> Narrative:
    """Say how many of the most similar past cases had the outcome, and how often the option differed there.

    Parameters
    ----------
    similar : Similar
    study : Study
    audience : "business" or "technical"

    Returns
    -------
    Narrative
    """
    first, *rest = body(similar, study, audience=audience)
    return Narrative(headline=first, sentences=tuple(rest), caveats=limits(similar, study))


def limits(similar: Similar, study: Study) -> tuple[Sentence, ...]:
    """Say that few past cases are near, where that is so."""
    if not similar.few:
        return ()
    return (sentence("caveat", "few past {cases} are like this one, so they say little about it", cases=study.cases),)


def body(similar: Similar, study: Study, *, audience: Audience = BUSINESS) -> tuple[Sentence, ...]:
    """Return what became of the similar cases, what similar means, and how the option did on such cases."""
    n = len(similar.outcomes)
    if n == 0:
        return (sentence("answer", "no past {case} could be compared with this one", case=study.case),)
    said = [_number(similar, study, n) if study.task == "regression" else _counted(similar, study, n)]
    if audience == BUSINESS:
        said.append(
            sentence("comparison", "they are alike in what is known of them, not in the option's score", facts={"n": n})
            if study.task != "regression"
            else sentence("comparison", "they are alike in what is known of them, not in the option's answer")
        )
    else:
        distance = Shown(f"{float(np.max(similar.distances)):.3f}", {"": round(float(np.max(similar.distances)), 3)})
        usual = Shown(f"{similar.typical_distance:.3f}", {"": round(similar.typical_distance, 3)})
        said.append(
            sentence(
                "method",
                "nearest of {searched} training rows by mixed-type distance over {d} columns. The farthest lies "
                "at {distance}; the median training row lies at {usual} from its own nearest",
                searched=similar.n_searched,
                d=len(similar.feature_names),
                distance=distance,
                usual=usual,
            )
        )
    checked = similar.model_checked
    if checked and similar.model_disagrees is not None:
        rows = "most similar never-seen {cases}"
        if similar.model_rows != "test":  # nobody has said which rows it was fitted to
            rows = "most similar {cases} set apart for the test, which the option may have seen"
        template = "on the {n} " + rows + ", the option differs from {record} {times}"
        if similar.model_disagrees == 0:
            template = "on the {n} " + rows + ", the option never differs from {record}"
        if checked == 1:
            template = template.replace("{n} most", "most").replace("{cases}", "{case}")
        said.append(
            sentence(
                "comparison",
                template,
                n=checked,
                cases=study.cases,
                case=study.case,
                record=phrases.record(study),
                times=_times(similar.model_disagrees),
                facts={"disagrees": similar.model_disagrees},
                to=audience,
            )
        )
    return tuple(said)


def _times(n: int) -> Shown:
    return Shown({0: "never", 1: "once", 2: "twice"}.get(n, f"{whole(n)} times"), {"": n})


def _counted(similar: Similar, study: Study, n: int) -> Sentence:
    if len(study.classes) > 2:
        (most, k), *_ = Counter(similar.outcomes).most_common()
        focus: Any = most
    else:
        focus = study.positive
        k = sum(phrases.same_value(o, focus) for o in similar.outcomes)
    return sentence(
        "comparison",
        "of the {n} most similar past {cases}, {k} {was} {outcome}"
        if n > 1
        else "the most similar past {case} was " + ("" if k else "not ") + "{outcome}",
        n=n,
        cases=study.cases,
        case=study.case,
        k=Shown("none" if k == 0 else whole(k), {"": k}),
        was=plural(k, "was", "were"),
        outcome=phrases.outcome(study, focus),
    )


def _number(similar: Similar, study: Study, n: int) -> Sentence:
    values = np.asarray(similar.outcomes, dtype=float)
    middle, low, high = (float(np.quantile(values, q)) for q in (0.5, 0.25, 0.75))
    spread = max(high - low, abs(middle) / 1000, 1e-9)
    # The middle of fifty such cases is itself no surer than about a fifth of that spread.
    scale = Scale("number", one_two_five(spread / 5), numbers.target_unit(study))
    return sentence(
        "comparison",
        "of the {n} most similar past {cases}, the one in the middle is {middle}"
        + (". Half lie between {low} and {high}" if n > 3 else ""),
        n=n,
        cases=study.cases,
        low=scale.answer(low),
        high=scale.answer(high),
        middle=scale.answer(middle),
    )
