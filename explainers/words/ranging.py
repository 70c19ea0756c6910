"""Say in plain words how ranges are made and how they were tested."""

from __future__ import annotations

from explainers.results import Coverage, Sentence
from explainers.study import Study
from explainers.words.intervals import level_words
from explainers.words.say import sentence

MADE = {
    "normalised": (
        "each option was asked about {cases} that it had not learned from",
        "there it shows on which {cases} it is usually far off, and on which it is close",
        "a range is as wide as {level} of {n} set-aside {cases} needed, stretched where it is usually far off",
    ),
    "by bins": (
        "the {n} set-aside {cases} were put into groups by what the option says",
        "a range is as wide as {level} of its group needed",
    ),
    "plain": ("a range is as wide as {level} of {n} set-aside {cases} needed", "it has the same width for all"),
    "formula": ("the formula gives its own range, under its own assumptions",),
    "sigmoid": (
        "a smooth curve was laid through the scores of {n} set-aside {cases} and what became of them",
        "the range says how far that curve could be off at such a score",
    ),
    "nearest": ("the range is counted on those of {n} set-aside {cases} with the nearest scores",),
    "sets": (
        "an outcome is ruled out when its chance is lower than it was for the true one in nearly all of {n} set-aside "
        "{cases}",
        "the true one is to be left in for {level}",
    ),
    "sets by class": (
        "an outcome is ruled out when its chance is lower than it was for nearly all set-aside {cases} that had it",
        "there were {n} of them, and each outcome was looked at apart",
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
        template = "then it was counted on {tested} other {cases}, never seen before, how often that held"
        said.append(sentence("method", template, tested=result.n[0], cases=study.cases))
    return tuple(said)
