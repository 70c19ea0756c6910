"""Write a built study to files: slides, a page that stands alone, a report."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from explainers.commands.terminal import MISUSED, Audience, StudyArgument, app, open_here, progress, stop
from explainers.errors import BakeoffError


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
        stop("Say where to: --html FILE, --pptx FILE, or both.", MISUSED)
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

    opened = attach(open_here(study))
    try:
        write(opened, files, option or None, kind=kind, audience=audience.value, cases=cases or None, progress=progress)
    except BakeoffError as error:
        stop(error.message)
    typer.echo("", err=True)
    for path in files.values():
        typer.echo(f"{path} ({path.stat().st_size / 1e6:.1f} MB)")
