"""What every sentence about an explanation needs: rounded reasons, the scale to read them on, their direction."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from explainers.reasons import reasons
from explainers.results import Explanation, Reason, Reasons
from explainers.study import Study
from explainers.words import numbers, phrases
from explainers.words.headline import goal
from explainers.words.numbers import Scale
from explainers.words.say import BUSINESS, Audience

Direction = Literal["towards", "against", "neither"]


@dataclass(frozen=True, slots=True)
class Told:
    """An explanation of one case made ready to be told: rounded reasons and the scale they are read on."""

    explanation: Explanation
    study: Study
    row: int
    audience: Audience
    reasons: Reasons
    scale: Scale

    @property
    def towards(self) -> str:
        """What reasons count towards: 'being turned down by the lender' or 'a higher answer'."""
        return goal(self.study, self.reasons)


@lru_cache(maxsize=16)  # a page asks for the same one in every sentence, title and row
def told(explanation: Explanation, study: Study, *, audience: Audience = BUSINESS, row: int = 0) -> Told:
    """Return the reasons of one case with the scale they are read on; finer figures for the technical audience."""
    picked = reasons(explanation, study, row=row, finer=1 if audience == BUSINESS else 10)
    scale = numbers.scale_of(
        picked, study, numbers.step_of(picked), explanation.candidate, technical=audience != BUSINESS
    )
    return Told(explanation, study, row, audience, picked, scale)


def verb(amount: float) -> str:
    """Return what the option does with an amount; the sign decides, and nothing else."""
    return "adds" if amount > 0 else "takes off"


def direction(amount: float) -> Direction:
    """Return which way an amount counts."""
    return "towards" if amount > 0 else "against" if amount < 0 else "neither"


def facts_of(t: Told, r: Reason) -> dict[str, Any]:
    """Return what a reason rests on."""
    return {
        "feature": r.feature,
        "label": phrases.label(t.study, r.feature),
        "exact": r.exact,
        "error": r.error,
        "direction": direction(r.exact),
    }
