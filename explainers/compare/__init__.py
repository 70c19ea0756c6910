"""Which option is worth it: cost against quality, money a month, break-even, cut-offs by cost, disagreements.

Rooms: ``weighing`` (all of it put together), ``options`` (each option's money), ``quality`` (every two in every
measure, kept on disk), ``evening`` (break-even and the price of a point), ``cutting`` (cut-offs chosen by cost),
``differing`` (where options disagree).
"""

from explainers.compare.cutting import threshold
from explainers.compare.differing import disagreements
from explainers.compare.evening import inserted
from explainers.compare.quality import ready
from explainers.compare.weighing import apart, compare, comparison

RESULT_VERSION = 1

__all__ = ["apart", "compare", "comparison", "disagreements", "inserted", "ready", "threshold"]
