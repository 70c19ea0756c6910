"""What people write: marks, answers, pinned cases, named groups, votes, decisions, figures of money, snapshots, drafts.

Records are appended, never edited or deleted. SQLite in ``$BAKEOFF_HOME/bakeoff.sqlite`` by default, PostgreSQL
where ``BAKEOFF_DATABASE_URL`` says so. Importing this package is cheap: SQLAlchemy is imported when a function is
first asked for, Alembic only when the tables have to change.

Rooms: ``records`` and ``records_meeting`` (what callers get), ``checks`` and ``values`` (what may be stored),
``reason_marks``, ``pinned_cases``, ``triage_choices``, ``row_notes``, ``segments_by_name``, ``scenarios_by_name``,
``confirmations``, ``votes_by_name``, ``decisions_kept``, ``snapshots_kept``, ``options_added`` and ``drafts`` (the
functions below), ``tables`` (models), ``place`` (where it is), ``engine`` (connections and transactions), ``migrate``
and ``migrations`` (changes of the tables), ``failures`` (what went wrong, in plain words).
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
from explainers.database.records_meeting import AddedOption, Confirmation, Decision, KeptSnapshot, Scenario, Vote

if TYPE_CHECKING:
    from explainers.database.confirmations import confirm_figures, confirmed
    from explainers.database.decisions_kept import add_decision, decisions
    from explainers.database.drafts import draft, drop_draft, keep_draft
    from explainers.database.engine import dispose
    from explainers.database.options_added import add_option, added_options, remove_option, restore_option
    from explainers.database.pinned_cases import add_pin, pins, remove_pin, restore_pin
    from explainers.database.place import nothing_yet, where
    from explainers.database.reason_marks import add_mark, answer_mark, marks
    from explainers.database.row_notes import add_row_mark, row_marks, standing_row_marks
    from explainers.database.scenarios_by_name import add_scenario, remove_scenario, restore_scenario, scenarios
    from explainers.database.segments_by_name import add_segment, named_segments, remove_segment, restore_segment
    from explainers.database.snapshots_kept import add_snapshot, snapshot, snapshots
    from explainers.database.triage_choices import add_triage, triages
    from explainers.database.votes_by_name import add_vote, standing_votes, votes

__all__ = [
    "MARK_VALUES",
    "ROW_MARK_VALUES",
    "AddedOption",
    "Answer",
    "Confirmation",
    "Decision",
    "KeptSnapshot",
    "Mark",
    "NamedSegment",
    "Pin",
    "RowMark",
    "Scenario",
    "TriageChoice",
    "Vote",
    "add_decision",
    "add_mark",
    "add_option",
    "add_pin",
    "add_row_mark",
    "add_scenario",
    "add_segment",
    "add_snapshot",
    "add_triage",
    "add_vote",
    "added_options",
    "answer_mark",
    "confirm_figures",
    "confirmed",
    "decisions",
    "dispose",
    "draft",
    "drop_draft",
    "keep_draft",
    "marks",
    "named_segments",
    "nothing_yet",
    "pins",
    "remove_option",
    "remove_pin",
    "remove_scenario",
    "remove_segment",
    "restore_option",
    "restore_pin",
    "restore_scenario",
    "restore_segment",
    "row_marks",
    "scenarios",
    "snapshot",
    "snapshots",
    "standing_row_marks",
    "standing_votes",
    "triages",
    "votes",
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
    "confirm_figures": "confirmations",
    "confirmed": "confirmations",
    "add_decision": "decisions_kept",
    "decisions": "decisions_kept",
    "add_option": "options_added",
    "added_options": "options_added",
    "remove_option": "options_added",
    "restore_option": "options_added",
    "add_scenario": "scenarios_by_name",
    "scenarios": "scenarios_by_name",
    "remove_scenario": "scenarios_by_name",
    "restore_scenario": "scenarios_by_name",
    "add_snapshot": "snapshots_kept",
    "snapshot": "snapshots_kept",
    "snapshots": "snapshots_kept",
    "add_vote": "votes_by_name",
    "votes": "votes_by_name",
    "standing_votes": "votes_by_name",
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
