"""What a hostile file holds: a value that runs something when it is opened."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any


class Evil:
    """Runs a command when it is unpickled: it makes a file, which the fixture `canary` looks for.

    Parameters
    ----------
    path : Path
        The file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return os.system, (f"touch '{self.path}'",)
