"""Put a study together from a table and what is said about it, finding all problems at once."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import fields as dataclass_fields
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from explainers.costs.assuming import problems as assumption_problems
from explainers.dictionary import infer, looks_like_id, read_entry
from explainers.load.candidates import Maker
from explainers.load.cells import read_cells
from explainers.load.known import Known
from explainers.load.outcome import choose_classes, choose_positive, choose_task
from explainers.load.rows import choose_rows, split_columns
from explainers.load.study_file import CHOICES, wrong_choice
from explainers.load.texts import checked_texts, with_pins
from explainers.load.tidy import tidy
from explainers.results import Problem
from explainers.study import Dictionary, Feature, Study, data_key, study_error
from explainers.validate import checks
from explainers.validate.say import column_place, nearest, plain


class Making:
    """A study in the making: everything that was found out so far, and all problems."""

    def __init__(self, what: str, problems: Sequence[Problem] = (), known: Known | None = None) -> None:
        self.what = what
        self.known = known or Known("")
        self.problems: list[Problem] = list(problems)
        self.places: dict[str, str] = {}

    def study(
        self,
        table: pd.DataFrame,
        *,
        target: str | None,
        candidates: Any = None,
        positive: Hashable = None,
        dictionary: Dictionary | Mapping[str, Any] | None = None,
        split: Any = None,
        about: Mapping[str, Any] | None = None,
        raw: bool = False,
        closed: bool = False,
        missing_values: Sequence[Any] = (),
        folder: Path | None = None,
    ) -> Study:
        """Return the study, not yet built.

        Parameters
        ----------
        table : DataFrame
            The data as they came.
        target, candidates, positive, dictionary, split
            As in :func:`explainers.load.from_frame`.
        about : mapping
            Text fields of the study.
        raw : bool
            Whether all cells are text still.
        closed : bool
            Whether columns that the dictionary does not name are left out of the inputs.
        missing_values : sequence
            Cells that stand for "missing".
        folder : Path, optional
            Folder of the study.

        Returns
        -------
        Study
            With the problems that do not stop it.

        Raises
        ------
        StudyError
            With all problems, where one of them is an error.
        """
        frame, found = tidy(table)
        self.problems += found
        closed = closed or isinstance(dictionary, Dictionary)
        entries: Mapping[str, Any] = (
            self._features(dictionary, frame, target)
            if isinstance(dictionary, Dictionary)
            else {str(name): entry for name, entry in (dictionary or {}).items()}
        )
        frame, found = read_cells(frame, entries, raw=raw, missing=[str(m) for m in missing_values])
        self.problems += found
        texts = dict(about or {})
        target = self._target(frame, entries, target)
        features = self._dictionary(frame, entries, target, split, closed=closed)
        task = self._task(frame, entries, target, texts)
        classes: tuple[Hashable, ...] = ()
        if task == "classification" and target is not None:
            classes = choose_classes(frame[target], features[target])
            positive, problem = choose_positive(frame[target], classes, positive, features[target])
            self.problems += [problem] if problem else []
        labels, by = None, "random"
        if target is not None and frame[target].notna().any():
            labels, by, found = choose_rows(frame, split, target=target, classification=task == "classification")
            self.problems += found
        if target is not None:
            if self.known.checks is None:
                found = checks(
                    frame, Dictionary(features=features), target=target, task=task, classes=classes, split=labels
                )
                self.known.note(checks=found)
            self.problems += self.known.checks or []
            features = self._levels_fit(frame, features, target)
        maker = Maker(
            dictionary=Dictionary(features=features),
            target=target or "",
            task=task,
            classes=classes,
            frame=frame,
            positive=positive,
            folder=folder,
            split_given=str(texts.get("split_by") or by) == "labels",
        )
        options = maker.make(candidates)
        self.problems += maker.problems
        fields, found = checked_texts(texts, classes, features.get(target or ""), tuple(options))
        self.problems += found
        self.stop_on_errors()
        assert target is not None
        assert labels is not None
        whole = Dictionary(features=features)
        if not self.known.data_key:
            self.known.note(data_key=data_key(frame, whole, labels))
        study = Study(
            task=task,
            target=target,
            frame=frame,
            dictionary=whole,
            split=labels,
            split_by=str(texts.get("split_by") or by),
            candidates=options,
            classes=classes,
            positive=positive if task == "classification" else None,
            folder=folder,
            data_key=self.known.data_key,
            **fields,
        )
        study, found = with_pins(study)
        self.problems += [*found, *assumption_problems(study)]
        return finished(study.replace(problems=self.sorted_problems()))

    # -- parts -----------------------------------------------------------------------------------------------------
    def stop_on_errors(self) -> None:
        """Raise the StudyError with everything that was found, if anything found is an error."""
        if any(p.severity == "error" for p in self.problems):
            raise study_error(self.sorted_problems(), self.what)

    def sorted_problems(self) -> tuple[Problem, ...]:
        """Return the problems, each once, errors first."""
        order = {"error": 0, "warning": 1, "note": 2}
        named = [replace(p, where=self.places.get(p.where, p.where)) for p in self.problems]
        once = {(p.code, p.where, p.severity): p for p in reversed(named)}  # a warning never hides an error
        return tuple(sorted(dict(reversed(once.items())).values(), key=lambda p: order[p.severity]))

    def add(self, code: str, where: str, message: str, remedy: str, severity: Any = "error") -> None:
        """Note a problem."""
        self.problems.append(Problem(code=code, where=where, message=message, remedy=remedy, severity=severity))

    def _features(self, dictionary: Dictionary, frame: pd.DataFrame, target: str | None) -> dict[str, Feature]:
        """Return the entries; an outcome in text whose entry was left at the default kind gets the kind it has."""
        entries = dict(dictionary.features)
        entry = entries.get(str(target))
        if entry is not None and entry.kind == "numeric" and str(target) in frame.columns:
            values = frame[str(target)]
            if not pd.api.types.is_numeric_dtype(values.dtype):
                entries[str(target)] = replace(entry, kind=infer(entry.name, values).kind)
        return entries

    def _target(self, frame: pd.DataFrame, entries: Mapping[str, Any], target: str | None) -> str | None:
        named = [n for n, e in entries.items() if _field(e, "role") == "target"]
        if target is None and len(named) == 1:
            target = named[0]
        if target is None:
            self.add(
                "no_target",
                "target",
                "It is not said which column holds the outcome.",
                "Name the column with the outcome as 'target'.",
            )
            return None
        target = str(target)
        if target in frame.columns:
            return target
        near = nearest(target, list(frame.columns))
        self.add(
            "target_missing",
            column_place(target),
            "This column should hold the outcome, but it is not in the data.",
            f"Did you mean '{plain(near)}'?" if near else "Name a column of the data.",
        )
        return None

    def _dictionary(
        self, frame: pd.DataFrame, entries: Mapping[str, Any], target: str | None, split: Any, *, closed: bool
    ) -> dict[str, Feature]:
        """Return an entry for every column of the data: as described, or guessed and said so."""
        roles = split_columns(split)
        guesses: list[str] = []
        features: dict[str, Feature] = {}
        for name in [*entries, *(c for c in frame.columns if c not in entries)]:
            if name not in frame.columns:
                self._absent(name, entries[name], frame)
                continue
            if name in entries:
                feature, found = read_entry(name, entries[name], frame[name], f"column {plain(name)}")
                self.problems += found
                guessed = _field(entries[name], "role") is None
            else:
                feature, guessed = infer(name, frame[name], role=roles.get(name)), name not in roles
                if entries and closed and name != target and name not in roles:
                    feature = replace(feature, role="excluded", reason="It is not in the data dictionary.")
                    self.add(
                        "not_in_dictionary",
                        column_place(name),
                        "The data have this column, but the dictionary does not. It is not used.",
                        "Add it to the dictionary, or remove it from the data.",
                        "warning",
                    )
            if name == target:
                feature = replace(feature, role="target")
            elif feature.role == "target":
                feature = replace(feature, role="excluded", reason="Another column is the outcome.")
                self.add(
                    "several_targets",
                    column_place(name, feature.label),
                    "It is called an outcome too, but there can be only one. It is not used.",
                    "Give it another role.",
                    "warning",
                )
            elif guessed and name in roles:
                feature = replace(feature, role=roles[name])
            elif guessed and name not in entries and not closed:
                guesses.append(name)
            features[name] = feature
        if not any(f.role == "feature" for f in features.values()):
            features |= {name: replace(features[name], role="feature") for name in guesses}
        for name in guesses:
            self._guessed(features[name], frame[name])
        self.places = {column_place(n): column_place(n, f.label) for n, f in features.items()}
        return features

    def _absent(self, name: str, entry: Any, frame: pd.DataFrame) -> None:
        if _field(entry, "role") == "target":
            return  # said already
        near = nearest(name, list(frame.columns))
        self.add(
            "not_in_data",
            column_place(name, _field(entry, "label")),
            "The dictionary has this column, but the data do not. It is left out.",
            f"Did you mean '{plain(near)}'?" if near else "Add it to the data, or remove it from the dictionary.",
            "warning",
        )

    def _guessed(self, feature: Feature, values: pd.Series[Any]) -> None:
        """Say it where a guess keeps a column from being an input."""
        where = column_place(feature.name, feature.label)
        if feature.role == "id" and looks_like_id(feature.name, values, by_name=True):
            self.add(
                "id_as_input",
                where,
                "Nearly every row has its own value here, so it looks like a number or name of the case. It is not "
                "used as an input.",
                "If it is a real input, say role: feature in the dictionary.",
                "warning",
            )
        elif feature.role == "time":
            self.add(
                "date_not_used",
                where,
                "Dates are kept, but they are not used as an input.",
                "To use it, say role: feature in the dictionary.",
                "note",
            )

    def _task(
        self,
        frame: pd.DataFrame,
        entries: Mapping[str, Any],
        target: str | None,
        texts: dict[str, Any],
    ) -> Any:
        given = texts.pop("task", None)
        if given is not None and given not in CHOICES["task"]:
            self.problems.append(wrong_choice("task", given, CHOICES["task"], "the study"))
            given = None
        if target is None:
            return given or "classification"
        declared = target in entries and _field(entries[target], "kind") == "numeric"
        return given or choose_task(frame[target], declared_numeric=declared)

    def _levels_fit(self, frame: pd.DataFrame, features: dict[str, Feature], target: str) -> dict[str, Feature]:
        """Let a column that is called yes/no but has more values be a column of levels."""
        for name, feature in features.items():
            if feature.kind == "boolean" and name != target and frame[name].iloc[:5000].nunique() > 2:
                features[name] = replace(feature, kind="categorical")
        return features


def _field(entry: Any, name: str) -> Any:
    return entry.get(name) if isinstance(entry, Mapping) else getattr(entry, name, None)


def finished(study: Study) -> Study:
    """Return the study with its fingerprint: SHA-256 over data, dictionary and candidates."""
    digest = hashlib.sha256(study.data_key.encode())
    for feature in study.dictionary:
        digest.update(repr([_canonical(getattr(feature, f.name)) for f in dataclass_fields(feature)]).encode())
    for c in study.candidates.values():
        parts = (c.name, c.recipe, _canonical(c.parameters), c.features, c.key, c.technical, c.given_fitted)
        digest.update(repr(parts).encode())
    return study.replace(fingerprint=digest.hexdigest())


def _canonical(value: Any) -> Any:
    if isinstance(value, Mapping):
        return [(repr(k), _canonical(v)) for k, v in value.items()]
    return value
