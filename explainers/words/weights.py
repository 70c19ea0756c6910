"""Terms of a formula in the dictionary's own words."""

from __future__ import annotations

import re
from typing import Any

from explainers.study import Study
from explainers.words import phrases
from explainers.words.say import BUSINESS, Audience, Shown, quoted

_LEVEL = re.compile(r"^(?P<column>.+?)\[(?P<level>.*)\]$")
_LOG = re.compile(r"^log\((?P<column>.+)\)$")


def term(study: Study, name: str, *, outcome: Any = None, audience: Audience = BUSINESS) -> Shown:
    """Return what a coefficient is called: label, level, square, log, product, and the class it is about.

    Parameters
    ----------
    study : Study
    name : str
        As formulas name it, such as "sewer[septic]", "house_age^2" or "log(real_price)".
    outcome : object
        With several classes the class that the coefficient is about.
    audience : "business" or "technical"

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"house_age": [1.0, 2.0] * 9, "price": [1.0, 3.0] * 9})
    >>> study = Study.from_frame(frame, target="price")
    >>> term(study, "house_age^2").text, term(study, "(intercept)").text
    ('“House age” squared', 'the starting point')
    """
    text = _text(study, name, audience)
    if outcome is not None:
        text += f", for {phrases.class_words(study, outcome)}"
    return Shown(text, {"": text, "term": name})


def _text(study: Study, name: str, audience: Audience) -> str:
    if name == "(intercept)":
        return "the starting point" if audience == BUSINESS else "the intercept"
    if name in study.dictionary:
        return quoted(phrases.label(study, name))
    if name.endswith(" is missing") and name.removesuffix(" is missing") in study.dictionary:
        return f"no value for {quoted(phrases.label(study, name.removesuffix(' is missing')))}"
    if name.endswith("^2") and name.removesuffix("^2") in study.dictionary:
        return f"{quoted(phrases.label(study, name.removesuffix('^2')))} squared"
    log = _LOG.match(name)
    if log and log["column"] in study.dictionary:
        label = quoted(phrases.label(study, log["column"]))
        return label if audience == BUSINESS else f"the log of {label}"
    level = _LEVEL.match(name)
    if level and level["column"] in study.dictionary:
        entry = phrases.feature(study, level["column"])
        known = phrases.level_words(entry.level_labels, level["level"])
        shown = known or ("any other" if level["level"] == "other" else level["level"])
        return f"{quoted(entry.label)} at {quoted(shown)}"
    if ":" in name:
        head, _, rest = name.partition(":")
        first = _text(study, head, audience)
        if first != quoted(head):
            return f"{first} together with {_text(study, rest, audience)}"
    return quoted(name)
