"""The worker's tasks, some of them held up until somebody cancels them; named by BAKEOFF_WORKER_TASKS."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from explainers import tasks

HELD = os.environ.get("BAKEOFF_HELD", "segments odd_inputs costs").split()
MOST_SECONDS = 300.0


def _held(run: Callable[..., Any], *given: Any, **arguments: Any) -> Any:
    until = time.monotonic() + MOST_SECONDS
    while not Path(os.environ["BAKEOFF_LET_GO"]).exists() and time.monotonic() < until:
        time.sleep(0.1)
    return run(*given, **arguments)


TASKS = {name: replace(tasks.TASKS[name], run=partial(_held, tasks.TASKS[name].run)) for name in HELD}
