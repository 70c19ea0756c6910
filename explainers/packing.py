"""Values to bytes and back without pickle: what the store keeps and what goes through the pipes of the workers.

One layout for both: a magic word, a checksum, a JSON header and the raw bytes of arrays (Arrow IPC for text and
nullable columns). Opening such bytes never runs anything: classes are looked up by name among the dataclasses of
``results.py`` only, and arrays of Python objects are lists of plain values in the header.
"""

from __future__ import annotations

import datetime
import json
import struct
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from explainers import results

_MAGIC = b"BAKE1\n"
_HEAD = struct.Struct(">6sIQ")
_TAG = "~"
_ALIGN = 64
_PLAIN = {type(None), bool, int, float, str}
_KINDS = set("biufcmMSU")
_BROKEN = (ArithmeticError, AttributeError, LookupError, MemoryError, RecursionError, TypeError, ValueError)
_NULLABLE = (
    *(pd.Int8Dtype, pd.Int16Dtype, pd.Int32Dtype, pd.Int64Dtype, pd.UInt8Dtype, pd.UInt16Dtype, pd.UInt32Dtype),
    *(pd.UInt64Dtype, pd.Float32Dtype, pd.Float64Dtype, pd.BooleanDtype),
)
RESULTS: dict[str, type] = {
    name: c
    for name, c in vars(results).items()
    if isinstance(c, type) and is_dataclass(c) and c.__module__.startswith(results.__name__)
}


class PackingError(ValueError):
    """Bytes that are not a whole, undamaged value; or a value of a kind that cannot be kept."""


def pack(value: Any) -> bytes:
    """Return a value as bytes.

    Parameters
    ----------
    value : object
        Dataclass of ``results.py``, mapping, list, tuple, set, text, number, bytes, date, numpy array or scalar
        (it comes back as a Python number), pandas Series, Index or DataFrame; nested as you like.

    Returns
    -------
    bytes

    Raises
    ------
    PackingError
        There is something else inside.

    Examples
    --------
    >>> unpack(pack({"a": (1, None, float("inf")), 2: [True]}))
    {'a': (1, None, inf), 2: [True]}
    """
    blobs: list[Any] = []
    try:
        header = json.dumps(_encode(value, blobs), separators=(",", ":")).encode("ascii")
    except (pa.ArrowException, RecursionError, UnicodeEncodeError) as e:
        raise PackingError(f"This value cannot be kept: {e}") from e
    sizes = [memoryview(b).nbytes for b in blobs]
    start = struct.pack(f">I{len(sizes)}Q", len(sizes), *sizes)
    parts: list[Any] = [start, header]
    at = _HEAD.size + len(start) + len(header)
    for blob, size in zip(blobs, sizes, strict=True):
        parts += [b"\0" * (-at % _ALIGN), blob]
        at += -at % _ALIGN + size
    check = 0
    for part in parts:
        check = zlib.crc32(part, check)
    return b"".join([_HEAD.pack(_MAGIC, check, len(header)), *parts])


def unpack(data: bytes | bytearray) -> Any:
    """Return the value that :func:`pack` made these bytes of.

    Parameters
    ----------
    data : bytes or bytearray
        Arrays in the value share the memory of a bytearray and can then be written to.

    Raises
    ------
    PackingError
        The bytes are cut off, damaged, of another layout, or name a class that is not a result.
    """
    try:
        view = memoryview(data)
        magic, check, length = _HEAD.unpack_from(view)
        if magic != _MAGIC or zlib.crc32(view[_HEAD.size :]) != check:
            raise PackingError("These bytes are cut off or damaged.")
        (n,) = struct.unpack_from(">I", view, _HEAD.size)
        sizes = struct.unpack_from(f">{n}Q", view, _HEAD.size + 4)
        at = _HEAD.size + 4 + 8 * n
        header = json.loads(bytes(view[at : at + length]))
        at += length
        blobs = []
        for size in sizes:
            at += -at % _ALIGN
            blobs.append(view[at : at + size])
            at += size
        if at != len(view):
            raise PackingError("These bytes are longer or shorter than they say.")
        return _decode(header, blobs)
    except PackingError:
        raise
    except (*_BROKEN, pa.ArrowException, struct.error) as e:
        raise PackingError(f"These bytes are not a kept value: {e}") from e


# -- one value to JSON -------------------------------------------------------------------------------------------
def _encode(value: Any, blobs: list[Any]) -> Any:
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is list:
        return _items(value, blobs)
    if kind is tuple:
        return {_TAG: "tuple", "v": _items(value, blobs)}
    if RESULTS.get(kind.__name__) is kind:
        body = {f.name: _encode(getattr(value, f.name), blobs) for f in fields(value)}
        return {_TAG: "result", "c": kind.__name__, "v": body}
    for types, encode in _ENCODERS:
        if isinstance(value, types):
            return encode(value, blobs)
    raise PackingError(
        f"A value of the type {kind.__module__}.{kind.__qualname__} cannot be kept. Expected results, text, numbers, "
        "dates, arrays, frames, and lists, tuples or mappings of these."
    )


def _items(values: Sequence[Any], blobs: list[Any]) -> list[Any]:
    if set(map(type, values)) <= _PLAIN:
        return list(values)
    return [_encode(v, blobs) for v in values]


def _mapping(value: Mapping[Any, Any], blobs: list[Any]) -> Any:
    if all(type(k) is str for k in value) and _TAG not in value:
        return {k: _encode(v, blobs) for k, v in value.items()}
    return {_TAG: "dict", "v": [[_encode(k, blobs), _encode(v, blobs)] for k, v in value.items()]}


def _blob(data: Any, blobs: list[Any]) -> int:
    blobs.append(data)
    return len(blobs) - 1


def _raw(values: np.ndarray, blobs: list[Any]) -> dict[str, Any]:
    if values.dtype == object:
        return {"o": _items(values.ravel().tolist(), blobs), "s": list(values.shape)}
    if values.dtype.kind not in _KINDS:
        raise PackingError(f"An array of the type {values.dtype} cannot be kept; use numbers, text or plain objects.")
    whole = np.ascontiguousarray(values)
    return {"d": values.dtype.str, "s": list(values.shape), "b": _blob(whole.reshape(-1).view(np.uint8), blobs)}


def _timestamp(value: pd.Timestamp, blobs: list[Any]) -> Any:
    return {_TAG: "timestamp", "v": _column(pd.Series([value]).array, blobs)}


def _column(values: Any, blobs: list[Any]) -> dict[str, Any]:
    """Encode the array of a Series or Index."""
    dtype = values.dtype
    if isinstance(values, pd.arrays.NumpyExtensionArray) or isinstance(dtype, np.dtype):
        return _raw(np.asarray(values), blobs)
    if isinstance(dtype, pd.CategoricalDtype):
        return {
            "k": "category",
            "codes": _raw(np.asarray(values.codes), blobs),
            "categories": _index(dtype.categories, blobs),
            "ordered": bool(dtype.ordered),
        }
    if isinstance(dtype, pd.DatetimeTZDtype):
        naive = _raw(np.asarray(values.asi8).view(f"M8[{dtype.unit}]"), blobs)
        return {"k": "zoned", "v": naive, "zone": str(dtype.tz)}
    if _arrow_name(dtype) is not None:
        return {"k": "arrow", "t": _arrow_name(dtype), "b": _blob(_ipc([pa.array(values)]), blobs)}
    raise PackingError(f"A column of the type {dtype} cannot be kept; turn it into numbers, text or categories first.")


def _arrow_name(dtype: Any) -> list[str] | None:
    """Return what is needed to make a text or nullable dtype again, or None for other dtypes."""
    if isinstance(dtype, pd.StringDtype):
        return ["text", str(dtype.storage), "NA" if dtype.na_value is pd.NA else "nan"]
    if isinstance(dtype, _NULLABLE):
        return ["nullable", str(dtype)]
    return ["arrow"] if isinstance(dtype, pd.ArrowDtype) else None


def _ipc(arrays: list[Any]) -> pa.Buffer:
    whole = [a.combine_chunks() if isinstance(a, pa.ChunkedArray) else a for a in arrays]
    batch = pa.record_batch(whole, names=[str(i) for i in range(len(whole))])
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    return sink.getvalue()


def _index(value: pd.Index, blobs: list[Any]) -> dict[str, Any]:
    if isinstance(value, pd.MultiIndex):
        return {
            "k": "multi",
            "levels": [_index(level, blobs) for level in value.levels],
            "codes": [_raw(np.asarray(c), blobs) for c in value.codes],
            "names": _items(list(value.names), blobs),
        }
    name = _encode(value.name, blobs)
    if isinstance(value, pd.RangeIndex):
        return {"k": "range", "v": [value.start, value.stop, value.step], "name": name}
    freq = getattr(value, "freqstr", None)
    return {"k": "index", "v": _column(value.array, blobs), "name": name, "freq": freq}


def _frame(value: pd.DataFrame, blobs: list[Any]) -> dict[str, Any]:
    columns: list[Any] = []
    arrow: list[Any] = []
    for i in range(value.shape[1]):
        array = value.iloc[:, i].array
        named = _arrow_name(array.dtype)
        if named is None:
            columns.append(_column(array, blobs))
        else:
            columns.append({"k": "shared", "t": named, "i": len(arrow)})
            arrow.append(pa.array(array))
    out = {
        _TAG: "frame",
        "index": _index(value.index, blobs),
        "columns": _index(value.columns, blobs),
        "v": columns,
        "attrs": _mapping(value.attrs, blobs),
    }
    if arrow:
        out["b"] = _blob(_ipc(arrow), blobs)
    return out


def _series(value: pd.Series, blobs: list[Any]) -> dict[str, Any]:
    return {
        _TAG: "series",
        "v": _column(value.array, blobs),
        "index": _index(value.index, blobs),
        "name": _encode(value.name, blobs),
    }


_ENCODERS: list[tuple[Any, Callable[[Any, list[Any]], Any]]] = [
    (np.bool_, lambda v, _: bool(v)),
    (np.integer, lambda v, _: int(v)),
    (np.floating, lambda v, _: float(v)),
    (str, lambda v, _: str(v)),
    (type(pd.NaT), lambda _, __: {_TAG: "nat"}),
    (type(pd.NA), lambda _, __: {_TAG: "na"}),
    (pd.Timestamp, _timestamp),
    (np.datetime64, lambda v, b: _timestamp(pd.Timestamp(v), b)),
    (pd.Timedelta, lambda v, b: {_TAG: "timedelta", "v": _raw(np.array([v.to_timedelta64()]), b)}),
    (datetime.datetime, lambda v, _: {_TAG: "datetime", "v": v.isoformat()}),
    (datetime.date, lambda v, _: {_TAG: "date", "v": v.isoformat()}),
    (pd.DataFrame, _frame),
    (pd.Series, _series),
    (pd.Index, lambda v, b: {_TAG: "index", "v": _index(v, b)}),
    (np.ndarray, lambda v, b: {_TAG: "array", "v": _raw(v, b)}),
    ((bytes, bytearray, memoryview), lambda v, b: {_TAG: "bytes", "v": _blob(v, b)}),
    (Mapping, _mapping),
    (list, _items),
    (tuple, lambda v, b: {_TAG: "tuple", "v": _items(v, b)}),
    ((set, frozenset), lambda v, b: {_TAG: type(v).__name__, "v": _items(sorted(v, key=repr), b)}),
]


# -- and back ----------------------------------------------------------------------------------------------------
def _decode(value: Any, blobs: list[Any]) -> Any:
    if isinstance(value, list):
        return [_decode(v, blobs) if isinstance(v, (dict, list)) else v for v in value]
    if not isinstance(value, dict):
        return value
    if _TAG not in value:
        return {k: _decode(v, blobs) if isinstance(v, (dict, list)) else v for k, v in value.items()}
    return _DECODERS[value[_TAG]](value, blobs)


def _result(value: Any, blobs: list[Any]) -> Any:
    if value["c"] not in RESULTS:
        raise PackingError(f"The file names the class {value['c']!r}, which is not one of the results.")
    return RESULTS[value["c"]](**{k: _decode(v, blobs) for k, v in value["v"].items()})


def _to_raw(value: Any, blobs: list[Any]) -> np.ndarray:
    shape = tuple(value["s"])
    if "o" in value:
        flat = np.empty(len(value["o"]), dtype=object)
        flat[:] = [_decode(v, blobs) if isinstance(v, (dict, list)) else v for v in value["o"]]
        return flat.reshape(shape)
    dtype = np.dtype(value["d"])
    if dtype.kind not in _KINDS:
        raise PackingError(f"The file has an array of the type {dtype}, which is not one that is kept.")
    return np.frombuffer(blobs[value["b"]], dtype=dtype).reshape(shape)


def _to_dtype(named: list[str], array: pa.Array) -> Any:
    if named[0] == "text":
        return pd.StringDtype(named[1], na_value=pd.NA if named[2] == "NA" else np.nan)
    if named[0] == "arrow":
        return pd.ArrowDtype(array.type)
    return pd.api.types.pandas_dtype(named[1])


def _to_column(value: Any, blobs: list[Any]) -> Any:
    kind = value.get("k")
    if kind is None:
        return _to_raw(value, blobs)
    if kind == "category":
        categories = _to_index(value["categories"], blobs)
        return pd.Categorical.from_codes(
            _to_raw(value["codes"], blobs),
            categories=categories,
            ordered=value["ordered"],
        )
    if kind == "zoned":
        return pd.DatetimeIndex(_to_raw(value["v"], blobs)).tz_localize("UTC").tz_convert(value["zone"]).array
    array = _read_ipc(blobs[value["b"]]).column(0)
    return _to_dtype(value["t"], array).__from_arrow__(array)


def _read_ipc(blob: Any) -> pa.RecordBatch:
    with pa.ipc.open_stream(pa.py_buffer(blob)) as reader:
        return reader.read_next_batch()


def _to_index(value: Any, blobs: list[Any]) -> Any:
    if value["k"] == "multi":
        levels: list[Any] = [_to_index(v, blobs) for v in value["levels"]]
        codes: list[Any] = [_to_raw(c, blobs) for c in value["codes"]]
        return pd.MultiIndex(levels=levels, codes=codes, names=_decode(value["names"], blobs))
    name = _decode(value["name"], blobs)
    if value["k"] == "range":
        start, stop, step = value["v"]
        return pd.RangeIndex(start, stop, step, name=name)
    array = _to_column(value["v"], blobs)
    if value["freq"] is not None:
        kind = pd.TimedeltaIndex if array.dtype.kind == "m" else pd.DatetimeIndex
        return kind(array, freq=value["freq"], name=name)
    return pd.Index(array, name=name, dtype=array.dtype)


def _to_frame(value: Any, blobs: list[Any]) -> pd.DataFrame:
    batch: Any = _read_ipc(blobs[value["b"]]) if "b" in value else None
    index = _to_index(value["index"], blobs)
    columns: dict[int, Any] = {}
    for i, column in enumerate(value["v"]):
        if column.get("k") == "shared":
            array = batch.column(column["i"])
            columns[i] = _to_dtype(column["t"], array).__from_arrow__(array)
        else:
            array = _to_column(column, blobs)
            # As they are: a frame made of plain object arrays would guess text and dates in them.
            columns[i] = pd.Series(array, index=index, dtype=object) if array.dtype == object else array
    out = pd.DataFrame(columns, index=index, copy=False)
    out.columns = _to_index(value["columns"], blobs)
    out.attrs = _decode(value["attrs"], blobs)
    return out


def _to_series(value: Any, blobs: list[Any]) -> Any:
    array = _to_column(value["v"], blobs)
    name = _decode(value["name"], blobs)
    return pd.Series(array, index=_to_index(value["index"], blobs), name=name, dtype=array.dtype)


_DECODERS: dict[str, Callable[[Any, list[Any]], Any]] = {
    "tuple": lambda v, b: tuple(_decode(v["v"], b)),
    "dict": lambda v, b: {_decode(k, b): _decode(x, b) for k, x in v["v"]},
    "result": _result,
    "set": lambda v, b: set(_decode(v["v"], b)),
    "frozenset": lambda v, b: frozenset(_decode(v["v"], b)),
    "bytes": lambda v, b: bytes(b[v["v"]]),
    "array": lambda v, b: _to_raw(v["v"], b),
    "frame": _to_frame,
    "series": _to_series,
    "index": lambda v, b: _to_index(v["v"], b),
    "nat": lambda _, __: pd.NaT,
    "na": lambda _, __: pd.NA,
    "timestamp": lambda v, b: pd.Series(_to_column(v["v"], b)).iloc[0],
    "timedelta": lambda v, b: pd.Timedelta(_to_raw(v["v"], b)[0]),
    "datetime": lambda v, _: datetime.datetime.fromisoformat(v["v"]),
    "date": lambda v, _: datetime.date.fromisoformat(v["v"]),
}
