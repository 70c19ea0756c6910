"""A table of answers in place of a model: everything that needs no model still works."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from explainers.errors import ModelFileError, StudyError
from explainers.validate.say import counted, quoted

if TYPE_CHECKING:
    from explainers.adapters.predictions import PredictionsOnly
    from explainers.study import Study

WAYS = ("prediction", "predicted", "probability", "score", "answer")


class PredictionsTable:
    """A table of answers, not yet matched to the rows of a study.

    Parameters
    ----------
    table : DataFrame
        One column that says which case, and one with the prediction or one per class.
    name : str
        What to call it in messages.
    """

    def __init__(self, table: pd.DataFrame, name: str) -> None:
        self.table = table
        self.name = name

    def for_study(self, study: Study, features: tuple[str, ...]) -> PredictionsOnly:
        """Return the answers matched to the rows of a study.

        Parameters
        ----------
        study : Study
            Its ids are looked up in the table: in the column of the same name, or in the first one.
        features : tuple of str
            Inputs by which rows are found again.

        Returns
        -------
        PredictionsOnly

        Raises
        ------
        ModelFileError
            A row of the study has no answer or two, or the columns hold no answers.
        """
        from explainers.adapters.predictions import PredictionsOnly

        rows = self._rows(study)
        answers = self._answers(study)[rows]
        if not np.isfinite(answers).all():
            lost = int((~np.isfinite(answers)).reshape(len(rows), -1).any(axis=1).sum())
            raise ModelFileError(f"{self.name} leaves {counted(lost, 'answer')} empty. Fill them, or leave it out.")
        return PredictionsOnly(study.frame[list(features)], answers, study.classes)

    def _rows(self, study: Study) -> Any:
        """Return for each row of the study its place in the table."""
        named = study.dictionary.names("id")
        column = named[0] if named and named[0] in self.table.columns else None
        if column is None:
            usual = [c for c in ("id", "case", "case_id") if c in self.table.columns]
            column = usual[0] if usual else None
        if column is None:
            if len(self.table) == len(study.frame):
                return np.arange(len(self.table))
            raise ModelFileError(
                f"{self.name} has {len(self.table):,} rows and the data {len(study.frame):,}, and no column says which "
                f"row is meant. Add a column {named[0] if named else 'id'!r} with the number of each case."
            )
        ids = pd.Index(self.table[column].map(_text))
        if not ids.is_unique:
            raise ModelFileError(
                f"{self.name} answers some cases twice, such as {quoted(ids[ids.duplicated()][:3])}. Keep one of each."
            )
        at = ids.get_indexer(pd.Index([_text(i) for i in study.case_ids]))
        if (at < 0).any():
            lacking = study.case_ids[at < 0]
            raise ModelFileError(
                f"{self.name} has no answer for {counted(len(lacking), 'case')} of the data, such as "
                f"{quoted(lacking[:3])}. Add them; every case of the data needs an answer."
            )
        return at

    def _answers(self, study: Study) -> Any:
        """Return the answers of the table's rows, shape (n,) or (n, n_classes)."""
        columns = {str(c): c for c in self.table.columns}
        per_class = [columns.get(str(c)) for c in study.classes]
        if study.classes and all(c is not None for c in per_class):
            found = np.column_stack([self._numbers(c) for c in per_class])
            if ((found < -1e-9) | (found > 1 + 1e-9)).any() or (np.abs(found.sum(axis=1) - 1) > 1e-3).any():
                raise ModelFileError(f"{self.name}: the chances of a case should lie between 0 and 1 and sum to 1.")
            return found / found.sum(axis=1, keepdims=True)
        one = next((columns[w] for w in WAYS if w in columns), None)
        if one is None:
            wanted = f"one column per class ({', '.join(map(str, study.classes))})" if study.classes else "'prediction'"
            raise ModelFileError(f"{self.name} has the columns {quoted(columns)}. Name the answers {wanted}.")
        if not study.classes:
            return self._numbers(one)
        return self._one_of_classes(one, study)

    def _one_of_classes(self, column: Any, study: Study) -> Any:
        from explainers.predict import place_of

        values = self.table[column]
        places = place_of(study.classes, values.to_numpy(dtype=object))
        if (places >= 0).all():
            return np.eye(len(study.classes))[places]
        known = values.notna().to_numpy()
        words = bool((pd.to_numeric(values, errors="coerce").isna().to_numpy() & known).any())
        if known.any() and (words or len(study.classes) != 2 or study.positive is None):
            raise ModelFileError(
                f"{self.name} holds answers that are no classes of the data, such as "
                f"{quoted(values.to_numpy()[(places < 0) & known][:3])}. Give one column of chances per class."
            )
        chance = self._numbers(column)
        if ((chance < 0) | (chance > 1)).any():
            raise ModelFileError(f"{self.name}: chances should lie between 0 and 1. Correct the column {column!r}.")
        focus = study.classes.index(study.positive)
        out = np.empty((len(chance), 2))
        out[:, focus], out[:, 1 - focus] = chance, 1 - chance
        return out

    def _numbers(self, column: Any) -> Any:
        values = pd.to_numeric(self.table[column], errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
        if np.isinf(values).any():
            raise ModelFileError(f"{self.name} holds answers without end in {str(column)!r}. Correct them.")
        return values


def read(path: Path, name: str) -> PredictionsTable:
    """Return the table of answers in a CSV or Parquet file.

    Raises
    ------
    ModelFileError
        It cannot be read as a table.
    """
    from explainers.load.files import read_table

    try:
        table, _, _ = read_table(path)
    except StudyError as e:
        raise ModelFileError(f"{name} cannot be read as a table of answers. {e.message}") from e
    return PredictionsTable(table, name)


def _text(value: Any) -> str:
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    text = str(value).strip()
    return text[:-2] if text.endswith(".0") and text[:-2].lstrip("-").isdigit() else text
