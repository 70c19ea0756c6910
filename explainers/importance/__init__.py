"""How much a candidate looks at each column: in its answers, and in how good they are.

``measuring`` is the entry, ``losses`` turns the declared measure into a loss with what each row adds to it,
``shuffling`` says how much worse the candidate gets when a column is shuffled.
"""

from explainers.importance.measuring import importance

RESULT_VERSION = 1
__all__ = ["importance"]
