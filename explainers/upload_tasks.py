"""What the worker does with what somebody brought: functions that are imported when they are asked for."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from explainers.study import Study


def _asked(name: str, module: str = "uploads") -> Callable[..., Any]:
    def run(_study: Study | None, report: Callable[[float | None, str], None], **arguments: Any) -> Any:
        return getattr(importlib.import_module(f"explainers.{module}"), name)(progress=report, **arguments)

    return run


read, guess, check, keep = (_asked(n) for n in ("read_upload", "guess_upload", "check_upload", "keep_upload"))
read_table = _asked("read_table")
try_model = _asked("try_model", "model_uploads")
take_off = _asked("take_off", "model_uploads")
add_models = _asked("add_models", "kept")
unpack = _asked("unpack_upload", "kept")
