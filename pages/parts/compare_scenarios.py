"""Figures of money under a name: picked, kept, removed and restored; and who stands for the figures on screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from explainers.errors import DatabaseError
from explainers.words import numbers
from pages.parts import compare_figures, lists, people
from pages.parts.text import plain, short

if TYPE_CHECKING:
    from explainers.database import Scenario
    from pages.parts.compare_figures import Figures
    from pages.parts.shell import Here

OWN, CHANGED = "own", "changed"
PICKER = "figures_picker"


# -- picking -------------------------------------------------------------------------------------------------------
def picker(here: Here, figures: Figures, *, where: str = "A tab below shows and changes them.") -> None:
    """Draw the control that says with which figures everything is worked out; its hint says where they are changed."""
    named = {str(s.id): s for s in figures.scenarios}
    shown = str(figures.scenario.id) if figures.scenario is not None else CHANGED if figures.text else OWN
    options = [OWN, *named, *([CHANGED] if shown == CHANGED else [])]
    if st.session_state.get(PICKER) != shown:  # set again at each run it would go over what is picked meanwhile
        st.session_state[PICKER] = shown
    who = figures.assumptions.confirmed_by
    words = {OWN: "Example figures" if figures.examples else "The study's own"}
    words[CHANGED] = short(f"Confirmed by {who}", 60) if who else "Changed, not kept yet"
    st.selectbox(
        "With these figures",
        options,
        index=options.index(shown),
        format_func=lambda k: words.get(k) or short(named[k].name, 60),
        key=PICKER,
        on_change=_take,
        args=(here, figures),
        help=f"The figures of money and volume behind every amount. {where}",
    )


def _take(here: Here, figures: Figures) -> None:
    picked = str(st.session_state.get(PICKER))
    scenario = next((s for s in figures.scenarios if str(s.id) == picked), None)
    if scenario is not None:
        compare_figures.show(here, scenario)
    elif picked == OWN:
        compare_figures.reset()


def standing(figures: Figures) -> str:
    """Return who stands for the figures on screen, for a chip."""
    made = figures.assumptions
    if not made.confirmed_by:
        return "example figures: nobody has confirmed them"
    when = f" on {numbers.date(made.confirmed_on)}" if made.confirmed_on else ""
    return f"figures confirmed by {made.confirmed_by}{when}"


# -- keeping -------------------------------------------------------------------------------------------------------
def keep(here: Here, figures: Figures) -> None:
    """Offer to keep the figures on screen under a name."""
    from explainers import database

    with st.popover("Keep as a scenario", icon=":material/bookmark:", key="scenario_keep", on_change="rerun") as box:
        saved = people.news("scenario_saved")
        if not box.open:
            return
        if saved:
            st.success(plain(f"“{saved}” is kept. Everybody can pick it at the top of this page."))
        name = st.text_input(
            "Name of the scenario",
            key="scenario_name",
            max_chars=120,
            placeholder="such as: a busy year",
            persist_state="session",
        )
        comment = st.text_area("Comment", key="scenario_comment", max_chars=4000, height=90, persist_state="session")
        author = people.ask_name("scenario_by")
        form = f"scenario:{here.study.name}"
        if not people.send("Keep", form, name, comment, key="scenario_save"):
            return
        if not (name or "").strip() or not author:
            missing = "your name" if (name or "").strip() else "a name for the scenario"
            st.warning(f"Write {missing} first. What you wrote is kept.")
            return
        try:
            kept = database.add_scenario(
                submission_id=people.submission(form),
                author=author,
                study=here.study.name,
                name=name,
                values=compare_figures.to_keep(figures),
                comment=comment or "",
            )
        except DatabaseError as error:
            st.error(f"{plain(error.message)} What you wrote is still here.")
            return
        people.written(author)
        people.next_submission(form)
        for spent in ("scenario_name", "scenario_comment"):
            st.session_state.pop(spent, None)
        people.tell("scenario_saved", kept.name)
        compare_figures.put(figures.text, str(kept.id))
        st.rerun()


def confirm(here: Here, figures: Figures) -> None:
    """Offer to stand for the figures on screen, or say who does."""
    from explainers import database

    with st.popover("Confirm these figures", icon=":material/verified:", key="confirm", on_change="rerun") as box:
        if not box.open:
            return
        st.markdown(
            "Until somebody confirms them, every amount is called one with example figures. Your name and the date "
            "stand beside them from then on."
        )
        if figures.assumptions.confirmed_by:
            st.caption(plain(f"They are {standing(figures).removeprefix('figures ')}."))
        comment = st.text_area(
            "Where they come from",
            key="confirm_comment",
            max_chars=4000,
            height=90,
            placeholder="such as: cost centre 410, budget of next year",
            persist_state="session",
        )
        author = people.ask_name("confirm")
        form = f"confirm:{here.study.name}"
        if not people.send("Confirm", form, comment, key="confirm_save"):
            return
        if not author:
            st.warning("Write your name first, so that others know who stands for them. Your comment is kept.")
            return
        try:
            database.confirm_figures(
                submission_id=people.submission(form),
                author=author,
                study=here.study.name,
                values=compare_figures.to_keep(figures),
                comment=comment or "",
            )
        except DatabaseError as error:
            st.error(f"{plain(error.message)} What you wrote is still here.")
            return
        people.written(author)
        people.next_submission(form)
        st.session_state.pop("confirm_comment", None)
        st.rerun()


# -- the list ------------------------------------------------------------------------------------------------------
def listed(here: Here, figures: Figures) -> None:
    """List the scenarios with who kept them; each can be put on screen or taken off the list."""
    failed = st.session_state.pop("scenario_failed", "")
    if failed:
        st.error(plain(failed))
    gone: Scenario | None = st.session_state.get("scenario_removed")
    if not figures.scenarios and gone is None:
        return
    st.markdown("##### Scenarios")
    if gone is not None and gone.study == here.study.name:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(plain(f"“{gone.name}” was taken off the list."), width="content")
            st.button("Undo", key="scenario_restore", type="tertiary", on_click=_restore, args=(gone,))
    for scenario in figures.scenarios:
        with st.container(border=True, key=f"scenario_{scenario.id}", gap="xsmall"):
            on_screen = figures.scenario is not None and figures.scenario.id == scenario.id
            mark = " :blue-badge[on screen]" if on_screen else ""
            st.markdown(f"**{plain(scenario.name)}**{mark}")
            if scenario.comment:
                st.markdown(plain(f"“{scenario.comment}”"))
            st.caption(plain(f"{scenario.author} · {scenario.created_at.strftime('%d %B %Y, %H:%M UTC')}"))
            with st.container(horizontal=True, gap="small"):
                st.button(
                    "Put on screen",
                    icon=":material/visibility:",
                    key=f"scenario_show_{scenario.id}",
                    type="tertiary",
                    disabled=on_screen,
                    on_click=compare_figures.show,
                    args=(here, scenario),
                )
                st.button(
                    "Remove",
                    icon=":material/delete:",
                    key=f"scenario_remove_{scenario.id}",
                    type="tertiary",
                    on_click=_remove,
                    args=(scenario,),
                )


def _remove(scenario: Scenario) -> None:
    from explainers import database

    lists.change("scenario", scenario, "remove", database.remove_scenario)


def _restore(scenario: Scenario) -> None:
    from explainers import database

    lists.change("scenario", scenario, "restore", database.restore_scenario)
