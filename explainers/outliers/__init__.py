"""Which cases are odd: inputs unlike anything seen, outcomes worth a check, influential rows, copies.

Rooms: ``scoring`` and ``ranking`` (inputs), ``labels`` and ``outcomes`` (recorded outcomes), ``influential``
(formulas), ``doubles`` (copies), ``leaving_out`` and ``moving`` (what changes without some rows).
"""

from explainers.outliers.doubles import duplicates
from explainers.outliers.influential import influence
from explainers.outliers.labels import suspicious_labels
from explainers.outliers.leaving_out import without
from explainers.outliers.scoring import prepare, ready, unusual

RESULT_VERSION = 1

__all__ = ["duplicates", "influence", "prepare", "ready", "suspicious_labels", "unusual", "without"]
