"""Problems found in data, dictionary and rows: all at once, each with where it is and what to do about it."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import pandas as pd

from explainers.results import Problem
from explainers.study import Dictionary, Study
from explainers.validate.columns import column_problems
from explainers.validate.copies import copy_problems
from explainers.validate.giveaways import giveaway_problems
from explainers.validate.outcome import outcome_problems

__all__ = ["checks", "validate"]
_ORDER = {"error": 0, "warning": 1, "note": 2}


def validate(study: Study) -> tuple[Problem, ...]:
    """Return what is wrong with the data of a study, errors first.

    Parameters
    ----------
    study : Study
        Any study; its data, dictionary and rows are looked at, not what was found while it was opened.

    Returns
    -------
    tuple of Problem
        Sorted: errors, warnings, notes.

    Examples
    --------
    >>> from explainers import open_study
    >>> [p.code for p in validate(open_study("sample_data/boston_mortgages", build=False))]
    ['repeated_rows']
    """
    found = checks(
        study.frame,
        study.dictionary,
        target=study.target,
        task=study.task,
        classes=study.classes,
        split=study.split,
    )
    return tuple(sorted(found, key=lambda p: _ORDER[p.severity]))


def checks(
    frame: pd.DataFrame,
    dictionary: Dictionary,
    *,
    target: str,
    task: str,
    classes: tuple[Hashable, ...],
    split: pd.Series[Any] | None,
) -> list[Problem]:
    """Return the problems of a tidy table whose columns are all in the dictionary.

    Parameters
    ----------
    frame : DataFrame of shape (n_rows, n_columns)
        All rows, one plain type per column.
    dictionary : Dictionary
        An entry for every column.
    target : str
        Column with the outcome.
    task : str
        classification or regression.
    classes : tuple
        The classes; empty for numbers.
    split : Series of str or None
        Labels of the rows; None where they could not be made.

    Returns
    -------
    list of Problem
        In the order of the checks.
    """
    found = outcome_problems(dictionary[target], frame[target], task, classes, split)
    for feature in dictionary:
        found += column_problems(feature, frame[feature.name])
    if not dictionary.names("feature"):
        found.append(
            Problem(
                code="no_inputs",
                where="the dictionary",
                message="No column is left to answer from: all are the outcome, numbers of cases, dates or left out.",
                remedy="Give at least one column the role 'feature'.",
            )
        )
    elif all(dictionary[name].protected for name in dictionary.names("feature")):
        found.append(
            Problem(
                code="no_inputs",
                where="the dictionary",
                message="Every input is a protected characteristic, and options are not given those by default.",
                remedy="Add columns that are not, or say uses_protected: true for an option.",
            )
        )
    ids = dictionary.names("id")
    if len(ids) > 1:
        found.append(
            Problem(
                code="several_ids",
                where="the dictionary",
                message=f"{len(ids)} columns are called numbers of the case; the first one is used to find cases.",
                remedy="Give the others role: excluded.",
                severity="note",
            )
        )
    found += copy_problems(frame, dictionary)
    if not any(p.severity == "error" for p in found):
        found += giveaway_problems(frame, dictionary, target, task)
    return found
