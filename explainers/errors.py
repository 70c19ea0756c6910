"""The exceptions of Bakeoff: one small tree, every message with what was expected, what came and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from explainers.results import Problem


class BakeoffError(Exception):
    """Root of everything that Bakeoff raises on purpose; its text may be shown to any reader.

    Parameters
    ----------
    message : str
        What was expected, what came, what to do. Plain sentences, no path of a private folder, no password.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class StudyError(BakeoffError):
    """A study cannot be opened: all problems of severity "error" at once.

    Parameters
    ----------
    message : str
        The summary.
    problems : sequence of Problem
        Everything that was found, errors first.
    """

    def __init__(self, message: str, problems: Sequence[Problem] = ()) -> None:
        super().__init__(message)
        self.problems = tuple(problems)


class CaseError(BakeoffError):
    """A case that was asked about cannot be answered: a column is missing, a value is of the wrong kind."""


class CandidateError(BakeoffError):
    """A candidate is unknown, could not be fitted, or does not answer."""


class AssumptionError(BakeoffError):
    """A figure that money rests on is unknown, no number, or outside its limits."""


class ModelFileError(BakeoffError):
    """A model file is refused or cannot be read."""


class NotInstalledError(BakeoffError):
    """An optional package is missing; the message says which extra to install."""


class DatabaseError(BakeoffError):
    """What people wrote cannot be read or kept."""


class JobError(BakeoffError):
    """Work in a worker process failed."""


class JobCancelled(JobError):
    """Work in a worker process was cancelled by the person who started it."""
