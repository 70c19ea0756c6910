"""Say whom to ask, how to challenge an answer, and what the study may be used for."""

from __future__ import annotations

from explainers.results import Sentence
from explainers.study import Study
from explainers.words import phrases
from explainers.words.say import BUSINESS, Audience, sentence


def whom(study: Study, candidate: str | None = None, audience: Audience = BUSINESS) -> tuple[Sentence, ...]:
    """Return whom to ask, how to challenge an answer, and the version that answered."""
    said = []
    contact = study.contact or study.owner
    if contact:
        said.append(sentence("method", "for questions, ask {contact}", contact=contact))
    else:
        said.append(sentence("method", "this study does not say yet whom to ask"))
    if study.challenge:
        said.append(sentence("method", "you can challenge an answer. {challenge}", challenge=study.challenge))
    if candidate is not None:
        key = phrases.version(study, candidate)
        template = "the option is {option}" + (", version {key}" if key else "")
        said.append(
            sentence("method", template, option=phrases.option(study, candidate, audience), key=key, to=audience)
        )
    return tuple(said)


def sample(study: Study) -> tuple[Sentence, ...]:
    """Return that a sample study is not for decisions; nothing for other studies."""
    return (sentence("caveat", "this is a sample study: not for decisions"),) if study.sample else ()
