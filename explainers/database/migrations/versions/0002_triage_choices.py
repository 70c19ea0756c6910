"""Choices of what an option decides alone."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLE = "bakeoff_triage_choices"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.String(36), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author", sa.String(80), nullable=False),
        sa.Column("study", sa.String(500), nullable=False),
        sa.Column("fingerprint", sa.String(500), nullable=False),
        sa.Column("candidate", sa.String(500), nullable=False),
        sa.Column("candidate_key", sa.String(500), nullable=False),
        sa.Column("rule", sa.JSON(), nullable=False),
        sa.Column("assumptions", sa.JSON(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint("submission_id", name=op.f(f"uq_{TABLE}_submission_id")),
    )
    op.create_index(op.f(f"ix_{TABLE}_study"), TABLE, ["study"])


def downgrade() -> None:
    """Drop the table and what is in it."""
    op.drop_table(TABLE)
