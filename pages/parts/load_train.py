"""Which options are tried, standard ones and one's own: the study is made, they are trained, a case is opened."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from explainers import jobs, lineup, store, uploads
from explainers.errors import BakeoffError, StudyError
from explainers.words import loading, model_files
from explainers.words import problems as say_problems
from pages.parts import cached, load_draft, load_models, show, work
from pages.parts.load_brought import Bench
from pages.parts.load_draft import Draft
from pages.parts.text import plain

if TYPE_CHECKING:
    from explainers.study import Study

LIMITS = {1.0: "1 minute", 3.0: "3 minutes", 10.0: "10 minutes", 30.0: "30 minutes", 120.0: "2 hours"}
STEP = 0.25


def room(draft: Draft) -> None:
    """Offer the options and what stands in the way; follow the training; then the way to the first case."""
    if draft.kept:
        _training(draft)
        return
    picked, minutes = _choices(draft)
    bench = _bench(draft, picked)
    st.markdown("##### A model that you have already")
    load_models.room(bench)
    problems = _problems(draft, picked)
    left = [m.upload.name for m in bench.models if not m.able]
    if left:
        show.sentences([model_files.together(left)])
    stops = [p for p in problems if p.severity == "error"]
    said = say_problems.describe(problems)
    if st.button(
        "Make the study and train" if picked or not bench.able else "Make the study",
        type="primary",
        icon=":material/play_arrow:",
        key="load_make",
        disabled=bool(stops) or not (picked or bench.able),
    ):
        draft.about["minutes"] = minutes
        _make(draft, picked, bench)
    st.markdown(f"##### {plain(said.headline.text)}")
    if problems:
        show.problems(problems, title="What was found")


def _choices(draft: Draft) -> tuple[list[str], float]:
    """Draw which options are trained and for how long at most."""
    task = load_draft.task_of(draft)
    about = {r: lineup.defaults(r, task) for r in lineup.RECIPES}
    technical = st.session_state.get("audience") == "technical"
    usual = draft.about.get("options") or [o for o in load_draft.OPTIONS if o in about]
    picked = st.multiselect(
        "Options to try",
        list(about),
        default=usual,
        format_func=lambda r: about[r]["technical"] if technical else about[r]["label"],
        key=f"{draft.key}_options",
        help="Simple ones first: a costlier option has to earn its place against them.",
    )
    draft.about["options"] = picked
    names = list(LIMITS)
    minutes = st.select_slider(
        "Train for at most",
        names,
        value=draft.about.get("minutes", 3.0),
        format_func=LIMITS.__getitem__,
        key=f"{draft.key}_minutes",
        width=420,
        help="Options that are not ready by then are left out of the study.",
    )
    return [r for r in about if r in picked], float(minutes)


def _bench(draft: Draft, picked: list[str]) -> Bench:
    """Return where models of one's own are tried: on the table of the draft, with its dictionary and its question."""
    about = load_draft.about(draft)
    entries = draft.entries()
    uses = {n: [e["role"], e["kind"], e["protected"]] for n, e in entries.items()}
    question = [about.get(k) for k in ("target", "task", "split", "positive")]
    return Bench(
        key=draft.key,
        models=draft.models,
        taken=lineup.KNOWN,
        ask={"key": draft.upload.key, "table": draft.reading["table"], "entries": entries, "about": about},
        mark=store.key(draft.reading["table"], uses, question),
        study=load_draft.sketch(draft),
        labels=[lineup.defaults(r, load_draft.task_of(draft))["label"] for r in picked],
    )


def _problems(draft: Draft, picked: list[str]) -> list[Any]:
    job = jobs.submit(
        "check_upload",
        study=None,
        key=draft.upload.key,
        table=draft.reading["table"],
        entries=draft.entries(),
        about=load_draft.about(draft),
        options=picked or ["no_model"],
    )
    found = work.result_of(job, doing="Looking for problems", height=90, key="load_check")
    return [uploads.problem(p) for p in found]


def _make(draft: Draft, picked: list[str], bench: Bench) -> None:
    mine = bench.able
    shown = [*(m.option for m in mine if m.is_table), *picked, *(m.option for m in mine if not m.is_table)]
    job = jobs.submit(
        "keep_upload",
        study=None,
        key=draft.upload.key,
        table=draft.reading["table"],
        entries=draft.entries(),
        about={**load_draft.about(draft), "first": shown[-1]},
        options=picked,
        models=[m.spec() for m in mine],
    )
    made = work.result_of(job, doing="Making the study", height=90, key="load_keep")
    if "problems" in made:
        st.error(plain(made["message"]))
        return
    draft.kept, draft.ended, draft.stopped = made["name"], 0.0, []
    draft.about["until"] = time.time() + 60 * draft.about["minutes"]
    st.rerun()


# -- training --------------------------------------------------------------------------------------------------------
def _opened(draft: Draft) -> tuple[Study, Path] | None:
    folder = cached.folders().get(draft.kept)
    if folder is None:
        return None
    return cached.study(folder), folder


def _training(draft: Draft) -> None:
    """Follow the training to its end, or to the end of its time."""
    try:
        found = _opened(draft)
    except StudyError as error:
        show.problems(error.problems, title="This study cannot be opened. This is what to mend:")
        return
    if found is None:
        show.empty("The study that was made of this file is no longer here.")
        st.button("Make it again", key="load_again", on_click=_again, args=(draft,))
        return
    study, folder = found
    waiting = work.unbuilt(study)
    if waiting and not draft.ended:
        _wait(draft, study, folder, waiting)
        return
    _done(draft, study, waiting)


def _again(draft: Draft) -> None:
    draft.kept = ""


def _wait(draft: Draft, study: Study, folder: Path, waiting: list[str]) -> None:
    """Train the next option with progress; cancelling or the end of the time leaves the others out."""
    total = len(study.candidates)
    done = total - len(waiting)
    candidate = study.candidates[waiting[0]]
    doing = "Measuring" if candidate.file and candidate.given_fitted else "Training"
    st.markdown(f"##### {plain(f'{doing} “{candidate.label}”, {done + 1} of {total}')}")
    job = jobs.submit("build", study=study, names=waiting[:1])
    job.join(work.session())
    bar = st.progress(done / total, text=plain(f"{doing} {candidate.label}"))
    st.button("Cancel", key="load_cancel", on_click=_stop, args=(draft, job))
    while not job.wait(STEP):
        bar.progress((done + (job.fraction or 0.0)) / total, text=plain(f"{doing} {candidate.label}"))
        if time.time() > draft.about["until"]:
            _stop(draft, job)
            break
    if job.state == "failed":
        draft.about.setdefault("failures", {})[waiting[0]] = job.error
        draft.ended = time.time()
    cached.forget(folder) if draft.ended else None
    st.rerun()


def _stop(draft: Draft, job: jobs.Job) -> None:
    work.leave(job)
    draft.ended = time.time()


def _done(draft: Draft, study: Study, waiting: list[str]) -> None:
    """Say what was trained, and open the first case."""
    if waiting and len(waiting) < len(study.candidates):
        draft.stopped = [study.candidates[n].label for n in waiting]
        _leave_out(draft, waiting)
    states = {c.label: c.failure or "built" for n, c in study.candidates.items() if n not in waiting}
    said = loading.trained(states, minutes=draft.about["minutes"], stopped=draft.stopped)
    with st.container(border=True, key="load_done"):
        came = _brought(draft, states)
        head = model_files.all_ready(sum(s == "built" for s in states.values())) if came else said.headline
        st.markdown(f"#### {plain(head.text)}", anchors=False)
        show.sentences([*said.sentences, *came])
        able = [n for n, c in study.candidates.items() if n not in waiting and not c.failure]
        with st.container(horizontal=True):
            if able and st.button("Explain a case", type="primary", icon=":material/search:", key="load_explain"):
                option = study.first if study.first in able else able[-1]
                st.switch_page("explain.py", query_params={"study": study.name, "option": option})
            if able and st.button("See the study", key="load_home"):
                st.switch_page("home.py", query_params={"study": study.name})
            if not able:
                st.button("Go on training", key="load_go_on", on_click=_go_on, args=(draft,))


def _brought(draft: Draft, states: dict[str, str]) -> list[Any]:
    """Say which options came as a file, so that nobody thinks they were trained here."""
    mine = [m.label for m in draft.models if m.able and not m.tried["unfitted"] and states.get(m.label) == "built"]
    return [model_files.ready(mine)] if mine else []


def _go_on(draft: Draft) -> None:
    draft.ended = 0.0
    draft.about["until"] = time.time() + 60 * draft.about["minutes"]


def _leave_out(draft: Draft, names: list[str]) -> None:
    """Take options that were not ready out of the study's file, so that nothing trains them later unasked."""
    from explainers import kept

    try:
        kept.leave_out(draft.kept, names)
    except (BakeoffError, OSError):
        return
    folder = cached.folders().get(draft.kept)
    if folder is not None:
        cached.forget(folder)
