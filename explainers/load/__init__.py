"""Open study folders and make studies of tables."""

from __future__ import annotations

from explainers.load.catalogue import list_studies, sources
from explainers.load.files import read_table
from explainers.load.opening import from_frame, open_study

__all__ = ["from_frame", "list_studies", "open_study", "read_table", "sources"]
