"""The command line: the same words in the terminal as on the page.

python -m explainers new FOLDER --data FILE --target COLUMN
python -m explainers serve [FOLDER ...]
python -m explainers list
python -m explainers validate STUDY
python -m explainers build STUDY
python -m explainers explain STUDY CASE
python -m explainers explain STUDY --file CASES --out TABLE
python -m explainers export STUDY --html FILE --pptx FILE
python -m explainers report STUDY FILE

STUDY is a study's name or its folder. Exit codes: 0 done, 1 something was found or failed (said on stderr), 2 the call
itself is not right.
"""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from explainers.errors import BakeoffError, StudyError

if TYPE_CHECKING:
    from explainers.results import Narrative, Problem
    from explainers.study import Study

FAILED, MISUSED = 1, 2
app = typer.Typer(
    name="bakeoff",
    help="Put candidate models in front of the people who have to live with them.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


class Audience(StrEnum):
    """Whom the words are for."""

    business = "business"
    technical = "technical"


StudyArgument = Annotated[str, typer.Argument(help="Name of a study, or its folder.", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]


@app.command(name="list")
def list_(as_json: AsJson = False) -> None:
    """List the studies that can be opened."""
    from explainers.load.catalogue import heading, list_studies

    rows = []
    for name, folder in list_studies().items():
        said = heading(folder)
        rows.append({"name": name, "title": said.get("title", name), "question": said.get("question", "")})
    if as_json:
        _print_json(rows)
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
        problems, opens = open_study(_folder(study), build=False).problems, True
    except StudyError as error:
        problems, opens = error.problems, False
        if not error.problems:
            _stop(error.message)
    found = list(problems)
    if as_json:
        _print_json({"opens": opens, "problems": [dataclasses.asdict(p) for p in found]})
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

    opened = _open(study)
    unknown = [name for name in option or [] if name not in opened.candidates]
    if unknown:
        _stop(f"There is no option {unknown[0]!r}. The study has: {', '.join(opened.candidates)}.", MISUSED)
    built = build_all(opened, tuple(option) if option else None, progress=None if as_json else _progress)
    names = option or list(built.candidates)
    ready = [n for n in names if built.candidates[n].built]
    complete(built, ready, ranges=True, progress=None if as_json else _progress)
    _explain_ahead(built, ready)
    failed = [n for n in names if built.candidates[n].failure]
    if as_json:
        _print_json({n: built.candidates[n].failure or "built" for n in names})
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
        _stop("Nothing was written." if error.problems else error.message)
    except BakeoffError as error:
        _stop(error.message)
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
            _stop(f"There is no folder {place.name!r}. Give a study's folder, or one that holds several.", MISUSED)
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
        _stop(f"The server ended at once. Look whether port {number} is taken, and give another one with --port.")


@app.command()
def explain(
    study: StudyArgument,
    case: Annotated[str, typer.Argument(help="Number of the case.", show_default=False)] = "",
    option: Annotated[str, typer.Option(help="Which option; by default the study's first.")] = "",
    audience: Annotated[Audience, typer.Option(help="Whom the words are for.")] = Audience.business,
    outcome: Annotated[str, typer.Option(help="With several classes: the class to explain.")] = "",
    file: Annotated[Path | None, typer.Option(help="Explain every case of this file instead.")] = None,
    out: Annotated[Path | None, typer.Option(help="Where to: a table that ends in .csv or .parquet.")] = None,
    towards: Annotated[bool, typer.Option("--towards", help="Of a file: reasons towards the outcome only.")] = False,
    as_json: AsJson = False,
) -> None:
    """Say what an option answers for one case, and why; or for every case of a file, at most four reasons each."""
    if bool(case) == (file is not None) or (file is None) != (out is None):
        _stop("Name one case, or a file with --file and where the table goes with --out.", MISUSED)
    if file is not None and out is not None:
        _explain_file(study, file, out, option, audience, outcome, towards)
        return
    from explainers.attribution import explain as compute
    from explainers.complete import kept
    from explainers.reasons import reasons
    from explainers.words import case as words

    opened = _open(study)
    name = _option(opened, option)
    try:
        candidate = opened.candidate(name)
        row = opened.row(case)
        chosen = _outcome(opened, outcome)
        found = compute(opened.build(name), name, row[list(candidate.features)], outcome=chosen)
    except BakeoffError as error:
        _stop(error.message)
    interval, coverage, unusual = kept(opened, name, case)
    said = words.describe(
        found,
        opened.build(name),
        interval=interval,
        coverage=coverage,
        unusual=unusual,
        audience=audience.value,
        case=case,
    )
    if as_json:
        shown = reasons(found, opened.build(name))
        document: dict[str, Any] = {
            "study": opened.name,
            "option": name,
            "case": case,
            "prediction": float(found.predictions[0]),
            "base": float(found.base_values[0]),
            "unit": found.unit,
            "reasons": [{"feature": r.feature, "amount": r.amount, "error": r.error} for r in shown.shown],
            "others": shown.others,
            **_said(said),
        }
        _print_json(document)
        return
    typer.echo(said.headline.text)
    for sentence in said.caveats:
        typer.echo(f"! {sentence.text}")
    for sentence in said.sentences:
        typer.echo(f"{'  - ' if sentence.kind == 'reason' else ''}{sentence.text}")


@app.command()
def export(
    study: StudyArgument,
    html: Annotated[Path | None, typer.Option(help="Write a page that stands alone to this file.")] = None,
    pptx: Annotated[Path | None, typer.Option(help="Write slides (PowerPoint) to this file.")] = None,
    option: Annotated[str, typer.Option(help="Which option is spoken of; by default the study's first.")] = "",
    audience: Annotated[Audience, typer.Option(help="Whom the words are for.")] = Audience.business,
    case: Annotated[list[str] | None, typer.Option(help="A case to show; may be given several times.")] = None,
) -> None:
    """Write a built study as a deck: every question with its answer, charts, and the demo cases with their reasons."""
    wanted = {form: path for form, path in (("html", html), ("pptx", pptx)) if path is not None}
    if not wanted:
        _stop("Say where to: --html FILE, --pptx FILE, or both.", MISUSED)
    _write(study, wanted, "deck", option, audience, case)


@app.command()
def report(
    study: StudyArgument,
    file: Annotated[Path, typer.Argument(help="The HTML file that is written.", show_default=False)],
    option: Annotated[str, typer.Option(help="Which option is spoken of; by default the study's first.")] = "",
    audience: Annotated[Audience, typer.Option(help="Whom the words are for.")] = Audience.business,
    case: Annotated[list[str] | None, typer.Option(help="A case to show; may be given several times.")] = None,
) -> None:
    """Write a built study as a report: why, who, which data, groups, how good, what for; one file that stands alone."""
    _write(study, {"html": file}, "report", option, audience, case)


def _write(
    study: str, files: Mapping[str, Path], kind: str, option: str, audience: Audience, cases: list[str] | None
) -> None:
    """Put a built study together, write it and say where to."""
    from explainers.build import attach
    from explainers.report.exporting import write

    opened = attach(_open(study))
    try:
        write(
            opened, files, option or None, kind=kind, audience=audience.value, cases=cases or None, progress=_progress
        )
    except BakeoffError as error:
        _stop(error.message)
    typer.echo("", err=True)
    for path in files.values():
        typer.echo(f"{path} ({path.stat().st_size / 1e6:.1f} MB)")


def _explain_file(
    study: str, file: Path, out: Path, option: str, audience: Audience, outcome: str, towards: bool
) -> None:
    """Explain every case of a file and say where the table is."""
    from explainers.report.batch import explain_file

    opened = _open(study)
    name, chosen, only = _option(opened, option), _outcome(opened, outcome), "towards" if towards else None
    try:
        built = opened.build(name)
        n, failed = explain_file(
            built, name, file, out, outcome=chosen, audience=audience.value, only=only, progress=_progress
        )
    except BakeoffError as error:
        _stop(error.message)
    typer.echo("", err=True)
    typer.echo(f"{out}: {n:,} {opened.cases}" + (f", {failed:,} without an answer (each says why)" if failed else ""))
    if failed:
        raise typer.Exit(FAILED)


def _explain_ahead(study: Study, names: list[str]) -> None:
    """Explain the demo cases by every option and the never-seen cases by the first, so that pages need not wait."""
    from explainers.ahead import cases_ahead, explain_ahead

    cases = cases_ahead(study)
    for name in names:
        explain_ahead(study, name, cases[: len(study.pinned) or 1])
    if study.first in names:
        explain_ahead(study, study.first, cases)


def _option(study: Study, asked: str) -> str:
    """Return the option that was asked for, else the study's first, else the last."""
    return asked or (study.first if study.first in study.candidates else list(study.candidates)[-1])


def _outcome(study: Study, asked: str) -> Any:
    """Return the class that was asked for, as it stands in the data; None where none was."""
    if not asked:
        return None
    found = next((c for c in study.classes if str(c) == asked), None)
    if found is None:
        known = ", ".join(str(c) for c in study.classes) or "none, it answers with numbers"
        _stop(f"There is no class {asked!r}. The study has: {known}.", MISUSED)
    return found


def _said(narrative: Narrative) -> dict[str, Any]:
    return {
        "headline": narrative.headline.text,
        "caveats": [s.text for s in narrative.caveats],
        "sentences": [s.text for s in narrative.sentences],
    }


def _folder(study: str) -> Path:
    from explainers.load.catalogue import list_studies

    known = list_studies()
    if study in known:
        return known[study]
    if not Path(study).is_dir():
        _stop(f"There is no study {study!r}. Give a folder, or one of: {', '.join(known) or 'none yet'}.", MISUSED)
    return Path(study)


def _open(study: str) -> Study:
    from explainers.load import open_study

    folder = _folder(study)
    try:
        return open_study(folder, build=False)
    except StudyError as error:
        _stop(f"{error.message}\nCall: python -m explainers validate {study}")


def _progress(fraction: float, doing: str) -> None:
    """Show on one line of stderr how far it is, or one line per step where nobody watches."""
    if sys.stderr.isatty():
        typer.echo(f"\r\033[K{round(100 * fraction):3d}% {doing}", nl=False, err=True)
    else:
        typer.echo(f"{round(100 * fraction):3d}% {doing}", err=True)


def _print_json(value: Mapping[str, Any] | list[Any]) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def _stop(message: str, code: int = FAILED) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(code)


if __name__ == "__main__":
    app()
