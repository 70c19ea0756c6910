"""The tables. Whoever changes them adds a migration: a test compares the two."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from typing_extensions import override  # typing has it from Python 3.12 on; SQLAlchemy brings this one

from explainers.database.checks import ABOUT_LENGTH, AUTHOR_LENGTH, LABEL_LENGTH, NAME_LENGTH
from explainers.database.records import MARK_VALUES, ROW_MARK_VALUES
from explainers.database.values import from_json, to_json, tree_from_json, tree_to_json

PREFIX = "bakeoff_"  # a PostgreSQL database may be shared with other programs


class UtcTime(TypeDecorator[datetime]):
    """An aware time in UTC, also where the database knows no time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store UTC; SQLite stores the digits only."""
        return None if value is None else value.astimezone(UTC)

    @override
    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Say that it is UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class CaseValues(TypeDecorator[dict[str, Any]]):
    """Column to value as JSON text, infinities included."""

    impl = JSON
    cache_ok = True

    @override
    def process_bind_param(self, value: Mapping[str, Any] | None, dialect: Dialect) -> dict[str, Any] | None:
        """See `values.to_json`."""
        return None if value is None else to_json(value)

    @override
    def process_result_value(self, value: Any, dialect: Dialect) -> dict[str, Any] | None:
        """See `values.from_json`."""
        return None if value is None else from_json(value)


class Tree(TypeDecorator[Any]):
    """Plain values, lists of them and values by name, inside each other, as JSON text; infinities included."""

    impl = JSON
    cache_ok = True

    @override
    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """See `values.tree_to_json`."""
        return tree_to_json(value)

    @override
    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """See `values.tree_from_json`."""
        return tree_from_json(value)


class Base(DeclarativeBase):
    """Root of the models; constraints have names so that a migration can change them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Submitted(Base):
    """What every appended record has. The unique form number is what makes a second write a no-op."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[str] = mapped_column(String(36), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcTime, default=lambda: datetime.now(UTC))
    author: Mapped[str] = mapped_column(String(AUTHOR_LENGTH))


class AnswerRow(Submitted):
    """A reply to a mark."""

    __tablename__ = f"{PREFIX}answers"

    mark_id: Mapped[int] = mapped_column(ForeignKey(f"{PREFIX}marks.id"), index=True)
    text: Mapped[str] = mapped_column(Text)


class MarkRow(Submitted):
    """A judgement of one reason."""

    __tablename__ = f"{PREFIX}marks"
    __table_args__ = (
        CheckConstraint(f"mark in {MARK_VALUES!r}", name="mark"),
        Index(None, "study", "case_id"),
    )

    study: Mapped[str] = mapped_column(String(NAME_LENGTH))
    fingerprint: Mapped[str] = mapped_column(String(NAME_LENGTH))
    candidate: Mapped[str] = mapped_column(String(NAME_LENGTH))
    candidate_key: Mapped[str] = mapped_column(String(NAME_LENGTH))
    case_id: Mapped[str | None] = mapped_column(String(NAME_LENGTH))
    case: Mapped[dict[str, Any]] = mapped_column(CaseValues)
    feature: Mapped[str] = mapped_column(Text)
    mark: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text)
    comment: Mapped[str] = mapped_column(Text)
    # "raise": a query that forgets to load the answers fails in a test instead of asking once per mark
    answers: Mapped[list[AnswerRow]] = relationship(order_by=AnswerRow.id, lazy="raise")


class PinRow(Submitted):
    """A case that is kept at hand."""

    __tablename__ = f"{PREFIX}pins"

    study: Mapped[str] = mapped_column(String(NAME_LENGTH), index=True)
    case_id: Mapped[str | None] = mapped_column(String(NAME_LENGTH))
    case: Mapped[dict[str, Any]] = mapped_column(CaseValues)
    label: Mapped[str] = mapped_column(String(LABEL_LENGTH))


class PinEventRow(Submitted):
    """A pin was removed or restored; the latest event of a pin decides."""

    __tablename__ = f"{PREFIX}pin_events"
    __table_args__ = (CheckConstraint("event in ('removed', 'restored')", name="event"),)

    pin_id: Mapped[int] = mapped_column(ForeignKey(f"{PREFIX}pins.id"), index=True)
    event: Mapped[str] = mapped_column(String(20))


class TriageRow(Submitted):
    """A choice of what an option decides alone."""

    __tablename__ = f"{PREFIX}triage_choices"

    study: Mapped[str] = mapped_column(String(NAME_LENGTH), index=True)
    fingerprint: Mapped[str] = mapped_column(String(NAME_LENGTH))
    candidate: Mapped[str] = mapped_column(String(NAME_LENGTH))
    candidate_key: Mapped[str] = mapped_column(String(NAME_LENGTH))
    rule: Mapped[dict[str, Any]] = mapped_column(CaseValues)
    assumptions: Mapped[dict[str, Any]] = mapped_column(CaseValues)
    said: Mapped[str] = mapped_column(Text)
    comment: Mapped[str] = mapped_column(Text)


class RowMarkRow(Submitted):
    """What somebody says of one row of the data; the latest mark of a row counts."""

    __tablename__ = f"{PREFIX}row_marks"
    __table_args__ = (
        CheckConstraint(f"mark in {ROW_MARK_VALUES!r}", name="mark"),
        Index(None, "study", "case_id"),
    )

    study: Mapped[str] = mapped_column(String(NAME_LENGTH))
    fingerprint: Mapped[str] = mapped_column(String(NAME_LENGTH))
    case_id: Mapped[str] = mapped_column(String(NAME_LENGTH))
    about: Mapped[str] = mapped_column(String(ABOUT_LENGTH))
    mark: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text)
    comment: Mapped[str] = mapped_column(Text)


class SegmentRow(Submitted):
    """A group of cases with a name."""

    __tablename__ = f"{PREFIX}segments"

    study: Mapped[str] = mapped_column(String(NAME_LENGTH), index=True)
    fingerprint: Mapped[str] = mapped_column(String(NAME_LENGTH))
    candidate: Mapped[str] = mapped_column(String(NAME_LENGTH))
    name: Mapped[str] = mapped_column(String(LABEL_LENGTH))
    ids: Mapped[list[str]] = mapped_column(JSON)
    conditions: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    said: Mapped[str] = mapped_column(Text)
    comment: Mapped[str] = mapped_column(Text)


class SegmentEventRow(Submitted):
    """A named group was removed or restored; the latest event of a group decides."""

    __tablename__ = f"{PREFIX}segment_events"
    __table_args__ = (CheckConstraint("event in ('removed', 'restored')", name="event"),)

    segment_id: Mapped[int] = mapped_column(ForeignKey(f"{PREFIX}segments.id"), index=True)
    event: Mapped[str] = mapped_column(String(20))


class ScenarioRow(Submitted):
    """Figures of money and volume under a name; the newest of a name counts."""

    __tablename__ = f"{PREFIX}scenarios"

    study: Mapped[str] = mapped_column(String(NAME_LENGTH), index=True)
    name: Mapped[str] = mapped_column(String(LABEL_LENGTH))
    values: Mapped[dict[str, Any]] = mapped_column(Tree)
    comment: Mapped[str] = mapped_column(Text)


class ScenarioEventRow(Submitted):
    """A scenario was removed or restored; the latest event of a scenario decides."""

    __tablename__ = f"{PREFIX}scenario_events"
    __table_args__ = (CheckConstraint("event in ('removed', 'restored')", name="event"),)

    scenario_id: Mapped[int] = mapped_column(ForeignKey(f"{PREFIX}scenarios.id"), index=True)
    event: Mapped[str] = mapped_column(String(20))


class ConfirmationRow(Submitted):
    """Somebody stands for figures of money and volume."""

    __tablename__ = f"{PREFIX}confirmations"

    study: Mapped[str] = mapped_column(String(NAME_LENGTH), index=True)
    values: Mapped[dict[str, Any]] = mapped_column(Tree)
    comment: Mapped[str] = mapped_column(Text)


class VoteRow(Submitted):
    """Which option somebody wants; the latest vote of a person counts."""

    __tablename__ = f"{PREFIX}votes"

    study: Mapped[str] = mapped_column(String(NAME_LENGTH), index=True)
    fingerprint: Mapped[str] = mapped_column(String(NAME_LENGTH))
    candidate: Mapped[str] = mapped_column(String(NAME_LENGTH))
    candidate_key: Mapped[str] = mapped_column(String(NAME_LENGTH))
    variant: Mapped[str] = mapped_column(String(NAME_LENGTH))
    comment: Mapped[str] = mapped_column(Text)
    weights: Mapped[dict[str, Any]] = mapped_column(Tree)


class DecisionRow(Submitted):
    """What was decided. The number is unique in a study: two people cannot both take the place of one decision."""

    __tablename__ = f"{PREFIX}decisions"
    __table_args__ = (UniqueConstraint("study", "number"),)

    study: Mapped[str] = mapped_column(String(NAME_LENGTH))
    fingerprint: Mapped[str] = mapped_column(String(NAME_LENGTH))
    number: Mapped[int]
    supersedes: Mapped[int | None] = mapped_column(ForeignKey(f"{PREFIX}decisions.id"))
    candidate: Mapped[str] = mapped_column(String(NAME_LENGTH))
    candidate_key: Mapped[str] = mapped_column(String(NAME_LENGTH))
    variant: Mapped[str] = mapped_column(String(NAME_LENGTH))
    reason: Mapped[str] = mapped_column(Text)
    said: Mapped[str] = mapped_column(Text)
    options: Mapped[list[dict[str, Any]]] = mapped_column(Tree)
    votes: Mapped[list[dict[str, Any]]] = mapped_column(Tree)
    scenario: Mapped[str] = mapped_column(String(LABEL_LENGTH))
    values: Mapped[dict[str, Any]] = mapped_column(Tree)


class SnapshotRow(Submitted):
    """The state of a study at the end of a sprint."""

    __tablename__ = f"{PREFIX}snapshots"

    study: Mapped[str] = mapped_column(String(NAME_LENGTH), index=True)
    fingerprint: Mapped[str] = mapped_column(String(NAME_LENGTH))
    name: Mapped[str] = mapped_column(String(LABEL_LENGTH))
    comment: Mapped[str] = mapped_column(Text)
    # a list of snapshots does not carry them all through the connection
    payload: Mapped[bytes] = mapped_column(LargeBinary, deferred=True, deferred_raiseload=True)


class AddedOptionRow(Submitted):
    """An option that was trained from the page."""

    __tablename__ = f"{PREFIX}added_options"

    study: Mapped[str] = mapped_column(String(NAME_LENGTH), index=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    label: Mapped[str] = mapped_column(String(LABEL_LENGTH))
    recipe: Mapped[str] = mapped_column(String(NAME_LENGTH))
    parameters: Mapped[dict[str, Any]] = mapped_column(Tree)
    comment: Mapped[str] = mapped_column(Text)


class AddedOptionEventRow(Submitted):
    """An added option was removed or restored; the latest event of an option decides."""

    __tablename__ = f"{PREFIX}added_option_events"
    __table_args__ = (CheckConstraint("event in ('removed', 'restored')", name="event"),)

    added_option_id: Mapped[int] = mapped_column(ForeignKey(f"{PREFIX}added_options.id"), index=True)
    event: Mapped[str] = mapped_column(String(20))


class DraftRow(Base):
    """Text that is not sent yet: the only table that is overwritten."""

    __tablename__ = f"{PREFIX}drafts"

    author: Mapped[str] = mapped_column(String(AUTHOR_LENGTH), primary_key=True)
    form: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    updated_at: Mapped[datetime] = mapped_column(UtcTime)
