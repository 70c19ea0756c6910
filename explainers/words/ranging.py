"""Say in plain words how ranges are made and how they were tested."""

from __future__ import annotations

from explainers.results import Coverage, Sentence
from explainers.study import Study
from explainers.words.intervals import level_words
from explainers.words.say import sentence

MADE = {
    "normalised": (
        "the option was asked about {cases} that it had not learned from",
        "that shows where it is usually far off, and where it is close",
        "a range is as wide as {level} of {n} set-aside {cases} needed",
        "it is wider where the option is usually far off",
    ),
    "by bins": (
        "the {n} set-aside {cases} were put into groups by what the option says",
        "a range is as wide as {level} of its group needed",
    ),
    "plain": ("a range is as wide as {level} of {n} set-aside {cases} needed", "it has the same width for all"),
    "formula": ("the formula gives its own range, under its own assumptions",),
    "sigmoid": (
        "a smooth curve was drawn from the scores of {n} set-aside {cases} to what became of them",
        "the range says how far that curve could be off at such a score",
    ),
    "nearest": (
        "of the {n} {cases} that were set aside, it takes those with the nearest scores",
        "the range says how far a count of so few could be off",
    ),
    "sets": (
        "the true outcome of {n} set-aside {cases} is known, and the chance that the option gave it",
        "an outcome is ruled out when its chance is lower than nearly all of those",
        "the true one is to be left in for {level}",
    ),
    "sets by class": (
        "the true outcome of {n} set-aside {cases} is known, and the chance that the option gave it",
        "an outcome is ruled out when its chance is lower than nearly all of those with that outcome",
        "the true one is to be left in for {level}",
    ),
}


def made(result: Coverage, study: Study) -> tuple[Sentence, ...]:
    """Return the sentences on how the ranges were made and on which rows they were tested.

    Parameters
    ----------
    result : Coverage
        As measured; its method says which sentences hold.
    study : Study

    Returns
    -------
    tuple of Sentence
    """
    said = [
        sentence("method", template, cases=study.cases, n=result.n_calibration, level=level_words(result.level))
        for template in MADE.get(result.method, ())
    ]
    if result.n:
        template = "{tested} other {cases}, never seen before, then showed how often that held"
        said.append(sentence("method", template, tested=result.n[0], cases=study.cases))
    return tuple(said)
