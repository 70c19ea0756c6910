"""Real tables that ship in packages, with the roles and kinds that a person gives their columns by their documentation.

Only what differs from an input of numbers is written down. A set means that a person could argue for either. Where a
table has nothing but time to answer from, time is its input.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ("boston_mortgages", "cigarette_demand", "saratoga_heating", "saratoga_prices")
Answer = str | frozenset[str]
SCALE = frozenset({"numeric", "ordered"})


@dataclass(frozen=True)
class Table:
    """A table, its outcome, and what a person says of its columns."""

    frame: Callable[[], pd.DataFrame]
    target: str
    roles: Mapping[str, Answer] = field(default_factory=dict)
    kinds: Mapping[str, Answer] = field(default_factory=dict)


def _sklearn(name: str) -> Callable[[], pd.DataFrame]:
    def load() -> pd.DataFrame:
        from sklearn import datasets

        frame: pd.DataFrame = getattr(datasets, f"load_{name}")(as_frame=True).frame
        return frame

    return load


def _statsmodels(name: str, *, index: bool = False) -> Callable[[], pd.DataFrame]:
    def load() -> pd.DataFrame:
        from statsmodels import datasets

        frame: pd.DataFrame = getattr(datasets, name).load_pandas().data
        return frame.reset_index() if index else frame.reset_index(drop=True)

    return load


def _plotly(name: str) -> Callable[[], pd.DataFrame]:
    def load() -> pd.DataFrame:
        import plotly

        return pd.read_csv(Path(plotly.__file__).parent / "package_data" / "datasets" / f"{name}.csv.gz")

    return load


def _sample(name: str) -> Table:
    folder = ROOT / "sample_data" / name
    fields: dict[str, Any] = yaml.safe_load((folder / "study.yaml").read_text(encoding="utf-8"))
    columns = fields["columns"]
    # Left out there by an economist's choice of real prices, not by anything that a table could tell.
    chosen = {n for n, c in columns.items() if c.get("role") == "excluded"}
    roles: dict[str, Answer] = {n: c["role"] for n, c in columns.items() if c.get("role") and n not in chosen}
    kinds: dict[str, Answer] = {n: c["kind"] for n, c in columns.items() if c.get("kind", "numeric") != "numeric"}
    return Table(lambda: pd.read_csv(folder / fields["data"]), fields["target"], roles, kinds)


TABLES: dict[str, Table] = {
    "iris": Table(_sklearn("iris"), "target", kinds={"target": "categorical"}),
    "wine": Table(_sklearn("wine"), "target", kinds={"target": "categorical"}),
    "breast_cancer": Table(_sklearn("breast_cancer"), "target", kinds={"target": "boolean"}),
    "diabetes": Table(_sklearn("diabetes"), "target"),
    "fair": Table(
        _statsmodels("fair"),
        "affairs",
        kinds={
            "rate_marriage": "ordered",
            "occupation": "categorical",
            "occupation_husb": "categorical",
            "religious": frozenset({"numeric", "ordered"}),
            "educ": frozenset({"numeric", "ordered"}),
        },
    ),
    "anes96": Table(
        _statsmodels("anes96"),
        "vote",
        kinds={
            "vote": "boolean",
            **dict.fromkeys(("TVnews", "selfLR", "ClinLR", "DoleLR", "PID", "educ", "income"), SCALE),
        },
    ),
    "spector": Table(_statsmodels("spector"), "GRADE", kinds={"GRADE": "boolean", "PSI": "boolean"}),
    "longley": Table(_statsmodels("longley"), "TOTEMP", roles={"YEAR": "time"}),
    "macrodata": Table(
        _statsmodels("macrodata"),
        "unemp",
        roles={"year": "time", "quarter": frozenset({"feature", "time"})},
        kinds={"quarter": frozenset({"numeric", "ordered", "categorical"})},
    ),
    "randhie": Table(
        _statsmodels("randhie"), "mdvis", kinds=dict.fromkeys(("idp", "hlthg", "hlthf", "hlthp"), "boolean")
    ),
    "scotland": Table(_statsmodels("scotland"), "YES"),
    "star98": Table(_statsmodels("star98"), "NABOVE"),
    "stackloss": Table(_statsmodels("stackloss"), "STACKLOSS"),
    "sunspots": Table(_statsmodels("sunspots"), "SUNACTIVITY", roles={"YEAR": "feature"}),
    "ccard": Table(_statsmodels("ccard"), "AVGEXP", kinds={"OWNRENT": "boolean"}),
    "copper": Table(_statsmodels("copper"), "WORLDCONSUMPTION", roles={"TIME": "time"}),
    "grunfeld": Table(
        _statsmodels("grunfeld"),
        "invest",
        roles={"year": "time", "firm": frozenset({"group", "feature"})},
        kinds={"firm": "categorical"},
    ),
    "statecrime": Table(
        _statsmodels("statecrime", index=True), "violent", roles={"state": "id"}, kinds={"state": "categorical"}
    ),
    "heart": Table(_statsmodels("heart"), "survival", kinds={"censors": "boolean"}),
    "modechoice": Table(
        _statsmodels("modechoice"),
        "choice",
        roles={"individual": "group"},
        kinds={"choice": "boolean", "mode": "categorical"},
    ),
    "elnino": Table(_statsmodels("elnino"), "DEC", roles={"YEAR": "time"}),
    "co2": Table(_statsmodels("co2", index=True), "co2", roles={"index": "feature"}, kinds={"index": "date"}),
    "tips": Table(
        _plotly("tips"),
        "tip",
        kinds={"sex": "categorical", "smoker": "boolean", "day": "ordered", "time": "categorical"},
    ),
    "gapminder": Table(
        _plotly("gapminder"),
        "lifeExp",
        roles={
            "year": frozenset({"time", "feature"}),
            "iso_alpha": frozenset({"feature", "group", "excluded"}),
            "country": frozenset({"feature", "group"}),
        },
        kinds=dict.fromkeys(("country", "continent", "iso_alpha"), "categorical"),
    ),
    "election": Table(
        _plotly("election"),
        "result",
        roles={"district_id": "id", "district": frozenset({"id", "excluded"})},
        kinds=dict.fromkeys(("district", "winner", "result"), "categorical"),
    ),
    "experiment": Table(_plotly("experiment"), "experiment_3", kinds={"gender": "categorical", "group": "categorical"}),
    "stocks": Table(_plotly("stocks"), "MSFT", roles={"date": "time"}, kinds={"date": "date"}),
    "iris_by_name": Table(
        _plotly("iris"),
        "species",
        roles={"species_id": "leakage"},
        kinds={"species": "categorical", "species_id": frozenset({"categorical", "numeric"})},
    ),
    **{name: _sample(name) for name in SAMPLES},
}
