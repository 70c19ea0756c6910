"""Votes by name. Every vote is kept; the latest of a person is the one that counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from explainers.database import checks
from explainers.database.engine import reading, stored_once, writing
from explainers.database.records import record
from explainers.database.records_meeting import Vote
from explainers.database.tables import VoteRow
from explainers.database.values import plain_tree


def add_vote(
    *,
    submission_id: str,
    author: str,
    study: str,
    fingerprint: str,
    candidate: str,
    candidate_key: str = "",
    variant: str = "",
    comment: str = "",
    weights: Mapping[str, Any] | None = None,
) -> Vote:
    """Keep a vote.

    Parameters
    ----------
    submission_id : str
        A UUID as text, made when the form was drawn. A second call with the same one stores nothing.
    author : str
        Who votes: 1 to 80 characters.
    study, fingerprint : str
        Name of the study and its fingerprint.
    candidate : str
        Name of the candidate that this person wants; empty to abstain, which also takes an earlier vote back.
    candidate_key : str
        Its key.
    variant : str
        A variant of it; empty for the candidate as it is.
    comment : str
        At most 4,000 characters.
    weights : mapping, optional
        How much each thing counts for this person.

    Returns
    -------
    Vote
        What is stored now: committed before this returns.

    Raises
    ------
    DatabaseError
        A value cannot be stored, or the database cannot be written; nothing was stored.
    """
    row = VoteRow(
        submission_id=checks.submission_id(submission_id),
        author=checks.author(author),
        study=checks.name("The name of the study", study),
        fingerprint=checks.written("The fingerprint of the study", fingerprint, checks.NAME_LENGTH),
        candidate=checks.written("The name of the option", candidate, checks.NAME_LENGTH),
        candidate_key=checks.written("The key of the option", candidate_key, checks.NAME_LENGTH),
        variant=checks.written("The variant of the option", variant, checks.NAME_LENGTH),
        comment=checks.written("The comment", comment),
        weights=plain_tree("The weights", dict(weights or {})),
    )
    with writing() as session:
        return record(Vote, stored_once(session, row))  # the commit comes before the return


def votes(study: str) -> tuple[Vote, ...]:
    """Read every vote of a study, newest first.

    Parameters
    ----------
    study : str
        Name of the study.

    Returns
    -------
    tuple of Vote
    """
    query = select(VoteRow).where(VoteRow.study == checks.name("The name of the study", study))
    with reading() as session:
        return tuple(record(Vote, row) for row in session.scalars(query.order_by(VoteRow.id.desc())))


def standing_votes(every: Iterable[Vote]) -> tuple[Vote, ...]:
    """Return the votes that count: the latest of each person, without those who abstain.

    Parameters
    ----------
    every : iterable of Vote
        As :func:`votes` gives them.

    Returns
    -------
    tuple of Vote
        Newest first.
    """
    latest: dict[str, Vote] = {}
    for vote in sorted(every, key=lambda one: one.id, reverse=True):
        latest.setdefault(vote.person, vote)
    return tuple(vote for vote in latest.values() if vote.candidate)
