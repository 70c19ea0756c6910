"""What does that word mean?"""

from __future__ import annotations

import streamlit as st

from explainers.words import glossary
from pages.parts.text import plain

st.caption("Every term of the field in plain words, and back")
st.title("What does that word mean?", anchor=False)
asked = st.text_input(
    "Search", key="term", placeholder="a plain word or a term, such as “usually off by” or “AUC”", bind="query-params"
)
way = st.segmented_control(
    "Ordered by", ["Plain words", "Terms of the field"], default="Plain words", required=True, key="glossary_order"
)
found = glossary.search(asked or "")
if not asked:
    plain_first = way == "Plain words"
    found = tuple(sorted(found, key=lambda e: (e.plain if plain_first else e.term).lower()))
if not found:
    st.info(plain(f"Nothing fits “{asked}”. Try a shorter word, or clear the search to see all terms."))
for entry in found:
    with st.container(border=True):
        first, second = (entry.plain, entry.term) if way == "Plain words" else (entry.term, entry.plain)
        st.markdown(f"**{plain(first[0].upper() + first[1:])}** · {plain(second)}")
        st.markdown(plain(entry.means))
        st.markdown(f"Why it matters: {plain(entry.matters)}")
        st.caption(plain(f"Example: {entry.example} Where: {entry.where}."))
st.caption(f"{len(found)} of {len(glossary.entries())} terms")
