"""Say which columns a guess keeps from the options, where nobody looked at the guesses before they are used."""

from __future__ import annotations

from explainers.guess.guessing import Guesses
from explainers.results import Problem
from explainers.validate.say import column_place


def remarks(guesses: Guesses) -> list[Problem]:
    """Return a problem for each column that was guessed to be no input.

    Parameters
    ----------
    guesses : Guesses
        What was guessed of a table.

    Returns
    -------
    list of Problem
        Warnings for numbers of cases and columns that give the answer away, notes for the others.
    """
    out = []
    for guess in guesses.columns:
        feature, why = guess.feature, guess.why.get("role", "")
        where = column_place(feature.name, feature.label)
        if feature.role == "id":
            message = f"{why} It is not used as an input."
            out.append(_one("id_as_input", where, message, "If it is a real input, say role: feature.", "warning"))
        elif feature.role == "time":
            message = f"{why} Times are kept, but they are not used as an input."
            out.append(_one("date_not_used", where, message, "To use it, say role: feature in the dictionary.", "note"))
        elif feature.role == "leakage":
            message = f"{why} It is left out of the inputs."
            remedy = "If it is known when the question is asked, say role: feature."
            out.append(_one("left_out", where, message, remedy, "warning"))
        elif feature.role in ("excluded", "group"):
            message = f"{why} It is not used as an input."
            out.append(_one("left_out", where, message, "If it is a real input, say role: feature.", "note"))
        elif feature.protected:
            message = "By its name the law may protect it, so options do not look at it unless they say so."
            out.append(_one("left_out", where, message, "If it is none, say protected: false.", "note"))
    return out


def _one(code: str, where: str, message: str, remedy: str, severity: str) -> Problem:
    return Problem(code=code, where=where, message=message, remedy=remedy, severity=severity)  # type: ignore[arg-type]
