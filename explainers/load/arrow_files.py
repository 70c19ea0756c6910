"""Read Parquet and Feather: files that say of each column what it holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from explainers.load import limits
from explainers.load.files import read_parquet
from explainers.load.reading import Cells, Finding, Progress
from explainers.results import Problem
from explainers.validate.say import column_place


def read_arrow(path: Path, kind: str, shown: str, told: Progress) -> Cells:
    """Return the cells of a Parquet or Feather file; what it announces is checked before it is read."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    told(0.1, "Reading the columns")
    problems: list[Problem] = []
    if kind == "parquet":
        about = pq.ParquetFile(path)
        limits.check_shape((about.metadata.num_rows, about.metadata.num_columns), shown)
        unpacked = sum(about.metadata.row_group(i).total_byte_size for i in range(about.metadata.num_row_groups))
        limits.check_packed(unpacked, path.stat().st_size, 1, shown)
        nested = [f.name for f in about.schema_arrow if pa.types.is_nested(f.type) or pa.types.is_binary(f.type)]
        frame = read_parquet(path, [f.name for f in about.schema_arrow if f.name not in nested])
    else:
        from pyarrow import feather

        table = feather.read_table(path, memory_map=False)
        limits.check_shape(table.shape, shown)
        nested = [f.name for f in table.schema if pa.types.is_nested(f.type) or pa.types.is_binary(f.type)]
        frame = table.drop_columns(nested).to_pandas()
    for name in nested:
        problems.append(
            Problem(
                code="nested_column",
                where=column_place(name),
                message="Its cells hold lists or raw bytes, which cannot be used. It is left out.",
                remedy="Give one plain value per cell.",
                severity="warning",
            )
        )
    if not isinstance(frame.index, pd.RangeIndex):
        frame = frame.reset_index(names=_index_names(frame))
    word = "Parquet" if kind == "parquet" else "Feather"
    why = "Such a file says itself what each column holds."
    return Cells(
        frame=frame.reset_index(drop=True),
        kind=word,
        findings=(Finding(what="kind", value=kind, shown=word, why=why),),
        problems=tuple(problems),
    )


def _index_names(frame: pd.DataFrame) -> list[Any]:
    return [str(n) if n is not None else f"row {i + 1}" for i, n in enumerate(frame.index.names)]
