"""What does that word mean?"""

from __future__ import annotations

import streamlit as st

from explainers.words import glossary
from pages.parts.text import plain

PLAIN_FIRST, TERM_FIRST = "Plain words", "Terms of the field"


def card(entry: glossary.Entry, *, plain_first: bool) -> None:
    """Write one entry."""
    with st.container(border=True):
        term = f"{entry.term} ({', '.join(entry.also)})" if entry.also else entry.term
        first, second = (entry.plain, term) if plain_first else (term, entry.plain)
        st.markdown(f"**{plain(first[0].upper() + first[1:])}** · {plain(second)}")
        st.markdown(plain(entry.means))
        st.markdown(f"Why it matters: {plain(entry.matters)}")
        stop = "" if entry.where.endswith("?") else "."
        st.caption(plain(f"Example: {entry.example} Where: {entry.where}{stop}"))


st.caption("Every term of the field in plain words, and back")
st.title("What does that word mean?", anchor=False)
asked = st.text_input(
    "Search", key="term", placeholder="a plain word or a term, such as “usually off by” or “AUC”", bind="query-params"
)
technical = st.session_state.get("audience") == "technical"
way = st.segmented_control(
    "Ordered by",
    [PLAIN_FIRST, TERM_FIRST],
    default=TERM_FIRST if technical else PLAIN_FIRST,
    required=True,
    key="glossary_order",
)
plain_first = way == PLAIN_FIRST
found = glossary.search(asked or "")
named = glossary.called(asked or "")
if not asked:
    found = tuple(sorted(found, key=lambda e: (e.plain if plain_first else e.term).lower()))
if named is not None:
    card(named, plain_first=plain_first)
    found = tuple(e for e in found if e.term != named.term)
    if found:
        st.markdown(f"##### {len(found)} more that speak of it")
elif not found:
    st.info(plain(f"Nothing fits “{asked}”. Try a shorter word, or clear the search to see all terms."))
for entry in found:
    card(entry, plain_first=plain_first)
st.caption(f"{len(found) + (named is not None)} of {len(glossary.entries())} terms")
