"""The studies there are: list them, check them, make one of a data file, build and serve them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from explainers.commands.terminal import (
    FAILED,
    MISUSED,
    AsJson,
    StudyArgument,
    app,
    folder_of,
    open_here,
    print_json,
    progress,
    stop,
)
from explainers.errors import BakeoffError, StudyError

if TYPE_CHECKING:
    from explainers.results import Problem
    from explainers.study import Study


@app.command(name="list")
def list_(as_json: AsJson = False) -> None:
    """List the studies that can be opened."""
    from explainers.load.catalogue import heading, list_studies

    rows = []
    for name, folder in list_studies().items():
        said = heading(folder)
        rows.append({"name": name, "title": said.get("title", name), "question": said.get("question", "")})
    if as_json:
        print_json(rows)
        return
    for row in rows:
        typer.echo(f"{row['name']}\n  {row['title']}. {row['question']}")
    if not rows:
        typer.echo("There is no study yet. Name the folder that holds yours in BAKEOFF_STUDIES.")


@app.command()
def validate(study: StudyArgument, as_json: AsJson = False) -> None:
    """Say what does not fit in a study, with what to do; exit code 1 where it cannot be opened."""
    from explainers.load import open_study

    problems: Iterable[Problem]
    try:
        problems, opens = open_study(folder_of(study), build=False).problems, True
    except StudyError as error:
        problems, opens = error.problems, False
        if not error.problems:
            stop(error.message)
    found = list(problems)
    if as_json:
        print_json({"opens": opens, "problems": [dataclasses.asdict(p) for p in found]})
    else:
        for p in found:
            typer.echo(f"{p.severity.upper()} {p.where}\n  {p.message}\n  What to do: {p.remedy}")
        state = "The study opens" if opens else "The study cannot be opened yet"
        typer.echo(f"{state}. {len(found)} {'thing was' if len(found) == 1 else 'things were'} found.")
    if not opens:
        raise typer.Exit(FAILED)


@app.command()
def build(
    study: StudyArgument,
    option: Annotated[list[str] | None, typer.Option(help="Only this option; may be given several times.")] = None,
    as_json: AsJson = False,
) -> None:
    """Fit and measure the options of a study; what is ready comes from disk."""
    from explainers.build import build as build_all
    from explainers.complete import complete

    opened = open_here(study)
    unknown = [name for name in option or [] if name not in opened.candidates]
    if unknown:
        stop(f"There is no option {unknown[0]!r}. The study has: {', '.join(opened.candidates)}.", MISUSED)
    built = build_all(opened, tuple(option) if option else None, progress=None if as_json else progress)
    names = option or list(built.candidates)
    ready = [n for n in names if built.candidates[n].built]
    complete(built, ready, ranges=True, progress=None if as_json else progress)
    _explain_ahead(built, ready)
    failed = [n for n in names if built.candidates[n].failure]
    if as_json:
        print_json({n: built.candidates[n].failure or "built" for n in names})
    else:
        typer.echo("", err=True)
        for n in names:
            candidate = built.candidates[n]
            typer.echo(f"{candidate.label}: {candidate.failure or 'ready'}")
    if failed:
        raise typer.Exit(FAILED)


@app.command()
def new(
    folder: Annotated[Path, typer.Argument(help="Folder of the new study.", show_default=False)],
    data: Annotated[Path, typer.Option(help="CSV, Parquet or Excel file.", show_default=False)],
    target: Annotated[str, typer.Option(help="Column with the outcome.", show_default=False)],
    positive: Annotated[str | None, typer.Option(help="The class in focus; by default yes, else the rarer.")] = None,
    split: Annotated[str | None, typer.Option(help="random, time:COLUMN or group:COLUMN.")] = None,
    title: Annotated[str, typer.Option(help="Title of the study.")] = "",
    option: Annotated[list[str] | None, typer.Option(help="A standard option; may be given several times.")] = None,
    model: Annotated[list[Path] | None, typer.Option(help="A model file; may be given several times.")] = None,
) -> None:
    """Make a study folder of a data file; columns are guessed and can be corrected in its study.yaml."""
    from explainers.load.beginning import OPTIONS, begin

    try:
        made = begin(
            folder,
            data,
            target=target,
            positive=positive,
            split=split,
            title=title,
            options=tuple(option) if option else OPTIONS,
            model_files=tuple(model or ()),
        )
    except StudyError as error:
        for p in error.problems:
            typer.echo(f"{p.severity.upper()} {p.where}\n  {p.message}\n  What to do: {p.remedy}", err=True)
        stop("Nothing was written." if error.problems else error.message)
    except BakeoffError as error:
        stop(error.message)
    for p in made.problems:
        typer.echo(f"{p.severity.upper()} {p.where}\n  {p.message}\n  What to do: {p.remedy}")
    rows, inputs = len(made.frame), len(made.feature_names)
    typer.echo(f"{folder} is ready: {rows:,} rows, {inputs} inputs, outcome “{made.dictionary[made.target].label}”.")
    typer.echo(f"Look at study.yaml, then call: python -m explainers serve {folder}")


@app.command()
def serve(
    folder: Annotated[list[Path] | None, typer.Argument(help="Folders with studies, besides the samples.")] = None,
    port: Annotated[int, typer.Option(help="Port of this computer; 0 takes a free one.")] = 8501,
    address: Annotated[str, typer.Option(help="Who may reach it: 127.0.0.1 is this computer only.")] = "127.0.0.1",
) -> None:
    """Open the application in a server of its own, until Ctrl+C."""
    from explainers.serving import end, free_port, start

    for place in folder or []:
        if not place.is_dir():
            stop(f"There is no folder {place.name!r}. Give a study's folder, or one that holds several.", MISUSED)
    number = port or free_port()
    process = start(number, folder or [], address=address)
    typer.echo(f"http://{address}:{number} (Ctrl+C ends it)")
    try:
        code = process.wait()
    except KeyboardInterrupt:
        code = 0
    finally:
        end(process)
    if code:
        stop(f"The server ended at once. Look whether port {number} is taken, and give another one with --port.")


def _explain_ahead(study: Study, names: list[str]) -> None:
    """Explain the demo cases by every option and the never-seen cases by the first, so that pages need not wait."""
    from explainers.ahead import cases_ahead, explain_ahead

    cases = cases_ahead(study)
    for name in names:
        explain_ahead(study, name, cases[: len(study.pinned) or 1])
    if study.first in names:
        explain_ahead(study, study.first, cases)
