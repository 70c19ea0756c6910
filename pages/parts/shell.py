"""What every page opens with: pickers in the sidebar, the caption line, the question, states without a study."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

import streamlit as st

from explainers.errors import StudyError
from pages.parts import cached, link, people, present, show, work
from pages.parts.text import plain, short

if TYPE_CHECKING:
    from explainers.study import Candidate, Study

Audience = Literal["business", "technical"]
AUDIENCES = ("business", "technical")
LOGO = Path(__file__).with_name("logo.svg")


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """What is on screen: the study, its folder, the candidate and whom the words are for."""

    study: Study
    folder: Path
    candidate: Candidate
    audience: Audience

    @property
    def technical(self) -> bool:
        return self.audience == "technical"

    @property
    def option_label(self) -> str:
        """The candidate's name for this audience."""
        return self.candidate.technical if self.technical and self.candidate.technical else self.candidate.label


@contextmanager
def logo() -> Iterator[None]:
    """Draw the logo before the first screen of a session, and after every later one, on which it still stands.

    The browser draws the whole page anew for it, and a picked case would wait for that.
    """
    stands = st.session_state.get("logo_stands", False)
    if not stands:
        st.logo(str(LOGO), size="large")
        st.session_state["logo_stands"] = True
    try:
        yield
    finally:
        if stands:
            st.logo(str(LOGO), size="large")


def sidebar() -> None:
    """Draw the pickers; what they hold is part of the link."""
    titles = cached.titles()
    with st.sidebar:
        if not titles:
            return
        if _unknown("study", titles):
            link.drop("case")  # it is a case of the study that is not here
            link.drop("option")
        link.only("study", titles)
        known = list(titles)
        st.selectbox("Study", known, index=link.place("study", known), format_func=titles.__getitem__, key="study")
        link.keep("study", st.session_state["study"])
        folder = cached.folders()[st.session_state["study"]]
        try:
            study = cached.study(folder)
        except StudyError:
            study = None
        technical = st.session_state.get("audience") == "technical"
        if study is not None:
            names = list(study.candidates)
            first = study.first if study.first in names else names[-1]
            if "go_to_option" in st.session_state:
                st.session_state["option"] = st.session_state.pop("go_to_option")
            _unknown("option", names)
            link.only("option", names)
            st.selectbox(
                "Candidate" if technical else "Option",
                names,
                index=link.place("option", names, names.index(first)),
                format_func=lambda name: _option_name(study, name, technical),
                key="option",
                help="One way to answer the question, from no model at all to many trees.",
            )
            link.keep("option", st.session_state["option"])
        link.only("audience", AUDIENCES)
        st.segmented_control(
            "Words for",
            AUDIENCES,
            default=AUDIENCES[link.place("audience", AUDIENCES)],
            required=True,
            format_func=str.capitalize,
            key="audience",
        )
        link.keep("audience", st.session_state["audience"])
        people.signature()
        present.offer()


def _unknown(key: str, known: Collection[str]) -> bool:
    """Note that a link asks for what is not here; the page says so until the reader turns to something else."""
    asked = st.session_state.get(key)
    if asked is None or asked in list(known):  # a list: the value may be unhashable
        return False
    st.session_state["not_here"] = (key, str(asked))
    st.session_state.pop("not_here_on", None)
    return True


def _say_unknown(study: Study, option: str) -> None:
    """Say what a link asked for that is not here, and what is on screen in its place."""
    key, asked = st.session_state.get("not_here", ("", ""))
    here = (st.session_state.get(link.PAGE), study.name, option)
    if not key or st.session_state.setdefault("not_here_on", here) != here:
        st.session_state.pop("not_here", None)
        return
    if key == "study":
        said = f"There is no study “{short(asked, 60)}” on this server. This is “{study.title}” instead."
    else:
        said = f"This study has no option “{short(asked, 60)}”. This is “{study.candidate(option).label}” instead."
    st.info(plain(f"{said} Choose on the left, or ask who sent you the link."))


def background() -> None:
    """Start what may wait until the page stands: the other options, then cases ahead."""
    folder = cached.folders().get(str(st.session_state.get("study")))
    if folder is None:
        return
    try:
        study = cached.study(folder)
    except StudyError:
        return
    with st.sidebar:
        work.build_rest_of(study, folder, st.session_state["option"])


def _option_name(study: Study, name: str, technical: bool) -> str:
    candidate = study.candidates[name]
    label = candidate.technical if technical and candidate.technical else candidate.label
    return f"{label} (could not be prepared)" if candidate.failure else label


def open_page() -> Here:
    """Return what is on screen, or show why there is nothing and stop the page.

    The candidate on screen is built first if it has to be; the others follow in the background.
    """
    every = cached.folders()
    if not every:
        st.title("No study yet")
        show.empty(
            "Here you would see your studies. Put a study folder into sample_data, or name its parent folder in the "
            "setting BAKEOFF_STUDIES, and reload this page."
        )
        st.stop()
    name = st.session_state.get("study") or next(iter(every))
    folder = every[name]
    try:
        study = cached.study(folder)
    except StudyError as error:
        st.title(plain(cached.titles().get(name, name)))
        show.problems(error.problems, title="This study cannot be opened yet. This is what to mend:")
        if not error.problems:
            st.error(plain(error.message))
        st.button("Read it again", on_click=cached.forget, args=(folder,))
        st.stop()
    option = str(st.session_state.get("option", ""))
    if option not in study.candidates:
        option = study.first if study.first in study.candidates else list(study.candidates)[-1]
    audience = cast("Audience", st.session_state.get("audience") or "business")
    with st.container():  # what is said once takes no place that something else has later
        _say_unknown(study, option)
    candidate = study.candidate(option)
    if candidate.failure:
        st.title(plain(study.title))
        st.warning(plain(f"The option “{candidate.label}” could not be prepared. {candidate.failure}"))
        st.caption("Choose another option on the left.")
        st.stop()
    with st.container():
        work.build_now(study, folder, option)
    return Here(study=study, folder=folder, candidate=candidate, audience=audience)


def caption(here: Here, rows: str) -> None:
    """Write the one caption line: study, candidate, which rows, how many."""
    sample = "sample study: not for decisions · " if here.study.sample else ""
    st.caption(plain(f"{here.study.title} · {here.option_label} · {sample}{rows}"))
