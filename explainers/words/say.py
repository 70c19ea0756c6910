"""Put sentences together so that each carries the facts it rests on.

Text from data and dictionaries is put in as it is: it is never read as a template, as markdown or as HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from explainers.results import Narrative, Sentence, SentenceKind

Audience = Literal["business", "technical"]
BUSINESS: Audience = "business"
_PART = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Shown:
    """A piece of text with the numbers in it: facts are named after the part, so ``""`` is the part itself."""

    text: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.text


Part = Shown | str | int


def whole(n: int) -> str:
    """Return a count with thousands separated.

    Examples
    --------
    >>> whole(1428)
    '1,428'
    """
    return f"{n:,}"


def fill(template: str, parts: Mapping[str, Part]) -> tuple[str, dict[str, Any]]:
    """Return the template with its parts put in, and the facts of the parts."""
    facts: dict[str, Any] = {}
    for name, part in parts.items():
        if isinstance(part, Shown):
            facts.update({name + ("_" + k if k else ""): v for k, v in part.facts.items()})
        else:
            facts[name] = part

    def put(match: re.Match[str]) -> str:
        part = parts[match[1]]
        return whole(part) if isinstance(part, int) else str(part)

    return _PART.sub(put, template), facts


def join(template: str, /, **parts: Part) -> Shown:
    """Return a piece of text made of pieces, with all their facts."""
    text, facts = fill(template, parts)
    return Shown(text, facts)


def sentence(
    kind: SentenceKind,
    template: str,
    /,
    *,
    to: Audience = BUSINESS,
    facts: Mapping[str, Any] | None = None,
    **parts: Part,
) -> Sentence:
    """Return a sentence: parts put in, first letter a capital, one stop at its end.

    Parameters
    ----------
    kind : str
        answer, range, reason, comparison, caveat or method.
    template : str
        Text with ``{name}`` for each part; ours, never a user's.
    to : "business" or "technical"
        Our templates say "option"; the technical audience reads "model".
    facts : mapping, optional
        Facts beyond those of the parts.
    **parts : Shown, str or int

    Examples
    --------
    >>> sentence("comparison", "of {n} cases, {k} were found", n=1200, k=3).text
    'Of 1,200 cases, 3 were found.'
    """
    if to != BUSINESS:
        template = re.sub(r"\boption(s?)\b(?!})", r"model\1", template)
    text, found = fill(template, parts)
    return Sentence(text=finish(text), kind=kind, facts={**found, **(facts or {})})


def finish(text: str) -> str:
    """Return text with a capital first letter and exactly one stop at the end."""
    text = capital(text.strip())
    if text.endswith("..") and not text.endswith("..."):
        return text[:-1]
    if len(text) > 1 and text[-1] == "." and text[-2] in "!?":
        return text[:-1]
    return text if text.rstrip("”\")'").endswith((".", "!", "?")) else text + "."


def capital(text: str) -> str:
    """Return text with its first letter a capital; anything but a letter stays."""
    return text[:1].upper() + text[1:]


def spelled(n: int) -> Shown:
    """Return a small count as a word, larger ones in digits."""
    small = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    return Shown(small[n] if 0 <= n < len(small) else whole(n), {"": n})


def none_or(n: int) -> Shown:
    """Return a count in digits; nothing is "none"."""
    return Shown(whole(n) if n else "none", {"": n})


def listed(items: Iterable[str], word: str = "and") -> str:
    """Return items as people list them.

    Examples
    --------
    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    every = list(items)
    return every[0] if len(every) == 1 else f"{', '.join(every[:-1])} {word} {every[-1]}" if every else ""


def quoted(text: object) -> str:
    """Return a name in quotation marks, unchanged inside."""
    return f"“{text}”"


def plural(n: int, one: str, several: str) -> str:
    """Return the word that fits the count."""
    return one if n == 1 else several


def paragraphs(narrative: Narrative) -> tuple[tuple[Sentence, ...], ...]:
    """Return the sentences of a narrative in reading order: headline, limits, body."""
    return tuple(p for p in ((narrative.headline,), narrative.caveats, narrative.sentences) if p)


def text(narrative: Narrative) -> str:
    """Return a narrative as plain text, a blank line between headline, limits and body."""
    return "\n\n".join(" ".join(s.text for s in part) for part in paragraphs(narrative))
