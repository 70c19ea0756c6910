"""Which cases are odd: inputs unlike anything seen."""

from explainers.outliers.scoring import prepare, ready, unusual

RESULT_VERSION = 1

__all__ = ["prepare", "ready", "unusual"]
