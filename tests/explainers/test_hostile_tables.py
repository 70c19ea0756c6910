"""Hostile data files through the door of the page, with a clock: refused or read, and looked at, within ten seconds."""

from __future__ import annotations

import gzip
import io
import pickle
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from explainers import jobs, uploads
from explainers.errors import BakeoffError
from explainers.load import limits
from tests.evil import Evil
from tests.explainers.test_reading import made, ods, zipped

MOST_SECONDS = 10.0
NAMES = "a,b,late\n"
LINES = NAMES + "".join(f"{i},{i % 7},{'yes' if i % 3 else 'no'}\n" for i in range(60))


@pytest.fixture(scope="module", autouse=True)
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home and a worker of their own; the worker is up before the clock starts, as it is on a server."""
    jobs.shutdown()
    with pytest.MonkeyPatch.context() as patch:
        home = tmp_path_factory.mktemp("home")
        patch.setenv("BAKEOFF_HOME", str(home))
        brought(LINES.encode(), "good.csv")
        yield home
    jobs.shutdown()


def brought(data: bytes, name: str) -> tuple[str, float]:
    """Bring a file as the page does, read it and guess its dictionary; return what is said of it and the seconds."""
    begun = time.monotonic()
    try:
        upload = uploads.bring(io.BytesIO(data), name)
        read = jobs.submit("read_upload", study=None, key=upload.key, name=upload.name, options={}).result()
        about = {"key": upload.key, "table": read["table"], "target": None, "units": read["units"], "name": name}
        guessed = jobs.submit("guess_upload", study=None, **about).result()
    except BakeoffError as error:
        return error.message, time.monotonic() - begun
    assert len(guessed["entries"]) == len(read["columns"])
    return "read", time.monotonic() - begun


# -- packed ----------------------------------------------------------------------------------------------------------
def workbook(**parts: bytes) -> bytes:
    """Return a workbook of Excel with some of its parts replaced."""
    files = {}
    with zipfile.ZipFile(io.BytesIO(made("xlsx"))) as book:
        files = {n: book.read(n) for n in book.namelist()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in {**files, **parts}.items():
            packed.writestr(name, data)
    return out.getvalue()


def sheet(rows: str) -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    xml = f'<?xml version="1.0"?><worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'
    return workbook(**{"xl/worksheets/sheet1.xml": xml.encode()})


def real(rows: str) -> bytes:
    """Return a sheet of these rows with a picture beside it, so that the whole is packed no better than others are."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    xml = f'<?xml version="1.0"?><worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'.encode()
    picture = np.random.default_rng(0).bytes(len(xml) // 90)
    return workbook(**{"xl/worksheets/sheet1.xml": xml, "xl/media/a.png": picture})


def cells(n: int, *, text: bool = False) -> str:
    """Return rows of twenty cells: numbers, or a different text in each."""
    one = '<c t="inlineStr"><is><t>t{}</t></is></c>' if text else '<c s="0"><v>{}.5</v></c>'
    width = 20
    head = "".join(f'<c t="str"><v>name {j}</v></c>' for j in range(width))
    rows = ("".join(one.format(i * width + j) for j in range(width)) for i in range(n // width))
    return f"<row>{head}</row>" + "".join(f"<row>{row}</row>" for row in rows)


def opendocument(content: str) -> bytes:
    whole = ods([["a", "b"], [1, 2]])
    with zipfile.ZipFile(io.BytesIO(whole)) as book:
        files = {n: book.read(n) for n in book.namelist()}
    text = files["content.xml"].decode()
    start, end = text.index("<table:table-row"), text.rindex("</table:table>")
    files["content.xml"] = (text[:start] + content + text[end:]).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return out.getvalue()


def laughs() -> bytes:
    """Return a sheet whose text grows a billion times when it is read."""
    entities = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10))
    head = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "laugh">{entities}]>'
    whole = opendocument('<table:table-row><table:table-cell office:value-type="string"><text:p>&a9;</text:p>'
                         "</table:table-cell></table:table-row>")  # fmt: skip
    with zipfile.ZipFile(io.BytesIO(whole)) as book:
        files = {n: book.read(n) for n in book.namelist()}
    files["content.xml"] = files["content.xml"].replace(b'<?xml version="1.0"?>', head.encode())
    return zipped(files)


CELL = '<table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="{n}"/>'


def packed() -> Iterator[tuple[str, bytes, str]]:
    zeros = b"0" * 80_000_000
    yield "gzip that grows a thousand times", gzip.compress(zeros), "more than is read"
    yield "gzip of many parts", gzip.compress(b"1,2\n" * 1_000_000) * 300, "more than is read"
    yield "sheet that grows a thousand times", workbook(**{"xl/worksheets/sheet1.xml": zeros}), "more than is read"
    yield "texts that grow a thousand times", workbook(**{"xl/sharedStrings.xml": zeros}), "more than is read"
    many = {"xl/workbook.xml": b"<x/>", **{f"{i}.xml": b"x" for i in range(12_000)}}
    yield "workbook of 12,000 parts", zipped(many), "more than is read"
    yield (
        "sheet with one cell in its last corner",
        sheet('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
        "columns",
    )
    yield (
        "sheet with one cell in its last row",
        sheet('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>1</v></c></row>'),
        "read|rows",
    )
    yield "a million rows of nothing", sheet("<row><c><v>1</v></c></row>" * 1_000_000), "read|more than is read"
    yield "nested cells", sheet("<row>" + "<c><is>" * 100_000 + "</is></c>" * 100_000 + "</row>"), "read|Excel|empty"
    # What packs no better than a table does; how many cells are read at most is counted in test_workbook_limits.py.
    yield "many cells", real(cells(400_000)), "read"
    yield "many texts", real(cells(400_000, text=True)), "read"
    yield "millions of things that are no cells", real("<x/>" * 13_000_000), "more than is read"
    yield "millions of cells in one row", real("<row>" + "<c/>" * 13_000_000 + "</row>"), "more than is read"
    yield "lines without end", real("<row><x>" + "\n" * 34_000_000 + "</x></row>"), "more than is read"
    yield "attributes without end", real("<x a='1' b='2' d='3'/>" * 11_500_000), "more than is read"
    repeated = f'<table:table-row table:number-rows-repeated="1048576">{CELL.format(n=2000)}</table:table-row>'
    yield "one row said to be there a million times", opendocument(repeated), "more than is read"
    wide = f"<table:table-row>{CELL.format(n=10_000_000)}</table:table-row>" * 2
    yield "one cell said to be there ten million times", opendocument(wide), "columns"
    yield "nested OpenDocument", opendocument(
        "<table:table-row><table:table-cell>" + "<text:p>" * 100_000 + "x" + "</text:p>" * 100_000
        + "</table:table-cell></table:table-row>"
    ), "read|OpenDocument|rows|empty"  # fmt: skip
    yield "a billion laughs", laughs(), "short names for long texts"


# -- text ------------------------------------------------------------------------------------------------------------
def texts() -> Iterator[tuple[str, bytes, str]]:
    yield "10,000 columns", (",".join(f"c{i}" for i in range(10_000)) + "\n" + "1," * 9_999 + "1\n").encode(), "columns"
    yield "60 million cells in a line", b"," * 60_000_000, "columns|names|rows|empty"
    yield "one line of 40 MB", b"x" * 40_000_000, "rows|cells"
    yield "a name of 5 MB", b"n" * 5_000_000 + b",b\n" + b"1,2\n" * 50, "read|rows|cells|columns"
    yield "names that stall a search", b"1" * 200_000 + b"x,b\n" + b"1,2\n" * 50, "read|rows|cells"
    yield "only quotation marks", b'"' * 5_000_000, "rows|cells|empty"
    yield "a quotation mark that stays open", b'a,b\n1,"2\n' + b"3,4\n" * 2_000_000, "quotation|cells|rows"
    stalling = ["1" * 50_000 + "x", "1" + " " * 50_000 + "x", "1" + ",111" * 20_000 + "x", "-" * 50_000]
    stalling += ["a@" + "a." * 30_000, "1." * 30_000, "€" * 50_000, "0" * 50_000, "1e" + "9" * 5_000]
    body = "".join(f"{s};{i};{i % 2}\n" for i, s in enumerate(stalling * 8))
    yield "cells that stall a search", f"a;b;late\n{body}".encode(), "read|cells"
    yield (
        "numbers of 5,000 digits",
        (NAMES + "".join(f"{'7' * 5_000},{i},{i % 2}\n" for i in range(90))).encode(),
        "read",
    )
    yield "signs that are digits and no numbers", (NAMES + "²,³,yes\n٣,५,no\n" * 40).encode(), "read"
    yield "UTF-16 that is cut off", LINES.encode("utf-16")[:-1], "read|cells|table"
    yield "bytes that are no letters", NAMES.encode() + b"\xff\xfe\x80,\x81,\x8d\n" * 40, "read|cells"


# -- Parquet and Feather ---------------------------------------------------------------------------------------------
def arrow(table: Any, kind: str = "parquet", **options: Any) -> bytes:
    import pyarrow.feather
    import pyarrow.parquet

    out = io.BytesIO()
    write = pyarrow.parquet.write_table if kind == "parquet" else pyarrow.feather.write_feather
    write(table, out, **options)
    return out.getvalue()


def columnar() -> Iterator[tuple[str, bytes, str]]:
    import pyarrow as pa

    deep: Any = pa.array([1, 2])
    for _ in range(90):
        deep = pa.StructArray.from_arrays([deep], names=["x"])
    yield "Parquet 90 deep", arrow(pa.table({"a": deep, "b": [1, 2]})), "read|rows"
    lists: Any = pa.array([1, 2])
    for _ in range(60):
        lists = pa.ListArray.from_arrays(pa.array([0, 1, 2], pa.int32()), lists)
    yield "lists of lists", arrow(pa.table({"a": lists, "b": [1, 2]})), "read|Parquet"
    wide = pa.table({f"c{i}": [1] for i in range(10_000)})
    yield "Parquet of 10,000 columns", arrow(wide), "columns"
    yield "Feather of 10,000 columns", arrow(wide, "feather"), "columns"
    same = pa.table({"a": pa.array(np.zeros(60_000_000, dtype=np.int8)), "b": pa.array(np.zeros(60_000_000, np.int8))})
    yield "Parquet of 60 million equal rows", arrow(same), "more than is read"
    zeros = pa.table({"a": pa.array(np.zeros(30_000_000))})
    yield "Feather of 240 MB in one", arrow(zeros, "feather", compression="zstd"), "more than is read"
    long = pa.table({"a": pa.array(["x" * 1_000_000]).take(pa.array(np.zeros(1_500, np.int64))), "b": range(1_500)})
    yield "Parquet of equal long texts", arrow(long), "more than is read"
    whole, feather, small = made("parquet"), made("feather"), gzip.compress(LINES.encode())
    for share in (0.1, 0.5, 0.9, 0.99):
        yield f"Parquet cut off at {share}", whole[: int(share * len(whole))], "damaged|not a table|Parquet"
        yield f"Feather cut off at {share}", feather[: int(share * len(feather))], "damaged|not a table|Feather"
        yield f"Excel cut off at {share}", made("xlsx")[: int(share * len(made("xlsx")))], "damaged|Excel"
        yield f"gzip cut off at {share}", small[: int(share * len(small))], "damaged|empty|rows"
    footer = whole[:-8] + (2**31 - 1).to_bytes(4, "little") + b"PAR1"
    yield "Parquet whose end claims 2 GB", footer, "damaged"
    rng = np.random.default_rng(0)
    for at in range(6):
        bent = bytearray(whole)
        for place in rng.integers(4, len(bent) - 8, 20):
            bent[place] ^= int(rng.integers(1, 256))
        yield f"Parquet with bent bytes {at}", bytes(bent), "damaged|read|more than is read|columns|rows"


KINDS: dict[str, Callable[[], Iterator[tuple[str, bytes, str]]]] = {
    "packed": packed,
    "text": texts,
    "columnar": columnar,
}


@pytest.mark.parametrize("kind", [k if k == "text" else pytest.param(k, marks=pytest.mark.promise) for k in KINDS])
def test_nothing_takes_longer_than_ten_seconds(kind: str, door: Path, promise: Any) -> None:
    import re

    took = {}
    for name, data, why in KINDS[kind]():
        said, took[name] = brought(data, f"../../{name}.csv")
        assert took[name] < MOST_SECONDS, (name, took[name], said)
        assert re.search(why, said), (name, said)
        assert str(door) not in said, name
        assert len(said) < 700, name
    slowest = max(took, key=lambda n: took[n])
    words = f"No hostile data file ({kind}) takes longer than {MOST_SECONDS:g} s from the page to its answer"
    promise(words, f"{len(took)} files, slowest {took[slowest]:.1f} s ({slowest})")
    assert brought(LINES.encode(), "good.csv")[0] == "read", "the door is still open"


def test_nothing_in_a_data_file_is_run(canary: Path) -> None:
    evil = pickle.dumps(Evil(canary))
    for name, data in {
        "pickle": evil,
        "gzip of a pickle": gzip.compress(evil),
        "pickle in a cell": NAMES.encode() + b'"' + evil.replace(b'"', b"") + b'",2,yes\n' * 20,
        "pickled pandas": pickle.dumps(pd.DataFrame({"a": [1]})),
    }.items():
        said, seconds = brought(data, f"{name}.csv")
        assert seconds < MOST_SECONDS
        assert said != "read" or name == "pickle in a cell"
        assert not canary.exists()


def test_the_memory_of_reading_is_limited_and_what_comes_after_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    resource = pytest.importorskip("resource", reason="Windows has no such limit")
    before = resource.getrlimit(resource.RLIMIT_DATA)
    monkeypatch.setenv("BAKEOFF_UPLOAD_MEMORY_MB", "300")
    with limits.memory_capped():
        assert len(bytearray(100_000_000)) == 100_000_000
        with pytest.raises(MemoryError):
            bytearray(900_000_000)
    assert resource.getrlimit(resource.RLIMIT_DATA) == before
    assert len(bytearray(900_000_000)) == 900_000_000
