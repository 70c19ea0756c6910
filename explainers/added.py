"""Options that people had trained from a page: kept in the database and set beside those of the study's own files.

Whoever asks a worker sends these options along (:func:`specs`), so that both sides speak of the same study.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from explainers import lineup
from explainers.study import Candidate, Study

if TYPE_CHECKING:
    from explainers.database import AddedOption

PROVENANCE = "trained from the page"
MOST = 40  # options beside those of the study; all of them are fitted and measured
MOST_COLUMNS = 12
LONGEST_LABEL = 120  # characters, as the database keeps them


class Size(NamedTuple):
    """Other sizes of a standard option: its parameter, the values, and how the option is then called and described."""

    parameter: str
    values: tuple[int, ...]
    label: str
    technical: str
    about: str


SIZES: Mapping[str, Size] = {
    "tree": Size(
        "max_depth",
        (2, 4, 5, 6),
        "Decision tree, up to {n} questions",
        "Decision tree, depth {n}",
        "It asks up to {n} yes-or-no questions, one after the other.",
    ),
    "forest": Size(
        "n_estimators",
        (30, 300),
        "{n} trees together",
        "Random forest, {n} trees",
        "It averages the answers of {n} decision trees.",
    ),
    "boosting": Size(
        "max_iter",
        (50, 400),
        "Step-by-step trees, {n} steps",
        "Histogram gradient boosting, {n} rounds",
        "It adds {n} small decision trees one after the other, each correcting those before it.",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One option that could be trained.

    Attributes
    ----------
    name : str
        Name of its candidate.
    label, technical, kind, description : str
        As the fields of a Candidate.
    recipe : str
        The standard recipe.
    parameters : dict
        What the recipe is given.
    """

    name: str
    label: str
    technical: str
    kind: str
    description: str
    recipe: str
    parameters: dict[str, Any] = field(hash=False)


def choices(study: Study) -> tuple[Choice, ...]:
    """Return the standard options that a study does not have yet, the study's own kinds in other sizes included.

    Parameters
    ----------
    study : Study
        With the options that it has by now.

    Returns
    -------
    tuple of Choice
        Simplest first: standard options, other sizes, options with their chances set right (classes), and the last
        known figure of a column (numbers).

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"x": range(60), "y": ["no", "yes", "no"] * 20})
    >>> study = Study.from_frame(frame, target="y", candidates=["no_model", "rule"])
    >>> [c.name for c in choices(study)][:3]
    ['table', 'formula', 'tree']
    """
    there = {_same(c.recipe, c.parameters) for c in study.candidates.values() if c.recipe and not c.uses_protected}
    asked: list[tuple[str, dict[str, Any]]] = [(recipe, {}) for recipe in lineup.RECIPES]
    asked += [(recipe, {size.parameter: n}) for recipe, size in SIZES.items() for n in size.values]
    if study.task == "classification":
        plain = [c for c in study.candidates.values() if c.recipe in lineup.RECIPES and not c.uses_protected]
        able = [c for c in plain if c.recipe != "no_model" and not {"of"} & set(c.parameters)]
        asked += [("recalibrated", {"of": c.recipe, **c.parameters}) for c in able]
    else:
        numbers = [n for n in study.inputs if study.frame[n].dtype.kind in "iuf"][:MOST_COLUMNS]
        asked += [("last_known", {"column": n}) for n in numbers]
    return tuple(choice(study, *one) for one in asked if _same(*one) not in there)


def choice(study: Study, recipe: str, parameters: Mapping[str, Any]) -> Choice:
    """Return what an option made by a recipe with these parameters is called and how it is described.

    Raises
    ------
    CandidateError
        There is no such recipe.
    """
    words = lineup.defaults(recipe, study.task)
    label, technical, about = words["label"], words["technical"], words["description"]
    size = SIZES.get(recipe)
    if size is not None and size.parameter in parameters:
        n = str(parameters[size.parameter])
        label, technical, about = (t.replace("{n}", n) for t in (size.label, size.technical, size.about))
    if recipe == "recalibrated":
        rest = {k: v for k, v in parameters.items() if k != "of"}
        of = choice(study, str(parameters.get("of", "")), rest)
        label, technical = f"{of.label}, chances set right", f"{of.technical}, recalibrated"
    if recipe == "last_known":
        column = str(parameters.get("column", ""))
        name = study.dictionary[column].label if column in study.dictionary else column
        label, technical = f"Last known figure: {name}", f"{technical} of {name}"
    return Choice(
        name=_name(recipe, parameters),
        label=label[:LONGEST_LABEL],
        technical=technical,
        kind=words["kind"],
        description=about,
        recipe=recipe,
        parameters=dict(parameters),
    )


def extended(study: Study, options: Iterable[AddedOption | Mapping[str, Any]]) -> Study:
    """Return the study with further options, each with what the store knows of it.

    Parameters
    ----------
    study : Study
        As it was opened from its folder; it is not changed.
    options : iterable of AddedOption or mapping
        name, label, recipe and parameters, and who added it. One that cannot be made, or whose name is taken, is left
        out: what an older or a newer version kept must not stop a study.

    Returns
    -------
    Study
        The same study where there is nothing to add.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"x": range(60), "y": ["no", "yes", "no"] * 20})
    >>> study = Study.from_frame(frame, target="y", candidates=["no_model", "rule"])
    >>> more = extended(study, [{"name": "tree", "label": "A tree", "recipe": "tree", "parameters": {}}])
    >>> list(more.candidates), more.candidates["tree"].built
    (['no_model', 'rule', 'tree'], False)
    """
    from explainers.build import attach
    from explainers.load.making import finished

    more: dict[str, Candidate] = {}
    for option in options:
        made = _candidate(study, option)
        if made is not None and made.name not in study.candidates and len(more) < MOST:
            more.setdefault(made.name, made)
    return finished(attach(study.replace(candidates={**study.candidates, **more}))) if more else study


def specs(study: Study) -> list[dict[str, Any]]:
    """Return the added options of a study as plain values, for :func:`extended` in another process."""
    return [
        {"name": c.name, "label": c.label, "recipe": c.recipe, "parameters": dict(c.parameters), "by": c.provenance}
        for c in study.candidates.values()
        if is_added(c)
    ]


def is_added(candidate: Candidate) -> bool:
    """Return whether a candidate was added from a page."""
    return candidate.provenance.startswith(PROVENANCE)


def stored(name: str) -> tuple[AddedOption, ...]:
    """Return the options that people added to the study of this name, the first one first; none without a database.

    Raises
    ------
    DatabaseError
        The database cannot be read.
    """
    from explainers import database

    return () if database.nothing_yet() else tuple(sorted(database.added_options(name), key=lambda o: o.id))


def _candidate(study: Study, option: Any) -> Candidate | None:
    fields = option if isinstance(option, Mapping) else {k: getattr(option, k) for k in _KEPT}
    name, recipe, parameters = str(fields.get("name", "")), str(fields.get("recipe", "")), fields.get("parameters")
    if not name or recipe not in lineup.KNOWN or not isinstance(parameters, Mapping):
        return None
    if recipe == "recalibrated" and str(parameters.get("of", "")) not in lineup.RECIPES:
        return None
    words = choice(study, recipe, parameters)
    by = fields.get("by") or f"{PROVENANCE}, asked for by {fields.get('author', '')}"
    return Candidate(
        name=name,
        label=str(fields.get("label") or words.label),
        kind=words.kind,  # type: ignore[arg-type]
        technical=words.technical,
        description=words.description,
        estimator=None,
        features=study.inputs,
        recipe=recipe,
        parameters=dict(parameters),
        provenance=str(by),
    )


_KEPT = ("name", "label", "recipe", "parameters", "author")


def _same(recipe: str, parameters: Mapping[str, Any]) -> str:
    return f"{recipe}{sorted((str(k), str(v)) for k, v in parameters.items())}"


def _name(recipe: str, parameters: Mapping[str, Any]) -> str:
    """Return a short name for links and code: the recipe and the values that differ from its own."""
    values = [str(v) for _, v in sorted(parameters.items(), key=lambda kv: (kv[0] != "of", kv[0]))]
    text = "_".join([recipe, *values])
    short = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")[:48]
    return short if short == text else f"{short}_{hashlib.sha256(text.encode()).hexdigest()[:6]}"
