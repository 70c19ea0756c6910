"""Reference numbers for the formula option: run it to print them; tests/explainers/test_estimators.py holds the output.

    python tests/reference/formula_by_statsmodels.py

The design matrix is written out by hand here, column by column, and given to statsmodels directly, so that neither the
grammar nor the design matrix of Bakeoff has a part in it.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import statsmodels.api as sm

DATA = Path(__file__).resolve().parents[2] / "sample_data" / "boston_mortgages" / "data.csv"
NUMBERS = (
    "debt_payments_to_income",
    "housing_expense_to_income",
    "loan_to_value",
    "consumer_credit_score",
    "mortgage_credit_score",
)


def main() -> None:
    """Fit a logistic regression to every third row of the mortgages and print its coefficients and errors."""
    frame = pd.read_csv(DATA, keep_default_na=False).iloc[::3]
    columns = {name: frame[name].astype(float).to_numpy() for name in NUMBERS}
    columns["public_bad_credit[yes]"] = (frame["public_bad_credit"] == "yes").to_numpy(float)
    columns["loan_to_value^2"] = columns["loan_to_value"] ** 2
    columns["log(industry_unemployment)"] = np.log(frame["industry_unemployment"].astype(float).to_numpy())
    columns["debt_payments_to_income:self_employed[yes]"] = columns["debt_payments_to_income"] * (
        frame["self_employed"] == "yes"
    ).to_numpy(float)
    design = sm.add_constant(np.column_stack(list(columns.values())))
    result = sm.Logit((frame["denied"] == "yes").to_numpy(float), design).fit(disp=False, tol=1e-13, maxiter=100)
    for name, value, error in zip(["(intercept)", *columns], result.params, result.bse, strict=True):
        print(f'    "{name}": ({value:.10f}, {error:.10f}),')
    print(f"log-likelihood {result.llf:.8f}")


if __name__ == "__main__":
    main()
