"""Groups of cases with a name. Removing and restoring are records of their own; the latest one of a group decides."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from explainers.database import checks
from explainers.database.engine import reading, stored_once, writing
from explainers.database.on_lists import add_event, still_there
from explainers.database.records import NamedSegment, record
from explainers.database.tables import SegmentRow
from explainers.database.values import plain_case, plain_value
from explainers.errors import DatabaseError


def add_segment(
    *,
    submission_id: str,
    author: str,
    study: str,
    fingerprint: str,
    name: str,
    ids: Iterable[str] = (),
    conditions: Iterable[Mapping[str, Any]] = (),
    candidate: str = "",
    said: str = "",
    comment: str = "",
) -> NamedSegment:
    """Keep a group of cases under a name.

    Parameters
    ----------
    submission_id : str
        A UUID as text, made when the form was drawn. A second call with the same one stores nothing.
    author : str
        Who names it: 1 to 80 characters.
    study, fingerprint : str
        The study and its state.
    name : str
        What it is called: 1 to 120 characters.
    ids : iterable of str
        Its cases, at most 200,000.
    conditions : iterable of mapping
        Where conditions say which cases they are: plain values, or lists of them, by name; at most 20 conditions. Ends
        that are infinite are kept as None.
    candidate : str
        The candidate that was on screen.
    said : str
        The sentence that was shown.
    comment : str
        At most 4,000 characters.

    Returns
    -------
    NamedSegment
        What is stored now: committed before this returns.

    Raises
    ------
    DatabaseError
        There is neither a case nor a condition, a value cannot be stored, or the database cannot be written; nothing
        was stored.
    """
    cases, rules = checks.ids(ids), [_plain(one) for one in conditions]
    if not cases and not rules:
        raise DatabaseError("Expected at least one case, came none. Pick some cases and save again.")
    if len(rules) > checks.MOST_CONDITIONS:
        raise DatabaseError(
            f"A group may have up to {checks.MOST_CONDITIONS} conditions, came {len(rules)}. Take fewer and save again."
        )
    row = SegmentRow(
        submission_id=checks.submission_id(submission_id),
        author=checks.author(author),
        study=checks.name("The name of the study", study),
        fingerprint=checks.written("The fingerprint of the study", fingerprint, checks.NAME_LENGTH),
        candidate=checks.written("The name of the option", candidate, checks.NAME_LENGTH),
        name=" ".join(checks.needed("The name of the group", name, checks.LABEL_LENGTH).split()),
        ids=cases,
        conditions=rules,
        said=checks.written("The sentence that was shown", said),
        comment=checks.written("The comment", comment),
    )
    with writing() as session:
        return _segment(stored_once(session, row))  # the commit comes first, and its error takes the return's place


def named_segments(study: str) -> tuple[NamedSegment, ...]:
    """Read the named groups of a study, newest first, without the removed ones.

    Parameters
    ----------
    study : str
        Name of the study.

    Returns
    -------
    tuple of NamedSegment
    """
    query = (
        select(SegmentRow)
        .where(SegmentRow.study == checks.name("The name of the study", study), still_there(SegmentRow))
        .order_by(SegmentRow.id.desc())
    )
    with reading() as session:
        return tuple(_segment(row) for row in session.scalars(query))


def remove_segment(segment_id: int, *, submission_id: str, author: str) -> None:
    """Take a named group off the list; `restore_segment` puts it back.

    Parameters
    ----------
    segment_id : int
        Number of the group.
    submission_id : str
        A UUID as text, made when the button was drawn. A second call with the same one stores nothing.
    author : str
        Who removes it.

    Raises
    ------
    DatabaseError
        There is no such group, a value cannot be stored, or the database cannot be written.
    """
    add_event(SegmentRow, segment_id, "removed", submission_id, author)


def restore_segment(segment_id: int, *, submission_id: str, author: str) -> None:
    """Put a removed group back on the list.

    Parameters
    ----------
    segment_id : int
        Number of the group.
    submission_id : str
        A UUID as text, made when the button was drawn. A second call with the same one stores nothing.
    author : str
        Who restores it.

    Raises
    ------
    DatabaseError
        There is no such group, a value cannot be stored, or the database cannot be written.
    """
    add_event(SegmentRow, segment_id, "restored", submission_id, author)


def _plain(condition: Any) -> dict[str, Any]:
    if not isinstance(condition, Mapping):
        raise DatabaseError(f"Expected a condition as values by name, came {type(condition).__name__}. Pick again.")
    several = {k: v for k, v in condition.items() if isinstance(v, (list, tuple))}
    found: dict[str, Any] = plain_case({k: v for k, v in condition.items() if k not in several})
    lists = {checks.storable(str(k)): [_finite(plain_value(one)) for one in v] for k, v in several.items()}
    return {k: _finite(v) for k, v in found.items()} | lists


def _finite(value: Any) -> Any:
    return None if isinstance(value, float) and math.isinf(value) else value


def _segment(row: SegmentRow) -> NamedSegment:
    return record(NamedSegment, row, ids=tuple(row.ids), conditions=tuple(dict(c) for c in row.conditions))
