"""Decisions. None is edited: a later one takes the place of an earlier one and names it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from explainers.database import checks
from explainers.database.engine import reading, stored_once, writing
from explainers.database.records import record
from explainers.database.records_meeting import Decision
from explainers.database.tables import DecisionRow
from explainers.database.values import plain_tree
from explainers.errors import DatabaseError


def add_decision(
    *,
    submission_id: str,
    author: str,
    study: str,
    fingerprint: str,
    candidate: str,
    reason: str,
    candidate_key: str = "",
    variant: str = "",
    said: str = "",
    options: Iterable[Mapping[str, Any]] = (),
    votes: Iterable[Mapping[str, Any]] = (),
    scenario: str = "",
    values: Mapping[str, Any] | None = None,
    supersedes: int | None = None,
) -> Decision:
    """Record what was decided.

    Parameters
    ----------
    submission_id : str
        A UUID as text, made when the form was drawn. A second call with the same one stores nothing.
    author : str
        Who records it: 1 to 80 characters.
    study, fingerprint : str
        Name of the study and its fingerprint.
    candidate : str
        Name of the chosen candidate; empty where the decision is to choose none yet.
    reason : str
        Why: 1 to 4,000 characters.
    candidate_key, variant : str
        Its key; a variant of it.
    said : str
        The sentence that was shown.
    options, votes : iterable of mapping
        The options on the table and the votes as they stood, by plain values.
    scenario : str
        Name of the scenario on screen.
    values : mapping, optional
        The figures of money and volume on screen.
    supersedes : int, optional
        The decision whose place this one takes: the latest of the study, or None where there is none.

    Returns
    -------
    Decision
        What is stored now: committed before this returns.

    Raises
    ------
    DatabaseError
        Somebody else recorded a decision meanwhile, a value cannot be stored, or the database cannot be written;
        nothing was stored.
    """
    row = DecisionRow(
        submission_id=checks.submission_id(submission_id),
        author=checks.author(author),
        study=checks.name("The name of the study", study),
        fingerprint=checks.written("The fingerprint of the study", fingerprint, checks.NAME_LENGTH),
        supersedes=None if supersedes is None else checks.record_id("decision", supersedes),
        candidate=checks.written("The name of the option", candidate, checks.NAME_LENGTH),
        candidate_key=checks.written("The key of the option", candidate_key, checks.NAME_LENGTH),
        variant=checks.written("The variant of the option", variant, checks.NAME_LENGTH),
        reason=checks.needed("The reason", reason),
        said=checks.written("The sentence that was shown", said),
        options=plain_tree("The options", [dict(one) for one in options]),
        votes=plain_tree("The votes", [dict(one) for one in votes]),
        scenario=checks.written("The name of the scenario", scenario, checks.LABEL_LENGTH),
        values=plain_tree("The figures", dict(values or {})),
    )
    with writing() as session:
        stored = session.scalar(select(DecisionRow).where(DecisionRow.submission_id == row.submission_id))
        if stored is not None:
            return _decision(stored)
        latest = _latest(session, row.study)
        if row.supersedes != (None if latest is None else latest.id):
            raise _overtaken(latest)
        row.number = 1 if latest is None else latest.number + 1
        try:
            return _decision(stored_once(session, row))
        except IntegrityError:  # PostgreSQL: another process recorded one since the line above
            raise _overtaken(None) from None


def decisions(study: str) -> tuple[Decision, ...]:
    """Read the decisions of a study, newest first: the first is the one that holds.

    Parameters
    ----------
    study : str
        Name of the study.

    Returns
    -------
    tuple of Decision
    """
    query = select(DecisionRow).where(DecisionRow.study == checks.name("The name of the study", study))
    with reading() as session:
        return tuple(_decision(row) for row in session.scalars(query.order_by(DecisionRow.number.desc())))


def _latest(session: Session, study: str) -> DecisionRow | None:
    query = select(DecisionRow).where(DecisionRow.study == study).order_by(DecisionRow.number.desc()).limit(1)
    return session.scalar(query)


def _overtaken(latest: DecisionRow | None) -> DatabaseError:
    who = "somebody else" if latest is None else latest.author
    return DatabaseError(
        f"Expected to take the place of the decision on screen, came too late: {who} recorded another one meanwhile. "
        "Read it, then record yours again; nothing was stored."
    )


def _decision(row: DecisionRow) -> Decision:
    return record(Decision, row, options=tuple(row.options), votes=tuple(row.votes))
