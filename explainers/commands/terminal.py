"""What every command is made of: how it is called, what it opens, how it ends."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from explainers.errors import StudyError

if TYPE_CHECKING:
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


def folder_of(study: str) -> Path:
    """Return the folder of a study that was named, or given by its folder; stop where there is none."""
    from explainers.load.catalogue import list_studies

    known = list_studies()
    if study in known:
        return known[study]
    if not Path(study).is_dir():
        stop(f"There is no study {study!r}. Give a folder, or one of: {', '.join(known) or 'none yet'}.", MISUSED)
    return Path(study)


def open_here(study: str) -> Study:
    """Open a study without building anything; stop with what to call where it cannot be opened."""
    from explainers.load import open_study

    folder = folder_of(study)
    try:
        return open_study(folder, build=False)
    except StudyError as error:
        stop(f"{error.message}\nCall: python -m explainers validate {study}")


def option_of(study: Study, asked: str) -> str:
    """Return the option that was asked for, else the study's first, else the last."""
    return asked or (study.first if study.first in study.candidates else list(study.candidates)[-1])


def outcome_of(study: Study, asked: str) -> Any:
    """Return the class that was asked for, as it stands in the data; None where none was."""
    if not asked:
        return None
    found = next((c for c in study.classes if str(c) == asked), None)
    if found is None:
        known = ", ".join(str(c) for c in study.classes) or "none, it answers with numbers"
        stop(f"There is no class {asked!r}. The study has: {known}.", MISUSED)
    return found


def progress(fraction: float, doing: str) -> None:
    """Show on one line of stderr how far it is, or one line per step where nobody watches."""
    if sys.stderr.isatty():
        typer.echo(f"\r\033[K{round(100 * fraction):3d}% {doing}", nl=False, err=True)
    else:
        typer.echo(f"{round(100 * fraction):3d}% {doing}", err=True)


def print_json(value: Mapping[str, Any] | list[Any]) -> None:
    """Print one JSON document."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def stop(message: str, code: int = FAILED) -> NoReturn:
    """End the command with a message on stderr."""
    typer.echo(message, err=True)
    raise typer.Exit(code)
