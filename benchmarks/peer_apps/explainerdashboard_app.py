"""explainerdashboard with its defaults, as its README starts it; benchmarks/peers.py runs it in its own environment.

python explainerdashboard_app.py DATA.csv PORT
"""

import sys

import pandas as pd
from explainerdashboard import ClassifierExplainer, ExplainerDashboard
from sklearn.ensemble import HistGradientBoostingClassifier

if __name__ == "__main__":
    frame = pd.read_csv(sys.argv[1])
    train, test = frame[frame["part"] == "train"], frame[frame["part"] == "test"].reset_index(drop=True)
    inputs = [name for name in frame if name not in ("part", "outcome")]
    model = HistGradientBoostingClassifier(random_state=0).fit(train[inputs], train["outcome"])
    explainer = ClassifierExplainer(model, test[inputs], test["outcome"])
    ExplainerDashboard(explainer).run(port=int(sys.argv[2]), host="127.0.0.1", use_waitress=True)
