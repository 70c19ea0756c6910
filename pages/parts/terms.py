"""Technical text whose terms link to their entry of the glossary; user text in it stays escaped."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import streamlit as st

from explainers.words import glossary
from pages.parts.text import plain

if TYPE_CHECKING:
    from explainers.results import Sentence

KEPT = ("study", "option", "audience")


def paragraph(said: Iterable[Sentence]) -> str:
    """Return sentences as one paragraph of markdown.

    Parameters
    ----------
    said : iterable of Sentence
        They are written as they are; for the technical audience the first mention of each term is a link.

    Returns
    -------
    str
    """
    return " ".join(pieces(said))


def pieces(said: Iterable[Sentence]) -> list[str]:
    """Return each sentence as markdown; over all of them a term is linked once."""
    if st.session_state.get("audience") != "technical":
        return [plain(s.text) for s in said]
    kept = {k: str(v) for k in KEPT if (v := st.session_state.get(k))}
    seen: set[str] = set()
    return [linked(s, seen, kept) for s in said]


def linked(sentence: Sentence, seen: set[str], kept: dict[str, str]) -> str:
    """Return one sentence as markdown with links to the terms that were not seen yet, which are then seen."""
    others = [v for v in sentence.facts.values() if isinstance(v, str)]
    out, at = [], 0
    for m in glossary.mentions(sentence.text, others=others):
        if m.entry.term in seen:
            continue
        seen.add(m.entry.term)
        out += [plain(sentence.text[at : m.start]), f"[{plain(sentence.text[m.start : m.stop])}]"]
        out.append(f"({address(m.entry, kept)})")
        at = m.stop
    return "".join([*out, plain(sentence.text[at:])])


def address(entry: glossary.Entry, kept: dict[str, str]) -> str:
    """Return the link to an entry; what is on screen goes along, so that the way back leads to it."""
    return f"glossary?{urlencode({'term': entry.term, **kept})}"
