"""Shows every hostile text through the escape: in a paragraph, a caption, a table cell, a label and a badge."""

import pandas as pd
import streamlit as st

from pages.parts import show
from pages.parts.text import plain
from tests.pages.hostile import TEXTS

st.title("Escaping")
for at, text in enumerate(TEXTS):
    with st.container(key=f"paragraph_{at}"):
        st.markdown(plain(text))
    with st.container(key=f"heading_{at}"):
        st.markdown(f"### {plain(text)}")
    with st.container(key=f"caption_{at}"):
        st.caption(plain(text))
    with st.container(key=f"badge_{at}"):
        st.markdown(f":gray-badge[{plain(text)}]")
    with st.container(key=f"label_{at}"):
        st.button(plain(text), key=f"button_{at}")
show.table(pd.DataFrame({"text": list(TEXTS)}))
