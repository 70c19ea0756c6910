"""Figures of money and volume under a name. Nothing is edited: the newest entry of a name is what it means."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from explainers.database import checks
from explainers.database.engine import reading, stored_once, writing
from explainers.database.on_lists import add_event, still_there
from explainers.database.records import record
from explainers.database.records_meeting import Scenario
from explainers.database.tables import ScenarioRow
from explainers.database.values import plain_tree


def add_scenario(
    *, submission_id: str, author: str, study: str, name: str, values: Mapping[str, Any], comment: str = ""
) -> Scenario:
    """Keep figures under a name; what the name meant before stays in the history.

    Parameters
    ----------
    submission_id : str
        A UUID as text, made when the form was drawn. A second call with the same one stores nothing.
    author : str
        Who keeps it: 1 to 80 characters.
    study : str
        Name of the study.
    name : str
        What it is called: 1 to 120 characters.
    values : mapping
        The figures by name; numbers, text, truth values, and mappings or lists of them.
    comment : str
        At most 4,000 characters.

    Returns
    -------
    Scenario
        What is stored now: committed before this returns.

    Raises
    ------
    DatabaseError
        A value cannot be stored, or the database cannot be written; nothing was stored.
    """
    row = ScenarioRow(
        submission_id=checks.submission_id(submission_id),
        author=checks.author(author),
        study=checks.name("The name of the study", study),
        name=" ".join(checks.needed("The name of the scenario", name, checks.LABEL_LENGTH).split()),
        values=plain_tree("The figures", dict(values)),
        comment=checks.written("The comment", comment),
    )
    with writing() as session:
        return record(Scenario, stored_once(session, row))  # the commit comes before the return


def scenarios(study: str) -> tuple[Scenario, ...]:
    """Read the scenarios of a study, newest first: of each name the newest, none that was removed.

    Parameters
    ----------
    study : str
        Name of the study.

    Returns
    -------
    tuple of Scenario
    """
    known = checks.name("The name of the study", study)
    newest = select(func.max(ScenarioRow.id)).where(ScenarioRow.study == known).group_by(ScenarioRow.name)
    query = (
        select(ScenarioRow).where(ScenarioRow.id.in_(newest), still_there(ScenarioRow)).order_by(ScenarioRow.id.desc())
    )
    with reading() as session:
        return tuple(record(Scenario, row) for row in session.scalars(query))


def remove_scenario(scenario_id: int, *, submission_id: str, author: str) -> None:
    """Take a scenario off the list; `restore_scenario` puts it back.

    Parameters
    ----------
    scenario_id : int
        Number of the scenario.
    submission_id : str
        A UUID as text, made when the button was drawn. A second call with the same one stores nothing.
    author : str
        Who removes it.

    Raises
    ------
    DatabaseError
        There is no such scenario, a value cannot be stored, or the database cannot be written.
    """
    add_event(ScenarioRow, scenario_id, "removed", submission_id, author)


def restore_scenario(scenario_id: int, *, submission_id: str, author: str) -> None:
    """Put a removed scenario back on the list.

    Parameters
    ----------
    scenario_id : int
        Number of the scenario.
    submission_id : str
        A UUID as text, made when the button was drawn. A second call with the same one stores nothing.
    author : str
        Who restores it.

    Raises
    ------
    DatabaseError
        There is no such scenario, a value cannot be stored, or the database cannot be written.
    """
    add_event(ScenarioRow, scenario_id, "restored", submission_id, author)
