"""What a meeting leaves behind: scenarios, confirmed figures, votes, decisions, snapshots and added options."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SCENARIOS = "bakeoff_scenarios"
SCENARIO_EVENTS = "bakeoff_scenario_events"
CONFIRMATIONS = "bakeoff_confirmations"
VOTES = "bakeoff_votes"
DECISIONS = "bakeoff_decisions"
SNAPSHOTS = "bakeoff_snapshots"
OPTIONS = "bakeoff_added_options"
OPTION_EVENTS = "bakeoff_added_option_events"


def upgrade() -> None:
    """Create the tables."""
    _create(SCENARIOS, _text("study"), _text("name", 120), _json("values"), _text("comment", None))
    _events(SCENARIO_EVENTS, SCENARIOS, "scenario_id")
    _create(CONFIRMATIONS, _text("study"), _json("values"), _text("comment", None))
    _create(
        VOTES,
        *(_text(name) for name in ("study", "fingerprint", "candidate", "candidate_key", "variant")),
        _text("comment", None),
        _json("weights"),
    )
    _create(
        DECISIONS,
        _text("study"),
        _text("fingerprint"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("supersedes", sa.Integer(), nullable=True),
        *(_text(name) for name in ("candidate", "candidate_key", "variant")),
        _text("reason", None),
        _text("said", None),
        _json("options"),
        _json("votes"),
        _text("scenario", 120),
        _json("values"),
        sa.ForeignKeyConstraint(["supersedes"], [f"{DECISIONS}.id"], name=op.f(f"fk_{DECISIONS}_supersedes")),
        sa.UniqueConstraint("study", "number", name=op.f(f"uq_{DECISIONS}_study")),
    )
    _create(
        SNAPSHOTS,
        _text("study"),
        _text("fingerprint"),
        _text("name", 120),
        _text("comment", None),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
    )
    _create(
        OPTIONS,
        _text("study"),
        _text("name"),
        _text("label", 120),
        _text("recipe"),
        _json("parameters"),
        _text("comment", None),
    )
    _events(OPTION_EVENTS, OPTIONS, "added_option_id")
    for table in (SCENARIOS, CONFIRMATIONS, VOTES, SNAPSHOTS, OPTIONS):
        op.create_index(op.f(f"ix_{table}_study"), table, ["study"])


def downgrade() -> None:
    """Drop the tables and what is in them."""
    for table in (OPTION_EVENTS, OPTIONS, SNAPSHOTS, DECISIONS, VOTES, CONFIRMATIONS, SCENARIO_EVENTS, SCENARIOS):
        op.drop_table(table)


def _create(table: str, *columns: sa.schema.SchemaItem) -> None:
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        _text("submission_id", 36),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        _text("author", 80),
        *columns,
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("submission_id", name=op.f(f"uq_{table}_submission_id")),
    )


def _events(table: str, of: str, column: str) -> None:
    _create(
        table,
        sa.Column(column, sa.Integer(), nullable=False),
        _text("event", 20),
        sa.CheckConstraint("event in ('removed', 'restored')", name=op.f(f"ck_{table}_event")),
        sa.ForeignKeyConstraint([column], [f"{of}.id"], name=op.f(f"fk_{table}_{column}")),
    )
    op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def _text(name: str, length: int | None = 500) -> sa.Column[str]:
    return sa.Column(name, sa.Text() if length is None else sa.String(length), nullable=False)


def _json(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.JSON(), nullable=False)
