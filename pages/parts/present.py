"""Presenter view: no menu, large type, one step after the other by keyboard; Escape leaves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from explainers.errors import StudyError
from pages.parts import cached, link, pickers
from pages.parts.text import plain, short

if TYPE_CHECKING:
    from streamlit.navigation.page import StreamlitPage

    from explainers.study import Study

STYLE = Path(__file__).with_name("present.css")
ORDER = ("", "explain", "looks_at", "confidence", "residuals", "outliers", "compare", "expectations", "decision")
"""Pages in the order of a meeting, by their address; those that there are."""
CASES_ON = "explain"
LARGER = 1.35
"""How much larger charts are drawn; the type of the page grows with the window, charts do not know its width."""
SMALL = 12
"""Size of letters on axes and in legends where a figure says nothing of it: the theme of the page sets it."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to show: a page, and on the page of cases one case."""

    page: StreamlitPage
    case: str = ""
    note: str = ""


def on() -> bool:
    """Return whether this reader presents."""
    return str(st.session_state.get("present") or "") == "1"


def offer() -> None:
    """Draw the button that starts to present; in the sidebar."""
    st.button(
        "Present",
        icon=":material/slideshow:",
        key="present_start",
        type="tertiary",
        on_click=_start,
        help="No menu, large type. Arrow keys or Page Down and Page Up step through pages and demo cases, Escape ends.",
    )


def _start() -> None:
    st.session_state["present"] = "1"


def _leave() -> None:
    st.session_state["present_left"] = True


def bar(page: StreamlitPage, pages: Sequence[StreamlitPage]) -> None:
    """Draw the one line of presenter view and follow its keys; nothing for everybody else.

    Parameters
    ----------
    page : StreamlitPage
        The page on screen.
    pages : sequence of StreamlitPage
        All there are.
    """
    if st.session_state.pop("present_left", False):
        link.drop("present")
    if not on():
        return
    link.keep("present", "1")
    st.html(STYLE)
    steps = _steps(pages)
    at = _place(steps, page)
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", gap="small", key="present_bar"
    ):
        st.caption(plain(_where(steps, at, page)), width="content")
        with st.container(horizontal=True, width="content", gap="small"):
            back = st.button("Back", key="present_back", shortcut="Left", disabled=at == 0)
            forth = st.button("Next", key="present_next", shortcut="Right", disabled=at == len(steps) - 1)
            st.button("Leave", key="present_leave", shortcut="Escape", type="tertiary", on_click=_leave)
    with st.container(key="present_clicker"):  # what the buttons of a pointer send
        back = st.button("Page before", key="present_up", shortcut="PageUp") or back
        forth = st.button("Page after", key="present_down", shortcut="PageDown") or forth
    if back != forth:
        wanted = (at - 1 if back else at + 1) if at is not None else 0
        if 0 <= wanted < len(steps):
            _go(steps[wanted], page)


def _steps(pages: Sequence[StreamlitPage]) -> list[Step]:
    """Return what is shown, in the order of a meeting; each demo case is a step of its own."""
    by_path = {p.url_path: p for p in pages}
    out = []
    for path in (p for p in ORDER if p in by_path):
        cases = _cases() if path == CASES_ON else []
        out += [Step(by_path[path], case, note) for case, note in cases] or [Step(by_path[path])]
    return out


def _cases() -> list[tuple[str, str]]:
    folder = cached.folders().get(str(st.session_state.get("study")))
    if folder is None:
        return []
    try:
        study: Study = cached.study(folder)
    except StudyError:
        return []
    return pickers.demo(study)


def _place(steps: Sequence[Step], page: StreamlitPage) -> int | None:
    """Return which step is on screen; a case that is no demo case counts as the first of its page, others as none."""
    here = [at for at, step in enumerate(steps) if step.page.url_path == page.url_path]
    case = str(st.session_state.get("go_to_case") or st.session_state.get("case") or "")
    return next((at for at in here if steps[at].case == case), here[0] if here else None)


def _where(steps: Sequence[Step], at: int | None, page: StreamlitPage) -> str:
    if at is None:
        return page.title
    note = f" · {short(steps[at].note, 60)}" if steps[at].note else ""
    return f"{at + 1} of {len(steps)} · {page.title}{note}"


def _go(step: Step, page: StreamlitPage) -> None:
    """Put a step on screen."""
    if step.case:
        st.session_state["go_to_case"] = step.case
    if step.page.url_path != page.url_path:
        st.switch_page(step.page)
    st.rerun()


def enlarged(figure: Any) -> Any:
    """Return a figure with larger type and more room where this reader presents; else the figure itself."""
    if not on():
        return figure
    import plotly.graph_objects as go

    plain_figure = figure.to_plotly_json()
    layout = _grown(plain_figure["layout"])
    for name in ("height",):
        if layout.get(name):
            layout[name] = round(layout[name] * LARGER)
    for name in (n for n in layout if n == "legend" or n.startswith(("xaxis", "yaxis"))):
        letters = layout[name].setdefault("font" if name == "legend" else "tickfont", {})
        letters.setdefault("size", SMALL * LARGER)
    layout["margin"] = {k: round(v * LARGER) for k, v in (layout.get("margin") or {}).items()}
    return go.Figure({"data": [_grown(trace) for trace in plain_figure["data"]], "layout": layout})


def _grown(value: Any, key: str = "") -> Any:
    """Return a part of a figure with every size of letters and marks multiplied."""
    if isinstance(value, dict):
        return {k: _bigger(v) if k == "size" and _letters(key) else _grown(v, k) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_grown(v, key) for v in value] if any(isinstance(v, dict) for v in value) else value
    return value


def _letters(key: str) -> bool:
    return key.endswith("font") or key == "marker"


def _bigger(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_bigger(v) for v in value]
    return value * LARGER if isinstance(value, (int, float)) else value
