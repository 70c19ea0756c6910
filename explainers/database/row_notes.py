"""Marks on rows of the data. Nothing is edited or deleted: the latest mark of a row is what counts."""

from __future__ import annotations

from sqlalchemy import func, select

from explainers.database import checks
from explainers.database.engine import reading, stored_once, writing
from explainers.database.records import RowMark, RowMarkValue, record
from explainers.database.tables import RowMarkRow


def add_row_mark(
    *,
    submission_id: str,
    author: str,
    study: str,
    fingerprint: str,
    case_id: str,
    about: str,
    mark: RowMarkValue,
    reason: str = "",
    comment: str = "",
) -> RowMark:
    """Store what somebody says of one row. The data itself is never changed by it.

    Parameters
    ----------
    submission_id : str
        A UUID as text, made when the form was drawn. A second call with the same one stores nothing.
    author : str
        Who marks: 1 to 80 characters.
    study, fingerprint : str
        The study and its state.
    case_id : str
        The row.
    about : str
        Which list it stood in, such as "inputs" or "label"; at most 40 characters.
    mark : {"real", "data error", "check", "taken back"}
        What it is held to be; "taken back" undoes an earlier mark.
    reason : str
        The sentence that was shown.
    comment : str
        At most 4,000 characters.

    Returns
    -------
    RowMark
        What is stored now: committed before this returns.

    Raises
    ------
    DatabaseError
        A value cannot be stored, or the database cannot be written; nothing was stored.
    """
    row = RowMarkRow(
        submission_id=checks.submission_id(submission_id),
        author=checks.author(author),
        study=checks.name("The name of the study", study),
        fingerprint=checks.written("The fingerprint of the study", fingerprint, checks.NAME_LENGTH),
        case_id=checks.row_id(case_id),
        about=checks.written("The name of the list", about, checks.ABOUT_LENGTH),
        mark=checks.row_mark(mark),
        reason=checks.written("The reason", reason),
        comment=checks.written("The comment", comment),
    )
    with writing() as session:
        return _mark(stored_once(session, row))  # the commit comes first, and its error takes the return's place


def row_marks(study: str, *, case_id: str | None = None, limit: int = 5_000) -> tuple[RowMark, ...]:
    """Read every mark on rows of a study, earlier and taken back ones too, newest first.

    Parameters
    ----------
    study : str
        Name of the study.
    case_id : str, optional
        Only the marks of this row.
    limit : int
        At most so many.

    Returns
    -------
    tuple of RowMark
    """
    query = select(RowMarkRow).where(RowMarkRow.study == checks.name("The name of the study", study))
    if case_id is not None:
        query = query.where(RowMarkRow.case_id == checks.row_id(case_id))
    with reading() as session:
        found = session.scalars(query.order_by(RowMarkRow.id.desc()).limit(checks.limit(limit)))
        return tuple(_mark(row) for row in found)


def standing_row_marks(study: str) -> tuple[RowMark, ...]:
    """Read the marks that hold now: the latest of each row unless it was taken back, newest first.

    Parameters
    ----------
    study : str
        Name of the study.

    Returns
    -------
    tuple of RowMark
    """
    name = checks.name("The name of the study", study)
    latest = select(func.max(RowMarkRow.id)).where(RowMarkRow.study == name).group_by(RowMarkRow.case_id)
    query = select(RowMarkRow).where(RowMarkRow.id.in_(latest), RowMarkRow.mark != "taken back")
    with reading() as session:
        return tuple(_mark(row) for row in session.scalars(query.order_by(RowMarkRow.id.desc())))


def _mark(row: RowMarkRow) -> RowMark:
    return record(RowMark, row, mark=checks.row_mark(row.mark))
