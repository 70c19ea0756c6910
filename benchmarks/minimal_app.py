"""The floor: the smallest Streamlit application with one picker and one chart."""

import plotly.graph_objects as go
import streamlit as st

case = st.selectbox("Case", [str(n) for n in range(476)])
st.markdown(f"### Case {case}", anchors=False)
figure = go.Figure(go.Bar(x=[int(case) + n for n in range(7)], y=[f"row {n}" for n in range(7)], orientation="h"))
st.plotly_chart(figure, key="chart")
