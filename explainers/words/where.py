"""Say conditions on columns: as a clause that fits after 'where', and as a label of a chart or table."""

from __future__ import annotations

from collections.abc import Sequence

from explainers.results import Condition
from explainers.study import Study
from explainers.words import amounts, phrases
from explainers.words.say import Shown, join
from explainers.words.whole import condition

LONG = 16
"""Words of conditions from which each stands in a sentence of its own."""


def where(conditions: Sequence[Condition], study: Study, *, apart: bool = False) -> Shown:
    """Return conditions as a clause that fits after 'where': 'the sewer is septic and “House age” is over 21 years'.

    With ``apart`` each is a sentence of its own: 'the sewer is septic. Also, “House age” is over 21 years'.
    """
    said = [_holds(c, study) for c in conditions]
    if not said:
        return Shown(f"all {study.cases} are taken together")
    template = ", ".join(f"{{c{k}}}" for k in range(len(said) - 1))
    template = f"{template} and {{c{len(said) - 1}}}" if template else "{c0}"
    template = ". Also, ".join(f"{{c{k}}}" for k in range(len(said))) if apart else template
    return join(template, **{f"c{k}": s for k, s in enumerate(said)})


def _holds(c: Condition, study: Study) -> Shown:
    if len(c.levels) == 1 and not c.other and not c.missing:
        return phrases.clause(study, c.feature, c.levels[0])
    if c.missing:
        return phrases.clause(study, c.feature, None)
    said = _said(c, study)
    return Shown(f"{amounts.name(study, c.feature)} is {said}", {**said.facts, "said": said.text})


def _said(c: Condition, study: Study) -> Shown:
    """Return what holds of a column without its name: 'over 43%', '“low” to “middle”', 'after 1988'."""
    entry = phrases.feature(study, c.feature)
    ends = {"above": c.above, "up_to": c.up_to}
    if (
        entry.role == "time"
        and entry.kind == "numeric"
        and all(v is None or float(v).is_integer() for v in ends.values())
    ):
        said = [f"{word} {v:.0f}" for word, v in (("after", c.above), ("up to", c.up_to)) if v is not None]
        if said:
            return Shown(" and ".join(said), {k: int(v) for k, v in ends.items() if v is not None})
    if entry.kind == "ordered" and len(c.levels) > 2 and not c.other:
        first, last = (amounts.value(study, c.feature, v) for v in (c.levels[0], c.levels[-1]))
        return join("{first} to {last}", first=first, last=last)
    found = condition(study, c)
    text = str(found.facts["said"])
    if entry.unit and entry.unit.lower() == entry.label.lower():
        text = text.replace(f" {entry.unit}", "")
    return Shown(text, found.facts)


def short(conditions: Sequence[Condition], study: Study) -> str:
    """Return conditions as a label of a chart or table: 'Sewer: septic; House age: over 21 years'."""
    if not conditions:
        return f"All {study.cases}"
    parts = []
    for c in conditions:
        said = _said(c, study).text.replace("“", "").replace("”", "")
        parts.append(f"{phrases.label(study, c.feature)}: {said}")
    return "; ".join(parts)


def cell_labels(groups: Sequence[Condition], study: Study) -> tuple[str, ...]:
    """Return the groups of one column as the axis of a heatmap shows them: '26 to 30%', so that a phone has room."""
    return tuple(_label(c, study).replace("“", "").replace("”", "") for c in groups)


def _label(c: Condition, study: Study) -> str:
    if c.other:
        return "anything else"
    said = _said(c, study).text
    if c.above is None or c.up_to is None or " and at most " not in said:
        return said.replace("at most ", "up to ")
    low, high = said.removeprefix("over ").split(" and at most ", 1)
    unit = high.lstrip("−-0123456789.,$€£ ")
    return f"{low.removesuffix(unit).rstrip() if unit else low} to {high}"
