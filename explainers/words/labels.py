"""Say which recorded outcomes are worth a check, and how well such a list did when it was measured."""

from __future__ import annotations

import math
from typing import Any

from explainers.results import Narrative, Sentence, Suspect, Suspicious
from explainers.study import Study
from explainers.words import odd_outcomes, phrases
from explainers.words.say import BUSINESS, Audience, Shown, plural, sentence

WHY = {
    "too few rows": "there are too few {cases} with a record to say which is odd",
    "one outcome": "every {case} has the same record, so none can be odd",
    "cannot be judged": "the options that would judge each {case} cannot read these data",
    "no rows to fold": "there are too few groups or moments to judge each {case} by the others",
}


def describe(result: Suspicious, study: Study, *, audience: Audience = BUSINESS) -> Narrative:
    """Say how many records are worth a check, and what a list of this kind found when records were changed on purpose.

    Parameters
    ----------
    result : Suspicious
    study : Study
    audience : "business" or "technical"

    Returns
    -------
    Narrative
        A record on the list is worth a check, never more than that.
    """
    if result.why:
        head = sentence("answer", WHY[result.why], case=study.case, cases=study.cases)
        return Narrative(headline=head, sentences=())
    n = result.n_worth
    parts: dict[str, Any] = {
        "n": Shown("no" if n == 0 else f"{n:,}", {"": n}),
        "cases": plural(n, study.case, study.cases),
        "all": result.n_scored,
        "has": plural(n, "has", "have"),
        "record": plural(n, "a record", "records"),
    }
    head = sentence("answer", "of {all} {every}, {n} {has} {record} worth a check", every=study.cases, **parts)
    said = [*_how(result, study, audience)]
    if n > len(result.suspects):
        said.insert(0, sentence("comparison", "the {k} oddest are listed", k=len(result.suspects)))
    return Narrative(headline=head, sentences=tuple(said), caveats=(*_measured(result, study, audience), *_fair(study)))


def item(
    suspect: Suspect, study: Study, *, scale: str = "as it is", audience: Audience = BUSINESS
) -> tuple[Sentence, ...]:
    """Say of one row why its record is worth a check.

    Parameters
    ----------
    suspect : Suspect
    study : Study
    scale : str
        The scale of the result it is from.
    audience : "business" or "technical"
    """
    if suspect.chance is None:
        return odd_outcomes.item(suspect, study, scale=scale, audience=audience)
    given, expected = (phrases.outcome(study, v) for v in (suspect.given, suspect.expected))
    said = []
    if audience == BUSINESS:
        template = "it was {given}. Options that never saw it expect: {expected}"
        said.append(sentence("reason", template, given=given, expected=phrases.class_words(study, suspect.expected)))
    else:
        template = "recorded: {given}; out of fold, {expected} is likeliest and the recorded class has {chance}"
        chance = Shown(f"{suspect.chance:.3f}", {"": round(suspect.chance, 3)})
        said.append(sentence("reason", template, given=given, expected=expected, chance=chance))
    m, k = len(suspect.neighbours), suspect.alike
    if m and k is not None:
        template = "of the {m} most similar past {cases}, {k} {was} {given}"
        said.append(
            sentence(
                "comparison",
                template if m > 1 else "the most similar past {case} was " + ("" if k else "not ") + "{given}",
                m=m,
                k=Shown("none" if k == 0 else f"{k:,}", {"": k}),
                was=plural(k, "was", "were"),
                given=given,
                cases=study.cases,
                case=study.case,
            )
        )
    return tuple(said)


def _measured(result: Suspicious, study: Study, audience: Audience) -> tuple[Sentence, ...]:
    """Say what the list found when records were changed on purpose."""
    if result.precision is None or not result.looked_at:
        template = "nobody can tell how good this list is: that takes {n} {cases} with a record"
        return (sentence("caveat", template, n=200, cases=study.cases),)
    per = Shown(f"{result.planted:,}", {"": result.planted})
    low = math.floor(100 * (result.precision_lower or 0.0))
    high = math.ceil(100 * (result.precision_upper or 1.0))
    if audience != BUSINESS:
        template = (
            "measured precision among the first {first}: {p} ({low} to {high}), {hits} of {n}; {trials} with "
            "{planted} {how}; prevalence {chance}"
        )
        how = "labels flipped uniformly" if result.kind == "classes" else "outcomes permuted"
        chance = Shown(f"{result.chance:.3f}", {"": round(result.chance, 3)})
        return (
            sentence(
                "caveat",
                template,
                first=result.first,
                p=_three(result.precision),
                low=_three(result.precision_lower or 0.0),
                high=_three(result.precision_upper or 1.0),
                hits=result.hits,
                n=result.looked_at,
                trials=Shown(f"{result.trials} {plural(result.trials, 'trial', 'trials')}", {"": result.trials}),
                planted=per,
                how=how,
                chance=chance,
            ),
        )
    done = "we changed {planted} records on purpose" + (
        " and made such a list, {trials} times" if result.trials > 1 else ""
    )
    if result.kind == "numbers":
        done = done.replace("changed {planted} records", "mixed up {planted} records")
    lot = round(result.chance * result.looked_at)
    return (
        sentence("caveat", "as a test, " + done, planted=per, trials=result.trials),
        sentence(
            "caveat",
            "among the first {n} on the list" + ("s" if result.trials > 1 else "") + ", {hits} were ones that we had "
            "changed: {low} to {high} in {of}. A draw by lot would find {lot}",
            n=result.looked_at,
            hits=Shown("none" if not result.hits else f"{result.hits:,}", {"": result.hits}),
            low=low,
            high=high,
            of=100,
            lot=Shown(f"about {lot:,}", {"": lot}),
            facts={"precision": result.precision, "chance": result.chance},
        ),
    )


def _three(value: float) -> Shown:
    return Shown(f"{value:.3f}", {"": round(value, 3)})


def _fair(study: Study) -> tuple[Sentence, ...]:
    """Say what a place on the list does not mean."""
    if phrases.decided(study):
        template = "{who} may have known more than the data hold. The list says where to look, not who saw it better"
        return (sentence("caveat", template, who=study.decided_by or "whoever decided"),)
    return (sentence("caveat", "many on the list are as they were recorded: it says where to look first"),)


def _how(result: Suspicious, study: Study, audience: Audience) -> tuple[Sentence, ...]:
    facts = {"folds": result.n_folds, "unscored": result.n_unscored}
    if audience == BUSINESS:
        said = [
            sentence(
                "method", "each {case} was judged by options that learned from others", case=study.case, facts=facts
            )
        ]
    else:
        ranked = "1 minus the out-of-fold probability of the given label"
        if result.kind == "numbers":
            ranked = "the absolute out-of-fold residual over its expected size, scale: {scale}"
        said = [
            sentence(
                "method",
                "ranked by " + ranked + "; {options}, {folds} folds",
                options=" and ".join(result.options),
                folds=result.n_folds,
                scale=result.scale,
                facts={"one": 1},
            )
        ]
    if result.n_unscored:
        k = result.n_unscored
        template = "{k} {cases} could not be judged: no record, or none before them to learn from"
        said.append(sentence("method", template, k=k, cases=plural(k, study.case, study.cases)))
    return tuple(said)
