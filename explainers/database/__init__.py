"""What people write: marks on reasons and on rows, answers, pinned cases, named groups, choices of a triage, drafts.

Records are appended, never edited or deleted. SQLite in ``$BAKEOFF_HOME/bakeoff.sqlite`` by default, PostgreSQL
where ``BAKEOFF_DATABASE_URL`` says so. Importing this package is cheap: SQLAlchemy is imported when a function is
first asked for, Alembic only when the tables have to change.

Rooms: ``records`` (what callers get), ``checks`` and ``values`` (what may be stored), ``reason_marks``,
``pinned_cases``, ``triage_choices``, ``row_notes``, ``segments_by_name`` and ``drafts`` (the functions below),
``tables`` (models), ``place`` (where it is), ``engine`` (connections and transactions), ``migrate`` and ``migrations``
(changes of the tables), ``failures`` (what went wrong, in plain words).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from explainers.database.records import (
    MARK_VALUES,
    ROW_MARK_VALUES,
    Answer,
    Mark,
    NamedSegment,
    Pin,
    RowMark,
    TriageChoice,
)

if TYPE_CHECKING:
    from explainers.database.drafts import draft, drop_draft, keep_draft
    from explainers.database.engine import dispose
    from explainers.database.pinned_cases import add_pin, pins, remove_pin, restore_pin
    from explainers.database.place import nothing_yet, where
    from explainers.database.reason_marks import add_mark, answer_mark, marks
    from explainers.database.row_notes import add_row_mark, row_marks, standing_row_marks
    from explainers.database.segments_by_name import add_segment, named_segments, remove_segment, restore_segment
    from explainers.database.triage_choices import add_triage, triages

__all__ = [
    "MARK_VALUES",
    "ROW_MARK_VALUES",
    "Answer",
    "Mark",
    "NamedSegment",
    "Pin",
    "RowMark",
    "TriageChoice",
    "add_mark",
    "add_pin",
    "add_row_mark",
    "add_segment",
    "add_triage",
    "answer_mark",
    "dispose",
    "draft",
    "drop_draft",
    "keep_draft",
    "marks",
    "named_segments",
    "nothing_yet",
    "pins",
    "remove_pin",
    "remove_segment",
    "restore_pin",
    "restore_segment",
    "row_marks",
    "standing_row_marks",
    "triages",
    "where",
]

# A room never has the name of a function: an imported submodule would take the function's place here.
_ROOM_OF = {
    "add_mark": "reason_marks",
    "answer_mark": "reason_marks",
    "marks": "reason_marks",
    "add_pin": "pinned_cases",
    "pins": "pinned_cases",
    "remove_pin": "pinned_cases",
    "restore_pin": "pinned_cases",
    "add_row_mark": "row_notes",
    "row_marks": "row_notes",
    "standing_row_marks": "row_notes",
    "add_segment": "segments_by_name",
    "named_segments": "segments_by_name",
    "remove_segment": "segments_by_name",
    "restore_segment": "segments_by_name",
    "add_triage": "triage_choices",
    "triages": "triage_choices",
    "draft": "drafts",
    "drop_draft": "drafts",
    "keep_draft": "drafts",
    "dispose": "engine",
    "where": "place",
    "nothing_yet": "place",
}


def __getattr__(name: str) -> Any:
    room = _ROOM_OF.get(name)
    if room is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{room}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
