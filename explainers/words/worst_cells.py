"""Say which cell of two columns is worst, and in how many the error differs by more than chance."""

from __future__ import annotations

from typing import Any

from explainers.results import Cells, Narrative
from explainers.study import Study
from explainers.words import amounts, phrases
from explainers.words.say import BUSINESS, Audience, quoted, sentence, spelled
from explainers.words.where import LONG, where
from explainers.words.worst import error_text, scale_of


def describe(result: Cells, study: Study, *, audience: Audience = BUSINESS) -> Narrative:
    """Say which cell of two columns is worst, and in how many the error differs by more than chance.

    Parameters
    ----------
    result : Cells
    study : Study
    audience : "business" or "technical"
    """
    scale = scale_of(result, study, audience) if result.total else None
    flat = [(i, j) for i, row in enumerate(result.verdicts) for j, v in enumerate(row) if v != "too few"]
    if not flat:
        template = "too few {cases} to tell: no cell has {least}"
        return Narrative(
            headline=sentence("answer", template, cases=study.cases, least=result.least, facts={"n": result.total}),
            sentences=(),
        )
    worst = max(flat, key=lambda p: (result.verdicts[p[0]][p[1]] == "more", float(result.errors[p])))
    groups = (result.groups_a[worst[0]], result.groups_b[worst[1]])
    more = sum(result.verdicts[i][j] == "more" for i, j in flat)
    n = int(result.n[worst])
    parts: dict[str, Any] = {
        "where": where(groups, study),
        "all": error_text(result.error, scale),
        "size": error_text(float(result.errors[worst]), scale),
        "n": n,
        "cases": study.cases,
    }
    what = "it differs" if scale is None else "it is off"
    how = "for {size}" if scale is None else "by {size} on average"
    overall = "Overall it does for {all}" if scale is None else "Overall it is off by {all}"
    template = what + " most where {where}: " + how + ", over {n} {cases}. " + overall
    if len(f"{parts['where']}".split()) > LONG:
        parts["where"] = where(groups, study, apart=True)
        template = what + " most in one cell: " + how + ", over {n} {cases}. There {where}. " + overall
    if len(flat) == 1:  # there is no most of one
        template = "only one cell has enough {cases}. There " + what + " " + how + ", over {n} of them. " + overall
    head = sentence("answer", template, facts={"lower": float(result.lower[worst])}, **parts)
    counts: dict[str, Any] = {"k": more, "m": len(flat)}
    template = "in {k} of {m} cells it is worse than overall, beyond chance"
    if not more:
        template = "in none of {m} cells is it worse than overall, beyond chance"
        if len(flat) == 1:
            template = "where {where}, it is not worse than overall, beyond chance"
            counts |= {"where": where(groups, study)}
    said = [sentence("comparison", template, **counts)]
    few = sum(v == "too few" for row in result.verdicts for v in row)
    if few:
        template = "{few} cells have fewer than {least} {cases}: too few to tell"
        if few == 1:
            template = "{few} cell has fewer than {least} {cases}: too few to tell"
        said.append(sentence("caveat", template, few=spelled(few), least=result.least, cases=study.cases))
    said.append(amounts.rows(study, result.total, result.total, result.rows, to=audience))
    return Narrative(headline=head, sentences=tuple(said))


def title(result: Cells, study: Study) -> str:
    """Return the title of the heatmap: the finding."""
    said = describe(result, study).headline.text
    return said.split(". ")[0].removesuffix(".")


def alt(result: Cells, study: Study) -> str:
    """Return the heatmap's text alternative."""
    a, b = phrases.label(study, result.a), phrases.label(study, result.b)
    return f"Heatmap of the error by {quoted(a)} and {quoted(b)}. {title(result, study)}."
