"""Taking it along: the link to this very screen, the letter, the table."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

import streamlit as st

from explainers.report import letter, table
from pages.parts.text import plain

if TYPE_CHECKING:
    from explainers.results import Explanation
    from pages.parts.pickers import Chosen
    from pages.parts.shell import Here


def address(here: Here, case_id: str) -> str:
    """Return the link that shows a colleague the same screen."""
    base = str(st.context.url or "").split("?")[0]
    asked = {
        "study": here.study.name,
        "option": here.candidate.name,
        "case": case_id,
        "reference": str(st.session_state.get("reference") or "everyone"),
        "audience": here.audience,
        "look": str(st.query_params.get("look", "change")),
    }
    for key in ("outcome", "against") if len(here.study.classes) > 2 else ():
        asked[key] = str(st.session_state.get(key) or "")
    if st.session_state.get("level"):
        asked["level"] = str(st.session_state["level"])
    return f"{base}?{urlencode(asked)}"


def share(here: Here, chosen: Chosen, explanation: Explanation) -> None:
    """Offer link, letter and table behind one button."""
    with st.popover("Take along", icon=":material/download:", key="take_along", on_change="rerun") as box:
        if box.open:
            st.caption("This link shows a colleague the same screen. Copy it with the sign at its right.")
            st.code(address(here, chosen.id), language=None, wrap_lines=True)
            st.divider()
            _letter(here, chosen, explanation)
            st.divider()
            st.download_button(
                "Reasons as a table (CSV)",
                table.to_csv(table.reasons_frame(explanation, here.study)),
                file_name=table.filename("reasons", here.study.name, here.candidate.name, chosen.id),
                mime="text/csv",
                key="csv",
                on_click="ignore",
            )


def _letter(here: Here, chosen: Chosen, explanation: Explanation) -> None:
    written = letter.letter(explanation, here.study, case=chosen.id)
    if isinstance(written, letter.Refusal):
        st.markdown("**No letter**")
        st.markdown(plain(written.reason.text))
        return
    st.text(written.text)
    with st.container(horizontal=True):
        st.download_button(
            "Letter as text",
            written.text,
            file_name=table.filename("letter", here.study.name, chosen.id, ending="txt"),
            mime="text/plain",
            key="letter_text",
            on_click="ignore",
        )
        st.download_button(
            "Letter to print (HTML)",
            written.html,
            file_name=table.filename("letter", here.study.name, chosen.id, ending="html"),
            mime="text/html",
            key="letter_html",
            on_click="ignore",
        )
