"""Tables that a person takes away: CSV whose cells never start a formula, and safe file names."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import pandas as pd

from explainers.reasons import own_errors
from explainers.results import Explanation
from explainers.study import Study
from explainers.words import attribution, phrases

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet may read as the start of a formula, full-width forms too."""


def to_csv(frame: pd.DataFrame) -> bytes:
    """Return a table as CSV that spreadsheets show as it is.

    Parameters
    ----------
    frame : pandas.DataFrame
        Numbers stay numbers; texts (headers too) that could start a formula get an apostrophe in front.

    Returns
    -------
    bytes
        UTF-8 with a byte order mark, so that Excel reads every letter; the index is left out.

    References
    ----------
    OWASP, CSV Injection. https://owasp.org/www-community/attacks/CSV_Injection

    Examples
    --------
    >>> to_csv(pd.DataFrame({"a": ["=1+1", "plain"], "b": [-1, 2]})).decode("utf-8-sig").splitlines()
    ['a,b', "'=1+1,-1", 'plain,2']
    """
    safe = pd.DataFrame({at: [escape(v) for v in frame.iloc[:, at].astype(object)] for at in range(frame.shape[1])})
    safe.columns = pd.Index([escape(str(name)) for name in frame.columns])
    return safe.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig", "replace")


def escape(value: Any) -> Any:
    """Return a cell with an apostrophe in front if it is text that could start a formula."""
    if isinstance(value, str) and value.lstrip(" \u00a0\u200b\ufeff").startswith(STARTS):
        return "'" + value
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    text = str(value)
    return text if isinstance(value, (complex,)) or _is_number(value) else escape(text)


def _is_number(value: Any) -> bool:
    try:
        float(value)
    except (TypeError, ValueError):
        return False
    return not isinstance(value, (str, bytes))


def filename(*parts: object, ending: str = "csv") -> str:
    """Return a file name made of letters, digits, dots and dashes only, at most 80 characters long.

    Examples
    --------
    >>> filename("Boston mortgages", "../17", ending="csv")
    'boston-mortgages-17.csv'
    """
    plain = unicodedata.normalize("NFKD", " ".join(str(p) for p in parts)).encode("ascii", "ignore").decode()
    name = re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-").lower()[:80].strip("-")
    return f"{name or 'bakeoff'}.{re.sub(r'[^A-Za-z0-9]+', '', ending) or 'txt'}"


def reasons_frame(explanation: Explanation, study: Study, *, row: int = 0) -> pd.DataFrame:
    """Return the attributions of one case as a table with the dictionary's labels.

    Parameters
    ----------
    explanation : Explanation
    study : Study
    row : int

    Returns
    -------
    pandas.DataFrame
        One row per column: what it is, value, how usual, exact amount, 95% error, whether it is shown as a reason;
        then the average and the answer.
    """
    t = attribution.told(explanation, study, row=row)
    shown = {r.feature for r in t.reasons.shown}
    errors = own_errors(explanation, row=row)
    unit = "probability" if explanation.unit == "probability" else (t.scale.unit or "target")
    found = []
    for j, name in enumerate(explanation.feature_names):
        value = explanation.cases[name].iloc[row]
        how = phrases.usual(study, name, value)
        found.append(
            {
                "what": phrases.label(study, name),
                "value": phrases.value_text(phrases.feature(study, name), value),
                "how usual": how.text if how else "",
                f"amount ({unit})": float(explanation.values[row, j]),
                "95% error": float(errors[j]),
                "shown as a reason": "yes" if name in shown else "no",
            }
        )
    found.sort(key=lambda r: -abs(float(r[f"amount ({unit})"])))  # type: ignore[arg-type]
    ends = (("average it is compared with", explanation.base_values[row]), ("answer", explanation.predictions[row]))
    rows = [{"what": what, f"amount ({unit})": float(amount)} for what, amount in ends]
    return pd.DataFrame([rows[0], *found, rows[1]], columns=list(found[0]) if found else None)
