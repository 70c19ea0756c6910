"""Bakeoff's library: usable in a notebook and from the command line, without Streamlit."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from explainers.load import open_study
    from explainers.results import Explanation
    from explainers.serving import serve
    from explainers.study import Candidate, Dictionary, Feature, Study

_HOMES = {
    "Study": "study",
    "Feature": "study",
    "Dictionary": "study",
    "Candidate": "study",
    "Explanation": "results",
    "open_study": "load",
    "serve": "serving",
}
__all__ = ["Candidate", "Dictionary", "Explanation", "Feature", "Study", "open_study", "serve"]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"explainers.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'explainers' has no attribute {name!r}")
