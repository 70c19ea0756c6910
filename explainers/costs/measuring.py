"""What one option takes, measured in a fresh process with one thread and kept on disk by key."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from explainers.costs import timing
from explainers.costs.running import Progress, ask
from explainers.costs.sending import UnsendableError, as_bytes
from explainers.errors import CandidateError
from explainers.results import Cost

if TYPE_CHECKING:
    from explainers.study import Candidate, Study

KIND = "costs"
BLOCK_SECONDS = 1.0
MAX_SECONDS = 300.0
MOST_OTHER_ROWS = 2_000
"""Rows beside the training rows that are sent along, to be asked."""
TRAINING = ("train_seconds", "train_cpu_seconds", "peak_memory_mb")
GIVEN = (*TRAINING, "build_hours")
"""What whoever made an option may state of it in study.yaml."""


def key(study: Study, candidate: str) -> str:
    """Return the key under which the cost of an option is kept, kind ``"costs"``.

    It depends on what the option is fitted to and how, and on what was stated of it; not on labels or the threshold.

    Raises
    ------
    CandidateError
        There is no such candidate.
    """
    from explainers import keys, store
    from explainers.build import candidate_key

    option = study.candidate(candidate)
    made = option.key or candidate_key(study, option)
    return store.key(KIND, keys.result_version("costs"), made, study.data_key, sorted(option.given_cost.items()))


def known(study: Study, candidate: str) -> Cost | None:
    """Return what is known without measuring: what was measured before, else what was taken while it was built.

    Parameters
    ----------
    study : Study
    candidate : str
        Name of the candidate.

    Returns
    -------
    Cost or None
        With source "built" where it was not measured yet, "given" where whoever made it stated what fitting took; None
        where nothing is known.

    Raises
    ------
    CandidateError
        There is no such candidate.
    """
    from explainers import store

    kept = store.get(KIND, key(study, candidate))
    if isinstance(kept, Cost):
        return kept
    option = study.candidate(candidate)
    if option.cost is None and not option.given_cost:
        return None
    return with_given(option.cost or Cost(source="none"), option)


def measure(
    study: Study, candidate: str, *, max_seconds: float = MAX_SECONDS, progress: Progress | None = None
) -> Cost:
    """Measure what an option takes.

    It is fitted, asked case by case and 1,000 cases at a time, and explained, in a fresh process with one thread. Each
    figure of time is processor time, repeated for a second in blocks until the medians of two blocks in a row lie
    within 20% or 5 ms. Memory is the most that the process held while it fitted the option.

    Parameters
    ----------
    study : Study
        The study; the option need not be built.
    candidate : str
        Name of the candidate.
    max_seconds : float
        Time for all of it. Then what is known so far is returned, said to be cut short, and kept until more time is
        allowed.
    progress : callable, optional
        Called with the share done and what is being done.

    Returns
    -------
    Cost
        Of an option that came fitted, what fitting took is what study.yaml states (source "given"), else not known
        (source "none"). An option that cannot be sent to another process is measured in this one, and said so.

    Raises
    ------
    CandidateError
        There is no such candidate; it cannot be fitted or does not answer; or time ran out before it was fitted once.
    JobError
        Its process could not be started, was ended from outside, or memory ran out. Nothing is kept then.

    Examples
    --------
    >>> from explainers import Study
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"size": [float(i % 10) for i in range(200)], "sold": ["no", "yes"] * 100})
    >>> study = Study.from_frame(frame, target="sold", candidates={"tree": "tree"})
    >>> found = measure(study, "tree")  # doctest: +SKIP
    >>> found.source, found.blocks_agree  # doctest: +SKIP
    ('measured', True)
    """
    from explainers import store

    place = key(study, candidate)
    kept = store.get(KIND, place)
    if isinstance(kept, Cost) and not (kept.cut_short and max_seconds > MAX_SECONDS):
        return kept
    found = _measure(study, study.candidate(candidate), max_seconds, progress)
    store.put(KIND, place, found)
    return found


def with_given(cost: Cost, option: Candidate) -> Cost:
    """Return a cost with what whoever made the option stated; what was measured of fitting stays as it is."""
    stated = {k: float(v) for k, v in option.given_cost.items() if k in GIVEN}
    if cost.train_cpu_seconds is not None:
        stated = {k: v for k, v in stated.items() if k not in TRAINING}
    source = cost.source
    if any(k in TRAINING for k in stated):
        source = "given"
    elif cost.train_cpu_seconds is None:
        source = "none"
    values: dict[str, Any] = dict(stated)
    return replace(cost, source=source, given=tuple(k for k in GIVEN if k in stated), **values)


def _measure(study: Study, option: Candidate, max_seconds: float, progress: Progress | None) -> Cost:
    tell = progress or (lambda _share, _doing: None)
    tell(0.0, "starting a process to measure in")
    own = True
    found: dict[str, Any] | None
    try:
        request = as_bytes(study, option.name, _rows(study), least=BLOCK_SECONDS)
    except UnsendableError:
        from explainers.costs.taking import take_cost

        own, cut = False, False
        found = take_cost(study, option.name, seconds=max_seconds, tell=tell, keep=lambda _: None, least=BLOCK_SECONDS)
    else:
        found, cut = ask("cost", request, seconds=max_seconds, label=option.label, progress=progress)
    if found is None:
        raise CandidateError(
            f"The option {option.label!r} could not be measured within {max_seconds:,.0f} seconds. Allow it more time, "
            "or give its figures as 'cost' in study.yaml."
        )
    names = {f.name for f in fields(Cost)}
    values = {k: v for k, v in found.items() if k in names}
    values["cut_short"] = cut or bool(found.get("cut_short"))
    return with_given(
        Cost(
            source="measured" if found.get("train_cpu_seconds") is not None else "none",
            own_process=own,
            machine=timing.machine(),
            measured_on=f"{datetime.now(UTC):%Y-%m-%d}",
            **values,
        ),
        option,
    )


def _rows(study: Study) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return the rows that are sent: all training rows, and some of the others to be asked, in their order."""
    training = study.training()
    others = np.setdiff1d(np.arange(len(study.frame)), training)
    if others.size > MOST_OTHER_ROWS:
        others = others[np.linspace(0, others.size - 1, MOST_OTHER_ROWS).astype(int)]
    return np.sort(np.concatenate([training, others]))
