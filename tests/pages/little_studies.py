"""Little studies as folders, every kind that a page has to stand: numbers, three classes, few rows, hostile, broken."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from explainers import Study
from tests.pages import hostile

QUICK = ("no_model", "rule", "logistic")


def _mixed(n: int) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "size": rng.normal(100, 20, n).round(1),
            "age": rng.integers(0, 60, n),
            "heating": rng.choice(["gas", "oil", "wood"], n, p=[0.6, 0.3, 0.1]),
            "garden": rng.choice(["no", "yes"], n),
        }
    )


def _pull(frame: pd.DataFrame) -> Any:
    return (frame["size"] - 100) / 20 - 0.03 * (frame["age"] - 30) + 0.8 * (frame["heating"] == "wood")


def _keep(folder: Path, frame: pd.DataFrame, target: str, candidates: tuple[str, ...] = QUICK, **about: Any) -> None:
    study = Study.from_frame(frame, target=target, candidates={c: c for c in candidates}, name=folder.name, **about)
    study.save(folder)


def houses(folder: Path) -> None:
    """Prices: a question about numbers."""
    frame = _mixed(240)
    noise = np.random.default_rng(1).normal(0, 8, 240)
    frame["price"] = (200 + 30 * _pull(frame) + noise).round(1)
    frame.loc[3, "size"] = np.nan
    _keep(
        folder,
        frame,
        "price",
        title="House prices",
        question="What does a house cost?",
        case="house",
        cases="houses",
        dictionary={
            "price": {"label": "Price", "unit": "thousand euros"},
            "size": {
                "label": "Living area",
                "unit": "square metres",
                "minimum": 0,
                "maximum": 400,
                "changeable": "any",
            },
        },
    )


def grades(folder: Path) -> None:
    """Three classes without one in focus."""
    frame = _mixed(240)
    noisy = _pull(frame) + np.random.default_rng(3).normal(0, 0.8, 240)
    frame["grade"] = np.where(noisy < -0.7, "low", np.where(noisy < 0.7, "middle", "high"))
    _keep(
        folder,
        frame,
        "grade",
        title="Three grades",
        question="Which grade does a house get?",
        case="house",
        cases="houses",
    )


def tiny(folder: Path) -> None:
    """Twelve rows."""
    frame = _mixed(12)
    frame["sold"] = ["no", "yes", "no", "yes", "no", "no", "no", "yes", "no", "no", "yes", "no"]
    _keep(
        folder, frame, "sold", title="A dozen houses", question="Which houses were sold?", case="house", cases="houses"
    )


def markup(folder: Path) -> None:
    """Names, values and every text of the study full of markup, links, formulas and LaTeX."""
    rng = np.random.default_rng(5)
    n = 160
    frame = pd.DataFrame(rng.normal(size=(n, len(hostile.COLUMNS))).round(2), columns=list(hostile.COLUMNS))
    for at in (1, 4):
        frame[hostile.COLUMNS[at]] = rng.choice(hostile.VALUES, n)
    frame["[id](http://pictures.example)"] = [f"=A{i}<b>" for i in range(n)]
    pull = (
        1.5 * frame[hostile.COLUMNS[0]]
        + 2.0 * (frame[hostile.COLUMNS[1]] == hostile.VALUES[0])
        + frame[hostile.COLUMNS[5]]
    )
    frame["out"] = np.where(pull + rng.normal(0, 0.7, n) > 0.4, "<i>yes</i>", "=no()")
    _keep(
        folder,
        frame,
        "out",
        positive="<i>yes</i>",
        dictionary={"[id](http://pictures.example)": {"role": "id", "label": "[id](http://pictures.example)"}},
        title="A <u>title</u> ![t](http://pictures.example/t.png) $\\alpha$",
        question="Is **this** [a question](http://pictures.example/q)?",
        case="case :red[c]",
        cases="cases :red[c]",
        people="people *p*",
        contact="<b>nobody</b> ![c](http://pictures.example/c.png)",
        challenge="Write to [us](http://pictures.example/us).",
        source="<iframe src=http://pictures.example></iframe> $s$",
        outcome_words={"<i>yes</i>": "<i>taken</i> $t$", "=no()": "=left()"},
    )


def broken(folder: Path) -> None:
    """A folder whose study.yaml names a target that the data does not have, and a column twice wrong."""
    folder.mkdir(parents=True)
    (folder / "data.csv").write_text("a,b\n1,2\n2,3\n")
    (folder / "study.yaml").write_text(
        "name: broken\ntitle: A broken study\nquestion: What?\ntarget: gone\ndata: data.csv\n"
    )


def unreadable(folder: Path) -> None:
    """A folder whose study.yaml is no YAML."""
    folder.mkdir(parents=True)
    (folder / "study.yaml").write_text("name: unreadable\ntitle: An unreadable study\n  target: [\n")


EVERY = (houses, grades, tiny, markup, broken, unreadable)


def write_all(parent: Path) -> Path:
    """Write every little study below a folder, which BAKEOFF_STUDIES then names."""
    for make in EVERY:
        make(parent / make.__name__)
    return parent
