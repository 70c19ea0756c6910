"""explainerdashboard's residual plot by itself; benchmarks/residuals.py runs it in its own environment.

python explainerdashboard_residuals_app.py ROWS.csv PORT

The answers come with the rows, so that both draw the same residuals and no model is fitted or asked here.
"""

import sys

import numpy as np
import pandas as pd
from explainerdashboard import ExplainerDashboard, RegressionExplainer
from explainerdashboard.custom import ResidualsComponent
from sklearn.base import BaseEstimator, RegressorMixin


class Kept(RegressorMixin, BaseEstimator):
    """Answers with the column that holds the answers."""

    def fit(self, x, y):  # noqa: ARG002
        self.n_features_in_ = x.shape[1]
        return self

    def predict(self, x):
        return np.asarray(x)[:, -1]


if __name__ == "__main__":
    frame = pd.read_csv(sys.argv[1])
    inputs = [name for name in frame if name != "outcome"]  # "answer" is the last
    model = Kept().fit(frame[inputs], frame["outcome"])
    explainer = RegressionExplainer(model, frame[inputs], frame["outcome"], shap="kernel")
    ExplainerDashboard(explainer, [ResidualsComponent]).run(port=int(sys.argv[2]), host="127.0.0.1", use_waitress=True)
