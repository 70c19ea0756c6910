"""Answers of a stock option to rows that it was fitted without: what recorded outcomes are held against."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from explainers.fields import FloatArray
from explainers.study import TRAIN, UNKNOWN, Candidate

if TYPE_CHECKING:
    from explainers.split import IntArray
    from explainers.study import Study

Folds = tuple[tuple["IntArray", "IntArray"], ...]
NAME = "stock option"
RECIPE = "boosting"
"""Of logistic regression, a forest, boosting and their averages, with outcomes of the sample studies changed on
purpose, none found more than boosting beyond chance, and it takes a quarter of the forest's time."""


def every_row(study: Study) -> Study:
    """Return the study with all rows of a recorded outcome as training rows, as folds of them are wanted."""
    known = study.frame[study.target].notna().to_numpy()
    labels = np.where(known, TRAIN, UNKNOWN).astype(object)
    return study.replace(split=pd.Series(labels, index=study.frame.index, dtype="str"))


def stock(study: Study) -> Study:
    """Return the study with the stock option as its only candidate; protected columns are no input of it.

    Nor are columns without any value in the training rows, which boosting cannot read.
    """
    train = study.frame[(study.split == TRAIN).to_numpy()]
    shown = tuple(n for n in study.inputs if train[n].notna().any())
    option = Candidate(name=NAME, label=NAME, kind="black_box", estimator=None, features=shown, recipe=RECIPE)
    return study.replace(candidates={NAME: option})


def answers(study: Study, folds: Folds, *, target: pd.Series | None = None) -> FloatArray:
    """Return the answer of the stock option to each row, fitted without that row's fold.

    Parameters
    ----------
    study : Study
        The study, as :func:`every_row` returns it.
    folds : tuple of (fit, held)
        Row positions.
    target : Series, optional
        Outcomes to learn from instead of the recorded ones.

    Returns
    -------
    ndarray of shape (n_rows, n_classes) or (n_rows, 1)
        NaN for rows that no fold holds out.
    """
    from explainers.build import _fit
    from explainers.predict import Door, check_cases

    if target is not None:
        study = study.replace(frame=study.frame.assign(**{study.target: target}))
    width = len(study.classes) or 1
    out = np.full((len(study.frame), width), np.nan)
    for fit, held in folds:
        labels = np.full(len(study.frame), UNKNOWN, dtype=object)
        labels[fit] = TRAIN
        part = stock(study.replace(split=pd.Series(labels, index=study.frame.index, dtype="str")))
        rows = check_cases(part, NAME, study.frame.iloc[held])
        said = Door(part, NAME, _fit(part, part.candidate(NAME))[0]).ask(rows)
        out[held] = said.reshape(len(held), width)
    return out


def in_folds(study: Study) -> Folds:
    """Return folds of all rows with a recorded outcome, by time or group where the split is."""
    from explainers.split import folds

    return folds(every_row(study))
