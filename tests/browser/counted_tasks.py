"""Every task of the worker, writing its name down whenever it really computes; named by BAKEOFF_WORKER_TASKS."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from explainers import tasks


def _counted(name: str, run: Callable[..., Any], *given: Any, **arguments: Any) -> Any:
    with Path(os.environ["BAKEOFF_COUNTED"]).open("a") as file:
        file.write(f"{name}\n")
    return run(*given, **arguments)


TASKS = {name: replace(task, run=partial(_counted, name, task.run)) for name, task in tasks.TASKS.items()}
