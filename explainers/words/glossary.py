"""The glossary: every term in plain words and back, with a search that forgives."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

FILE = Path(__file__).with_name("glossary.yaml")


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


@cache
def entries() -> tuple[Entry, ...]:
    """Return every entry, in the order of the technical term.

    Examples
    --------
    >>> any(e.term == "attribution" for e in entries())
    True
    """
    found = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    made = [Entry(**{**row, "covers": tuple(row.get("covers") or ())}) for row in found]
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


def _fit(entry: Entry, words: list[str], asked: str) -> float:
    names = f"{entry.term} {entry.plain}".lower()
    body = f"{entry.means} {entry.matters} {entry.example}".lower()
    if asked in (entry.term.lower(), entry.plain.lower()):
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
