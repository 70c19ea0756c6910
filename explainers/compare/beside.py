"""Other answers of an option beside those of today on the same rows: what they save a month, and how many are right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from explainers.costs.averaging import LEVEL
from explainers.costs.money import largest, raised_of
from explainers.metrics.differing import paired

if TYPE_CHECKING:
    from explainers.costs.answering import Answered, Rows
    from explainers.costs.averaging import Averages
    from explainers.results import Assumptions


def beside(
    rows: Rows,
    mine: Answered,
    usual: Answered,
    found: Assumptions,
    averages: Averages,
    raised: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return what a cut-off and answers by cost have in common: counts and money beside those of today.

    Parameters
    ----------
    rows : Rows
        The measured rows.
    mine, usual : Answered
        What the option answers to them by cost, and as it is now.
    found : Assumptions
        What money rests on.
    averages : Averages
        Of these rows.
    raised : mapping, optional
        As :func:`explainers.costs.money.raised_of` gives them; made here by default.

    Returns
    -------
    dict of str to object
        Fields of :class:`~explainers.results.ThresholdChoice` and :class:`~explainers.results.AnswersByCost`.
    """
    cases = found.values["cases_per_month"]
    money, usual_money = mine.money(found.values), usual.money(found.values)
    low, high = averages.ends(usual_money - money, even=True)
    raised = raised_of(found.values) if raised is None else raised
    start, moved = (month(usual, values) - month(mine, values) for values in (found.values, raised))
    more, more_low, more_high = right_more(rows, mine, usual)
    return {
        "n": len(rows),
        "rows": rows.said_of,
        "right": int(mine.right.sum()),
        "usual_right": int(usual.right.sum()),
        "right_more": more,
        "right_more_lower": more_low,
        "right_more_upper": more_high,
        "money": cases * float(money.mean()),
        "usual_money": cases * float(usual_money.mean()),
        "saving": cases * float((usual_money - money).mean()),
        "saving_lower": cases * low if low is not None else None,
        "saving_upper": cases * high if high is not None else None,
        "moves_most": largest(moved - start, float(start), found.values)[0],
    }


def right_more(rows: Rows, mine: Answered, usual: Answered) -> tuple[float, float | None, float | None]:
    """Return by how much the share of answers as in the record is higher, with its paired range on these rows."""
    value = float((mine.right - usual.right).mean()) if len(rows) else 0.0
    now, then = (np.column_stack([1.0 - a.right, a.right]) for a in (mine, usual))
    as_recorded = np.ones(len(rows), dtype=np.int64)
    low, high, *_ = paired("accuracy", now, then, as_recorded, 1, groups=rows.groups, level=LEVEL)
    return value, low, high


def month(answered: Answered, values: Mapping[str, Any]) -> Any:
    """Return what answers come to a month, for figures or arrays of them."""
    each = sum(share * values[name] for name, share in answered.shares.items()) - answered.right_share * values["right"]
    return values["cases_per_month"] * each
