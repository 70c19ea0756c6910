"""Marks, answers, pins and their events, drafts."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "bakeoff_marks",
        *_submitted("bakeoff_marks"),
        sa.Column("study", sa.String(500), nullable=False),
        sa.Column("fingerprint", sa.String(500), nullable=False),
        sa.Column("candidate", sa.String(500), nullable=False),
        sa.Column("candidate_key", sa.String(500), nullable=False),
        sa.Column("case_id", sa.String(500), nullable=True),
        sa.Column("case", sa.JSON(), nullable=False),
        sa.Column("feature", sa.Text(), nullable=False),
        sa.Column("mark", sa.String(20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.CheckConstraint("mark in ('makes sense', 'odd', 'wrong')", name=op.f("ck_bakeoff_marks_mark")),
    )
    op.create_index(op.f("ix_bakeoff_marks_study_case_id"), "bakeoff_marks", ["study", "case_id"])
    op.create_table(
        "bakeoff_answers",
        *_submitted("bakeoff_answers"),
        sa.Column("mark_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["mark_id"], ["bakeoff_marks.id"], name=op.f("fk_bakeoff_answers_mark_id")),
    )
    op.create_index(op.f("ix_bakeoff_answers_mark_id"), "bakeoff_answers", ["mark_id"])
    op.create_table(
        "bakeoff_pins",
        *_submitted("bakeoff_pins"),
        sa.Column("study", sa.String(500), nullable=False),
        sa.Column("case_id", sa.String(500), nullable=True),
        sa.Column("case", sa.JSON(), nullable=False),
        sa.Column("label", sa.String(120), nullable=False),
    )
    op.create_index(op.f("ix_bakeoff_pins_study"), "bakeoff_pins", ["study"])
    op.create_table(
        "bakeoff_pin_events",
        *_submitted("bakeoff_pin_events"),
        sa.Column("pin_id", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(20), nullable=False),
        sa.CheckConstraint("event in ('removed', 'restored')", name=op.f("ck_bakeoff_pin_events_event")),
        sa.ForeignKeyConstraint(["pin_id"], ["bakeoff_pins.id"], name=op.f("fk_bakeoff_pin_events_pin_id")),
    )
    op.create_index(op.f("ix_bakeoff_pin_events_pin_id"), "bakeoff_pin_events", ["pin_id"])
    op.create_table(
        "bakeoff_drafts",
        sa.Column("author", sa.String(80), nullable=False),
        sa.Column("form", sa.String(500), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("author", "form", name=op.f("pk_bakeoff_drafts")),
    )


def downgrade() -> None:
    """Drop the tables and what is in them."""
    for table in ("drafts", "pin_events", "pins", "answers", "marks"):
        op.drop_table(f"bakeoff_{table}")


def _submitted(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.String(36), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("submission_id", name=op.f(f"uq_{table}_submission_id")),
    )
