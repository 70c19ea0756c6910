"""A deck: one section per question of the meeting, in its order, and one per pinned case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from explainers.errors import BakeoffError
from explainers.report import sections
from explainers.report.gathering import Progress, pinned, result_of
from explainers.report.parts import Deck, Section
from explainers.report.sections import Asked
from explainers.words import phrases
from explainers.words.say import BUSINESS, Audience

if TYPE_CHECKING:
    from explainers.results import Coverage
    from explainers.study import Study

MOST_CASES = 12


def deck(
    study: Study,
    candidate: str | None = None,
    *,
    audience: Audience = BUSINESS,
    level: float = 0.9,
    assumptions: Mapping[str, Any] | None = None,
    cases: tuple[str, ...] | None = None,
    today: dt.date | None = None,
    progress: Progress | None = None,
) -> Deck:
    """Put a study together as a deck: every question of the meeting with its finding, sentences and chart.

    Parameters
    ----------
    study : Study
        With its options built.
    candidate : str, optional
        The option that is spoken of; by default the study's first.
    audience : "business" or "technical"
    level : float
        Share of ranges that are to hold.
    assumptions : mapping, optional
        Figures of money and volume that differ from the study's own.
    cases : tuple of str, optional
        Ids of the cases to show; by default the demo cases and those that people kept, at most 12.
    today : datetime.date, optional
        The date on the deck.
    progress : callable, optional
        Called with the share done and what is being done.

    Returns
    -------
    Deck
        A part that cannot be worked out says why; the others stand.

    Raises
    ------
    BakeoffError
        There is no such option or case, or the option is not built.

    Examples
    --------
    >>> from explainers import open_study
    >>> study = open_study("sample_data/boston_mortgages")        # doctest: +SKIP
    >>> [s.question for s in deck(study, "tree").sections][:2]    # doctest: +SKIP
    ['What is this about?', 'How good is it?']
    """
    from explainers.report import changed, deciding

    name = chosen(study, candidate)
    option = study.candidate(name)
    if not option.built:
        raise BakeoffError(
            f"The option “{option.label}” is not prepared yet. "
            f"{option.failure or 'Build the study first: python -m explainers build, or open it in the application.'}"
        )
    asked = Asked(study=study, candidate=name, audience=audience, level=level)
    shown = pinned(study, cases)[:MOST_CASES]
    tell = progress or (lambda _share, _doing: None)
    total = 10.0 + len(shown)
    made: list[Section] = []

    def add(slug: str, question: str, doing: str, make: Callable[[], Section | tuple[Section, ...]]) -> None:
        tell(len(made) / total, doing)
        try:
            one = make()
            made.extend(one if isinstance(one, tuple) else (one,))
        except (BakeoffError, ModuleNotFoundError) as error:
            made.append(sections.refused(slug, question, error))

    counted = _coverage(asked)
    add("about", "What is this about?", "saying what it is about", lambda: sections.about(asked))
    doing = "looking for what changed since last time"
    add("changed", changed.QUESTION, doing, lambda: changed.sections(asked, assumptions))
    add("good", "How good is it?", "measuring how good it is", lambda: sections.good(asked))
    for at, pin in enumerate(shown, 1):
        add(
            f"case-{at}",
            "Why this prediction?",
            f"explaining case {at} of {len(shown)}",
            lambda pin=pin, at=at: sections.case(asked, pin, str(at), counted),  # type: ignore[misc]
        )
    add("looks-at", "What does it look at?", "looking at what counts", lambda: sections.looks_at(asked))
    if counted is not None:
        found = counted
        add("sure", "How sure is it?", "counting how often ranges held", lambda: sections.sure(asked, found))
    add("wrong", "Where is it wrong?", "looking where it is most wrong", lambda: sections.wrong(asked))
    add("worth", "Which option is worth it?", "comparing costs", lambda: deciding.worth(asked, assumptions))
    add("decided", "What did we decide?", "reading what was decided", lambda: deciding.decided(asked))
    add("ask", "Whom can I ask?", "saying whom to ask", lambda: sections.ask(asked))
    tell(1.0, "putting it together")
    return Deck(
        title=study.title,
        question=study.question,
        option=asked.option,
        audience=audience,
        date=today or dt.datetime.now(tz=dt.UTC).date(),
        sample=study.sample,
        sections=tuple(made),
        version=f"{phrases.version(study, name)} · {study.fingerprint[:12]}",
    )


def chosen(study: Study, candidate: str | None) -> str:
    """Return the option that is spoken of: the one asked for, else the study's first."""
    return candidate or (study.first if study.first in study.candidates else list(study.candidates)[-1])


def _coverage(asked: Asked) -> Coverage | None:
    """Return how often ranges held; None where that cannot be counted."""
    try:
        found: Coverage = result_of(asked.study, "coverage", candidate=asked.candidate, level=asked.level)
    except BakeoffError:
        return None
    return found
