"""How it was worked out: the method in words, the figures behind it, and a second opinion from shap."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from explainers import jobs, keys
from explainers.words import agreement as say_agreement
from explainers.words import attribution as say
from explainers.words.telling import told
from pages.parts import show, work
from pages.parts.text import plain

if TYPE_CHECKING:
    from explainers.results import Explanation
    from pages.parts.pickers import Chosen
    from pages.parts.shell import Here


def room(here: Here, chosen: Chosen, explanation: Explanation, spec: dict[str, Any]) -> None:
    """Say how it was worked out and offer the check with shap."""
    study = here.study
    said = say.method(explanation, study, audience=here.audience)
    show.listed(said)
    st.markdown("##### A second opinion")
    st.markdown(
        "The package shap works the reasons out in another way. Both should come to the same within their errors."
    )
    slot = f"shap:{study.name}:{here.candidate.name}:{chosen.id}:{sorted(spec.items())}"
    if st.button("Check with shap", key="check_with_shap", icon=":material/fact_check:"):
        st.session_state[slot] = True
    if st.session_state.get(slot):
        wanted: dict[str, Any] = {"outcome": explanation.outcome[0]} if len(study.classes) > 2 else {}
        job = jobs.submit(
            "agreement",
            study=here.study,
            candidate=here.candidate.name,
            case=keys.case_values(chosen.row[list(here.candidate.features)]),
            reference=spec,
            **wanted,
        )
        found = work.result_of(job, doing="Working it out again with shap", height=120, key="shap")
        show.narrative(say_agreement.describe(found, study, audience=here.audience))
        scale = told(explanation, study, audience="technical").scale
        both = found.to_frame()
        rows = {"What": [study.dictionary[n].label for n in both["feature"]]}
        rows |= {
            c: [str(scale.amount(float(v))) for v in both[k]]
            for c, k in (("Bakeoff", "ours"), ("shap", "shap"), ("Gap", "gap"))
        }
        show.table(pd.DataFrame(rows), alt="Both results side by side")
    if here.technical:
        st.markdown("##### Every attribution with its errors")
        frame = explanation.to_frame().drop(columns=["case", "base", "prediction"])
        frame["feature"] = [study.dictionary[n].label for n in frame["feature"]]
        frame["value"] = frame["value"].astype(str)
        st.dataframe(frame, hide_index=True, alt="Attributions with both standard errors")
        st.caption(plain(f"{explanation.method}; {explanation.n_evaluations:,} rows through the estimator."))
