"""Guess a data dictionary: what each column is called, what it holds and what it is for, each with the reason."""

from __future__ import annotations

from explainers.guess.guessing import Guess, Guesses, dictionary
from explainers.guess.outcome import OutcomeGuess, outcome
from explainers.guess.remarks import remarks

__all__ = ["Guess", "Guesses", "OutcomeGuess", "dictionary", "outcome", "remarks"]
