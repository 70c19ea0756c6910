"""Spans of time and sizes in memory as people read them."""

from __future__ import annotations

from explainers.words import numbers
from explainers.words.say import BUSINESS, Audience, Shown

_MINUTE, _HOUR = 60.0, 3600.0


def duration(seconds: float, audience: Audience = BUSINESS) -> Shown:
    """Return a span of time with two digits.

    Parameters
    ----------
    seconds : float
    audience : "business" or "technical"

    Returns
    -------
    Shown

    Examples
    --------
    >>> [duration(s).text for s in (0.0004, 0.0042, 0.053, 1.0, 95.0, 400.0, 9000.0)]
    ['less than a thousandth of a second', '4 thousandths of a second', '0.053 seconds', '1 second', '95 seconds', \
'6.7 minutes', '2.5 hours']
    >>> [duration(s, "technical").text for s in (0.0004, 0.0042, 0.053, 95.0)]
    ['0.40 ms', '4.2 ms', '53 ms', '95 s']
    """
    if audience != BUSINESS:
        return _technical(seconds)
    if seconds < 0.001:
        return Shown("less than a thousandth of a second", {"": seconds})
    if seconds < 0.0095:
        n = round(seconds * 1e3)
        return Shown(f"{n} {'thousandth' if n == 1 else 'thousandths'} of a second", {"": seconds, "n": n})
    unit, size = ("second", 1.0) if seconds < 120 else ("minute", _MINUTE) if seconds < 2 * _HOUR else ("hour", _HOUR)
    said = numbers.rough(seconds / size)
    return Shown(f"{said.text} {unit}{'' if said.text == '1' else 's'}", {**said.facts, "seconds": seconds})


def _technical(seconds: float) -> Shown:
    if seconds >= 1:
        said = numbers.rough(seconds) if seconds < 100 else Shown(numbers.plain(seconds, 3), {})
        return Shown(f"{said.text} s", {"": seconds, "shown": numbers.read(said.text)})
    ms = seconds * 1e3
    text = f"{ms:.2f}" if ms < 1 else f"{float(f'{ms:.2g}'):g}" if ms < 100 else f"{ms:.0f}"
    return Shown(f"{text} ms", {"": seconds, "shown": float(text)})


def memory(megabytes: float) -> Shown:
    """Return a size in memory or on disk with two digits.

    Examples
    --------
    >>> [memory(m).text for m in (0.0042, 1.25, 214.0, 3100.0)]
    ['4.2 KB', '1.2 MB', '210 MB', '3.1 GB']
    """
    value, unit = (
        (megabytes * 1e3, "KB")
        if megabytes < 0.1
        else (megabytes, "MB")
        if megabytes < 1e3
        else (megabytes / 1e3, "GB")
    )
    said = numbers.rough(value)
    return Shown(f"{said.text} {unit}", {**said.facts, "mb": megabytes})
