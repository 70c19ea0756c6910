"""Say beforehand what an entry of the dictionary will sound like, on values that the data hold."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from explainers.results import Sentence
from explainers.study import TRAIN, Dictionary, Feature, Study
from explainers.words import phrases
from explainers.words.say import join, sentence

QUANTILES = (0.1, 0.5, 0.9)
MOST_LEVELS = 3


def sketch(
    frame: pd.DataFrame,
    features: Mapping[str, Feature],
    *,
    target: str,
    task: str,
    classes: tuple[Hashable, ...] = (),
    positive: Hashable = None,
    case: str = "case",
    cases: str = "cases",
    outcome_words: Mapping[Hashable, str] | None = None,
    outcome_is: str = "recorded fact",
    decided_by: str = "",
) -> Study:
    """Return a study that has words and data and no options: enough to say what sentences will sound like.

    Examples
    --------
    >>> frame = pd.DataFrame({"age": [20, 30, 40]})
    >>> made = sketch(frame, {"age": Feature(name="age", label="Age", unit="years")}, target="", task="regression")
    >>> feature_sentences(made, "age")[0].text
    '“Age” is 20 years, lower than for 6 in 10 cases.'
    """
    return Study(
        name="sketch",
        title="",
        question="",
        task=task,  # type: ignore[arg-type]
        target=target,
        frame=frame,
        dictionary=Dictionary(features=features),
        split=pd.Series([TRAIN] * len(frame), index=frame.index, dtype="str"),
        candidates={},
        case=case,
        cases=cases,
        classes=classes,
        positive=positive,
        outcome_words=outcome_words or {},
        outcome_is=outcome_is,  # type: ignore[arg-type]
        decided_by=decided_by,
    )


def examples(values: pd.Series[Any], kind: str) -> list[Any]:
    """Return values that show a column: a small, a middle and a large one, or its most frequent levels."""
    known = values.dropna()
    if known.empty:
        return []
    if kind in ("numeric", "date") and not pd.api.types.is_object_dtype(known.dtype):
        in_order = known.sort_values()
        picked = [in_order.iloc[int(q * (len(in_order) - 1))] for q in QUANTILES]
    else:
        picked = list(known.value_counts().index[:MOST_LEVELS])
    return list(dict.fromkeys(v.item() if isinstance(v, np.generic) else v for v in picked))


def feature_sentences(study: Study, name: str) -> tuple[Sentence, ...]:
    """Return the clause of a reason for some values of a column, with how usual each is."""
    feature = study.dictionary[name]
    out = []
    for value in examples(study.frame[name], feature.kind):
        said = phrases.clause(study, name, value)
        how = phrases.usual(study, name, value)
        text = said if how is None else join("{value}, {usual}", value=said, usual=how)
        out.append(sentence("reason", "{text}", text=text, facts={"feature": name}))
    return tuple(out)
