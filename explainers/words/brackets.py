"""Ranges in brackets behind a figure: counts of the same cases, shares of a hundred, amounts in their unit."""

from __future__ import annotations

import math
from dataclasses import replace

from explainers.words.numbers import CURRENCIES, Scale
from explainers.words.say import Shown, join, whole

Ends = tuple[float, float] | None


def of_hundred(ends: Ends, *, each: int = 100) -> Shown:
    """Return the ends of a share as counts of so many cases, rounded outwards; nothing without ends.

    Parameters
    ----------
    ends : tuple of float or None
        Shares between 0 and 1.
    each : int
        Cases that the share is of.

    Examples
    --------
    >>> of_hundred((0.771, 0.879)).text, of_hundred((0.1, 0.33), each=57).text, of_hundred(None).text
    (' (77 to 88)', ' (5 to 19)', '')
    """
    if ends is None:
        return Shown("")
    low, high = math.floor(ends[0] * each + 1e-9), math.ceil(ends[1] * each - 1e-9)
    facts = {"low": ends[0], "high": ends[1], "shown_low": low, "shown_high": high}
    return Shown(f" ({whole(low)} to {whole(high)})", facts)


def between(ends: Ends, scale: Scale) -> Shown:
    """Return the ends of an amount in its unit; nothing without ends.

    Examples
    --------
    >>> from explainers.reasons import one_two_five
    >>> between((38_100.0, 45_300.0), Scale("number", one_two_five(500), "$")).text
    ' ($38,000 to $45,500)'
    """
    if ends is None:
        return Shown("")
    return join(" ({range})", range=span(ends, scale))


def span(ends: tuple[float, float], scale: Scale) -> Shown:
    """Return two amounts as 'low to high' with the unit where people put it: once, but for currencies.

    Examples
    --------
    >>> from explainers.reasons import one_two_five
    >>> span((3.8, 5.0), Scale("number", one_two_five(0.1), "packs")).text
    '3.8 to 5.0 packs'
    """
    first = scale if scale.unit in CURRENCIES else replace(scale, unit=None)
    return join("{low} to {high}", low=first.size(ends[0]), high=scale.size(ends[1]))
