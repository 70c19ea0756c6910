"""How the file was read and what was guessed of each column, each with how that was seen."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.parts import load_file, show
from pages.parts.load_draft import Draft
from pages.parts.text import plain


def room(draft: Draft) -> None:
    """Draw what was detected, and how each column was read."""
    found = draft.reading["findings"]
    if found:
        st.markdown("##### The file")
        rows = [(load_file.NAMES.get(f["what"], "It is"), f["shown"], f["why"]) for f in found]
        show.table(pd.DataFrame(rows, columns=["What", "Detected", "How that was seen"]))
    st.markdown("##### The columns")
    why = draft.guessed["why"]
    read = {c["name"]: c for c in draft.reading["columns"]}
    each = [
        (e["label"], read[n]["read_as"], why[n].get("kind", ""), why[n].get("role", ""))
        for n, e in draft.entries().items()
        if n in read
    ]
    show.wide(
        pd.DataFrame(each, columns=["Column", "Read as", "What it holds", "How it is used"]).map(str),
        alt="How each column was read, and what was guessed of it",
    )
    st.caption(
        plain(
            "A column gives the answer away where it alone tells the outcome nearly every time on rows that were set "
            "aside. What a person says counts for more than any of these guesses."
        )
    )
