"""The candidates of a study: recipes of the standard line-up, model files of the folder, estimators that were given."""

from __future__ import annotations

import hashlib
import importlib
from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, get_args

import pandas as pd

from explainers.dictionary import humanise
from explainers.errors import BakeoffError
from explainers.load.stated_cost import read_cost
from explainers.load.study_file import as_bool, unknown_field, wrong_choice, wrong_type
from explainers.models.inputs import Inputs
from explainers.results import Problem
from explainers.study import Candidate, CandidateKind, Dictionary
from explainers.validate.say import nearest, plain, quoted

_TEXTS = ("label", "technical", "kind", "description", "provenance", "recipe", "file")
FIELDS = (*_TEXTS, "uses_protected", "features", "parameters", "given_fitted", "cost")
_KINDS: dict[str, CandidateKind] = {
    "Dummy": "baseline",
    "OneRule": "rule",
    "GroupTable": "rule",
    "Explainable": "glass_box",
    "DecisionTree": "glass_box",
    "LinearReg": "statistical",
    "LogisticReg": "statistical",
    "Ridge": "statistical",
    "Lasso": "statistical",
    "ElasticNet": "statistical",
    "Formula": "statistical",
    "Poisson": "statistical",
    "Gamma": "statistical",
    "Tweedie": "statistical",
}


@dataclass(slots=True, kw_only=True)
class Maker:
    """Makes candidates for one study and collects what is wrong with them."""

    dictionary: Dictionary
    target: str
    task: str
    classes: tuple[Hashable, ...]
    frame: pd.DataFrame = field(default_factory=pd.DataFrame)
    positive: Hashable = None
    folder: Path | None = None
    split_given: bool = False
    problems: list[Problem] = field(default_factory=list)

    def make(self, given: Any) -> dict[str, Candidate]:
        """Return the candidates by name.

        Parameters
        ----------
        given : mapping or sequence or None
            Name to recipe name, fields, estimator or Candidate; a sequence names recipes; None: no model and one rule.
        """
        if given is None:
            given = ("no_model", "rule")
        if not isinstance(given, Mapping):
            given = {str(name): str(name) for name in given}
        made = {}
        for name, what in given.items():
            candidate = self._one(str(name), what)
            if candidate is not None:
                made[candidate.name] = candidate
        if not made and not self.problems:
            self._problem("no_candidates", "options", "There is no option to compare.", "Add one, such as 'no_model'.")
        self._same_labels(made)
        return made

    def _same_labels(self, made: Mapping[str, Candidate]) -> None:
        """Warn of options that people cannot tell apart by what they are called."""
        labels = Counter(c.label.casefold() for c in made.values())
        for label in (k for k, n in labels.items() if n > 1):
            same = [c for c in made.values() if c.label.casefold() == label]
            message = f"{len(same)} options are called '{plain(same[0].label)}': {quoted([c.name for c in same])}."
            self._problem("repeated_label", "options", message, "Give each a label of its own.", "warning")

    def _problem(self, code: str, where: str, message: str, remedy: str, severity: Any = "error") -> None:
        self.problems.append(Problem(code=code, where=where, message=message, remedy=remedy, severity=severity))

    def _one(self, name: str, what: Any) -> Candidate | None:
        where = f"option {plain(name)}"
        if isinstance(what, Candidate):
            fitted_here = not what.given_fitted and not what.file  # a file may hold a fitted one
            stated, found = read_cost(what.given_cost, where, fitted_here=fitted_here)
            self.problems += found
            made = replace(what, name=name, given_cost=stated)
            return self._with_features(made, list(what.features) or None, where)
        if what is None:
            what = {"recipe": name}
        if isinstance(what, str):
            what = {"recipe": what}
        if isinstance(what, Mapping):
            return self._from_fields(name, what, where)
        from explainers.adapters import adapt

        estimator, refused = adapt(what, task=self.task, classes=self.classes, positive=self.positive)
        if refused is not None:
            self._problem("not_an_estimator", where, *refused)
            return None
        return self._from_estimator(name, estimator, where)

    # -- recipes and files -----------------------------------------------------------------------------------------
    def _from_fields(self, name: str, fields: Mapping[Any, Any], where: str) -> Candidate | None:
        before = sum(p.severity == "error" for p in self.problems)
        self.problems += [unknown_field(str(k), FIELDS, where) for k in fields if k not in FIELDS]
        given = {k: v for k, v in fields.items() if k in FIELDS and v is not None}
        for key in _TEXTS:
            if isinstance(given.get(key), Mapping | list | bool):
                self.problems.append(wrong_type(key, "text", given.pop(key), where))
        kind = given.get("kind")
        if kind is not None and kind not in get_args(CandidateKind):
            self.problems.append(wrong_choice("kind", kind, get_args(CandidateKind), where))
        flags = {key: as_bool(given[key]) for key in ("uses_protected", "given_fitted") if key in given}
        for key, flag in flags.items():
            if flag is None:
                self.problems.append(wrong_type(key, "true or false", given[key], where))
        if not isinstance(given.get("parameters", {}), Mapping):
            self.problems.append(wrong_type("parameters", "names and values", given["parameters"], where))
        columns = given.get("features")
        if columns is not None and not isinstance(columns, list):
            self.problems.append(wrong_type("features", "a list of columns", columns, where))
        fitted_here = "file" not in given or flags.get("given_fitted") is False
        given["cost"], found = read_cost(given.get("cost"), where, fitted_here=fitted_here)
        self.problems += found
        if sum(p.severity == "error" for p in self.problems) > before:
            return None
        columns = [str(c) for c in columns] if columns is not None else None
        uses = bool(flags.get("uses_protected"))
        if "file" in given:
            return self._from_file(name, given, where, fitted=flags.get("given_fitted"), columns=columns, uses=uses)
        defaults = self._defaults(str(given.get("recipe", name)), where)
        if defaults is None:
            return None
        text = {**defaults, **{k: str(given[k]) for k in ("label", "technical", "kind", "description") if k in given}}
        made = Candidate(
            name=name,
            label=text.get("label") or humanise(name),
            kind=text.get("kind", "black_box"),
            technical=text.get("technical", ""),
            description=text.get("description", ""),
            estimator=None,
            features=(),
            recipe=str(given.get("recipe", name)),
            parameters=dict(given.get("parameters", {})),
            uses_protected=uses,
            given_cost=given["cost"],
            provenance=str(given.get("provenance", "standard line-up")),
        )
        return self._with_features(made, columns, where)

    def _defaults(self, recipe: str, where: str) -> dict[str, Any] | None:
        lineup = importlib.import_module("explainers.lineup")
        if recipe in lineup.KNOWN:
            return dict(lineup.defaults(recipe, self.task))
        near = nearest(recipe, tuple(lineup.KNOWN))
        self._problem(
            "unknown_recipe",
            where,
            f"There is no recipe '{plain(recipe)}'.",
            (f"Did you mean '{near}'? " if near else "") + f"There are: {', '.join(lineup.KNOWN)}.",
        )
        return None

    def _from_file(
        self,
        name: str,
        given: Mapping[str, Any],
        where: str,
        *,
        fitted: bool | None,
        columns: list[str] | None,
        uses: bool,
    ) -> Candidate | None:
        """Return the candidate of a model file; the file is read by `explainers.models` only when it has to answer."""
        path = inside(self.folder, str(given["file"]))
        if path is None or not path.is_file():
            self._problem(
                "model_file",
                where,
                f"Its model file '{plain(given['file'])}' is not in the folder of the study.",
                "Put the file into the folder and name it relative to it.",
            )
            return None
        columns, fits = self._of_file(path, columns, where)
        if not fits:
            return None
        made = Candidate(
            name=name,
            label=str(given.get("label") or humanise(name)),
            kind=given.get("kind", "black_box"),
            technical=str(given.get("technical", "")),
            description=str(given.get("description", "")),
            estimator=None,
            features=(),
            file=str(given["file"]),
            given_fitted=fitted is not False,
            uses_protected=uses,
            parameters=dict(given.get("parameters", {})),
            given_cost=given["cost"],
            key=hashlib.sha256(path.read_bytes()).hexdigest(),
            provenance=str(given.get("provenance", f"file {plain(path.name)}")),
        )
        if made.given_fitted and not self.split_given:
            self._unknown_history(where)
        return self._with_features(made, columns, where)

    # -- estimators ------------------------------------------------------------------------------------------------
    def _of_file(self, path: Path, columns: list[str] | None, where: str) -> tuple[list[str] | None, bool]:
        """Return the columns to give to a model file, and whether it can answer these data as far as it says."""
        from explainers import models

        try:
            found = models.describe(path)
        except BakeoffError as error:  # the others are still worth opening; this one says why when it is asked
            self._problem("model_refused", where, error.message, "Leave it out until it can be read.", "warning")
            return columns, True
        return (columns, True) if found is None else self._matched(found, columns, where)

    def _matched(self, found: Inputs, columns: list[str] | None, where: str) -> tuple[list[str] | None, bool]:
        from explainers.models.matching import match

        absent = [c for c in columns or () if c not in self.dictionary or c == self.target]
        if absent:
            return columns, True  # said by _with_features
        chosen, problems = match(
            found,
            self.frame,
            self.dictionary,
            target=self.target,
            task=self.task,
            classes=self.classes,
            where=where,
            features=columns,
        )
        self.problems += problems
        return chosen, chosen is not None

    # -- estimators ------------------------------------------------------------------------------------------------
    def _from_estimator(self, name: str, estimator: Any, where: str) -> Candidate | None:
        from explainers.models.inputs import inputs

        fitted = is_fitted(estimator)
        technical, kind = described(estimator)
        history = "which rows it learned from is not known" if fitted and not self.split_given else ""
        if history:
            self._unknown_history(where)
        made = Candidate(
            name=name,
            label=humanise(name),
            kind=kind,
            technical=technical,
            estimator=estimator,
            features=(),
            given_fitted=fitted,
            provenance="; ".join(filter(None, ["given by the caller", "fitted" if fitted else "", history])),
        )
        found = inputs(estimator)
        if not fitted:
            found = Inputs(task=found.task)
        columns, fits = self._matched(found, None, where)
        return self._with_features(made, columns if fitted else None, where) if fits else None

    def _unknown_history(self, where: str) -> None:
        self._problem(
            "unknown_history",
            where,
            "It was handed in ready-made and nobody said which rows it learned from. It may have seen every row, so "
            "its figures may look better than they are.",
            "Give the rows it learned from as 'split', or hand it in unfitted.",
            "warning",
        )

    # -- columns ---------------------------------------------------------------------------------------------------
    def _with_features(self, made: Candidate, columns: list[str] | None, where: str) -> Candidate | None:
        """Return the candidate with its columns: those it names, else the study's inputs."""
        features = self.dictionary.names("feature")
        plain_inputs = tuple(n for n in features if not self.dictionary[n].protected)
        if columns is None:
            return replace(made, features=features if made.uses_protected else plain_inputs)
        absent = [c for c in columns if c not in self.dictionary or c == self.target]
        if absent:
            what = "the outcome itself" if self.target in absent else f"the columns {quoted(absent)}"
            self._problem(
                "columns_of_candidate",
                where,
                f"It needs {what}" + (" as an input." if self.target in absent else ", which the data do not have."),
                "Leave the column out, or add it to the data.",
            )
            return None
        return replace(
            made,
            features=tuple(columns),
            uses_protected=made.uses_protected or any(self.dictionary[c].protected for c in columns),
        )


def inside(folder: Path | None, name: str) -> Path | None:
    """Return a path inside the folder, or None if the name leads out of it (also by a link)."""
    if folder is None or not name or "\x00" in name:
        return None
    try:
        path = (folder / name).resolve()
        return path if path.is_relative_to(folder.resolve()) and path != folder.resolve() else None
    except (OSError, ValueError, RuntimeError):
        return None


def is_fitted(estimator: Any) -> bool:
    """Return whether an estimator was fitted; one that does not say has attributes that end in an underscore."""
    from sklearn.exceptions import NotFittedError
    from sklearn.utils.validation import check_is_fitted

    try:
        check_is_fitted(estimator)
    except NotFittedError:
        return False
    except Exception:  # not one of scikit-learn's: look for what fitting leaves behind
        return any(k.endswith("_") and not k.startswith("_") for k in vars(estimator))
    return True


def described(estimator: Any) -> tuple[str, CandidateKind]:
    """Return the name of the class of an estimator, of a pipeline that of its last step, and its kind of option."""
    steps = getattr(estimator, "steps", None)
    last = steps[-1][1] if isinstance(steps, list) and steps and isinstance(steps[-1], tuple) else estimator
    name = type(last).__name__
    return name, next((kind for start, kind in _KINDS.items() if name.startswith(start)), "black_box")
