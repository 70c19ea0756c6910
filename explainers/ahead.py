"""Explanations made before somebody asks: the demo cases at once, then never-seen cases while nothing else is to do.

They are kept under the same keys as those that are asked for, so a page that opens on a built study waits for nothing.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from explainers.errors import BakeoffError
from explainers.study import TEST, Study

KIND = "explanation"
MOST = 500
"""Never-seen cases that are explained ahead; the rest is explained when it is picked."""


def cases_ahead(study: Study) -> tuple[str, ...]:
    """Return the ids of the cases worth explaining ahead: the demo cases, then never-seen ones in their order.

    Parameters
    ----------
    study : Study

    Returns
    -------
    tuple of str
        At most the demo cases and 500 more.
    """
    ids = study.case_ids
    known = set(ids)
    demo = [str(p["case"]) for p in study.pinned if str(p["case"]) in known]
    seen = [str(i) for i in ids[(study.split == TEST).to_numpy()][:MOST]]
    return tuple(dict.fromkeys([*demo, *seen]))


def explain_ahead(study: Study, candidate: str, cases: Sequence[str], *, seconds: float | None = None) -> int:
    """Explain cases beside everyone and keep the results; what is kept already is skipped.

    Parameters
    ----------
    study : Study
    candidate : str
        A built candidate.
    cases : sequence of str
        Ids of cases.
    seconds : float, optional
        Stop after the case in which this time ran out.

    Returns
    -------
    int
        How many of the cases were looked at; fewer than given where time ran out.
    """
    from explainers import attribution, keys, store

    started = time.monotonic()
    features = list(study.candidate(candidate).features)
    for at, case_id in enumerate(cases):
        row = study.row(case_id)[features]
        try:
            key = keys.explanation_key(study, candidate, keys.case_values(row))
            if not store.has(KIND, key):
                frame = keys.case_frame(study, keys.case_values(row))
                store.put(KIND, key, attribution.explain(study, candidate, frame))
        except BakeoffError:
            continue  # a case that cannot be explained says why when somebody picks it
        if seconds is not None and time.monotonic() - started > seconds:
            return at + 1
    return len(cases)
