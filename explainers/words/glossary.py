"""The glossary: every term in plain words and back, with a search that forgives."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

FILE = Path(__file__).with_name("glossary.yaml")
_QUOTED = re.compile("“[^”]*”")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One term: what it is called in the field and in plain words, what it means, why it matters, where it appears."""

    term: str
    plain: str
    means: str
    matters: str
    where: str
    example: str
    covers: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    everyday: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Everything it is called in technical text."""
        return (self.term, *self.also)


@cache
def entries() -> tuple[Entry, ...]:
    """Return every entry, in the order of the technical term.

    Examples
    --------
    >>> any(e.term == "attribution" for e in entries())
    True
    """
    found = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    made = [Entry(**{**row, **{k: tuple(row.get(k) or ()) for k in ("covers", "also")}}) for row in found]
    return tuple(sorted(made, key=lambda e: e.term.lower()))


def search(asked: str) -> tuple[Entry, ...]:
    """Return the entries that fit what was typed, best first; all of them where nothing was typed.

    Parameters
    ----------
    asked : str
        Words of either language; one slip of the keyboard is forgiven.

    Returns
    -------
    tuple of Entry

    Examples
    --------
    >>> search("usually off by")[0].term
    'mean absolute error'
    >>> search("brir score")[0].term
    'Brier score'
    """
    words = asked.lower().split()
    if not words:
        return entries()
    scored = [(_fit(entry, words, " ".join(words)), entry) for entry in entries()]
    return tuple(e for score, e in sorted(scored, key=lambda s: -s[0]) if score > 0)


def called(asked: str) -> Entry | None:
    """Return the entry that has exactly this name, whatever its capitals."""
    wanted = asked.strip().lower()
    return next((e for e in entries() if wanted in (e.plain.lower(), *(n.lower() for n in e.names))), None)


@dataclass(frozen=True, slots=True)
class Mention:
    """A place in a text where a term of the glossary stands."""

    start: int
    stop: int
    entry: Entry


def mentions(text: str, *, others: Iterable[str] = ()) -> tuple[Mention, ...]:
    """Return where a technical text names terms that have an entry, each entry once, in the order of the text.

    Parameters
    ----------
    text : str
        A sentence or more.
    others : iterable of str
        Words in it that are not ours, such as labels; terms inside them are no terms. What stands in quotation marks
        is left alone anyway.

    Returns
    -------
    tuple of Mention
        They do not overlap; of two names at one place the longer one is taken.

    Examples
    --------
    >>> [m.entry.term for m in mentions("ROC AUC 0.87; log loss 0.3, and AUC again")]
    ['AUC', 'log loss']
    """
    taken = [m.span() for m in _QUOTED.finditer(text)]
    pattern, owners = _names()
    for other in {o for o in others if re.search(r"[^\W\d_]", pattern.sub("", o))}:  # more than names and signs
        taken += [m.span() for m in re.finditer(re.escape(other), text, re.IGNORECASE)]
    found: dict[str, Mention] = {}
    for m in pattern.finditer(text):
        entry = owners[_single(m[0].lower())]
        if entry.term not in found and not any(a < m.end() and m.start() < b for a, b in taken):
            found[entry.term] = Mention(m.start(), m.end(), entry)
    return tuple(found.values())


@cache
def _names() -> tuple[re.Pattern[str], dict[str, Entry]]:
    """Return the pattern of all names, the longest first, and whose each is."""
    owners = {_single(n.lower()): e for e in entries() if not e.everyday for n in e.names}
    longest = sorted(owners, key=len, reverse=True)
    every = "|".join(rf"{re.escape(n[:-1])}(?:y|ies)" if n.endswith("y") else rf"{re.escape(n)}s?" for n in longest)
    return re.compile(rf"(?<![\w-])(?:{every})(?![\w-])", re.IGNORECASE), owners


def _single(name: str) -> str:
    """Return a name without the ending of the plural, so that both find the same entry."""
    return f"{name[:-3]}y" if name.endswith("ies") else name.removesuffix("s")


def _fit(entry: Entry, words: list[str], asked: str) -> float:
    names = f"{' '.join(entry.names)} {entry.plain}".lower()
    body = f"{entry.means} {entry.matters} {entry.example}".lower()
    if asked in (entry.plain.lower(), *(n.lower() for n in entry.names)):
        return 100.0
    score = 0.0
    for word in words:
        if word in names:
            score += 10
        elif difflib.get_close_matches(word, names.replace(",", " ").split(), n=1, cutoff=0.8):
            score += 6
        elif len(word) > 3 and word in body:
            score += 1
        else:
            return 0.0
    return score + (5 if asked in names else 0)


def entry_for(name: str) -> Entry | None:
    """Return the entry that covers a field of a result ("Errors.found") or a metric ("metric:auc")."""
    return next((e for e in entries() if name in e.covers), None)
