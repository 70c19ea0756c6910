"""Explain one case, or every case of a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from explainers.commands.terminal import (
    FAILED,
    MISUSED,
    AsJson,
    Audience,
    StudyArgument,
    app,
    open_here,
    option_of,
    outcome_of,
    print_json,
    progress,
    stop,
)
from explainers.errors import BakeoffError

if TYPE_CHECKING:
    from explainers.results import Narrative


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
        stop("Name one case, or a file with --file and where the table goes with --out.", MISUSED)
    if file is not None and out is not None:
        _explain_file(study, file, out, option, audience, outcome, towards, as_json=as_json)
        return
    from explainers.attribution import explain as compute
    from explainers.complete import kept
    from explainers.reasons import reasons
    from explainers.words import case as words

    opened = open_here(study)
    name = option_of(opened, option)
    try:
        candidate = opened.candidate(name)
        row = opened.row(case)
        chosen = outcome_of(opened, outcome)
        found = compute(opened.build(name), name, row[list(candidate.features)], outcome=chosen)
    except BakeoffError as error:
        stop(error.message)
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
        print_json(document)
        return
    typer.echo(said.headline.text)
    for sentence in said.caveats:
        typer.echo(f"! {sentence.text}")
    for sentence in said.sentences:
        typer.echo(f"{'  - ' if sentence.kind == 'reason' else ''}{sentence.text}")


def _explain_file(
    study: str, file: Path, out: Path, option: str, audience: Audience, outcome: str, towards: bool, *, as_json: bool
) -> None:
    """Explain every case of a file and say where the table is."""
    from explainers.report.batch import explain_file

    opened = open_here(study)
    name, chosen, only = option_of(opened, option), outcome_of(opened, outcome), "towards" if towards else None
    try:
        built = opened.build(name)
        n, failed = explain_file(
            built, name, file, out, outcome=chosen, audience=audience.value, only=only, progress=progress
        )
    except BakeoffError as error:
        stop(error.message)
    typer.echo("", err=True)
    if as_json:
        print_json({"study": opened.name, "option": name, "table": str(out), "cases": n, "without_an_answer": failed})
    else:
        without = f", {failed:,} without an answer (each says why)" if failed else ""
        typer.echo(f"{out}: {n:,} {opened.cases}{without}")
    if failed:
        raise typer.Exit(FAILED)


def _said(narrative: Narrative) -> dict[str, Any]:
    return {
        "headline": narrative.headline.text,
        "caveats": [s.text for s in narrative.caveats],
        "sentences": [s.text for s in narrative.sentences],
    }
