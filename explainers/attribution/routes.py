"""How mixed rows reach the estimator: put together from encoded rows where that is proven equal, else as raw frames."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import pandas as pd

from explainers.attribution.separable import Encoded, encode, mixed, used_by_name, used_by_position
from explainers.attribution.walks import Bools, Ints
from explainers.errors import CandidateError
from explainers.predict import Door
from explainers.results import FloatArray

BATCH = 20_000  # hybrids per call of the estimator, at least
CELLS = 10_000_000  # and about so many numbers at most, twice for a moment
EQUAL = 1e-9
Int64s = np.ndarray[Any, np.dtype[np.int64]]


class Request(Protocol):
    """Hybrids between one case and reference rows, made a slice at a time."""

    @property
    def rows(self) -> int:
        """Hybrids in all."""

    def request(self, start: int, stop: int) -> tuple[Ints, Bools]:
        """Return reference rows and masks of a slice."""


class Route:
    """Hybrids of cases and reference rows, answered in big batches.

    Parameters
    ----------
    door : Door
        The way to the estimator.
    cases, refs : DataFrame
        Raw rows of the candidate's columns, of equal kinds.
    extra : DataFrame, optional
        More raw rows, to tell the encoded columns apart and to prove the route.
    """

    def __init__(self, door: Door, cases: pd.DataFrame, refs: pd.DataFrame, extra: pd.DataFrame | None = None) -> None:
        self.door, self.n_cases = door, len(cases)
        self.columns = list(cases.columns)
        parts = [cases, refs] if extra is None else [cases, refs, extra]
        self.raw = pd.concat(parts, ignore_index=True)
        self.codes = _codes(self.raw)
        self.used = used_by_name(door.estimator, self.columns)
        self.encoded: Encoded | None = None
        self._inner: Door | None = None
        self._bits: Int64s | None = None
        self._space: Int64s | None = None
        self._prove()

    @property
    def n_evaluations(self) -> int:
        """Rows sent through the estimator so far, either way."""
        return self.door.n_evaluations + (0 if self._inner is None else self._inner.n_evaluations)

    @property
    def name(self) -> str:
        """Which way is taken: encoded or raw."""
        return "raw" if self.encoded is None else "encoded"

    def differs(self, case: int, n_refs: int) -> Bools:
        """Return the columns that can matter, shape (n_refs, n_columns): not equal in case and row, and used at all."""
        refs = self.codes[self.n_cases : self.n_cases + n_refs]
        return np.asarray((refs != self.codes[case]) & self.used)

    def ask(self, frame: pd.DataFrame) -> FloatArray:
        """Return the answers of raw rows, shape (n_rows, n_outputs)."""
        return self.door.ask(frame).reshape(len(frame), -1)

    def answer(self, requests: Sequence[tuple[int, int, Request]]) -> list[FloatArray]:
        """Return the answers to requests of (case, output, hybrids), one array per request."""
        out = [np.empty(request.rows) for _, _, request in requests]
        width = len(self.columns) if self.encoded is None else self.encoded.rows.shape[1]
        batch = int(np.clip(CELLS // max(1, width), 1_000, BATCH))
        if self._space is None:  # kept: fresh memory for every batch takes longer than filling it
            self._space = np.empty((2 * batch, width), dtype=np.int64)
        waiting: list[tuple[FloatArray, int]] = []
        filled = 0
        for (case, output, request), answers in zip(requests, out, strict=True):
            for start in range(0, request.rows, batch):
                stop = min(start + batch, request.rows)
                self._mix(self._space[filled : filled + stop - start], case, *request.request(start, stop))
                waiting.append((answers[start:stop], output))
                filled += stop - start
                if filled >= batch:
                    self._send(self._space[:filled], waiting)
                    waiting, filled = [], 0
        self._send(self._space[:filled], waiting)
        return out

    # -- inside ------------------------------------------------------------------------------------------------
    def _mix(self, space: Int64s, case: int, ref_at: Ints, masks: Bools) -> None:
        """Fill the space with hybrids: encoded rows as bits, or for the raw door the row each value comes from."""
        if self.encoded is None or self._bits is None:
            np.copyto(space, (ref_at + self.n_cases)[:, None])
            np.copyto(space, case, where=masks)
            return
        # Reference row "xor" case, kept where the reference row's value is wanted, "xor" case again: exact to the bit,
        # whatever the numbers are, and several times as fast as choosing value by value.
        apart = self._bits[self.n_cases :] ^ self._bits[case]
        np.take(apart, ref_at, axis=0, out=space, mode="clip")
        np.multiply(space, ~masks[:, self.encoded.group], out=space)
        np.bitwise_xor(space, self._bits[case], out=space)

    def _send(self, rows: Int64s, waiting: list[tuple[FloatArray, int]]) -> None:
        """Ask for the answers to all rows and hand each request its own."""
        if not waiting:
            return
        if self.encoded is None or self._inner is None:
            answer = self.ask(self.frame(rows))
        else:
            answer = _ask_encoded(self._inner, self.encoded, rows.view(np.float64))
        start = 0
        for target, output in waiting:
            target[:] = answer[start : start + len(target), output]
            start += len(target)

    def frame(self, at: Ints | Int64s) -> pd.DataFrame:
        """Return raw rows whose columns come from the rows given, ``at`` of shape (n_rows, n_columns)."""
        return pd.DataFrame({name: self.raw.iloc[:, j].array.take(at[:, j]) for j, name in enumerate(self.columns)})

    def _prove(self) -> None:
        """Take the encoded route, and leave columns out of the game, only if 50 mixed rows answer alike every way."""
        if self.used.all():
            encoded = encode(self.door.estimator, self.raw)
            if encoded is not None:
                self._prove_encoded(encoded)
        elif self.used.any():
            rows, at = mixed(self.raw)
            other = self.frame(np.where(self.used, at, at[::-1]))
            if not np.array_equal(self.ask(rows), self.ask(other)):
                self.used[:] = True

    def _prove_encoded(self, encoded: Encoded) -> None:
        rows, at = mixed(self.raw)
        used = used_by_position(encoded.final, encoded.group, len(self.columns))
        by_raw = self.ask(rows)
        try:
            inner = self.door.beside(encoded.final)
            by_code = _ask_encoded(inner, encoded, _gather(encoded, at))
            without = _ask_encoded(inner, encoded, _gather(encoded, np.where(used, at, at[::-1])))
        except CandidateError:
            return  # the last step cannot be asked on its own; the raw door can
        scale = EQUAL * max(1.0, float(np.abs(by_raw).max(initial=0.0)))
        if by_raw.shape == by_code.shape and np.abs(by_raw - by_code).max(initial=0.0) <= scale:
            self.encoded, self._inner = encoded, inner
            self._bits = np.ascontiguousarray(encoded.rows).view(np.int64)
            if np.array_equal(by_code, without):
                self.used = used


def _ask_encoded(inner: Door, encoded: Encoded, rows: FloatArray) -> FloatArray:
    """Return the answers of the last step to encoded rows, shape (n_rows, n_outputs)."""
    return inner.ask(pd.DataFrame(rows, columns=encoded.columns, copy=False)).reshape(len(rows), -1)


def _gather(encoded: Encoded, at: Ints) -> FloatArray:
    """Return encoded rows whose original columns come from the rows given, ``at`` of shape (n, n_columns)."""
    return encoded.rows[at[:, encoded.group], np.arange(encoded.group.size)]


def _codes(rows: pd.DataFrame) -> Ints:
    """Return whole numbers that are equal where values are equal, shape of the frame; missing values are equal."""
    out = np.empty(rows.shape, dtype=np.intp)
    for j in range(rows.shape[1]):
        out[:, j] = pd.factorize(rows.iloc[:, j])[0]
    return out
