"""explainerdashboard's residual plots by themselves; benchmarks/residuals_peer.py runs them in their own environment.

python explainerdashboard_residuals_app.py ROWS.csv PORT LAYOUT

LAYOUT is ``alone`` (its residual plot), ``tabs`` (the same behind a tab, beside a small table of measures) or
``column`` (residuals against one column). The answers come with the rows, so that both draw the same residuals and no
model is fitted or asked here. The last layout sorts its list of columns by Shapley values; they are given as zeros,
or it would work them out for every row before it starts.
"""

import sys

import numpy as np
import pandas as pd
from explainerdashboard import ExplainerDashboard, RegressionExplainer
from explainerdashboard.custom import RegressionModelSummaryComponent, RegressionVsColComponent, ResidualsComponent
from sklearn.base import BaseEstimator, RegressorMixin

LAYOUTS = {
    "alone": [ResidualsComponent],
    "tabs": [RegressionModelSummaryComponent, ResidualsComponent],
    "column": [RegressionVsColComponent],
}


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
    explainer = RegressionExplainer(model, frame[inputs], frame["outcome"], shap="kernel", units="points")
    explainer.set_shap_values(0.0, np.zeros((len(frame), len(inputs))))
    dashboard = ExplainerDashboard(explainer, LAYOUTS[sys.argv[3]])
    dashboard.run(port=int(sys.argv[2]), host="127.0.0.1", use_waitress=True)
