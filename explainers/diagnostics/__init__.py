"""Tests of what an option is off by, each with its size first, what it means for a decision, and what would mend it.

Rooms: ``material`` (residuals), ``levels`` (on the whole, by column, by group), ``spread``, ``shape``, ``order`` (time
within groups), ``terms`` (bends, columns that say the same), ``catalogue`` (what each test is about),
``testing`` (all of them), ``judging`` (status), ``mending`` (what never-seen rows say of a change).
"""

from explainers.diagnostics.diagnosing import diagnose

RESULT_VERSION = 2

__all__ = ["RESULT_VERSION", "diagnose"]
