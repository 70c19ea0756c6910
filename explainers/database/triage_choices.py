"""Choices of what an option decides alone. Nothing is edited: the latest choice for an option is what counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from explainers.database import checks
from explainers.database.engine import reading, stored_once, writing
from explainers.database.records import TriageChoice, record
from explainers.database.tables import TriageRow
from explainers.database.values import plain_case


def add_triage(
    *,
    submission_id: str,
    author: str,
    study: str,
    fingerprint: str,
    candidate: str,
    candidate_key: str,
    rule: Mapping[str, Any],
    assumptions: Mapping[str, Any],
    said: str,
    comment: str = "",
) -> TriageChoice:
    """Keep what somebody chose an option to decide alone.

    Parameters
    ----------
    submission_id : str
        A UUID as text, made when the form was drawn. A second call with the same one stores nothing.
    author : str
        Who chooses: 1 to 80 characters.
    study, fingerprint : str
        Name of the study and its fingerprint.
    candidate, candidate_key : str
        Name of the candidate that decides alone, and its key.
    rule : mapping
        The rule by plain values, such as its cuts and the share that may be off.
    assumptions : mapping
        The figures of time and money that were on screen.
    said : str
        The sentence that was shown.
    comment : str
        What was written beside it, at most 4,000 characters.

    Returns
    -------
    TriageChoice
        What is stored now: committed before this returns.

    Raises
    ------
    DatabaseError
        A value cannot be stored, or the database cannot be written; nothing was stored.
    """
    row = TriageRow(
        submission_id=checks.submission_id(submission_id),
        author=checks.author(author),
        study=checks.name("The name of the study", study),
        fingerprint=checks.written("The fingerprint of the study", fingerprint, checks.NAME_LENGTH),
        candidate=checks.name("The name of the option", candidate),
        candidate_key=checks.written("The key of the option", candidate_key, checks.NAME_LENGTH),
        rule=plain_case(rule),
        assumptions=plain_case(assumptions),
        said=checks.needed("The sentence that was shown", said),
        comment=checks.written("The comment", comment),
    )
    with writing() as session:
        return record(TriageChoice, stored_once(session, row))  # the commit comes before the return


def triages(study: str, candidate: str | None = None) -> tuple[TriageChoice, ...]:
    """Read the choices of a study, newest first.

    Parameters
    ----------
    study : str
        Name of the study.
    candidate : str, optional
        Only those of this candidate.

    Returns
    -------
    tuple of TriageChoice
    """
    query = select(TriageRow).where(TriageRow.study == checks.name("The name of the study", study))
    if candidate is not None:
        query = query.where(TriageRow.candidate == checks.name("The name of the option", candidate))
    with reading() as session:
        return tuple(record(TriageChoice, row) for row in session.scalars(query.order_by(TriageRow.id.desc())))
