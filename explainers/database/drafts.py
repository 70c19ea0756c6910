"""Drafts: what somebody has typed and not sent yet. The only thing here that is overwritten."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import CursorResult, Result, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from explainers.database import checks
from explainers.database.engine import attempt, reading, writing
from explainers.database.tables import DraftRow


def keep_draft(author: str, form: str, text: str) -> None:
    """Keep the text of a form until it is sent.

    Parameters
    ----------
    author : str
        Who types.
    form : str
        Which form: any name that the page chooses.
    text : str
        At most 20,000 characters.

    Raises
    ------
    DatabaseError
        A value cannot be stored, or the database cannot be written.
    """
    key = _key(author, form)
    values = {
        "text": checks.written("The draft", text, checks.DRAFT_LENGTH),
        "updated_at": datetime.now(UTC),
    }
    overwrite = update(DraftRow).filter_by(**key).values(**values)
    with writing() as session:
        if _changed(session.execute(overwrite)):
            return
        try:
            with attempt(session):
                session.execute(insert(DraftRow).values(**key, **values))
        except IntegrityError:  # PostgreSQL: another process kept one in between
            if not _changed(session.execute(overwrite)):
                raise


def draft(author: str, form: str) -> str:
    """Read a draft.

    Parameters
    ----------
    author, form : str
        As in `keep_draft`.

    Returns
    -------
    str
        The text, "" where there is none.
    """
    query = select(DraftRow.text).filter_by(**_key(author, form))
    with reading() as session:
        return session.scalar(query) or ""


def drop_draft(author: str, form: str) -> None:
    """Forget a draft, because the form was sent or emptied.

    Parameters
    ----------
    author, form : str
        As in `keep_draft`.
    """
    with writing() as session:
        session.execute(delete(DraftRow).filter_by(**_key(author, form)))


def _key(author: str, form: str) -> dict[str, str]:
    return {"author": checks.author(author), "form": checks.name("The name of the form", form)}


def _changed(result: Result[Any]) -> bool:
    return cast("CursorResult[Any]", result).rowcount > 0
