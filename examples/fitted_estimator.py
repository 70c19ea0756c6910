"""From a fitted estimator to reasons in plain words, and to the app in three lines.

Run it with the interpreter of .venv: ``python examples/fitted_estimator.py``; with ``--app`` it opens the app as well.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sklearn.compose import make_column_transformer
from sklearn.datasets import load_wine
from sklearn.ensemble import RandomForestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import explainers
from explainers.attribution import explain
from explainers.words import case


def main() -> None:
    """Fit a forest on real measurements of wines, and say why it takes one wine for which sort."""
    frame = load_wine(as_frame=True).frame
    frame["target"] = frame["target"].map({0: "Barolo", 1: "Grignolino", 2: "Barbera"})
    inputs = [c for c in frame.columns if c != "target"]
    scale = make_column_transformer((StandardScaler(), inputs))
    forest = make_pipeline(scale, RandomForestClassifier(100, random_state=0)).fit(frame[inputs], frame["target"])

    study = explainers.Study.from_frame(frame, target="target", candidates={"no_model": "no_model", "forest": forest})
    why = explain(study, "forest", frame.iloc[[0]])
    said = case.describe(why, study)
    print(said.headline.text)
    for sentence in said.sentences:
        if sentence.kind == "reason":
            print(" -", sentence.text)

    if "--app" in sys.argv:
        with explainers.serve(study, browser=True) as served:
            input(f"The study is at {served.url}. Press Enter to end the server. ")


if __name__ == "__main__":
    main()
