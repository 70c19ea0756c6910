"""The records that callers get: plain frozen values, no connection behind them."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, Literal, TypeVar, get_args

T = TypeVar("T")
MarkValue = Literal["makes sense", "odd", "wrong"]
MARK_VALUES: tuple[MarkValue, ...] = get_args(MarkValue)
RowMarkValue = Literal["real", "data error", "check", "taken back"]
ROW_MARK_VALUES: tuple[RowMarkValue, ...] = get_args(RowMarkValue)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What somebody replied to a mark.

    Attributes
    ----------
    id : int
        Number of the answer.
    submission_id : str
        The form that it came from.
    created_at : datetime
        When it was stored, in UTC.
    author : str
        Who wrote it.
    text : str
        What was written: never to be shown as markdown or HTML.
    """

    id: int
    submission_id: str
    created_at: datetime
    author: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What an expert thinks of one reason.

    Attributes
    ----------
    id : int
        Number of the mark.
    submission_id : str
        The form that it came from.
    created_at : datetime
        When it was stored, in UTC.
    author : str
        Who marked.
    study : str
        Name of the study.
    fingerprint : str
        The study's fingerprint at that time.
    candidate : str
        Name of the candidate whose reason was marked.
    candidate_key : str
        The candidate's key at that time.
    case_id : str or None
        The row that was on screen, None for a case that was typed in.
    case : dict
        The values that were on screen, by column.
    feature : str
        The column that the reason is about.
    mark : {"makes sense", "odd", "wrong"}
        The judgement.
    reason : str
        The sentence that was shown.
    comment : str
        What was written beside it: never to be shown as markdown or HTML.
    answers : tuple of Answer
        The replies, oldest first.
    """

    id: int
    submission_id: str
    created_at: datetime
    author: str
    study: str
    fingerprint: str
    candidate: str
    candidate_key: str
    case_id: str | None
    case: dict[str, Any] = field(hash=False)
    feature: str
    mark: MarkValue
    reason: str
    comment: str
    answers: tuple[Answer, ...]

    @property
    def state(self) -> Literal["open", "answered"]:
        """Whether somebody has replied."""
        return "answered" if self.answers else "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """A case that somebody keeps at hand.

    Attributes
    ----------
    id : int
        Number of the pin.
    submission_id : str
        The form that it came from.
    created_at : datetime
        When it was stored, in UTC.
    author : str
        Who pinned it.
    study : str
        Name of the study.
    case_id : str or None
        The row that was pinned, None where every value was typed in.
    case : dict
        The values that were typed in, by column.
    label : str
        What the case is called in the list.
    """

    id: int
    submission_id: str
    created_at: datetime
    author: str
    study: str
    case_id: str | None
    case: dict[str, Any] = field(hash=False)
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TriageChoice:
    """Which cases an option shall decide alone, as somebody chose.

    Attributes
    ----------
    id : int
        Number of the choice.
    submission_id : str
        The form that it came from.
    created_at : datetime
        When it was stored, in UTC.
    author : str
        Who chose.
    study : str
        Name of the study.
    fingerprint : str
        The study's fingerprint at that time.
    candidate : str
        Name of the candidate that decides alone.
    candidate_key : str
        The candidate's key at that time.
    rule : dict
        The rule by plain values, such as its cuts and the share that may be off.
    assumptions : dict
        The figures of time and money that were on screen.
    said : str
        The sentence that was shown.
    comment : str
        What was written beside it: never to be shown as markdown or HTML.
    """

    id: int
    submission_id: str
    created_at: datetime
    author: str
    study: str
    fingerprint: str
    candidate: str
    candidate_key: str
    rule: dict[str, Any] = field(hash=False)
    assumptions: dict[str, Any] = field(hash=False)
    said: str
    comment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RowMark:
    """What somebody says of one row of the data. The row stays in the data whatever is said.

    Attributes
    ----------
    id : int
        Number of the mark.
    submission_id : str
        The form that it came from.
    created_at : datetime
        When it was stored, in UTC.
    author : str
        Who marked.
    study : str
        Name of the study.
    fingerprint : str
        The study's fingerprint at that time.
    case_id : str
        The row.
    about : str
        Which list it stood in, such as "inputs", "outcome", "label", "influence" or "duplicate".
    mark : {"real", "data error", "check", "taken back"}
        What it is held to be; "taken back" undoes an earlier mark.
    reason : str
        The sentence that was shown.
    comment : str
        What was written beside it: never to be shown as markdown or HTML.
    """

    id: int
    submission_id: str
    created_at: datetime
    author: str
    study: str
    fingerprint: str
    case_id: str
    about: str
    mark: RowMarkValue
    reason: str
    comment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedSegment:
    """A group of cases that somebody gave a name, so that other pages offer it.

    Attributes
    ----------
    id : int
        Number of the group.
    submission_id : str
        The form that it came from.
    created_at : datetime
        When it was stored, in UTC.
    author : str
        Who named it.
    study : str
        Name of the study.
    fingerprint : str
        The study's fingerprint at that time.
    candidate : str
        The candidate that was on screen; empty if none was.
    name : str
        What it is called: never to be shown as markdown or HTML.
    ids : tuple of str
        Its cases; empty where conditions say which they are.
    conditions : tuple of dict
        Each with the name of a column and what its value has to be; empty where ids say which cases they are.
    said : str
        The sentence that was shown, such as what its cases have in common.
    comment : str
        What was written beside it: never to be shown as markdown or HTML.
    """

    id: int
    submission_id: str
    created_at: datetime
    author: str
    study: str
    fingerprint: str
    candidate: str
    name: str
    ids: tuple[str, ...] = field(repr=False)
    conditions: tuple[dict[str, Any], ...] = field(hash=False)
    said: str
    comment: str


def record(kind: type[T], row: object, **other: Any) -> T:
    """Return a record of what a row of a table holds, field by field.

    Parameters
    ----------
    kind : type
        A record of this module or of :mod:`records_meeting`.
    row : object
        The row; it has a column for every field that is not given.
    **other
        Fields that the row keeps in another form, or that are not to be read.

    Returns
    -------
    object of ``kind``
    """
    kept = {f.name: getattr(row, f.name) for f in fields(kind) if f.name not in other}  # type: ignore[arg-type]
    return kind(**kept, **other)
