"""From a model file that a colleague sent to an option beside others: looked through, tried apart, compared.

The colleague's part comes first: a booster is fitted and written as a file. Needs the extra "models".
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import lightgbm
from sklearn.datasets import load_diabetes

from explainers import models, open_study
from explainers.errors import ModelFileError
from explainers.load.beginning import begin
from explainers.metrics import difference


def main() -> None:
    """Write data and a model file, make a study of both, and compare the model with a plain formula."""
    frame = load_diabetes(as_frame=True, scaled=False).frame
    with tempfile.TemporaryDirectory() as place:
        data, file = Path(place) / "diabetes.csv", Path(place) / "colleague.txt"
        frame.to_csv(data, index=False)
        half = frame.sample(frac=0.5, random_state=0)
        booster = lightgbm.LGBMRegressor(n_estimators=40, num_leaves=7, verbose=-1)
        booster.fit(half.drop(columns="target"), half["target"]).booster_.save_model(file)

        begin(Path(place) / "study", data, target="target", options=("no_model", "formula"), model_files=[file])
        study = open_study(Path(place) / "study")
        for problem in study.problems:
            print(f"{problem.severity}: {problem.where}: {problem.message}")
        found = difference(study, "colleague", "formula", "mae")
        print(f"Mean absolute error against the formula: {found.value:+.1f} ({found.lower:+.1f} to {found.upper:+.1f})")

        file.with_suffix(".pkl").write_bytes(b"whatever is in it")
        try:
            models.load(file.with_suffix(".pkl"))
        except ModelFileError as error:
            print(error.message)


if __name__ == "__main__":
    main()
