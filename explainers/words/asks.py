"""Say what is needed from the people around the table today: one sentence for each thing."""

from __future__ import annotations

from collections.abc import Sequence

from explainers.results import Ask, Narrative, Sentence
from explainers.study import Study
from explainers.words.say import BUSINESS, Audience, Shown, plural, quoted, sentence, spelled


def describe(asks: Sequence[Ask], study: Study, *, audience: Audience = BUSINESS) -> Narrative:
    """Say what is needed.

    Parameters
    ----------
    asks : sequence of Ask
        The most urgent first.
    study : Study
    audience : "business" or "technical"

    Returns
    -------
    Narrative
        Headline: how many things; sentences: one for each.
    """
    n = len(asks)
    if not n:
        return Narrative(headline=sentence("answer", "nothing is needed from you today"), sentences=())
    head = sentence("answer", "{n} " + plural(n, "thing is", "things are") + " needed from you today", n=spelled(n))
    return Narrative(headline=head, sentences=tuple(one(a, study, audience=audience) for a in asks))


def one(ask: Ask, study: Study, *, audience: Audience = BUSINESS) -> Sentence:
    """Say one thing that is needed."""
    n, name = ask.n, quoted(ask.name)
    if ask.kind == "figures":
        template = "nobody has confirmed the figures of money yet. Look at them, and put your name to them"
        return sentence("answer", template)
    if ask.kind == "vote":
        if ask.of:
            template = "{n} " + plural(n, "person has", "people have") + " voted. Say which option you want"
            return sentence("answer", template, n=spelled(n), to=audience)
        return sentence("answer", "nobody has voted yet. Say which option you want", to=audience)
    if ask.kind == "answer":
        template = "{n} " + plural(n, "remark waits", "remarks wait") + " for an answer"
        return sentence("answer", template, n=spelled(n))
    if ask.kind == "rows":
        template = "{n} " + plural(n, study.case, study.cases) + " should be looked up, as somebody said"
        return sentence("answer", template, n=spelled(n))
    if ask.kind == "required":
        return sentence("answer", "nobody has set yet what is good enough", to=audience)
    if ask.kind == "decide":
        template = "{n} " + plural(n, "vote is", "votes are") + " in. Record what you decide"
        return sentence("answer", template, n=Shown(spelled(n).text, {"": n}))
    if ask.kind == "decide again":
        template = "{option} was made anew since it was chosen. Look again, and record what holds"
        return sentence("answer", template, option=name)
    if ask.kind == "decision is older":
        return sentence("answer", "the study is not as it was when {option} was chosen", option=name)
    return sentence("answer", "keep the state of today, so that next time shows what changed")
