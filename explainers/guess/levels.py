"""Levels of a column of words: their order, where words of a known scale tell it, and words for codes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from explainers.guess.names import has

SCALES: tuple[tuple[str, ...], ...] = (
    (
        "very low",
        "low",
        "below average",
        "medium",
        "moderate",
        "middle",
        "average",
        "above average",
        "high",
        "very high",
    ),
    ("none", "mild", "moderate", "severe", "very severe", "critical"),
    ("none", "primary", "secondary", "tertiary"),
    ("never", "rarely", "seldom", "sometimes", "occasionally", "often", "usually", "always"),
    ("very poor", "poor", "fair", "satisfactory", "average", "good", "very good", "premium", "ideal", "excellent"),
    ("very bad", "bad", "neutral", "ok", "good", "very good"),
    ("strongly disagree", "disagree", "neutral", "neither agree nor disagree", "agree", "strongly agree"),
    ("very dissatisfied", "dissatisfied", "neutral", "satisfied", "very satisfied"),
    ("very unlikely", "unlikely", "somewhat likely", "likely", "very likely"),
    ("tiny", "small", "medium", "large", "huge", "extra large"),
    ("xxs", "xs", "s", "m", "l", "xl", "xxl", "xxxl"),
    ("basic", "standard", "plus", "premium", "gold", "platinum"),
    ("bronze", "silver", "gold", "platinum", "diamond"),
    ("beginner", "intermediate", "advanced", "expert"),
    ("junior", "mid", "senior", "lead", "principal"),
    ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    ("mon", "tue", "wed", "thu", "thur", "fri", "sat", "sun"),
    (
        *("january", "february", "march", "april", "may", "june", "july"),
        *("august", "september", "october", "november", "december"),
    ),
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
    ("first", "second", "third", "fourth", "fifth"),
    ("1st", "2nd", "3rd", "4th", "5th"),
    ("no", "maybe", "yes"),
)
FEWEST_OF_SCALE = 2
LONGEST_RANGE = 40
_GRADES = re.compile(r"^[A-H][+-]?$")
_RANGE = re.compile(
    r"^(?:(?:<|<=|under|below|up to|less than)\s*)?[€$£]?(\d[\d.,]*)\s*(?:k|%|years?)?\s*"
    r"(?:(?:-|–|to|and)\s*[€$£]?(\d[\d.,]*)\s*(?:k|%|years?)?|\+|and more|and over|or more)?$",
    re.IGNORECASE,
)
_LETTERS = {"m": "male", "f": "female", "male": "male", "female": "female"}
FLAGS: tuple[dict[str, str], ...] = (
    {"yes": "yes", "no": "no"},
    {"y": "yes", "n": "no"},
    {"true": "yes", "false": "no"},
    {"t": "yes", "f": "no"},
    {"ja": "yes", "nein": "no"},
    {"oui": "yes", "non": "no"},
    {"si": "yes", "no": "no"},
    {"sí": "yes", "no": "no"},
)


def order_of(name: str, levels: Sequence[str]) -> tuple[list[str], str] | None:
    """Return levels in their order and how that was seen, or None where they have none that is known.

    Examples
    --------
    >>> order_of("risk", ["high", "low", "medium"])[0]
    ['low', 'medium', 'high']
    """
    plain = {v: " ".join(re.sub(r"[_\-]+", " ", v).split()).casefold() for v in levels}
    if len(set(plain.values())) < len(levels) or len(levels) < FEWEST_OF_SCALE:
        return None
    for scale in SCALES:
        if all(p in scale for p in plain.values()):
            if len(levels) == FEWEST_OF_SCALE and scale[0] == "no":
                continue
            return sorted(levels, key=lambda v: scale.index(plain[v])), "Its levels are words of a scale."
    ranges = {v: _RANGE.match(v.strip()) if len(v) <= LONGEST_RANGE else None for v in levels}
    if len(levels) > 2 and all(ranges.values()) and any(not v.strip().isdigit() for v in levels):
        return sorted(levels, key=lambda v: _start(v, ranges[v])), "Its levels are ranges of numbers."
    graded = has(name, "grade", "rating", "class", "band", "score", "level", "rank", "tier")
    if graded and len(levels) > 2 and all(_GRADES.match(v) for v in levels):
        return sorted(levels, key=_grade), "Its levels are grades."
    return None


def _start(level: str, match: re.Match[str] | None) -> tuple[float, float]:
    assert match is not None
    low = float(match[1].replace(",", ""))
    under = bool(re.match(r"^\s*(<|under|below|up to|less)", level, re.I))
    return low, -1.0 if under else float((match[2] or str(low + 1)).replace(",", ""))


def _grade(level: str) -> tuple[str, int]:
    return level[0], {"+": 0, "": 1, "-": 2}[level[1:]]


def flag_words(levels: Sequence[str]) -> dict[str, str] | None:
    """Return words for levels that say yes and no in one of several ways; None for others."""
    plain = {v: v.strip().casefold() for v in levels}
    for words in FLAGS:
        if len(levels) == 2 and set(plain.values()) == set(words):
            return {v: words[p] for v, p in sorted(plain.items(), key=lambda i: words[i[1]])}
    return None


def level_words(name: str, levels: Sequence[Any]) -> dict[Any, str]:
    """Return words for levels that are codes, where they are known; an empty mapping where they need none."""
    texts = [str(v) for v in levels]
    if has(name, "sex", "gender") and {t.casefold() for t in texts} <= set(_LETTERS):
        return {v: _LETTERS[str(v).casefold()] for v in levels}
    if any(re.search(r"[_]|(?<=[a-z])(?=[A-Z])", t) for t in texts) and len(levels) <= 50:
        said = {v: _worded(str(v)) for v in levels}
        if len(set(said.values())) == len(levels):
            return said
    return {}


def _worded(text: str) -> str:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", text)
    said = " ".join(spaced.replace("_", " ").split())
    return (said.lower() if said.isupper() or spaced != text else said) or text
