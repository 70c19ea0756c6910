"""The few lines of the protocol buffers format that are needed to look into an ONNX file without opening it."""

from __future__ import annotations

import struct
from collections.abc import Iterator

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5


def fields(data: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """Yield number and content of each field of a message: a whole number, or the bytes of text, numbers or messages.

    Parameters
    ----------
    data : memoryview
        One message.

    Raises
    ------
    ValueError
        It is no such message.

    Examples
    --------
    >>> list(fields(memoryview(bytes([8, 150, 1]))))
    [(1, 150)]
    """
    at, end = 0, len(data)
    while at < end:
        head, at = _varint(data, at)
        number, kind = head >> 3, head & 7
        if number == 0:
            raise ValueError("a field without a number")
        if kind == _VARINT:
            value, at = _varint(data, at)
            yield number, value
        elif kind in (_FIXED64, _FIXED32):
            size = 8 if kind == _FIXED64 else 4
            yield number, _part(data, at, size)
            at += size
        elif kind == _BYTES:
            size, at = _varint(data, at)
            yield number, _part(data, at, size)
            at += size
        else:
            raise ValueError("a field of no known kind")


def whole_numbers(part: int | memoryview) -> list[int]:
    """Return the signed whole numbers of a repeated field: one, or many packed together."""
    if isinstance(part, int):
        return [_signed(part)]
    found, at = [], 0
    while at < len(part):
        value, at = _varint(part, at)
        found.append(_signed(value))
    return found


def float_numbers(part: int | memoryview) -> list[float]:
    """Return the numbers of single precision of a repeated field."""
    if isinstance(part, int):
        raise ValueError("a whole number where none was expected")
    return list(struct.unpack(f"<{len(part) // 4}f", part))


def text(part: int | memoryview) -> str:
    """Return a field as text."""
    if isinstance(part, int):
        raise ValueError("a number where text was expected")
    return bytes(part).decode("utf-8", "replace")


def message(part: int | memoryview) -> memoryview:
    """Return a field that is a message of its own."""
    if isinstance(part, int):
        raise ValueError("a number where a message was expected")
    return part


def _part(data: memoryview, at: int, size: int) -> memoryview:
    if at + size > len(data):
        raise ValueError("a field that is longer than its message")
    return data[at : at + size]


def _varint(data: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if at >= len(data) or shift > 63:
            raise ValueError("a number without an end")
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


def _signed(value: int) -> int:
    return value - (1 << 64) if value >= 1 << 63 else value
