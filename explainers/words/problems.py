"""Say what was found in data, dictionary, study file or model, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence

from explainers.results import Narrative, Problem, Sentence
from explainers.words.say import Shown, plural, sentence


def describe(problems: Sequence[Problem]) -> Narrative:
    """Return a plain list of problems, the most serious first.

    Parameters
    ----------
    problems : sequence of Problem

    Returns
    -------
    Narrative
        One sentence per problem: where, what, remedy.

    Examples
    --------
    >>> describe([]).headline.text
    'No problem was found.'
    """
    if not problems:
        return Narrative(headline=sentence("answer", "no problem was found", facts={"n": 0}), sentences=())
    order = {"error": 0, "warning": 1, "note": 2}
    ranked = sorted(problems, key=lambda p: order[p.severity])
    counts = {s: sum(p.severity == s for p in ranked) for s in order}
    stop = counts["error"]
    if stop:
        head = sentence(
            "answer",
            "{n} {things} to be put right before the study can be opened",
            n=stop,
            things=plural(stop, "thing has", "things have"),
            facts=counts,
        )
    else:
        n = len(ranked)
        head = sentence(
            "answer",
            "the study can be opened; {n} {things} worth a look",
            n=n,
            things=plural(n, "thing is", "things are"),
            facts=counts,
        )
    return Narrative(headline=head, sentences=tuple(_one(p) for p in ranked))


def _one(problem: Problem) -> Sentence:
    text = f"{problem.where}: {problem.message.strip()}"
    text += ("" if text.endswith((".", "!", "?")) else ".") + (f" {problem.remedy.strip()}" if problem.remedy else "")
    facts = {"code": problem.code, "where": problem.where}
    return sentence("caveat", "{text}", text=Shown(text, {"": text}), facts=facts)
