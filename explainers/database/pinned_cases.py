"""Pinned cases. Removing and restoring are records of their own; the latest one of a pin decides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from explainers.database import checks
from explainers.database.engine import reading, stored_once, writing
from explainers.database.on_lists import add_event, still_there
from explainers.database.records import Pin, record
from explainers.database.tables import PinRow
from explainers.database.values import plain_case


def add_pin(
    *, submission_id: str, author: str, study: str, case_id: str | None, case: Mapping[str, Any], label: str
) -> Pin:
    """Keep a case at hand.

    Parameters
    ----------
    submission_id : str
        A UUID as text, made when the form was drawn. A second call with the same one stores nothing.
    author : str
        Who pins: 1 to 80 characters.
    study : str
        Name of the study.
    case_id : str or None
        The row, None where every value was typed in.
    case : mapping
        The values that were typed in, by column.
    label : str
        What it is called in the list: 1 to 120 characters.

    Returns
    -------
    Pin
        What is stored now: committed before this returns.

    Raises
    ------
    DatabaseError
        A value cannot be stored, or the database cannot be written; nothing was stored.
    """
    row = PinRow(
        submission_id=checks.submission_id(submission_id),
        author=checks.author(author),
        study=checks.name("The name of the study", study),
        case_id=checks.case_id(case_id),
        case=plain_case(case),
        label=checks.needed("The name of the pinned case", label, checks.LABEL_LENGTH),
    )
    with writing() as session:
        return record(Pin, stored_once(session, row))  # the commit comes before the return


def pins(study: str) -> tuple[Pin, ...]:
    """Read the pinned cases of a study, oldest first, without the removed ones.

    Parameters
    ----------
    study : str
        Name of the study.

    Returns
    -------
    tuple of Pin
    """
    query = (
        select(PinRow)
        .where(PinRow.study == checks.name("The name of the study", study), still_there(PinRow))
        .order_by(PinRow.id)
    )
    with reading() as session:
        return tuple(record(Pin, row) for row in session.scalars(query))


def remove_pin(pin_id: int, *, submission_id: str, author: str) -> None:
    """Take a pinned case off the list; `restore_pin` puts it back.

    Parameters
    ----------
    pin_id : int
        Number of the pin.
    submission_id : str
        A UUID as text, made when the button was drawn. A second call with the same one stores nothing.
    author : str
        Who removes it.

    Raises
    ------
    DatabaseError
        There is no such pin, a value cannot be stored, or the database cannot be written.
    """
    add_event(PinRow, pin_id, "removed", submission_id, author)


def restore_pin(pin_id: int, *, submission_id: str, author: str) -> None:
    """Put a removed case back on the list.

    Parameters
    ----------
    pin_id : int
        Number of the pin.
    submission_id : str
        A UUID as text, made when the button was drawn. A second call with the same one stores nothing.
    author : str
        Who restores it.

    Raises
    ------
    DatabaseError
        There is no such pin, a value cannot be stored, or the database cannot be written.
    """
    add_event(PinRow, pin_id, "restored", submission_id, author)
