"""Amounts of money and names of options as figures write them."""

from __future__ import annotations

from collections.abc import Sequence

from explainers.figures.theme import MINUS, plain
from explainers.results import VARIANTS, OptionRow
from explainers.study import Study

CURRENCIES = ("$", "€", "£", "¥", "₹")


def money(value: float, currency: str) -> str:
    """Write an amount with its currency where people put it, as short as an axis needs it.

    Examples
    --------
    >>> money(1200, "$"), money(-0.5, "€"), money(2_500_000, "kr")
    ('$1,200', '−€0.5', '2.5m kr')
    """
    size = abs(value)
    if size >= 1e6:
        text = f"{float(f'{size / 1e6:.3g}'):,.12g}m"
    else:
        shown = float(f"{size:.3g}")
        text = f"{shown:,.0f}" if shown >= 10 or shown.is_integer() else f"{shown:.12g}"
    sign = MINUS if value < 0 and float(f"{size:.3g}") else ""
    unit = plain(currency)
    return f"{sign}{unit}{text}" if currency in CURRENCIES else f"{sign}{text} {unit}".rstrip()


def name_of(study: Study, option: OptionRow, *, technical: bool = False) -> str:
    """Return the name of an option, for the technical audience the one that the field uses."""
    known_ = study.candidates.get(option.candidate)
    if not technical or known_ is None or not known_.technical:
        return option.label
    return f"{known_.technical}, {VARIANTS.get(option.variant, '')}" if option.variant else known_.technical


def short(names: Sequence[str], letters: int) -> list[str]:
    """Cut names to so many letters; one that would read like another is cut at its beginning instead.

    Parameters
    ----------
    names : sequence of str
    letters : int
        The most that a name may have.

    Returns
    -------
    list of str
        Escaped, in the order given.

    Examples
    --------
    >>> short(["Random forest, 100 trees", "Random forest, 100 trees, recalibrated by scores", "OneR"], 21)
    ['Random forest, 100…', '… recalibrated by sc…', 'OneR']
    """
    usual = [plain(name, letters, 1) for name in names]
    out = []
    for cut, name in zip(usual, names, strict=True):
        others = [other for other, read in zip(names, usual, strict=True) if read == cut and other != name]
        rest = min((_apart(name, other) for other in others), key=len, default="")
        if not rest:
            out.append(cut)
            continue
        tail = rest if len(rest) <= letters - 2 else f"{rest[: letters - 3].rstrip()}…"
        out.append(f"… {plain(tail)}")
    return out


def _apart(name: str, other: str) -> str:
    """Return the words of a name from the first one on that the other does not have there too."""
    words, others = name.split(), other.split()
    pairs = zip(words, others, strict=False)
    ends = min(len(words), len(others))
    same = next((at for at, (a, b) in enumerate(pairs) if a.strip(",;:") != b.strip(",;:")), ends)
    return " ".join(words[same:])


def known(value: float | None, otherwise: float = 0.0) -> float:
    return otherwise if value is None else value
