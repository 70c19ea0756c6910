"""Explain a whole file: one row per case with its answer and at most four specific reasons, as CSV or Parquet."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Hashable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import pandas as pd

from explainers.errors import BakeoffError, CaseError, StudyError
from explainers.reasons import reasons
from explainers.report.table import to_csv
from explainers.results import Explanation
from explainers.study import Study
from explainers.words import attribution, phrases
from explainers.words.headline import answer
from explainers.words.limits import limits
from explainers.words.say import BUSINESS, Audience, join

BLOCK = 200
MOST_REASONS = 4
ENDINGS = (".csv", ".parquet")
Progress = Callable[[float, str], object]


def explain_file(
    study: Study,
    candidate: str,
    source: str | Path,
    out: str | Path,
    *,
    outcome: Hashable = None,
    audience: Audience = BUSINESS,
    only: str | None = None,
    progress: Progress | None = None,
) -> tuple[int, int]:
    """Explain every case of a file and write the answers with their reasons as a table.

    Parameters
    ----------
    study : Study
        The study.
    candidate : str
        Name of the candidate.
    source : str or Path
        CSV, Parquet or Excel with the candidate's columns; further columns are not read.
    out : str or Path
        Ends in .csv or .parquet. It is written beside its place and moved there when it is whole.
    outcome : hashable, optional
        With several classes: the class to explain; by default each case's likeliest.
    audience : "business" or "technical"
        Whom the words are for.
    only : "towards" or None
        Only reasons that count towards the outcome, as a letter of refusal has to state them.
    progress : callable, optional
        Called with the share done and what is being done.

    Returns
    -------
    tuple of int
        Cases written, and how many of them could not be answered; these say why.

    Raises
    ------
    StudyError
        The file cannot be read as a table, or the place cannot be written to.
    CaseError
        It lacks a column that the candidate needs.

    References
    ----------
    Regulation B, 12 CFR 1002.9(b)(2), and its official interpretation: specific reasons, no more than four likely help.
    https://www.consumerfinance.gov/rules-policy/regulations/1002/9/

    Examples
    --------
    >>> explain_file(study, "boosting", "new.csv", "why.csv")  # doctest: +SKIP
    (120, 0)
    """
    source, out = Path(source), Path(out)
    if out.suffix.lower() not in ENDINGS:
        raise StudyError(f"The table is written as .csv or .parquet, and {out.name!r} came. Choose one of these.")
    frame = _cases(study, source)
    lacking = [f for f in study.candidate(candidate).features if f not in frame.columns]
    if lacking:
        raise CaseError(
            f"The file {source.name!r} lacks {', '.join(map(repr, lacking[:8]))}, which the option {candidate!r} "
            "needs. Add what is missing; leave a cell empty where a value is not known."
        )
    failed = 0
    writer = _Writer(out)
    try:
        for at in range(0, len(frame), BLOCK):
            if progress is not None:
                progress(at / len(frame), f"explaining {len(frame):,} {study.cases}")
            rows = [
                row
                for found, cases in _explained(study, candidate, frame.iloc[at : at + BLOCK], outcome)
                for row in _rows(study, found, cases, audience, only)
            ]
            failed += sum(bool(r["problem"]) for r in rows)
            writer.write(_table(rows))
        writer.finish()
    finally:
        writer.drop()
    if progress is not None:
        progress(1.0, "done")
    return len(frame), failed


COLUMNS: dict[str, str] = {
    "case": "str",
    "outcome": "str",
    "answer": "float64",
    "average": "float64",
    "says": "str",
    **{
        name: kind
        for i in range(1, MOST_REASONS + 1)
        for name, kind in ((f"reason_{i}", "str"), (f"reason_{i}_column", "str"), (f"reason_{i}_amount", "float64"))
    },
    "others_amount": "float64",
    "protected": "str",
    "know_first": "str",
    "problem": "str",
}


def _table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Return rows as a table with every column, texts that are not there as empty ones."""
    empty = {name: "" for name, kind in COLUMNS.items() if kind == "str"}
    return pd.DataFrame([{**empty, **row} for row in rows], columns=list(COLUMNS)).astype(COLUMNS)


def _cases(study: Study, source: Path) -> pd.DataFrame:
    """Return the cases of a file, cells read as numbers where the study's column holds numbers."""
    from explainers.load.cells import read_cells
    from explainers.load.files import read_table

    frame, _, raw = read_table(source)
    if frame.columns.has_duplicates:
        twice = frame.columns[frame.columns.duplicated()][0]
        raise StudyError(f"The file {source.name!r} has the column {twice!r} more than once. Keep one of each.")
    known = {f.name: f for f in study.dictionary if f.name in frame.columns}
    frame, _ = read_cells(frame, known, raw=raw)
    ids = study.dictionary.names("id")
    name = ids[0] if ids and ids[0] in frame.columns else None
    labels = frame[name].astype(str) if name else pd.Series([str(i + 1) for i in range(len(frame))])
    return frame.set_axis(pd.Index(labels.to_numpy(), name="case"))


def _explained(
    study: Study, candidate: str, frame: pd.DataFrame, outcome: Hashable
) -> Iterator[tuple[Explanation | str, pd.Index[Any]]]:
    """Yield explanations of the rows; where one of them cannot be answered each row alone, or why not."""
    from explainers.attribution import explain

    try:
        yield explain(study, candidate, frame, outcome=outcome, pairs=2), frame.index
    except BakeoffError as error:
        if len(frame) == 1:
            yield error.message, frame.index
            return
        half = len(frame) // 2
        yield from _explained(study, candidate, frame.iloc[:half], outcome)
        yield from _explained(study, candidate, frame.iloc[half:], outcome)


def _rows(
    study: Study, found: Explanation | str, cases: pd.Index[Any], audience: Audience, only: Any
) -> Iterator[dict[str, Any]]:
    if isinstance(found, str):
        yield {"case": str(cases[0]), "problem": found}
        return
    for row, case in enumerate(cases):
        t = attribution.told(found, study, audience=audience, row=row)
        picked = reasons(found, study, row=row, most=MOST_REASONS, only=only)
        out: dict[str, Any] = {
            "case": str(case),
            "outcome": "" if picked.outcome is None else str(picked.outcome),
            "answer": picked.prediction,
            "average": picked.base,
            "says": answer(found, study, t.reasons, audience, row).text,
            "others_amount": picked.others,
            "protected": "; ".join(
                f"{phrases.label(study, r.feature)}: {r.amount:+g}" for r in picked.protected if r.exact
            ),
            "know_first": " ".join(s.text for s in limits(t)),
            "problem": "",
        }
        for i, reason in enumerate(picked.shown, start=1):
            said = phrases.clause(study, reason.feature, reason.value)
            how = phrases.usual(study, reason.feature, reason.value)
            text = said if how is None else join("{value}, {usual}", value=said, usual=how)
            out |= {
                f"reason_{i}": text.text[:1].upper() + text.text[1:],
                f"reason_{i}_column": reason.feature,
                f"reason_{i}_amount": reason.amount,
            }
        yield out


class _Writer:
    """Writes a table block by block beside its place, and moves it there when it is whole."""

    def __init__(self, out: Path) -> None:
        self.out = out
        try:
            number, name = tempfile.mkstemp(prefix=f".{out.name[:40]}-", dir=out.parent)
        except OSError as e:
            raise StudyError(f"{out.name!r} cannot be written there ({e.strerror}). Choose another folder.") from e
        self.beside = Path(name)
        self.file: IO[bytes] | None = os.fdopen(number, "wb")
        self.parquet: Any = None
        self.first = True

    def write(self, frame: pd.DataFrame) -> None:
        assert self.file is not None
        if self.out.suffix.lower() == ".parquet":
            import pyarrow as pa
            import pyarrow.parquet as pq

            table = pa.Table.from_pandas(frame, preserve_index=False)
            self.parquet = self.parquet or pq.ParquetWriter(self.file, table.schema)
            self.parquet.write_table(table.cast(self.parquet.schema))
            return
        data = to_csv(frame.astype(object).where(frame.notna(), None))
        self.file.write(data if self.first else data.partition(b"\r\n")[2])
        self.first = False

    def finish(self) -> None:
        assert self.file is not None
        if self.parquet is not None:
            self.parquet.close()
        self.file.close()
        self.file = None
        self.beside.chmod(0o644)
        self.beside.replace(self.out)

    def drop(self) -> None:
        """Leave nothing behind where the table was not finished."""
        if self.file is not None:
            self.file.close()
        with suppress(OSError):
            self.beside.unlink()
