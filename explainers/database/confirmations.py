"""Who stands for the figures of money and volume. Nothing is edited: the newest confirmation is what holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from explainers.database import checks
from explainers.database.engine import reading, stored_once, writing
from explainers.database.records import record
from explainers.database.records_meeting import Confirmation
from explainers.database.tables import ConfirmationRow
from explainers.database.values import plain_tree


def confirm_figures(
    *, submission_id: str, author: str, study: str, values: Mapping[str, Any], comment: str = ""
) -> Confirmation:
    """Keep that somebody stands for these figures.

    Parameters
    ----------
    submission_id : str
        A UUID as text, made when the form was drawn. A second call with the same one stores nothing.
    author : str
        Who confirms: 1 to 80 characters.
    study : str
        Name of the study.
    values : mapping
        Every figure that was on screen, by name; numbers, text, truth values, and mappings or lists of them.
    comment : str
        At most 4,000 characters.

    Returns
    -------
    Confirmation
        What is stored now: committed before this returns.

    Raises
    ------
    DatabaseError
        A value cannot be stored, or the database cannot be written; nothing was stored.
    """
    row = ConfirmationRow(
        submission_id=checks.submission_id(submission_id),
        author=checks.author(author),
        study=checks.name("The name of the study", study),
        values=plain_tree("The figures", dict(values)),
        comment=checks.written("The comment", comment),
    )
    with writing() as session:
        return record(Confirmation, stored_once(session, row))  # the commit comes before the return


def confirmed(study: str) -> tuple[Confirmation, ...]:
    """Read who confirmed which figures of a study, newest first.

    Parameters
    ----------
    study : str
        Name of the study.

    Returns
    -------
    tuple of Confirmation
        Empty where nobody has; the amounts are then "with example figures".
    """
    query = select(ConfirmationRow).where(ConfirmationRow.study == checks.name("The name of the study", study))
    with reading() as session:
        return tuple(record(Confirmation, row) for row in session.scalars(query.order_by(ConfirmationRow.id.desc())))
