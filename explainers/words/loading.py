"""Say what was read of a file, and how far a study out of it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from explainers.results import Narrative, Problem
from explainers.words.say import Shown, listed, plural, quoted, sentence

KINDS = {
    "CSV": "a text table",
    "Excel": "an Excel workbook",
    "OpenDocument": "an OpenDocument sheet",
    "Parquet": "a Parquet file",
    "Feather": "a Feather file",
    "database": "an answer of the database",
}
USES = {
    "id": "names the case",
    "time": "says when it was",
    "group": "says whose it is",
    "leakage": "gives the answer away",
}


def describe(
    name: str, kind: str, n_rows: int, n_columns: int, problems: Sequence[Problem], *, above: int = 0
) -> Narrative:
    """Say how much was read, of what, and whether something is worth a look.

    Parameters
    ----------
    name, kind : str
        What its owner calls the file, and what it is.
    n_rows, n_columns : int
        Size of the table.
    problems : sequence of Problem
        What was found while reading.
    above : int
        Rows above the names of the columns that were left out.

    Examples
    --------
    >>> describe("sales.csv", "CSV", 1200, 8, []).headline.text
    '“sales.csv” holds 1,200 rows and 8 columns.'
    """
    head = sentence(
        "answer",
        "{name} holds {rows} {row} and {columns} {column}",
        name=quoted(name),
        rows=n_rows,
        row=plural(n_rows, "row", "rows"),
        columns=n_columns,
        column=plural(n_columns, "column", "columns"),
    )
    said = [sentence("method", "it is {kind}", kind=KINDS.get(kind, "a table"))]
    if above:
        template = "{n} {rows} above the names of the columns {were} left out"
        rows, were = plural(above, "row", "rows"), plural(above, "was", "were")
        said.append(sentence("method", template, n=above, rows=rows, were=were))
    n = sum(p.severity != "note" for p in problems)
    if n:
        text = "{n} {things} worth a look below"
        said.append(sentence("caveat", text, n=n, things=plural(n, "thing is", "things are")))
    return Narrative(headline=head, sentences=tuple(said))


def uses(roles: Mapping[str, str], labels: Mapping[str, str]) -> Narrative:
    """Say what the columns are for: how many are inputs, which are something else.

    Parameters
    ----------
    roles : mapping
        Column to its role.
    labels : mapping
        Column to what people call it.
    """
    n = sum(r == "feature" for r in roles.values())
    template = "{n} of {all} columns {serve} as things to look at"
    serve = plural(n, "serves", "serve")
    head = sentence("answer", template, n=n, all=len(roles), serve=serve)
    said = []
    for role, what in USES.items():
        names = [labels[c] for c, r in roles.items() if r == role]
        if not names:
            continue
        shown = listed(map(quoted, names[:3]))
        if len(names) == 1:
            said.append(sentence("method", f"{{name}} {what}", name=shown))
            continue
        more = Shown(f" and {len(names) - 3} more", {"": len(names) - 3}) if len(names) > 3 else ""
        said.append(sentence("method", "{names}{more}: each {what}", names=shown, more=more, what=what))
    return Narrative(headline=head, sentences=tuple(said))


def trained(states: Mapping[str, str], *, minutes: float, stopped: Sequence[str] = ()) -> Narrative:
    """Say which options were trained.

    Parameters
    ----------
    states : mapping
        What people call each option, to "built" or why it could not be.
    minutes : float
        The limit of time.
    stopped : sequence of str
        Options that were taken out, since the time was over.
    """
    done = sum(s == "built" for s in states.values())
    head = sentence("answer", "{n} {options} trained", n=done, options=plural(done, "option is", "options are"))
    said: list[Any] = []
    for label, state in states.items():
        if state != "built":
            said.append(sentence("caveat", "{label} could not be trained: {why}", label=quoted(label), why=state))
    if stopped:
        template = "{names} {took} longer than {n} {minutes} and {were} left out"
        said.append(
            sentence(
                "caveat",
                template,
                names=listed(map(quoted, stopped)),
                took="took",
                n=Shown(f"{minutes:g}", {"": minutes}),
                minutes=plural(int(minutes) if minutes == int(minutes) else 2, "minute", "minutes"),
                were=plural(len(stopped), "was", "were"),
            )
        )
    return Narrative(headline=head, sentences=tuple(said))
