"""The state of a study at one moment, and what changed since.

``freezing`` takes the state of all options, ``keeping`` turns it into bytes that any later version can read,
``pairing`` finds the cases that two states have in common, ``changing`` compares the states.
"""

from explainers.snapshots.changing import changes
from explainers.snapshots.freezing import freeze
from explainers.snapshots.keeping import from_bytes, to_bytes

RESULT_VERSION = 1
__all__ = ["changes", "freeze", "from_bytes", "to_bytes"]
