"""Say what is not known or not usual about an answer, to be read before its reasons."""

from __future__ import annotations

from explainers.results import Sentence, Unusual
from explainers.words import phrases
from explainers.words import unusual as unusual_words
from explainers.words.headline import same_for_all
from explainers.words.say import BUSINESS, listed, quoted, sentence
from explainers.words.telling import Told


def limits(
    t: Told,
    *,
    measured: bool = False,
    unusual: Unusual | None = None,
    before: Unusual | None = None,
    changed: bool = False,
) -> tuple[Sentence, ...]:
    """Say what is not known or not usual about this answer; the most serious first.

    Parameters
    ----------
    t : Told
    measured : bool
        Whether a range stands beside the answer, so that nothing need be said of its absence.
    unusual : Unusual, optional
        How unlike anything seen the case is: the result of this case alone, or of all cases of the explanation.
    before : Unusual, optional
        The same of the case before it was changed.
    changed : bool
        Whether this is a changed case; nothing is said then of what was not computed.
    """
    study, said = t.study, list[Sentence]()
    told_of: set[str] = set()
    if unusual is not None and not same_for_all(t.explanation, study):
        at = t.row if len(unusual.scores) == len(t.explanation.predictions) else 0
        if changed:
            said += unusual_words.changed(before, unusual, study, audience=t.audience, row=at)
        else:
            said += unusual_words.limits(unusual, study, audience=t.audience, row=at)
        if unusual_words.flagged(unusual, at):
            told_of = {name for o in unusual.reasons[at][:2] for name in o.features}
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
    odd = [n for n in used if n not in told_of and phrases.beyond(study, n, t.explanation.cases[n].iloc[t.row])]
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
    lacking = _not_checked(measured, unusual is not None, business)
    if lacking and not changed and not same_for_all(t.explanation, study):
        said.append(sentence("caveat", lacking, case=study.case))
    return tuple(said)


def _not_checked(measured: bool, unusual: bool, business: bool) -> str:
    """Return what to say of what was not computed; empty where nothing lacks."""
    sure = "how sure this answer is" if business else "a prediction interval for this {case}"
    odd = "how unusual this {case} is" if business else "a score for how unusual this {case} is"
    lacking = [text for text, there in ((sure, measured), (odd, unusual)) if not there]
    return f"not {'checked' if business else 'measured'} yet: {', and '.join(lacking)}" if lacking else ""
