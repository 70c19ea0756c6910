"""Ticks of what was drawn before are not answered.

Parts of a page that follow something are drawn again by a clock in the browser. A button that leads to another page
stops that clock only when the browser has heard of it. Streamlit answered a tick that was sent before after the new
page had been drawn, in the name of the page that was left: the browser then took everything off its screen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from streamlit.runtime.scriptrunner import get_script_run_ctx

if TYPE_CHECKING:
    from streamlit.runtime.scriptrunner_utils.script_requests import RerunData


def of_this_page() -> None:
    """Answer only ticks of what this run draws; call first in a run of the whole page."""
    context = get_script_run_ctx(suppress_warning=True)
    if context is None or context.script_requests is None:
        return
    # Of a part that is not there Streamlit answers no tick once the run has ended. This run draws all parts anew.
    context.fragment_storage.clear()
    requests = context.script_requests
    if "request_rerun" in vars(requests):  # several runs share it
        return
    ask = requests.request_rerun

    def asked(data: RerunData) -> bool:
        """Take a request to run something; a tick of a page that was left counts as taken."""
        return bool(data.is_auto_rerun and data.page_script_hash != context.page_script_hash) or ask(data)

    requests.request_rerun = asked  # type: ignore[method-assign,assignment]
