"""Say whether a second method comes to the same reasons."""

from __future__ import annotations

from explainers.results import Agreement, Narrative
from explainers.study import Study
from explainers.words import phrases
from explainers.words.attribution import told
from explainers.words.say import BUSINESS, Audience, Shown, sentence


def describe(agreement: Agreement, study: Study, *, audience: Audience = BUSINESS) -> Narrative:
    """Say whether the package shap agrees with our reasons, with the largest gap in the reader's unit.

    Parameters
    ----------
    agreement : Agreement
    study : Study
    audience : "business" or "technical"

    Returns
    -------
    Narrative
    """
    t = told(agreement.ours, study, audience=audience)
    step, gap, allowed = t.scale.step, agreement.largest_gap, agreement.allowed_gap
    least = t.scale.size(step.size)
    shown = t.scale.size(gap) if step.count(gap) else Shown(f"less than {least}", least.facts)
    label = phrases.label(study, agreement.feature)
    facts = {"gap_exact": gap, "allowed_exact": allowed, "agrees": agreement.agrees}
    same = agreement.agrees
    if audience == BUSINESS:
        head = sentence(
            "answer",
            "a second method, the package shap, comes to " + ("the same" if same else "a different") + " result: "
            "the largest gap is {gap}, on “{label}”",
            gap=shown,
            label=label,
            facts=facts,
        )
        said = [sentence("method", "both start from the same option and the same {cases}", cases=study.cases)]
        if same:
            said.append(sentence("comparison", "chance alone explains a gap of that size", facts=facts))
        else:
            said.append(
                sentence(
                    "caveat", "chance alone does not explain that: do not rely on these reasons until someone looked"
                )
            )
        return Narrative(headline=head, sentences=tuple(said))
    room = t.scale.size(allowed) if step.count(allowed) else Shown(f"less than {least}", least.facts)
    head = sentence(
        "answer",
        "{explainer} " + ("agrees" if same else "disagrees") + ": largest absolute difference {gap}, on “{label}”; "
        "sampling error of both methods allows {room}",
        explainer=Shown(agreement.explainer, {"": agreement.explainer}),
        gap=shown,
        label=label,
        room=room,
        facts=facts,
    )
    base = float(agreement.ours.base_values[0])
    said = [
        sentence(
            "method",
            "evaluations of the estimator: {theirs} by shap, {ours} by Bakeoff",
            theirs=int(agreement.n_evaluations),
            ours=int(agreement.ours.n_evaluations),
        ),
        sentence(
            "method",
            "base values: {a} by shap, {b} by Bakeoff, over {rows} reference rows",
            a=t.scale.answer(agreement.shap_base),
            b=t.scale.answer(base),
            rows=agreement.ours.reference_rows,
        ),
    ]
    return Narrative(headline=head, sentences=tuple(said))
