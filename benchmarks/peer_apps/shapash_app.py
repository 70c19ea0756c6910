"""shapash's web application, as its README starts it; run by benchmarks/peers.py in an environment of its own.

python shapash_app.py DATA.csv PORT
"""

import sys

import pandas as pd
from shapash import SmartExplainer
from sklearn.ensemble import HistGradientBoostingClassifier

if __name__ == "__main__":
    frame = pd.read_csv(sys.argv[1])
    train, test = frame[frame["part"] == "train"], frame[frame["part"] == "test"].reset_index(drop=True)
    inputs = [name for name in frame if name not in ("part", "outcome")]
    model = HistGradientBoostingClassifier(random_state=0).fit(train[inputs], train["outcome"])
    explainer = SmartExplainer(model=model)
    explainer.compile(
        x=test[inputs], y_pred=pd.Series(model.predict(test[inputs]), name="answer"), y_target=test["outcome"]
    )
    explainer.run_app(port=int(sys.argv[2]), host="127.0.0.1").join()
