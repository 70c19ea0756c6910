"""Marks on rows of the data, and groups of cases that somebody gave a name."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MARKS = "bakeoff_row_marks"
SEGMENTS = "bakeoff_segments"
EVENTS = "bakeoff_segment_events"


def _submitted() -> list[sa.Column]:
    return [
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.String(36), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author", sa.String(80), nullable=False),
    ]


def _keys(table: str) -> list[sa.Constraint]:
    return [
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("submission_id", name=op.f(f"uq_{table}_submission_id")),
    ]


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        MARKS,
        *_submitted(),
        sa.Column("study", sa.String(500), nullable=False),
        sa.Column("fingerprint", sa.String(500), nullable=False),
        sa.Column("case_id", sa.String(500), nullable=False),
        sa.Column("about", sa.String(40), nullable=False),
        sa.Column("mark", sa.String(20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.CheckConstraint("mark in ('real', 'data error', 'check', 'taken back')", name=op.f(f"ck_{MARKS}_mark")),
        *_keys(MARKS),
    )
    op.create_index(op.f(f"ix_{MARKS}_study_case_id"), MARKS, ["study", "case_id"])
    op.create_table(
        SEGMENTS,
        *_submitted(),
        sa.Column("study", sa.String(500), nullable=False),
        sa.Column("fingerprint", sa.String(500), nullable=False),
        sa.Column("candidate", sa.String(500), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("ids", sa.JSON(), nullable=False),
        sa.Column("conditions", sa.JSON(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        *_keys(SEGMENTS),
    )
    op.create_index(op.f(f"ix_{SEGMENTS}_study"), SEGMENTS, ["study"])
    op.create_table(
        EVENTS,
        *_submitted(),
        sa.Column("segment_id", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(20), nullable=False),
        sa.CheckConstraint("event in ('removed', 'restored')", name=op.f(f"ck_{EVENTS}_event")),
        sa.ForeignKeyConstraint(["segment_id"], [f"{SEGMENTS}.id"], name=op.f(f"fk_{EVENTS}_segment_id")),
        *_keys(EVENTS),
    )
    op.create_index(op.f(f"ix_{EVENTS}_segment_id"), EVENTS, ["segment_id"])


def downgrade() -> None:
    """Drop the tables and what is in them."""
    op.drop_table(EVENTS)
    op.drop_table(SEGMENTS)
    op.drop_table(MARKS)
