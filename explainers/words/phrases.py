"""The dictionary's own words for a value, how usual the value is, and what the outcome is."""

from __future__ import annotations

import math
import re
import weakref
from collections.abc import Hashable, Mapping
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from explainers.results import Reference
from explainers.study import TRAIN, Feature, Study
from explainers.words import numbers
from explainers.words.say import BUSINESS, Audience, Shown, join, quoted

_VALUE = re.compile(r"\{value(?::(\w+))?\}")
KEPT = 64
LONGEST_NAME = 48
# Training columns that were asked for last; found by the frame and split they come from, which they do not keep alive.
_columns: dict[tuple[int, int, str], tuple[weakref.ref[Any], weakref.ref[Any], Past]] = {}
_CODES = {"yes", "no", "true", "false", "0", "1", "0.0", "1.0", "y", "n"}


class Past:
    """A column over the training rows, with what sentences ask of it at every case: counted once."""

    def __init__(self, column: pd.Series[Any]) -> None:
        self.column = column

    @cached_property
    def missing(self) -> float:
        """Share of the rows without a value."""
        return float(self.column.isna().mean())

    @cached_property
    def numbers(self) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Its numbers in order."""
        return np.sort(pd.to_numeric(self.column, errors="coerce").dropna().to_numpy(dtype=float))

    @cached_property
    def levels(self) -> Mapping[str, float]:
        """Share of the rows of each level, by its text."""
        shares = self.column.astype(str).value_counts(normalize=True)
        return {str(level): float(share) for level, share in shares.items()}

    def share_of(self, value: Any) -> float:
        """Return the share of the rows that hold a value."""
        numeric = pd.api.types.is_numeric_dtype(self.column.dtype)
        if isinstance(value, str) and not numeric:
            return self.levels.get(value, 0.0)
        if isinstance(value, (int, float, np.number)) and numeric:
            return float((self.column.to_numpy(dtype=float, na_value=np.nan) == float(value)).mean())
        same = self.column.astype(object).map(lambda v: not numbers.missing(v) and same_value(v, value))
        return float(same.mean())


def feature(study: Study, name: str) -> Feature:
    """Return the dictionary's entry of a column, or one that only has its name."""
    return study.dictionary[name] if name in study.dictionary else Feature(name=name, label=name)


def label(study: Study, name: str) -> str:
    """Return what people call a column."""
    return feature(study, name).label or name


def level_words(words: Mapping[Any, str], value: Any) -> str | None:
    """Return the words for a level, whether it was kept as text, number or truth value."""
    if not words or numbers.missing(value):
        return None
    tries: list[Any] = [value, str(value)]
    if isinstance(value, (bool, np.bool_)):
        tries = ["yes" if value else "no", str(value).lower(), str(value), bool(value)]
    elif isinstance(value, (int, float, np.number)) and math.isfinite(float(value)) and float(value).is_integer():
        tries += [int(value), str(int(value)), float(value)]
    elif isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,18}", value.strip()):
        tries += [int(value)]
    for key in tries:
        try:
            if key in words:
                return words[key]
        except TypeError:
            continue
    return None


def value_text(entry: Feature, value: Any, *, style: str | None = None, digits: int = 3) -> str:
    """Return a value as people write it: level label, date, percentage, money, number with thousands.

    Parameters
    ----------
    entry : Feature
    value : object
    style : str, optional
        percent, points, number, integer, unit, money, level or date; by default what the dictionary's phrase uses.
    digits : int
        Significant digits of numbers.
    """
    if numbers.missing(value):
        return "not recorded"
    known = level_words(entry.level_labels, value)
    if known is not None:
        return known
    if style is None and entry.phrase:
        found = _VALUE.search(entry.phrase)
        style = found[1] if found else None
    if entry.kind == "date" or style == "date":
        return numbers.date(value)
    if isinstance(value, (bool, np.bool_)):
        return "yes" if value else "no"
    try:
        number = float(value)
    except (TypeError, ValueError):
        return str(value)
    if style == "level" or (entry.kind == "categorical" and isinstance(value, str)):
        return str(value)
    if style == "percent":
        hundred = number * 100
        return numbers.plain(hundred, digits if abs(hundred) < 10 or digits > 3 else _whole_digits(hundred)) + "%"
    if style == "points":
        return numbers.plain(number, digits) + "%"
    if style == "money":
        text = numbers.decimal(round(number), 0) if digits <= 3 else numbers.plain(number, digits + 4)
        return numbers.measured(text, entry.unit)
    if style == "integer":
        return numbers.decimal(round(number), 0)
    return numbers.plain(number, digits)


def _whole_digits(number: float) -> int:
    return max(1, math.floor(math.log10(abs(number))) + 1) if number else 1


def clause(study: Study, name: str, value: Any) -> Shown:
    """Return a whole clause with the value in it, in the dictionary's phrase where there is one."""
    entry = feature(study, name)
    text = value_text(entry, value)
    facts = {"": value, "text": text}
    if numbers.missing(value):
        return Shown(f"nothing is recorded for {quoted(entry.label)}", facts)
    known = level_words(entry.level_phrases, value)
    if known is not None:
        said = known
    elif entry.phrase:
        said = _VALUE.sub(lambda found: _in_phrase(entry, value, found[1]), entry.phrase)
    elif text.strip().lower() in _CODES and entry.kind != "numeric":
        said = f"{quoted(entry.label)} was answered with {quoted(text)}"
    elif entry.kind in ("numeric", "date"):
        said = f"{quoted(entry.label)} is {numbers.measured(text, entry.unit, one=text == '1')}"
    else:
        said = f"{quoted(entry.label)} is {quoted(text)}"
    return Shown(said, {**facts, "text": said})


def _in_phrase(entry: Feature, value: Any, style: str | None) -> str:
    text = value_text(entry, value, style=style)
    return numbers.measured(text, entry.unit, one=text == "1") if style == "unit" else text


def people(study: Study) -> str:
    """Return the word for those concerned, or the word for cases."""
    return study.people or study.cases


def training(study: Study, name: str) -> Past:
    """Return a column over the training rows; over all rows where none is known to be for training."""
    at = (id(study.frame), id(study.split), name)
    known = _columns.get(at)
    if known is not None and known[0]() is study.frame and known[1]() is study.split:
        return known[2]
    rows = (study.split == TRAIN).to_numpy()
    column = study.frame[name]
    column = column[rows] if rows.any() else column
    while len(_columns) >= KEPT:
        _columns.pop(next(iter(_columns)), None)
    past = Past(column)
    _columns[at] = (weakref.ref(study.frame), weakref.ref(study.split), past)
    return past


def usual(study: Study, name: str, value: Any, *, short: bool = False) -> Shown | None:
    """Return how usual a value is among the training rows, or None where that cannot be said.

    Parameters
    ----------
    study : Study
    name : str
        Column.
    value : object
        The case's value.
    short : bool
        Leave out the word for those it is compared with.

    Returns
    -------
    Shown or None
        Such as 'higher than for 9 in 10 applicants', 'like 57 in 100 applicants', 'about as usual'.
    """
    if name not in study.frame.columns or not len(study.frame):
        return None
    past = training(study, name)
    who = "" if short else " " + people(study)
    n = len(past.column)
    if numbers.missing(value):
        return _alike(past.missing, who, n)
    entry = feature(study, name)
    if entry.kind != "numeric":
        return _alike(past.share_of(value), who, n)
    numeric = past.numbers
    try:
        x = float(value)
    except (TypeError, ValueError):
        return None
    if not numeric.size or math.isnan(x):
        return None
    below = float(np.searchsorted(numeric, x, side="left")) / numeric.size
    above = float(numeric.size - np.searchsorted(numeric, x, side="right")) / numeric.size
    facts = {"below": below, "above": above, "rows": n}
    for part, word in ((below, "higher"), (above, "lower")):
        if part >= 0.6:
            found = _tenths(part)
            text = f"{word} than for {found.text}{who}"
            return Shown(text, {"": part, "shown": found.facts["shown"], "of": found.facts["of"], **facts})
    tied = 1 - below - above
    if tied >= 0.1:
        like = _alike(tied, who, n)
        return Shown(like.text, {**like.facts, **facts})
    return Shown("about as usual", facts)


def place(study: Study, name: str, value: Any) -> Shown | None:
    """Return where a value lies among the training rows, in the field's own terms."""
    found = usual(study, name, value, short=True)
    if found is None or numbers.missing(value):
        return None
    rows = found.facts["rows"]
    if feature(study, name).kind == "numeric" and "below" in found.facts:
        part, word = found.facts["below"], "above {share}% of {rows} training rows"
    else:
        part, word = found.facts[""], "shared by {share}% of {rows} training rows"
    return join(word, share=Shown(f"{part * 100:.1f}", {"": part, "shown": round(part * 100, 1)}), rows=rows)


def same_value(a: Any, b: Any) -> bool:
    """Whether two values are the same, whatever kind of number or text they were kept as."""
    if isinstance(a, (int, float, np.number)) and isinstance(b, (int, float, np.number)):
        return float(a) == float(b)
    return str(a) == str(b)


def _alike(part: float, who: str, n: int) -> Shown:
    if part == 0:
        return Shown(f"unlike any of the{who or ' others'} seen before", {"": 0.0, "rows": n})
    if part == 1:
        return Shown(f"like all{who or ' others'}", {"": 1.0, "rows": n})
    found = numbers.share(part)
    few = "only " if part < 0.095 and found.text[0].isdigit() else ""
    return Shown(f"like {few}{found.text}{who}", {**found.facts, "rows": n})


def _tenths(part: float) -> Shown:
    """Return the largest of 99, 95 in 100 and 9 to 6 in 10 that is not more than the share."""
    for n in (99, 95):
        if part >= n / 100:
            return Shown(f"{n} in 100", {"": part, "shown": n, "of": 100})
    n = math.floor(part * 10 + 1e-9)
    return Shown(f"{n} in 10", {"": part, "shown": n, "of": 10})


def beyond(study: Study, name: str, value: Any) -> bool:
    """Whether a value lies outside everything in the training rows: past both ends, or a level never seen."""
    if name not in study.frame.columns or numbers.missing(value):
        return False
    past = training(study, name)
    if feature(study, name).kind == "numeric":
        numeric = past.numbers
        try:
            x = float(value)
        except (TypeError, ValueError):
            return False
        return bool(numeric.size) and not float(numeric[0]) <= x <= float(numeric[-1])
    return past.share_of(value) == 0.0


# -- the outcome ------------------------------------------------------------------------------------------------
def class_words(study: Study, value: Hashable) -> str:
    """Return words for a class that fit after 'was'; a bare code or 'yes' is named as what was recorded."""
    said = level_words(study.outcome_words, value)
    target = feature(study, study.target)
    if said and not _bare(said):
        return said
    known = level_words(target.level_labels, value)
    if known and not _bare(known):
        return f"recorded as {quoted(known)}"
    return f"recorded as {quoted(f'{target.label}: {said or known or value}')}"


def _bare(words: str) -> bool:
    """Whether words for a class say nothing by themselves: 'yes', 'no', a number."""
    return words.strip().casefold() in _CODES or bool(re.fullmatch(r"[+-]?\d+(\.\d+)?", words.strip()))


def decided(study: Study) -> bool:
    """Whether the outcome is what a person decided, not a fact."""
    return study.outcome_is == "a person's past decision"


def outcome(study: Study, value: Hashable) -> str:
    """Return the outcome as it fits after 'was', with who decided it: 'turned down by the lender'."""
    words = class_words(study, value)
    if not decided(study):
        return words
    by = f"by {study.decided_by}" if study.decided_by else "in a past decision"
    return words if by in words else f"{words} {by}"


def record(study: Study) -> str:
    """Return what answers are compared with: 'what the lender decided' or 'the record'."""
    if decided(study):
        return f"what {study.decided_by} decided" if study.decided_by else "what was decided"
    return "the record"


def whose(study: Study) -> str:
    """Return the record as a possession: 'the lender's decision' or 'the record'."""
    if not decided(study):
        return "the record"
    if not study.decided_by:
        return "the past decision"
    return f"{study.decided_by}{'’' if study.decided_by.endswith('s') else chr(39) + 's'} decision"


# -- what an explanation compares with ---------------------------------------------------------------------------
def compared_with(reference: Reference, study: Study) -> Shown:
    """Return what a case is compared with, as it fits after 'compared with'."""
    if reference.kind == "case":
        return join("{case} {id}", case=study.case, id=Shown(str(reference.case), {"": str(reference.case)}))
    if reference.kind == "group" and reference.feature is not None:
        said = clause(study, reference.feature, reference.level)
        return join("the average over {cases} where {group}", cases=study.cases, group=said)
    if reference.kind == "rows":
        return join(
            "the average over {n} {cases} that were chosen",
            n=len(reference.rows),
            cases=study.case if len(reference.rows) == 1 else study.cases,
        )
    return Shown(f"the average over past {study.cases}")


def option(study: Study, name: str, audience: Audience = BUSINESS) -> str:
    """Return an option's name in quotation marks, for the technical audience the one that the field uses."""
    known = study.candidates.get(name)
    if known is None:
        return quoted(name)
    if audience == BUSINESS or not known.technical:
        return quoted(known.label)
    short = re.split(r" \(|, ", known.technical)[0]
    alike = sum(c.technical.startswith(short) for c in study.candidates.values())
    # A sentence names an option several times; what a long name adds stands in the table of options.
    return quoted(short if len(known.technical) > LONGEST_NAME and alike == 1 else known.technical)


def version(study: Study, name: str) -> str:
    """Return the version of a candidate: the end of its key, since candidates of one data set begin alike."""
    known = study.candidates.get(name)
    return known.key[-8:] if known is not None else ""
