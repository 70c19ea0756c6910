"""Alembic runs this file. The connection and its transaction are the caller's; logging is left alone."""

from alembic import context

from explainers.database.migrate import VERSION_TABLE
from explainers.database.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    version_table=VERSION_TABLE,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
