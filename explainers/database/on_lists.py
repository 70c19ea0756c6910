"""What stands on a list and what was taken off it: removing and restoring are records of their own.

Nothing is deleted; the latest event of an entry decides whether it is shown.
"""

from __future__ import annotations

from typing import Any, Literal

from sqlalchemy import ColumnElement, func, select

from explainers.database import checks
from explainers.database.engine import stored_once, writing
from explainers.database.tables import (
    AddedOptionEventRow,
    AddedOptionRow,
    PinEventRow,
    PinRow,
    ScenarioEventRow,
    ScenarioRow,
    SegmentEventRow,
    SegmentRow,
)

Entry = type[PinRow] | type[SegmentRow] | type[ScenarioRow] | type[AddedOptionRow]
EVENTS: dict[Entry, tuple[Any, Any, str]] = {
    PinRow: (PinEventRow, PinEventRow.pin_id, "pinned case"),
    SegmentRow: (SegmentEventRow, SegmentEventRow.segment_id, "named group"),
    ScenarioRow: (ScenarioEventRow, ScenarioEventRow.scenario_id, "scenario"),
    AddedOptionRow: (AddedOptionEventRow, AddedOptionEventRow.added_option_id, "added option"),
}
"""Of each kind of entry: its events, their column with the number of the entry, and what an entry is called."""


def still_there(entry: Entry) -> ColumnElement[bool]:
    """Return the condition that an entry was not removed, or was restored since."""
    event, number, _ = EVENTS[entry]
    latest = select(func.max(event.id)).group_by(number)
    return entry.id.not_in(select(number).where(event.id.in_(latest), event.event == "removed"))


def add_event(entry: Entry, number: int, what: Literal["removed", "restored"], submission_id: str, author: str) -> None:
    """Store that an entry was removed or restored.

    Raises
    ------
    DatabaseError
        There is no such entry, a value cannot be stored, or the database cannot be written.
    """
    event, column, called = EVENTS[entry]
    known = checks.record_id(called, number)
    row = event(
        submission_id=checks.submission_id(submission_id),
        author=checks.author(author),
        event=what,
        **{column.key: known},
    )
    with writing() as session:
        # locked (PostgreSQL), so that the numbers of its events follow the order in which they were committed
        if session.scalar(select(entry.id).where(entry.id == known).with_for_update()) is None:
            raise checks.no_such(called, known)
        stored_once(session, row)
