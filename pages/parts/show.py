"""How results stand on a page: sentences, cards, charts, problems, failures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Literal

import streamlit as st

from explainers.errors import BakeoffError, StudyError
from explainers.words import asking
from pages.parts import present, terms
from pages.parts.text import plain

if TYPE_CHECKING:
    import pandas as pd

    from explainers.results import Narrative, Problem, Sentence
    from pages.parts.shell import Here

CHART_MANNERS = {"displayModeBar": False, "responsive": True}
LETTER, ROOM = 7, 24  # pixels of a letter in a table, and beside the text
WIDEST, WIDEST_FIRST = 320, 230  # pixels of a column; a phone has to show more than the first
TECHNICAL_MANNERS = {"displaylogo": False, "responsive": True, "modeBarButtonsToKeep": ["toImage"]}


def sentences(said: Iterable[Sentence], *, small: bool = False) -> None:
    """Write sentences as one paragraph of plain text."""
    text = terms.paragraph(said)
    if text:
        (st.caption if small else st.markdown)(text)


def listed(said: Iterable[Sentence]) -> None:
    """Write sentences as a list."""
    st.markdown("\n".join(f"- {text}" for text in terms.pieces(said)))


def caveats(narrative: Narrative, *, key: str = "limits") -> None:
    """Write the limits, before the reasons, calmly."""
    if narrative.caveats:
        with st.container(key=key):
            st.markdown("  \n".join(_limit(text) for text in terms.pieces(narrative.caveats)))


def _limit(text: str) -> str:
    """Return a limit as small text; captions are written so pale that links in them could hardly be read."""
    return f":small[:material/info: {text}]"


def narrative(result: Narrative, *, heading: bool = True) -> None:
    """Write a whole narrative: headline, limits, body."""
    head, rest = plain(result.headline.text), terms.pieces((*result.caveats, *result.sentences))
    limits, body = rest[: len(result.caveats)], rest[len(result.caveats) :]
    parts = [f"##### {head}" if heading else head, "  \n".join(_limit(text) for text in limits), " ".join(body)]
    # One piece of text and not three: each costs the browser as much as its text.
    st.markdown("\n\n".join(part for part in parts if part))


def chips(said: Sequence[Sentence]) -> str:
    """Return at most three short chips in a row, as markdown."""
    return " ".join(f":gray-badge[{plain(sentence.text)}]" for sentence in said[:3])


def chart(
    figure: Any, *, key: str, caption: str = "", data: pd.DataFrame | None = None, technical: bool = False
) -> None:
    """Draw a figure with its text alternative, which rows it shows, and its data behind one click."""
    alt = (figure.layout.meta or {}).get("alt", "")
    st.plotly_chart(
        present.enlarged(figure), key=key, alt=alt, config=TECHNICAL_MANNERS if technical else CHART_MANNERS
    )
    if caption:
        st.caption(plain(caption))
    if data is not None:
        with st.expander("The same as a table", key=f"{key}_table", on_change="rerun") as box:
            if box.open:
                table(data)


def table(data: pd.DataFrame, *, alt: str = "", notes: Sequence[str] = ()) -> None:
    """Write a small table as text: header and cells are shown as they are, numbers stand to the right.

    A note for each row stands below its first cell: a column of long texts would not fit a phone.
    """
    shown = data.copy()
    for at in range(shown.shape[1]):
        if shown.iloc[:, at].dtype.kind not in "if":
            shown.isetitem(at, [plain(v) for v in shown.iloc[:, at]])
    if notes:
        below = [f"  \n:gray[{plain(note)}]" if note else "" for note in notes]
        shown.isetitem(0, [f"{cell}{note}" for cell, note in zip(shown.iloc[:, 0], below, strict=True)])
    shown.columns = [plain(c) for c in shown.columns]
    st.table(shown, border="horizontal", hide_index=True, alt=alt or None)


def wide(data: pd.DataFrame, *, alt: str, height: int | Literal["content"] = "content") -> None:
    """Write a table of texts with many columns: each as wide as its text, the first stays in sight while scrolling."""
    pixels = {c: LETTER * max(len(str(c)), *(len(str(v)) for v in data[c])) + ROOM for c in data.columns}
    first = data.columns[0]
    columns = {
        c: st.column_config.TextColumn(width=min(px, WIDEST_FIRST if c == first else WIDEST), pinned=c == first)
        for c, px in pixels.items()
    }
    st.dataframe(data, hide_index=True, height=height, column_config=columns, alt=alt)


def problems(found: Sequence[Problem], *, title: str) -> None:
    """List problems: where, what, and what to do, errors first."""
    order = {"error": 0, "warning": 1, "note": 2}
    words = {"error": "Stops the study", "warning": "Look at this", "note": "Good to know"}
    st.markdown(f"#### {plain(title)}")
    for problem in sorted(found, key=lambda p: order[p.severity]):
        with st.container(border=True):
            st.markdown(f"**{plain(problem.where)}** · {words[problem.severity]}")
            st.markdown(plain(problem.message))
            st.markdown(f"What to do: {plain(problem.remedy)}")


def failure(error: Exception, number: str) -> None:
    """Say calmly what went wrong, with an id under which the log has the details."""
    if isinstance(error, StudyError) and error.problems:
        st.error(f"This study cannot be opened yet. {len(error.problems)} things need attention.")
        problems(error.problems, title="What was found")
        return
    known = isinstance(error, BakeoffError)
    what = plain(error.message) if isinstance(error, BakeoffError) else "Something went wrong on our side."
    do = (
        ""
        if known
        else " Reload the page. If it happens again, tell the person who runs this server and give the number."
    )
    st.error(f"{what}{do}  \nNumber of this message: {number}")


def empty(text: str) -> None:
    """Say what would stand here, and how to bring it."""
    with st.container(border=True):
        st.markdown(plain(text))


def who_to_ask(here: Here) -> None:
    """Say at the end of a page whom to ask, how to challenge a result, and which version answered."""
    st.divider()
    sentences(asking.whom(here.study, here.candidate.name, here.audience), small=True)
