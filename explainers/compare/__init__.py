"""Which option is worth it: cost against quality, money a month, break-even, cut-offs by cost, disagreements.

Rooms: ``weighing`` (all of it put together), ``options`` (each option's money), ``quality`` (every two in every
measure, kept on disk), ``evening`` (break-even and the price of a point), ``cutting`` (cut-offs chosen by cost),
``cheapest`` (with several classes, answers by cost), ``differing`` (where options disagree).
"""

from explainers.compare.cheapest import answers_by_cost
from explainers.compare.cutting import threshold
from explainers.compare.differing import disagreements
from explainers.compare.evening import inserted
from explainers.compare.quality import apart, ready
from explainers.compare.weighing import compare, comparison

RESULT_VERSION = 1

__all__ = ["answers_by_cost", "apart", "compare", "comparison", "disagreements", "inserted", "ready", "threshold"]
