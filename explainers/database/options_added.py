"""Options that were trained from the page. Removing and restoring are records of their own; the latest one decides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from explainers.database import checks
from explainers.database.engine import reading, stored_once, writing
from explainers.database.on_lists import add_event, still_there
from explainers.database.records import record
from explainers.database.records_meeting import AddedOption
from explainers.database.tables import AddedOptionRow
from explainers.database.values import plain_tree


def add_option(
    *,
    submission_id: str,
    author: str,
    study: str,
    name: str,
    label: str,
    recipe: str,
    parameters: Mapping[str, Any] | None = None,
    comment: str = "",
) -> AddedOption:
    """Keep an option that a study gets on top of its own.

    Parameters
    ----------
    submission_id : str
        A UUID as text, made when the form was drawn. A second call with the same one stores nothing.
    author : str
        Who adds it: 1 to 80 characters.
    study : str
        Name of the study.
    name : str
        The name of its candidate.
    label : str
        What it is called: 1 to 120 characters.
    recipe : str
        The name of the standard recipe.
    parameters : mapping, optional
        What the recipe is given, by plain values.
    comment : str
        At most 4,000 characters.

    Returns
    -------
    AddedOption
        What is stored now: committed before this returns.

    Raises
    ------
    DatabaseError
        A value cannot be stored, or the database cannot be written; nothing was stored.
    """
    row = AddedOptionRow(
        submission_id=checks.submission_id(submission_id),
        author=checks.author(author),
        study=checks.name("The name of the study", study),
        name=checks.name("The name of the option", name),
        label=" ".join(checks.needed("What the option is called", label, checks.LABEL_LENGTH).split()),
        recipe=checks.name("The name of the recipe", recipe),
        parameters=plain_tree("What the recipe is given", dict(parameters or {})),
        comment=checks.written("The comment", comment),
    )
    with writing() as session:
        return record(AddedOption, stored_once(session, row))  # the commit comes before the return


def added_options(study: str) -> tuple[AddedOption, ...]:
    """Read the added options of a study, oldest first, without the removed ones.

    Parameters
    ----------
    study : str
        Name of the study.

    Returns
    -------
    tuple of AddedOption
    """
    query = (
        select(AddedOptionRow)
        .where(AddedOptionRow.study == checks.name("The name of the study", study), still_there(AddedOptionRow))
        .order_by(AddedOptionRow.id)
    )
    with reading() as session:
        return tuple(record(AddedOption, row) for row in session.scalars(query))


def remove_option(added_option_id: int, *, submission_id: str, author: str) -> None:
    """Take an added option off the list; `restore_option` puts it back.

    Parameters
    ----------
    added_option_id : int
        Number of the added option.
    submission_id : str
        A UUID as text, made when the button was drawn. A second call with the same one stores nothing.
    author : str
        Who removes it.

    Raises
    ------
    DatabaseError
        There is no such option, a value cannot be stored, or the database cannot be written.
    """
    add_event(AddedOptionRow, added_option_id, "removed", submission_id, author)


def restore_option(added_option_id: int, *, submission_id: str, author: str) -> None:
    """Put a removed option back on the list.

    Parameters
    ----------
    added_option_id : int
        Number of the added option.
    submission_id : str
        A UUID as text, made when the button was drawn. A second call with the same one stores nothing.
    author : str
        Who restores it.

    Raises
    ------
    DatabaseError
        There is no such option, a value cannot be stored, or the database cannot be written.
    """
    add_event(AddedOptionRow, added_option_id, "restored", submission_id, author)
