from __future__ import annotations

import math
from datetime import UTC, date, datetime
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from explainers import database

SAME = [
    None,
    True,
    False,
    0,
    -7,
    2**70,
    0.1,
    -0.0,
    1e308,
    5e-324,
    math.inf,
    -math.inf,
    "",
    "NaN",
    "1",
    '{"$float": "inf"}',
]
TURNED = [
    (float("nan"), None),
    (np.float64("nan"), None),
    (pd.NA, None),
    (pd.NaT, None),
    (np.datetime64("NaT", "ns"), None),
    (np.float64(0.1), 0.1),
    (np.float32(0.5), 0.5),
    (np.float64("inf"), math.inf),
    (np.longdouble(2), 2.0),
    (np.int64(2**62), 2**62),
    (np.uint8(255), 255),
    (np.bool_(True), True),
    (np.str_("x"), "x"),
    (Decimal("0.25"), 0.25),
    (pd.Timestamp("2024-02-29 12:30:00.000001"), "2024-02-29T12:30:00.000001"),
    (pd.Timestamp("2024-02-29", tz="Africa/Lagos"), "2024-02-29T00:00:00+01:00"),
    (datetime(2024, 2, 29, tzinfo=UTC), "2024-02-29T00:00:00+00:00"),
    (date(2024, 2, 29), "2024-02-29"),
    (np.datetime64("2024-02-29"), "2024-02-29"),
    (pd.Period("2024-02", "M"), "2024-02"),
    (["a", 1], "['a', 1]"),
]  # fmt: skip


def test_values_mean_the_same_after_a_round_trip(kept, add, pin):
    case = {f"c{n}": value for n, value in enumerate(SAME + [given for given, _ in TURNED])}
    expected = SAME + [value for _, value in TURNED]
    stored, pinned = add(case=case), pin(case=case)
    database.dispose()
    for found in (stored, pinned, database.marks("mortgages")[0], database.pins("mortgages")[0]):
        assert list(found.case) == list(case)
        assert [(type(value), value) for value in found.case.values()] == [(type(value), value) for value in expected]
        assert math.copysign(1, found.case["c7"]) == -1  # -0.0 == 0.0 would not see it


@pytest.mark.parametrize("row", [0, 1])
def test_a_row_of_a_frame_can_be_stored_as_it_is(kept, add, row):
    frame = pd.DataFrame(
        {
            "debt": [0.46, np.nan],
            "n": pd.array([3, None], dtype="Int64"),
            "grade": pd.Categorical(["good", None]),
            "day": pd.to_datetime(["2024-02-29", None]),
            "new": pd.array([True, None], dtype="boolean"),
            7: ["x", None],
        }
    )
    expected = [
        {"debt": 0.46, "n": 3, "grade": "good", "day": "2024-02-29T00:00:00", "new": True, "7": "x"},
        dict.fromkeys(["debt", "n", "grade", "day", "new", "7"]),
    ][row]
    stored = add(case=frame.iloc[row].to_dict())
    assert stored.case == expected
    assert database.marks("mortgages")[0].case == expected
