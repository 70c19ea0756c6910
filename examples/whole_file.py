"""From a table of new cases to a table of answers with at most four specific reasons each."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import pandas as pd

from explainers import open_study
from explainers.report.batch import explain_file

STUDY = Path(__file__).resolve().parents[1] / "sample_data" / "boston_mortgages"


def main() -> None:
    """Explain twenty applications of the sample study and show the first rows."""
    study = open_study(STUDY, build=False)
    with tempfile.TemporaryDirectory() as place:
        new, out = Path(place) / "new.csv", Path(place) / "why.csv"
        study.frame.head(20).drop(columns=study.target).to_csv(new, index=False)
        written, failed = explain_file(study.build("tree"), "tree", new, out)
        print(f"{written} cases, {failed} without an answer")
        table = pd.read_csv(out)
        for _, row in table.head(3).iterrows():
            print(f"{row['case']}: {row['answer']:.2f} (on average {row['average']:.2f}). {row['reason_1']}")


if __name__ == "__main__":
    main()
