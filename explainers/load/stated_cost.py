"""What study.yaml states of the cost of an option that was made elsewhere."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from explainers.load.study_file import unknown_field, wrong_type
from explainers.results import Problem
from explainers.validate.say import plain

FIELDS = ("train_cpu_seconds", "train_seconds", "peak_memory_mb", "build_hours")
MOST = 1e12


def read_cost(given: Any, where: str, *, fitted_here: bool) -> tuple[dict[str, float], list[Problem]]:
    """Return the figures that are stated, and what is wrong with them.

    Parameters
    ----------
    given : object
        What stands under ``cost``.
    where : str
        The option, as messages name it.
    fitted_here : bool
        Whether the option is fitted here, so that what fitting takes is measured.

    Returns
    -------
    dict of str to float, and list of Problem

    Examples
    --------
    >>> read_cost({"build_hours": 40}, "option ours", fitted_here=True)
    ({'build_hours': 40.0}, [])
    """
    if given is None:
        return {}, []
    if not isinstance(given, Mapping):
        return {}, [wrong_type("cost", f"figures by name ({', '.join(FIELDS)})", given, where)]
    stated: dict[str, float] = {}
    problems: list[Problem] = []
    for key, value in given.items():
        name = str(key)
        if name not in FIELDS:
            problems.append(unknown_field(name, FIELDS, f"{where}, cost"))
        elif value is None:
            continue
        elif isinstance(value, bool) or not isinstance(value, int | float):
            problems.append(wrong_type(name, "a number", value, f"{where}, cost"))
        elif not math.isfinite(value) or not 0 <= value <= MOST:
            problems.append(_out_of_range(name, value, where))
        else:
            stated[name] = float(value)
    unused = [name for name in stated if name != "build_hours"] if fitted_here else []
    if unused:
        problems.append(
            Problem(
                code="cost_is_measured",
                where=f"{where}, cost",
                message=f"It is fitted here, so what that takes is measured, and {_listed(unused)} as stated "
                f"{'is' if len(unused) == 1 else 'are'} not used.",
                remedy="Leave that out. State it of options that come fitted.",
                severity="warning",
            )
        )
    return stated, problems


def _out_of_range(name: str, value: float, where: str) -> Problem:
    return Problem(
        code="cost_out_of_range",
        where=f"{where}, cost",
        message=f"The field '{name}' holds {plain(value)}. Expected 0 or more, and no more than a million million.",
        remedy="Write what it took, such as 12.5, or leave the field out.",
    )


def _listed(names: list[str]) -> str:
    return ", ".join(f"'{n}'" for n in names)
