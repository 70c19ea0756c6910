"""Marks on reasons, and the answers to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from explainers.database import checks
from explainers.database.engine import reading, stored_once, writing
from explainers.database.records import Answer, Mark, MarkValue, record
from explainers.database.tables import AnswerRow, MarkRow
from explainers.database.values import plain_case


def add_mark(
    *,
    submission_id: str,
    author: str,
    study: str,
    fingerprint: str,
    candidate: str,
    candidate_key: str,
    case_id: str | None,
    case: Mapping[str, Any],
    feature: str,
    mark: MarkValue,
    reason: str = "",
    comment: str = "",
) -> Mark:
    """Store what an expert thinks of one reason.

    Parameters
    ----------
    submission_id : str
        A UUID as text, made when the form was drawn. A second call with the same one stores nothing.
    author : str
        Who marks: 1 to 80 characters.
    study, fingerprint : str
        The study and its state.
    candidate, candidate_key : str
        The candidate and its state.
    case_id : str or None
        The row on screen, None for a case that was typed in.
    case : mapping
        The values on screen, by column; kept as `values.plain_case` says.
    feature : str
        The column that the reason is about.
    mark : {"makes sense", "odd", "wrong"}
        The judgement.
    reason : str
        The sentence that was shown.
    comment : str
        At most 4,000 characters.

    Returns
    -------
    Mark
        What is stored now: committed before this returns.

    Raises
    ------
    DatabaseError
        A value cannot be stored, or the database cannot be written; nothing was stored.
    """
    row = MarkRow(
        submission_id=checks.submission_id(submission_id),
        author=checks.author(author),
        study=checks.name("The name of the study", study),
        fingerprint=checks.written("The fingerprint of the study", fingerprint, checks.NAME_LENGTH),
        candidate=checks.name("The name of the option", candidate),
        candidate_key=checks.written("The key of the option", candidate_key, checks.NAME_LENGTH),
        case_id=checks.case_id(case_id),
        case=plain_case(case),
        feature=checks.needed("The name of the column", feature),
        mark=checks.mark(mark),
        reason=checks.written("The reason", reason),
        comment=checks.written("The comment", comment),
    )
    with writing() as session:
        # the commit comes before the return, and its error takes the return's place
        return _loaded(session, stored_once(session, row).id)


def marks(
    study: str, *, case_id: str | None = None, candidate: str | None = None, limit: int = 500
) -> tuple[Mark, ...]:
    """Read the marks of a study, newest first.

    Parameters
    ----------
    study : str
        Name of the study.
    case_id, candidate : str, optional
        Only the marks of this row, of this candidate.
    limit : int
        At most so many.

    Returns
    -------
    tuple of Mark
        With their answers.
    """
    query = select(MarkRow).where(MarkRow.study == checks.name("The name of the study", study))
    if case_id is not None:
        query = query.where(MarkRow.case_id == checks.case_id(case_id))
    if candidate is not None:
        query = query.where(MarkRow.candidate == checks.name("The name of the option", candidate))
    query = query.order_by(MarkRow.id.desc()).limit(checks.limit(limit)).options(selectinload(MarkRow.answers))
    with reading() as session:
        return tuple(_mark(row) for row in session.scalars(query))


def answer_mark(mark_id: int, *, submission_id: str, author: str, text: str) -> Mark:
    """Store a reply to a mark.

    Parameters
    ----------
    mark_id : int
        Number of the mark.
    submission_id : str
        A UUID as text, made when the form was drawn. A second call with the same one stores nothing.
    author : str
        Who replies: 1 to 80 characters.
    text : str
        1 to 4,000 characters.

    Returns
    -------
    Mark
        The mark with all its answers.

    Raises
    ------
    DatabaseError
        There is no such mark, a value cannot be stored, or the database cannot be written.
    """
    number = checks.record_id("mark", mark_id)
    row = AnswerRow(
        submission_id=checks.submission_id(submission_id),
        author=checks.author(author),
        mark_id=number,
        text=checks.needed("The answer", text),
    )
    with writing() as session:
        if session.get(MarkRow, number) is None:
            raise checks.no_such("mark", number)
        return _loaded(session, stored_once(session, row).mark_id)


def _loaded(session: Session, mark_id: int) -> Mark:
    query = select(MarkRow).where(MarkRow.id == mark_id).options(selectinload(MarkRow.answers))
    return _mark(session.scalars(query.execution_options(populate_existing=True)).one())


def _mark(row: MarkRow) -> Mark:
    return record(Mark, row, answers=tuple(record(Answer, answer) for answer in row.answers))
