"""The command line: the same words in the terminal as on the page.

python -m explainers list
python -m explainers validate STUDY
python -m explainers build STUDY
python -m explainers explain STUDY CASE

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
def explain(
    study: StudyArgument,
    case: Annotated[str, typer.Argument(help="Number of the case.", show_default=False)],
    option: Annotated[str, typer.Option(help="Which option; by default the study's first.")] = "",
    audience: Annotated[Audience, typer.Option(help="Whom the words are for.")] = Audience.business,
    outcome: Annotated[str, typer.Option(help="With several classes: the class to explain.")] = "",
    as_json: AsJson = False,
) -> None:
    """Say what an option answers for one case, and why."""
    from explainers.attribution import explain as compute
    from explainers.complete import kept
    from explainers.reasons import reasons
    from explainers.words import case as words

    opened = _open(study)
    name = option or (opened.first if opened.first in opened.candidates else list(opened.candidates)[-1])
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


def _explain_ahead(study: Study, names: list[str]) -> None:
    """Explain the demo cases by every option and the never-seen cases by the first, so that pages need not wait."""
    from explainers.ahead import cases_ahead, explain_ahead

    cases = cases_ahead(study)
    for name in names:
        explain_ahead(study, name, cases[: len(study.pinned) or 1])
    if study.first in names:
        explain_ahead(study, study.first, cases)


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
