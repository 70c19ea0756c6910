"""Say what is not known or not usual about an answer, to be read before its reasons."""

from __future__ import annotations

from explainers.results import Sentence
from explainers.words import phrases
from explainers.words.headline import same_for_all
from explainers.words.say import BUSINESS, listed, quoted, sentence
from explainers.words.telling import Told


def limits(t: Told, *, measured: bool = False) -> tuple[Sentence, ...]:
    """Say what is not known or not usual about this answer; the most serious first."""
    study, said = t.study, []
    candidate = study.candidates.get(t.explanation.candidate)
    business = t.audience == BUSINESS
    if candidate is not None and candidate.uses_protected:
        which = [n for n in t.explanation.feature_names if phrases.feature(study, n).protected]
        names = listed([quoted(phrases.label(study, n)) for n in which])
        if names:
            said.append(
                sentence(
                    "caveat",
                    "this option uses protected characteristics: {names}",
                    names=names,
                    facts={"n": len(which)},
                    to=t.audience,
                )
            )
    used = [n for j, n in enumerate(t.explanation.feature_names) if t.explanation.values[t.row, j]]
    odd = [n for n in used if phrases.beyond(study, n, t.explanation.cases[n].iloc[t.row])]
    for name in odd[:2]:
        because = phrases.clause(study, name, t.explanation.cases[name].iloc[t.row])
        said.append(
            sentence(
                "caveat",
                "{because}: no {case} that the option learned from is like that",
                because=because,
                case=study.case,
                facts={"feature": name},
                to=t.audience,
            )
        )
    if t.explanation.stopped_early:
        said.append(sentence("caveat", "the time ran out, so these amounts are rougher than usual"))
    if candidate is not None and candidate.given_fitted:
        template = "nobody has said which {cases} this option has learned from"
        said.append(sentence("caveat", template, cases=study.cases, to=t.audience))
    if not measured and not same_for_all(t.explanation, study):
        template = "not measured yet: a prediction interval for this {case}, and a score for how unusual it is"
        if business:
            template = "not checked yet: how sure this answer is, and how unusual this {case} is"
        said.append(sentence("caveat", template, case=study.case))
    return tuple(said)
