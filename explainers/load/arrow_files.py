"""Read Parquet and Feather: files that say of each column what it holds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from explainers.load import limits
from explainers.load.files import read_parquet
from explainers.load.reading import Cells, Finding, Progress
from explainers.results import Problem
from explainers.validate.say import column_place

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

SMALL = 20_000_000


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
        unpacked = max(unpacked, _in_memory(about, path))
        limits.check_packed(unpacked, path.stat().st_size, 1, shown)
        nested = [f.name for f in about.schema_arrow if pa.types.is_nested(f.type) or pa.types.is_binary(f.type)]
        frame = read_parquet(path, [f.name for f in about.schema_arrow if f.name not in nested])
    else:
        table = _feather(path, shown)
        nested = [f.name for f in table.schema if pa.types.is_nested(f.type) or pa.types.is_binary(f.type)]
        frame = table.drop_columns(nested).to_pandas()
    problems += [nested_column(name) for name in nested]
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


def _in_memory(about: pq.ParquetFile, path: Path) -> int:
    """Return about how many bytes a Parquet file has once equal values are no longer written once."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    texts, width = [], 0
    for field in about.schema_arrow:
        if pa.types.is_string(field.type) or pa.types.is_large_string(field.type):
            texts.append(field.name)
        elif not pa.types.is_nested(field.type):
            width += max(1, getattr(field.type, "bit_width", 64) // 8) if pa.types.is_primitive(field.type) else 8
    whole = about.metadata.num_rows * width
    if path.stat().st_size > SMALL:  # a large file that grows once more meets the limit of memory
        return int(whole)
    packed = pq.ParquetFile(path, read_dictionary=texts)
    for group in range(packed.num_row_groups):
        for name in texts:
            for chunk in packed.read_row_group(group, columns=[name]).column(0).chunks:
                if pa.types.is_dictionary(chunk.type):
                    whole += pc.sum(pc.binary_length(chunk.dictionary).take(chunk.indices)).as_py() or 0
    return int(whole)


def _feather(path: Path, shown: str) -> pa.Table:
    """Return the table of a Feather file, read part by part: what it holds is seen only once it is unpacked."""
    import pyarrow as pa
    from pyarrow import feather

    size = path.stat().st_size
    with path.open("rb") as file:
        old = file.read(4) == b"FEA1"
    if old:  # the first version has no parts
        table = feather.read_table(path, memory_map=False)
        limits.check_shape(table.shape, shown)
        return table
    parts, whole, rows = [], 0, 0
    with pa.OSFile(str(path)) as source, pa.ipc.open_file(source) as reader:
        limits.check_shape((0, len(reader.schema)), shown)
        for i in range(reader.num_record_batches):
            part = reader.get_batch(i)
            whole, rows = whole + part.nbytes, rows + part.num_rows
            limits.check_packed(whole, size, 1, shown)
            limits.check_shape((rows, part.num_columns), shown)
            parts.append(part)
        return pa.Table.from_batches(parts, schema=reader.schema)


def nested_column(name: str) -> Problem:
    """Return what is said of a column that is left out, since its cells are no single plain values."""
    return Problem(
        code="nested_column",
        where=column_place(name),
        message="Its cells hold lists or raw bytes, which cannot be used. It is left out.",
        remedy="Give one plain value per cell.",
        severity="warning",
    )


def _index_names(frame: pd.DataFrame) -> list[Any]:
    return [str(n) if n is not None else f"row {i + 1}" for i, n in enumerate(frame.index.names)]
