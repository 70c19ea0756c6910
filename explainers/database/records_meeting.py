"""The records of a meeting: plain frozen values, no connection behind them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """Figures of money and volume under a name.

    Attributes
    ----------
    id : int
        Number of the scenario.
    submission_id : str
        The form that it came from.
    created_at : datetime
        When it was stored, in UTC.
    author : str
        Who kept it.
    study : str
        Name of the study.
    name : str
        What it is called: never to be shown as markdown or HTML.
    values : dict
        The figures by name.
    comment : str
        What was written beside it: never to be shown as markdown or HTML.
    """

    id: int
    submission_id: str
    created_at: datetime
    author: str
    study: str
    name: str
    values: dict[str, Any] = field(hash=False)
    comment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """Somebody stands for the figures of money and volume.

    Attributes
    ----------
    id : int
        Number of the confirmation.
    submission_id : str
        The form that it came from.
    created_at : datetime
        When it was stored, in UTC: the date of the confirmation.
    author : str
        Who confirmed.
    study : str
        Name of the study.
    values : dict
        The figures by name, as they were on screen.
    comment : str
        What was written beside it: never to be shown as markdown or HTML.
    """

    id: int
    submission_id: str
    created_at: datetime
    author: str
    study: str
    values: dict[str, Any] = field(hash=False)
    comment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """Which option somebody wants.

    Attributes
    ----------
    id : int
        Number of the vote.
    submission_id : str
        The form that it came from.
    created_at : datetime
        When it was stored, in UTC.
    author : str
        Who votes.
    study : str
        Name of the study.
    fingerprint : str
        The study's fingerprint at that time.
    candidate : str
        Name of the candidate; empty where somebody abstains.
    candidate_key : str
        The candidate's key at that time; empty where somebody abstains.
    variant : str
        A variant of it, such as a threshold chosen by cost; empty for the candidate as it is.
    comment : str
        What was written beside it: never to be shown as markdown or HTML.
    weights : dict
        How much each thing counts for this person, such as accuracy, cost, speed, explainability.
    """

    id: int
    submission_id: str
    created_at: datetime
    author: str
    study: str
    fingerprint: str
    candidate: str
    candidate_key: str
    variant: str
    comment: str
    weights: dict[str, Any] = field(hash=False)

    @property
    def person(self) -> str:
        """Who votes, however the name is written: large and small letters are the same."""
        return self.author.casefold()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What was decided. It is never edited: a later decision takes its place and names it.

    Attributes
    ----------
    id : int
        Number of the record.
    submission_id : str
        The form that it came from.
    created_at : datetime
        When it was stored, in UTC.
    author : str
        Who recorded it.
    study : str
        Name of the study.
    fingerprint : str
        The study's fingerprint at that time.
    number : int
        1 for the first decision of the study, then 2, 3, ...
    supersedes : int or None
        The record whose place it takes.
    candidate : str
        Name of the chosen candidate; empty where nothing was chosen yet and that was recorded.
    candidate_key : str
        The candidate's key at that time.
    variant : str
        A variant of it, such as a threshold chosen by cost.
    reason : str
        Why: never to be shown as markdown or HTML.
    said : str
        The sentence that was shown.
    options : tuple of dict
        The options that were on the table, with what was known of each.
    votes : tuple of dict
        The votes as they stood.
    scenario : str
        Name of the scenario that was on screen; empty for the study's own figures.
    values : dict
        The figures of money and volume that were on screen.
    """

    id: int
    submission_id: str
    created_at: datetime
    author: str
    study: str
    fingerprint: str
    number: int
    supersedes: int | None
    candidate: str
    candidate_key: str
    variant: str
    reason: str
    said: str
    options: tuple[dict[str, Any], ...] = field(hash=False)
    votes: tuple[dict[str, Any], ...] = field(hash=False)
    scenario: str
    values: dict[str, Any] = field(hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptSnapshot:
    """The state of a study at the end of a sprint.

    Attributes
    ----------
    id : int
        Number of the snapshot.
    submission_id : str
        The form that it came from.
    created_at : datetime
        When it was stored, in UTC.
    author : str
        Who kept it.
    study : str
        Name of the study.
    fingerprint : str
        The study's fingerprint at that time.
    name : str
        What it is called: never to be shown as markdown or HTML.
    comment : str
        What was written beside it: never to be shown as markdown or HTML.
    payload : bytes
        The state itself, without pickle; empty in a list.
    """

    id: int
    submission_id: str
    created_at: datetime
    author: str
    study: str
    fingerprint: str
    name: str
    comment: str
    payload: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedOption:
    """An option that somebody had trained from the page.

    Attributes
    ----------
    id : int
        Number of the option.
    submission_id : str
        The form that it came from.
    created_at : datetime
        When it was stored, in UTC.
    author : str
        Who added it.
    study : str
        Name of the study.
    name : str
        The name of its candidate.
    label : str
        What it is called: never to be shown as markdown or HTML.
    recipe : str
        The name of the standard recipe.
    parameters : dict
        What the recipe is given.
    comment : str
        What was written beside it: never to be shown as markdown or HTML.
    """

    id: int
    submission_id: str
    created_at: datetime
    author: str
    study: str
    name: str
    label: str
    recipe: str
    parameters: dict[str, Any] = field(hash=False)
    comment: str
