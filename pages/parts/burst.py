"""What a script draws goes to the browser in one burst and not piece by piece.

A browser lays the whole page out again for every handful of pieces that arrive, and a page of seventy pieces arrived in
six handfuls: drawing a picked case took it a third longer than in one go. What takes longer than a moment is sent as it
comes, so that nobody looks at an empty page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from time import perf_counter
from typing import Any

from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner.script_runner import ScriptRunnerEvent

MOMENT = 0.1  # seconds: what takes longer is seen in the making


class Burst:
    """Messages of one script that wait to be sent together.

    Parameters
    ----------
    runner : ScriptRunner
        Streamlit's runner of the script. Raises AttributeError where it is not built as this one expects.
    """

    def __init__(self, runner: Any) -> None:
        # Streamlit has no public way to hold messages back: these two are what its own way of sending is made of.
        self._asked_to_stop: Callable[[], None] = runner._maybe_handle_execution_control_request
        self._send = partial(runner.on_event.send, runner, event=ScriptRunnerEvent.ENQUEUE_FORWARD_MSG)
        self._waiting: list[Any] = []
        self._until = perf_counter() + MOMENT

    def add(self, message: Any) -> None:
        """Keep a message until the burst ends, or send it where it took too long already.

        A script that is to stop or to start anew ends here, as it does without a burst.
        """
        self._asked_to_stop()
        self._waiting.append(message)
        if perf_counter() > self._until:
            self.end()

    def hurry(self) -> None:
        """Send what waits, and from now on everything as it comes."""
        self._until = 0.0
        self.end()

    def end(self) -> None:
        """Send what waits, in its order."""
        waiting, self._waiting = self._waiting, []
        for message in waiting:
            self._send(forward_msg=message)


def so_far() -> None:
    """Send what waits in one go: the reader waits for it, and what follows makes a burst of its own."""
    holder = _burst()
    if holder is not None:
        holder.end()


@contextmanager
def together() -> Iterator[None]:
    """Send what the block draws in one burst when it ends, is left by an error, or takes longer than a moment."""
    context = get_script_run_ctx(suppress_warning=True)
    send = getattr(context, "_enqueue", None)
    try:
        burst = Burst(send.__self__)  # type: ignore[union-attr]
    except AttributeError:  # another Streamlit: everything is sent as it comes
        yield
        return
    assert context is not None
    context._enqueue = burst.add
    try:
        yield
    finally:
        context._enqueue = send  # type: ignore[assignment]
        burst.end()


def sent() -> None:
    """Send what waits so far: what follows takes its time."""
    holder = _burst()
    if holder is not None:
        holder.hurry()


def _burst() -> Burst | None:
    """Return the burst that this script's messages wait in."""
    holder = getattr(getattr(get_script_run_ctx(suppress_warning=True), "_enqueue", None), "__self__", None)
    return holder if isinstance(holder, Burst) else None
