"""The history of the tables, run by `explainers.database.migrate`.

To change a table: change the model in `tables.py`; copy the newest file in `versions/` under the next number and
write `upgrade` and `downgrade`; set `HEAD` in `migrate.py`. The tests say what is missing. A released migration is
never edited. SQLite changes a column through `op.batch_alter_table`.
"""
