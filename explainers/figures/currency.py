"""Amounts of money and names of options as figures write them."""

from __future__ import annotations

from explainers.figures.theme import MINUS, plain
from explainers.results import OptionRow
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
    return f"{known_.technical}, cut by cost" if option.variant else known_.technical


def known(value: float | None, otherwise: float = 0.0) -> float:
    return otherwise if value is None else value
