"""Where an option is off: residuals row by row, in bins of anything, how they are spread, and the worst segments.

Rooms: ``rows`` (each row, in every unit), ``leverage`` (formulas), ``binning`` (bins of anything), ``places`` (which
bin a row is in), ``certainty`` (what can be told in so few rows), ``picking`` (the points that are drawn), ``shape``
(distribution and Q-Q points), ``normal`` (the normal distribution by numpy). Of the worst segments: ``wrong`` (errors),
``slicing`` (columns as conditions), ``scan`` and ``worst_tree`` (the search), ``chance`` (what luck shows), ``stating``
(figures of one), ``segments``, ``cells`` (two columns).
"""

from explainers.residuals.binning import binned, choices
from explainers.residuals.cells import cells
from explainers.residuals.rows import measures, ready, residuals
from explainers.residuals.segments import segments
from explainers.residuals.shape import distribution
from explainers.residuals.slicing import members

RESULT_VERSION = 1

__all__ = [
    "binned",
    "cells",
    "choices",
    "distribution",
    "measures",
    "members",
    "ready",
    "residuals",
    "segments",
]
