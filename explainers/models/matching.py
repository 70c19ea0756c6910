"""The inputs of a model beside the columns of the data: every difference is listed, each with what to do."""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from typing import Any

import pandas as pd

from explainers.adapters.columns import level_text
from explainers.models.inputs import Inputs
from explainers.results import Problem
from explainers.study import Dictionary
from explainers.validate.say import column_place, counted, nearest, plain, quoted

MOST_LEVELS = 2_000


def match(
    found: Inputs,
    frame: pd.DataFrame,
    dictionary: Dictionary,
    *,
    target: str,
    task: str,
    classes: Sequence[Hashable],
    where: str,
    features: Sequence[str] | None = None,
) -> tuple[list[str] | None, list[Problem]]:
    """Return the columns of the data to give to a model, in its order, and every difference.

    Parameters
    ----------
    found : Inputs
        What the model says of its inputs.
    frame : DataFrame of shape (n, k)
        The data.
    dictionary : Dictionary
        Kinds and roles.
    target : str
        Column with the outcome.
    task : {"classification", "regression"}
        What the study asks for.
    classes : sequence
        The study's classes in order.
    where : str
        How problems name the place.
    features : sequence of str, optional
        Columns that somebody named; by default those that the model names, else all inputs of the study.

    Returns
    -------
    columns : list of str or None
        None where the model cannot be given its inputs.
    problems : list of Problem
        Errors where it cannot answer these data, warnings and notes for the rest.
    """
    said: list[Problem] = []

    def add(code: str, message: str, remedy: str, severity: Any = "error") -> None:
        said.append(Problem(code=code, where=where, message=message, remedy=remedy, severity=severity))

    _task(found, task, classes, add)
    usual = [n for n in dictionary.names("feature") if not dictionary[n].protected]
    if features is not None:
        columns: list[str] | None = list(features)
        if found.count is not None and len(features) != found.count:
            add(
                "inputs_do_not_match",
                f"It reads {counted(found.count, 'column')}, and {counted(len(features), 'column')} are named for it.",
                "Name the columns that it was fitted on, in its order.",
            )
            columns = None
    elif found.names:
        columns = _by_name(found, frame, dictionary, target, add)
    else:
        columns = usual
        if found.count is not None and found.count != len(usual):
            add(
                "inputs_do_not_match",
                f"It was fitted on {counted(found.count, 'column')} without names, and the study has {len(usual)} "
                "to give it.",
                "Fit it on a table with column names, or name the columns it needs, in its order, as 'features'.",
            )
            columns = None
        elif found.count:
            add(
                "inputs_by_place",
                "It does not name its columns. They are given to it in the order of the data: " + quoted(usual) + ".",
                "If it learned from another order, name the columns in that order as 'features'.",
                "warning",
            )
    if columns is not None:
        _contents(found, columns, frame, dictionary, said)
        left = [n for n in usual if n not in columns]
        if left and found.names and features is None:
            add(
                "inputs_not_read",
                f"It does not read {quoted(left)} of the data.",
                "Nothing has to be done; these columns have no part in its answers.",
                "note",
            )
    return (None if any(p.severity == "error" for p in said) else columns), said


def _task(found: Inputs, task: str, classes: Sequence[Hashable], add: Any) -> None:
    if found.task and found.task != task:
        answers, asked = ("numbers", "classes") if found.task == "regression" else ("classes", "numbers")
        add(
            "wrong_task",
            f"It answers with {answers}, but the question asks for {asked}.",
            f"Give a model for {asked}, or say task='{found.task}'.",
        )
    if task != "classification" or not found.classes:
        return
    known = {level_text(c) for c in found.classes} | {str(c) for c in found.classes}
    known |= {str(int(c)) for c in found.classes if isinstance(c, bool)}
    strange = [c for c in classes if not {level_text(c), str(c), str(int(c)) if isinstance(c, bool) else ""} & known]
    if strange:
        add(
            "classes_do_not_match",
            f"It was fitted on the classes {quoted(found.classes)}, but the data have {quoted(strange)}.",
            "Write the outcome in the data as it was when the model was fitted.",
        )


def _by_name(found: Inputs, frame: pd.DataFrame, dictionary: Dictionary, target: str, add: Any) -> list[str] | None:
    """Return the columns of the data under the model's names; names that differ in signs only are the same."""
    bare: dict[str, list[str]] = {}
    for column in frame.columns:
        bare.setdefault(_bare(column), []).append(column)
    columns, lacking, renamed = [], [], []
    for name in found.names:
        same = [name] if name in frame.columns else bare.get(_bare(name), [])
        if len(same) == 1:
            columns.append(same[0])
            renamed += [(name, same[0])] if same[0] != name else []
        else:
            lacking.append(name)
    if lacking:
        near = [(n, nearest(n, [c for c in frame.columns if c not in columns])) for n in lacking]
        guess = "; ".join(f"'{plain(n)}' may be '{plain(c)}'" for n, c in near if c)
        add(
            "columns_of_candidate",
            f"It needs the columns {quoted(lacking)}, which the data do not have.",
            (f"{guess[:1].upper()}{guess[1:]}: give them the same name. " if guess else "")
            + "Add what is missing to the data, or use a model that was fitted on these columns.",
        )
        return None
    if renamed:
        add(
            "inputs_renamed",
            "Its names differ from those of the data in signs only: "
            + ", ".join(f"'{plain(a)}' is '{plain(b)}'" for a, b in renamed[:5])
            + ".",
            "Look whether the same columns are meant.",
            "warning",
        )
    if target in columns:
        add("columns_of_candidate", "It needs the outcome itself as an input.", "Fit it without the outcome.")
        return None
    odd = [c for c in columns if dictionary[c].role not in ("feature", "target")]
    if odd:
        roles = ", ".join(f"'{plain(c)}' ({dictionary[c].role})" for c in odd[:5])
        add(
            "inputs_of_other_roles",
            f"It reads columns that the dictionary keeps from other options: {roles}.",
            "Give these columns the role 'feature' if they may be used, or fit the model without them.",
            "warning",
        )
    return columns


def _bare(name: str) -> str:
    return re.sub(r"[^0-9a-z]+", "_", str(name).casefold()).strip("_")


def _contents(
    found: Inputs, columns: Sequence[str], frame: pd.DataFrame, dictionary: Dictionary, said: list[Problem]
) -> None:
    """List the columns whose values are not what the model learned from."""
    names = found.names if len(found.names) == len(columns) else tuple(columns)
    for name, column in zip(names, columns, strict=True):
        values = frame[column]
        place = column_place(column, dictionary[column].label)
        numbers = pd.api.types.is_numeric_dtype(values.dtype)
        if name in found.numbers and not numbers and not pd.api.types.is_datetime64_any_dtype(values.dtype):
            held = quoted(pd.unique(values.dropna())[:3])
            said.append(
                Problem(
                    code="input_kind",
                    where=place,
                    message=f"The model reads numbers here, but the data hold {held}.",
                    remedy="Write the column as numbers, as it was when the model was fitted.",
                )
            )
        elif name in found.levels:
            said += _levels(found.levels[name], values, place)


def _levels(known: Sequence[Hashable], values: pd.Series[Any], place: str) -> list[Problem]:
    here = list(pd.unique(values.dropna()))[:MOST_LEVELS]
    texts = {level_text(v) for v in known} | {str(v) for v in known}
    strange = [v for v in here if level_text(v) not in texts and str(v) not in texts]
    if not strange:
        return []
    if len(strange) == len(here):
        return [
            Problem(
                code="input_kind",
                where=place,
                message=f"The model knows the levels {quoted(list(known)[:4])} here, and the data hold none of them, "
                f"but {quoted(strange[:3])}.",
                remedy="Write the levels as they were when the model was fitted.",
            )
        ]
    n = int(values.isin(strange).sum())
    return [
        Problem(
            code="input_levels",
            where=place,
            message=f"The model never saw {quoted(strange)} here ({counted(n, 'row')}).",
            remedy="Correct the level if it is written differently; else the model answers these rows as best it can.",
            severity="warning",
        )
    ]
