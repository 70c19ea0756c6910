"""A field of a result or structure with a one-line help, and the array type that they share."""

from __future__ import annotations

from dataclasses import MISSING, field
from typing import Any

import numpy as np

FloatArray = np.ndarray[Any, np.dtype[np.float64]]


def explained(text: str, *, default: Any = MISSING, factory: Any = MISSING) -> Any:
    """Return a dataclass field with a one-line help."""
    if factory is not MISSING:
        return field(default_factory=factory, metadata={"help": text})
    if default is MISSING:
        return field(metadata={"help": text})
    return field(default=default, metadata={"help": text})
