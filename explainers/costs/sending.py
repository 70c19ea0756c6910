"""A study with one of its options as plain values, for a process of its own, and back."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from explainers.errors import BakeoffError
from explainers.study import Candidate, Dictionary, Feature, Study

if TYPE_CHECKING:
    from explainers.metrics import IntArray

_OF_STUDY = (
    *("name", "title", "question", "task", "target", "split_by", "case", "cases", "classes", "positive", "formula"),
    *("metric", "threshold", "outcome_is"),
)
_OF_CANDIDATE = (
    *("name", "label", "kind", "features", "recipe", "parameters", "uses_protected", "file", "given_fitted"),
)


class UnsendableError(BakeoffError):
    """The option cannot be written as plain values, so it is measured beside other work."""


def as_bytes(study: Study, candidate: str, rows: IntArray, **more: Any) -> bytes:
    """Return a study, cut down to some rows and one option, as bytes that hold no code.

    Parameters
    ----------
    study : Study
    candidate : str
        Name of the option; an estimator that was given goes as a model file.
    rows : ndarray of int
        Places of the rows that are sent.
    **more : object
        What else is sent along.

    Raises
    ------
    UnsendableError
        The estimator cannot be kept as a model file, or something in the data is no plain value.
    """
    from explainers import models
    from explainers.packing import PackingError, pack

    option = study.candidate(candidate)
    estimator: bytes | None = None
    if not option.recipe and not option.file and option.estimator is not None:
        try:
            estimator = models.dump(option.estimator)
            models.loads(estimator)  # some are written and not read again
        except BakeoffError as error:
            raise UnsendableError(str(error)) from error
    values = {
        "study": {name: getattr(study, name) for name in _OF_STUDY},
        "frame": study.frame.iloc[rows],
        "split": list(study.split.iloc[rows]),
        "columns": [{f.name: getattr(column, f.name) for f in fields(column)} for column in study.dictionary],
        "candidate": {name: getattr(option, name) for name in _OF_CANDIDATE},
        "estimator": estimator,
        "folder": str(study.folder) if study.folder is not None else None,
        **more,
    }
    try:
        return pack(values)
    except PackingError as error:
        raise UnsendableError(str(error)) from error


def opened(data: bytes | bytearray) -> tuple[Study, str, dict[str, Any]]:
    """Return the study, the name of the option, and what was sent along."""
    from pathlib import Path

    from explainers import models
    from explainers.packing import unpack

    values: dict[str, Any] = unpack(data)
    frame: pd.DataFrame = values.pop("frame")
    split = pd.Series(np.asarray(values.pop("split"), dtype=object), index=frame.index, dtype="str", name="split")
    folder, model = values.pop("folder"), values.pop("estimator")
    columns = [Feature(**column) for column in values.pop("columns")]
    option = Candidate(estimator=models.loads(model) if model else None, **values.pop("candidate"))
    study = Study(
        frame=frame,
        split=split,
        dictionary=Dictionary(features={c.name: c for c in columns}),
        candidates={option.name: option},
        folder=Path(folder) if folder else None,
        data_key="sent",
        **values.pop("study"),
    )
    return study, option.name, values
