"""The chart of what an option is off by, set against anything: picked on with box or lasso, it stays as it is."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import streamlit as st

from explainers import jobs, residuals
from explainers.figures import residuals as draw
from explainers.figures.theme import AGAINST, CONTEXT
from explainers.words import picked as say_picked
from explainers.words import residuals as say
from pages.parts import cached, link, picked, residuals_pick, show, work
from pages.parts.text import plain, short

if TYPE_CHECKING:
    from explainers.results import Binned
    from pages.parts.residuals_pick import Picked
    from pages.parts.shell import Here

BUTTONS = [["select2d", "lasso2d", "zoom2d", "pan2d", "resetScale2d"]]
DRAWN = 1_000  # points: twice as many take a browser twice as long, and lie on top of each other
MANNERS: dict[str, Any] = {
    "displaylogo": False,
    "responsive": True,
    "displayModeBar": True,
    "modeBarButtons": BUTTONS,
    "scrollZoom": False,
}


def against_picker(here: Here) -> str:
    """Draw the control that says what the chart is set against; what it holds is in the address."""
    names = list(residuals.choices(here.study))
    link.only("against", names)
    st.selectbox(
        "Look along",
        names,
        index=link.place("against", names),
        format_func=lambda name: short(say_picked.against(here.study, name, audience=here.audience), 60),
        key="against",
        persist_state="session",
        width=330,
        help="What runs along the foot of the chart: what it says, what was recorded, or any of its inputs.",
    )
    link.keep("against", st.session_state["against"])
    return str(st.session_state["against"])


def zoom(against: str) -> tuple[float, ...] | None:
    """Return the region that the reader looks at closer; None for everything."""
    pick = picked.from_text(st.session_state.get("zoom"))
    if pick is None or pick.kind != "box" or pick.against != against:
        link.drop("zoom")
        return None
    link.keep("zoom", picked.to_text(pick))
    (a, b), (c, d) = pick.corners[:2]
    return a, c, b, d


def ask(here: Here, against: str, closer: tuple[float, ...] | None) -> Binned:
    """Return the residuals in bins of something, from memory where it was asked for before."""
    key = ("binned", here.study.data_key, here.study.fingerprint, here.candidate.key, against, str(closer))
    place = st.container()  # also where nothing is waited for: the chart stays where it stands, with its zoom
    found: Binned | None = cached.known(key)
    if found is not None:
        return found
    name = here.candidate.name
    if residuals.ready(here.study, name):  # hundredths of a second; the way to the worker and back takes longer
        return cached.once(key, lambda: residuals.binned(here.study, name, against, zoom=closer, points=DRAWN))
    wanted: dict[str, Any] = {"points": DRAWN} | ({} if closer is None else {"zoom": list(closer)})
    job = jobs.submit("binned", study=here.study, candidate=name, against=against, **wanted)
    with place:
        made: Binned = work.result_of(job, doing="Counting how far off it is", height=draw.HEIGHT, key="binned")
    return cached.once(key, lambda: made)


def chart(here: Here, found: Binned, chosen: Picked | None, said: str) -> None:
    """Draw the chart. What is picked on it never changes it, so that it keeps its zoom."""
    study = here.study
    narrative = say.describe(found, study, audience=here.audience)
    if narrative.headline.text != said:  # else the card says it, and what follows from it
        st.markdown(f"##### {plain(narrative.headline.text.removesuffix('.'))}", anchors=False)
        show.caveats(narrative, key="limits_chart")
        show.sentences([s for s in narrative.sentences if s.kind == "comparison"][:2], small=True)
    about = (study.fingerprint, here.candidate.key, found.against, str(found.zoom), here.audience)
    base = hashlib.sha256(repr(about).encode()).hexdigest()[:12]
    key = f"residual_chart_{base}_{st.session_state.get('pick_round', 0)}"
    if key not in st.session_state:
        st.session_state["pick_drawn"] = (key, chosen.ids if chosen is not None else ())
    owner, shown = st.session_state.get("pick_drawn") or ("", ())
    shown = shown if owner == key else ()
    stamp = hashlib.sha256(repr(shown).encode()).hexdigest()[:12]
    figure = cached.once(("residual chart", *about, stamp), lambda: _drawn(here, found, frozenset(shown)))
    st.plotly_chart(
        figure,
        key=key,
        alt=(figure.layout.meta or {}).get("alt", ""),
        config=MANNERS,
        on_select=lambda: residuals_pick.from_chart(key, found.against, levels=found.kind == "levels"),
        selection_mode=("points", "box", "lasso"),
    )
    st.caption(plain(" ".join(s.text for s in say.caption(found, study, audience=here.audience))))
    _closer(found)


def _drawn(here: Here, found: Binned, shown: frozenset[str]) -> Any:
    alt = say.alt(found, here.study, audience=here.audience)
    figure = draw.draw(found, here.study, title="", alt=alt, technical=here.technical, picked=shown)
    # Room for the buttons above the points, in tones that both backgrounds bear.
    figure.update_layout(
        margin={"t": 34},
        modebar={"bgcolor": "rgba(0,0,0,0)", "color": CONTEXT, "activecolor": AGAINST, "orientation": "h"},
    )
    return figure


def _closer(found: Binned) -> None:
    """Offer to look closer at a picked box, with points of its own, and the way back."""
    pick = picked.from_text(st.session_state.get("pick"))
    with st.container(horizontal=True, gap="small", key="residual_zoom"):
        if pick is not None and pick.kind == "box" and pick.against == found.against and found.kind != "levels":
            st.button(
                "Look closer at the picked region",
                icon=":material/zoom_in:",
                key="zoom_in",
                type="tertiary",
                on_click=_zoom,
                args=(picked.to_text(pick),),
            )
        if found.zoom:
            st.button(
                "Show everything again",
                icon=":material/zoom_out:",
                key="zoom_out",
                type="tertiary",
                on_click=link.drop,
                args=("zoom",),
            )


def _zoom(text: str) -> None:
    st.session_state["zoom"] = text
