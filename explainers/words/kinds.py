"""Say of a study what its report needs beside the pages: who stands for it, its data, groups of people, its use.

The order is that of the six kinds of explanation of the ICO and The Alan Turing Institute, Explaining decisions made
with AI (2020): rationale, responsibility, data, fairness, safety and performance, impact.
"""

from __future__ import annotations

from explainers.results import Narrative, Sentence
from explainers.study import Study
from explainers.words import home, phrases
from explainers.words.asking import sample, whom
from explainers.words.say import BUSINESS, Audience, listed, plural, quoted, sentence

PARTS = ("Rationale", "Responsibility", "Data", "Fairness", "Safety and performance", "Impact")
MOST_NAMED = 4


def responsibility(study: Study, candidate: str, *, audience: Audience = BUSINESS) -> Narrative:
    """Say who stands for the study, who built and approved it, and how to challenge an answer."""
    head = sentence("answer", "{owner} stands for this study", owner=study.owner)
    if not study.owner:
        head = sentence("answer", "nobody stands for this study yet")
    known = [
        s for s in home.lineage(study) if not s.text.startswith(("Supplied", "Received", "Outcomes", "Nobody has c"))
    ]
    return Narrative(
        headline=head,
        sentences=(*whom(study, candidate, audience), *known),
        caveats=(*sample(study), home.required(study, audience=audience)),
    )


def data(study: Study, *, audience: Audience = BUSINESS) -> Narrative:
    """Say which data the options learned from, where it comes from, and what was noticed in it."""
    known = [s for s in home.lineage(study) if s.text.startswith(("Supplied", "Received", "Outcomes", "Nobody has c"))]
    said = [*home.rows(study, audience), *known]
    if study.source:
        said.append(sentence("method", "the source: {source}", source=study.source))
    used = [f for f in study.dictionary if f.role == "feature" and not f.protected]
    template = "the options may use {n} things that are known of each {case}, listed below"
    said.append(sentence("method", template, n=len(used), case=study.case, to=audience))
    n = len(study.problems)
    limits = []
    if n:
        template = "{n} {things} noticed in the data, listed on the first page of the study"
        limits.append(sentence("caveat", template, n=n, things=plural(n, "thing was", "things were")))
    return Narrative(headline=home.answer(study), sentences=tuple(said), caveats=tuple(limits))


def fairness(study: Study, candidate: str, *, audience: Audience = BUSINESS) -> Narrative:
    """Say which protected characteristics there are, whether the option uses them, and what was not checked."""
    made = study.candidates[candidate]
    protected = [f.name for f in study.dictionary if f.protected]
    used = [n for n in protected if n in made.features]
    name = phrases.option(study, candidate, audience)
    head = sentence("answer", "{option} uses no protected characteristic", option=name)
    if used:
        head = sentence("answer", "{option} uses {names}", option=name, names=_named(study, used))
    elif not protected:
        template = "the data names no protected characteristic, so {option} uses none by that name"
        head = sentence("answer", template, option=name)
    said: list[Sentence] = []
    rest = [n for n in protected if n not in used]
    if rest:
        template = "{names} {are} in the data and not given to it"
        said.append(sentence("method", template, names=_named(study, rest), are=plural(len(rest), "is", "are")))
    if phrases.decided(study):
        said += home.whose_decisions(study, audience=audience)
    limits = [
        sentence(
            "caveat", "other things that are known of a {case} can stand in for such characteristics", case=study.case
        ),
        sentence("caveat", "groups of people were not compared yet, so nothing shows that it treats them alike"),
    ]
    return Narrative(headline=head, sentences=tuple(said), caveats=tuple(limits))


def impact(study: Study, *, audience: Audience = BUSINESS) -> Narrative:
    """Say what answers may be used for, whose decisions they repeat, and what somebody concerned can do."""
    head = sentence("answer", "the answers may be used for {used_for}", used_for=study.used_for)
    if not study.used_for:
        head = sentence("answer", "nobody has said yet what the answers may be used for")
    said = [*home.whose_decisions(study, audience=audience)]
    if study.challenge:
        said.append(sentence("method", "you can challenge an answer. {challenge}", challenge=study.challenge))
    else:
        said.append(sentence("caveat", "nobody has said yet how an answer can be challenged"))
    return Narrative(headline=head, sentences=tuple(said), caveats=sample(study))


def _named(study: Study, columns: list[str]) -> str:
    """Return the labels of columns in a sentence; many are counted."""
    names = [quoted(phrases.label(study, n)) for n in columns[:MOST_NAMED]]
    rest = len(columns) - len(names)
    return listed([*names, f"{rest} more"] if rest > 0 else names)
