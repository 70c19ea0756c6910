"""From a CSV of 1,000,000 rows and 20 columns to an open study: seconds, and memory by the size of the table.

python -m benchmarks.opening

Targets: 20 s, and 3 times the size of the table in memory. It ends with code 1 if one was missed.
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import pandas as pd

ROWS = 1_000_000
SECONDS, TIMES = 20.0, 3.0


def table(rows: int = ROWS) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    columns: dict[str, object] = {"order_id": np.arange(rows) + 10**6}
    columns |= {f"amount_{i}": rng.normal(100, 20, rows).round(3) for i in range(11)}
    columns |= {f"count_{i}": rng.integers(0, 50, rows) for i in range(3)}
    columns["plan"] = rng.choice(["basic", "plus", "premium"], rows)
    columns["region"] = rng.choice(["north", "south", "east", "west"], rows)
    columns["city"] = rng.choice([f"city {i}" for i in range(40)], rows)
    days = pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 1000, rows), unit="D")
    columns["ordered"] = days.strftime("%d.%m.%Y")
    frame = pd.DataFrame(columns)
    frame["late"] = np.where(frame["amount_0"] + rng.normal(0, 20, rows) > 110, "yes", "no")
    return frame


def resident() -> float:
    """Return the memory of this process now, in bytes."""
    import psutil

    return float(psutil.Process().memory_info().rss)


def measured(place: Path) -> tuple[float, float]:
    """Return seconds from the file to the open study, and what that took in memory by the size of the table."""
    path = place / "large.csv"
    table().to_csv(path, index=False)
    import pyarrow.csv  # noqa: F401 - what is imported is no part of the table

    from explainers import guess, uploads
    from explainers.load.making import Making
    from explainers.load.reading import read

    before, most, over = resident(), [0.0], threading.Event()

    def watch() -> None:
        while not over.wait(0.01):
            most[0] = max(most[0], resident())

    threading.Thread(target=watch, daemon=True).start()
    started = time.perf_counter()
    reading = read(path)
    found = guess.dictionary(reading.frame, target="late")
    entries = {n: {k: v for k, v in uploads.entry(f).items() if k != "name"} for n, f in found.features.items()}
    made = Making("The study").study(
        reading.frame, target="late", candidates=["no_model", "rule"], dictionary=entries, closed=True
    )
    seconds = time.perf_counter() - started
    over.set()
    size = float(made.frame.memory_usage(deep=True).sum())
    return seconds, (most[0] - before) / size


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        seconds, times = measured(Path(folder))
    print(f"{seconds:.1f} s, {times:.1f} times the size of the table in memory")
    held = seconds <= SECONDS and times <= TIMES
    print(f"in {SECONDS:.0f} s and {TIMES:.0f} times: {'held' if held else 'NOT HELD'}")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
