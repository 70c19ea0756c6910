"""Train another standard option from the page: choose it, watch it, cancel it, take it off again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from explainers import added, jobs
from explainers.errors import BakeoffError, DatabaseError, JobCancelled, JobError
from pages.parts import cached, compare_costs, link, lists, people, show, work
from pages.parts.text import plain

if TYPE_CHECKING:
    from explainers.added import Choice
    from explainers.database import AddedOption
    from pages.parts.shell import Here

KEY = "train"


def room(here: Here, *_about: Any) -> None:
    """Offer the options that the study does not have yet, follow the one in training, list those that people added."""
    _told(here)
    waiting = [n for n in work.unbuilt(here.study) if added.is_added(here.study.candidates[n])]
    if waiting:
        _training(here, waiting[0])
    else:
        _offer(here)
    _listed(here)


def _told(here: Here) -> None:
    """Say what just happened, with a way back."""
    failed = st.session_state.pop("train_failed", "")
    if failed:
        st.error(plain(failed))
    gone: AddedOption | None = st.session_state.get("train_removed")
    if gone is not None and gone.study == here.study.name:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(plain(f"“{gone.label}” was taken off. What was learned is kept."), width="content")
            st.button("Undo", key="train_restore", type="tertiary", on_click=_restore, args=(gone,))
    done = st.session_state.pop("train_done", "")
    if done:
        st.success(plain(f"“{done}” is trained. It stands beside the others now, on every page."))


# -- choosing ------------------------------------------------------------------------------------------------------
def _offer(here: Here) -> None:
    study = here.study
    choices = {c.name: c for c in added.choices(study)}
    if not choices:
        show.empty("Every standard option is here already, in every size that is offered.")
        return
    st.markdown(
        plain(
            f"Any of these can be trained on the same {len(study.training()):,} past {study.cases}. It is then "
            f"measured on the same never-seen {study.cases} as the others, and stands beside them for everybody."
        )
    )
    with st.container(horizontal=True, vertical_alignment="bottom", key="train_controls"):
        picked = st.selectbox(
            "Option",
            list(choices),
            format_func=lambda n: _name(here, choices[n]),
            key="train_choice",
            persist_state="session",
            width=380,
        )
        name = people.ask_name(KEY)
        # of the whole list: what was chosen is no longer in it when a double click ends
        form = f"train:{study.name}"
        pressed = people.send("Train it", form, key="train_start", icon=":material/play_arrow:")
    choice = choices.get(str(picked)) or next(iter(choices.values()))
    st.caption(plain(choice.description))
    if not pressed:
        return
    if not name:
        st.warning("Write your name first, so that others know who asked for it.")
        return
    _add(here, choice, name)


def _name(here: Here, choice: Choice) -> str:
    return choice.technical if here.technical else choice.label


def _add(here: Here, choice: Choice, name: str) -> None:
    from explainers import database

    form = f"train:{here.study.name}:{choice.name}"
    try:
        database.add_option(
            submission_id=people.submission(form),
            author=name,
            study=here.study.name,
            name=choice.name,
            label=choice.label,
            recipe=choice.recipe,
            parameters=choice.parameters,
        )
    except DatabaseError as error:
        st.error(f"{plain(error.message)} Nothing was started.")
        return
    people.written(name)
    people.next_submission(form)
    people.next_submission(f"train:{here.study.name}")
    cached.read_added()
    compare_costs.make_way(here)
    st.session_state.pop(f"build_stopped:{here.folder}", None)
    st.session_state.pop("train_removed", None)
    st.rerun()


# -- training ------------------------------------------------------------------------------------------------------
def _training(here: Here, name: str) -> None:
    """Follow the training of an option; cancelling takes it off again."""
    candidate = here.study.candidates[name]
    if st.session_state.get(f"build_stopped:{here.folder}"):
        with st.container(border=True, key="train_stopped"):
            st.markdown(plain(f"The training of “{candidate.label}” was stopped."))
            go_on = f"build_stopped:{here.folder}"
            st.button("Go on", type="primary", key="train_go_on", on_click=st.session_state.pop, args=(go_on, None))
        return
    st.markdown(f"**{plain(f'Training “{candidate.label}”')}**")
    job = jobs.submit("build", study=here.study, names=work.unbuilt(here.study))
    try:
        built = work.result_of(job, doing=f"Fitting {candidate.label}", height=90, key=KEY)
    except JobCancelled:
        option = next((o for o in _options(here) if o.name == name), None)
        if option is None or not _change(option, "remove"):
            st.session_state[f"build_stopped:{here.folder}"] = True  # it stays on the list, and is not started anew
        link.anew()
    except JobError as error:
        st.session_state["train_failed"] = str(error)
        st.session_state[f"build_stopped:{here.folder}"] = True
        link.anew()
    if built.get(name) == "built":
        st.session_state["train_done"] = candidate.label
    link.anew()


# -- what people added ---------------------------------------------------------------------------------------------
def _options(here: Here) -> tuple[AddedOption, ...]:
    try:
        return added.stored(here.study.name)
    except BakeoffError:
        return ()


def _listed(here: Here) -> None:
    """List the options that people added, with who asked for them."""
    every = _options(here)
    if not every:
        return
    st.markdown("##### Options that people added")
    for option in every:
        candidate = here.study.candidates.get(option.name)
        with st.container(border=True, key=f"added_{option.id}", gap="xsmall"):
            with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
                st.markdown(f"**{plain(option.label)}**", width="content")
                st.button(
                    "Take it off",
                    icon=":material/delete:",
                    key=f"added_remove_{option.id}",
                    type="tertiary",
                    on_click=_remove,
                    args=(option,),
                )
            if candidate is None:
                st.markdown(plain("The study has another option of this name, so this one is left out."))
            elif candidate.failure:
                st.warning(plain(candidate.failure))
            else:
                st.markdown(plain(candidate.description))
            st.caption(plain(f"Asked for by {option.author} · {option.created_at.strftime('%d %B %Y, %H:%M UTC')}"))


def _remove(option: AddedOption) -> None:
    _change(option, "remove")


def _restore(option: AddedOption) -> None:
    _change(option, "restore")


def _change(option: AddedOption, what: lists.What) -> bool:
    """Take an option off or put it back; return whether that was stored."""
    from explainers import database

    stored = lists.change(KEY, option, what, database.remove_option if what == "remove" else database.restore_option)
    if stored:
        cached.read_added()
    return stored
