"""What was read of the file: how it was read and why, corrections, the first rows, what is wrong with it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from explainers.errors import JobError
from explainers.words import loading
from pages.parts import load_draft, show
from pages.parts.load_draft import Draft
from pages.parts.text import plain

ENCODINGS = {
    "utf-8": "UTF-8",
    "cp1252": "Windows, Western Europe",
    "latin-1": "ISO 8859-1",
    "cp1250": "Windows, Central Europe",
    "cp1251": "Windows, Cyrillic",
    "cp1253": "Windows, Greek",
    "cp1254": "Windows, Turkish",
    "utf-16": "UTF-16",
    "shift_jis": "Japanese",
    "gb18030": "Chinese",
    "euc_kr": "Korean",
    "mac_roman": "Macintosh",
}
CHOICES: dict[str, dict[str, str]] = {
    "encoding": ENCODINGS,
    "separator": {",": "comma ,", ";": "semicolon ;", "\t": "tab", "|": "vertical bar |"},
    "decimal": {".": "point 1.5", ",": "comma 1,5"},
    "dates": {"day first": "day first, 31/1/2024", "month first": "month first, 1/31/2024"},
}
NAMES = {
    "sheet": "Sheet",
    "header": "Names stand in row",
    "separator": "Cells are separated by",
    "decimal": "Decimals are written with a",
    "dates": "Dates are written with the",
    "encoding": "Letters are written in",
}
READ_AS = {"": "as detected", "text": "text", "number": "a number", "date": "a date"}


def room(draft: Draft) -> None:
    """Draw what was read, with everything that can be corrected."""
    read = draft.reading
    _corrections(draft)
    st.markdown("##### The first rows")
    if read["above"]:
        st.caption(plain(f"Left out above the names: {' / '.join(read['above'])}"))
    st.dataframe(read["head"], height=282, hide_index=True, key=f"{draft.key}_head")
    st.caption(plain(f"The first {len(read['head'])} of {read['n_rows']:,} rows."))
    _one_column(draft)
    load_draft.onward("columns", "Go on to the columns")
    problems = draft.problems()
    if problems:
        show.problems(problems, title="Worth a look")


def _corrections(draft: Draft) -> None:
    """Draw a picker for each thing that was detected and can be corrected."""
    found = {f["what"]: f for f in draft.reading["findings"] if f["what"] in NAMES}
    if not found:
        st.caption("Such a file says itself what each column holds, so there is nothing to correct here.")
        return
    st.markdown("##### How it was read")
    st.caption("Each of these was detected. Choose another where it is not right, and the file is read again.")
    with st.container(horizontal=True, gap="medium", key="load_corrections"):
        for what in (w for w in NAMES if w in found):
            _correction(draft, what, found[what])


def _correction(draft: Draft, what: str, found: dict[str, Any]) -> None:
    value = found["value"]
    if what == "sheet":
        options = {s: s for s in draft.reading["sheets"]}
    elif what == "header":
        most = max(12, int(value) + 3)
        options = {"0": "none"} | {str(i): str(i) for i in range(1, most)}
    else:
        options = CHOICES[what]
    options = options if value in options else {value: found["shown"], **options}
    slot = f"{draft.key}_{what}"
    st.selectbox(
        NAMES[what],
        list(options),
        index=list(options).index(value),
        format_func=options.__getitem__,
        key=slot,
        help=plain(found["why"]),
        width=230,
        on_change=_correct,
        args=(draft, what, slot),
    )


def _correct(draft: Draft, what: str, slot: str) -> None:
    value: Any = st.session_state[slot]
    load_draft.read_anew(draft, **{what: int(value) if what == "header" else value})


def _one_column(draft: Draft) -> None:
    """Let one column be read as something else than was detected."""
    columns = {c["name"]: c for c in draft.reading["columns"]}
    with st.expander("One column was not read right", key=f"{draft.key}_fix", on_change="rerun") as box:
        if not box.open:
            return
        with st.container(horizontal=True, vertical_alignment="bottom"):
            name = st.selectbox("Column", list(columns), key=f"{draft.key}_fix_column", width=300)
            mine = draft.options.get("columns", {})
            slot = f"{draft.key}_fix_{name}"
            st.selectbox(
                "Read it as",
                list(READ_AS),
                index=list(READ_AS).index(mine.get(name, "")),
                format_func=READ_AS.__getitem__,
                key=slot,
                width=200,
                on_change=_fix,
                args=(draft, name, slot),
            )
        how = columns[name]
        st.caption(plain(f"It was read as: {how['read_as']}. {how['why']}"))


def _fix(draft: Draft, name: str, slot: str) -> None:
    mine = {**draft.options.get("columns", {}), name: st.session_state[slot]}
    load_draft.read_anew(draft, columns={k: v for k, v in mine.items() if v})


def card(draft: Draft) -> None:
    """Write the answer card: what the file holds, and how far the study is."""
    read = draft.reading
    said = loading.describe(
        draft.upload.name,
        read["kind"],
        read["n_rows"],
        len(read["columns"]),
        draft.problems(),
        above=len(read["above"]),
    )
    entries = draft.entries()
    used = loading.uses({n: e["role"] for n, e in entries.items()}, {n: e["label"] for n, e in entries.items()})
    with st.container(border=True, key="answer_card"):
        st.markdown(f"### {plain(said.headline.text)}", anchors=False)
        show.sentences([*said.sentences, used.headline, *used.sentences])
        st.button(
            "Bring another file",
            icon=":material/upload_file:",
            key="load_other",
            type="tertiary",
            on_click=load_draft.drop,
        )


def refused(draft: Draft, error: JobError) -> None:
    """Say why a file cannot be read, with the corrections that are left and a way to bring another."""
    st.error(plain(f"“{draft.upload.name}” cannot be read. {error.message}"))
    with st.container(horizontal=True):
        st.button("Bring another file", type="primary", key="load_other", on_click=load_draft.drop)
        if draft.options:
            st.button("Read it as it was detected", key="load_undo", on_click=_undo, args=(draft,))


def _undo(draft: Draft) -> None:
    draft.options = {}
    load_draft.read_anew(draft)
