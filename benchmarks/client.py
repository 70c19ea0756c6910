"""A reader without a browser: one session over a websocket, in Streamlit's own protocol."""

from __future__ import annotations

import asyncio
import time
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import connect

PATIENCE_SECONDS = 180
LARGEST_MESSAGE = 200 * 2**20


class Session:
    """One session: opens a page, picks from its pickers, and knows when the script has finished.

    Like a browser it says again with each run what was chosen so far, the address as the page wrote it, and which
    large messages it still holds.
    """

    def __init__(self, address: str, path: str) -> None:
        parts = urlsplit(path)
        self.url = f"ws{address.removeprefix('http')}/_stcore/stream"
        self.page, self.query = parts.path.strip("/"), parts.query
        self.widgets: dict[str, Any] = {}  # the last part of the id, which is the key in the code, to the picker
        self.texts: list[str] = []
        self.errors: list[str] = []
        self.bytes = 0
        self._chosen: dict[str, WidgetState] = {}
        self._held: dict[str, None] = {}

    async def __aenter__(self) -> Session:
        self.socket = await connect(self.url, subprotocols=["streamlit"], max_size=LARGEST_MESSAGE, compression=None)  # type: ignore[list-item]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.socket.close()

    async def open(self) -> float:
        """Run the page for the first time; return the seconds until the script has finished."""
        return await self._run()

    async def pick(self, key: str, text: str) -> float:
        """Choose from the picker with this key; return the seconds until the script has finished."""
        state = WidgetState(id=self.widgets[key].id, string_value=text)
        self._chosen[state.id] = state
        return await self._run()

    async def clear_cache(self) -> None:
        """Ask the server to empty Streamlit's caches, as any client may."""
        await self.socket.send(BackMsg(clear_cache=True).SerializeToString())

    async def _run(self) -> float:
        message = BackMsg()
        state = message.rerun_script
        state.query_string, state.page_name = self.query, self.page
        state.widget_states.widgets.extend(self._chosen.values())
        state.cached_message_hashes.extend(self._held)
        state.context_info.timezone, state.context_info.locale = "UTC", "en-US"
        self.texts, begun = [], time.perf_counter()
        await self.socket.send(message.SerializeToString())
        await asyncio.wait_for(self._until_finished(), PATIENCE_SECONDS)
        return time.perf_counter() - begun

    async def _until_finished(self) -> None:
        finished = ForwardMsg.ScriptFinishedStatus.FINISHED_SUCCESSFULLY
        while True:
            data = await self.socket.recv()
            assert isinstance(data, bytes)
            self.bytes += len(data)
            message = ForwardMsg.FromString(data)
            self._take(message)
            if message.WhichOneof("type") == "script_finished" and message.script_finished == finished:
                return

    def _take(self, message: ForwardMsg) -> None:
        if message.metadata.cacheable and message.hash:
            self._held[message.hash] = None
        if message.WhichOneof("type") == "page_info_changed":
            self.query = message.page_info_changed.query_string
        if message.WhichOneof("type") != "delta" or message.delta.WhichOneof("type") != "new_element":
            return
        element = message.delta.new_element
        kind = element.WhichOneof("type")
        if kind == "exception":
            self.errors.append(element.exception.message)
        elif kind == "markdown":
            self.texts.append(element.markdown.body)
        elif kind == "selectbox":
            self.widgets[element.selectbox.id.rsplit("-", 1)[-1]] = element.selectbox


def spread(seconds: list[float]) -> str:
    """Return median, 95th percentile and range in milliseconds."""
    ordered = sorted(1000 * s for s in seconds)
    half, most = ordered[len(ordered) // 2], ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    return f"p50 {half:.0f} ms, p95 {most:.0f} ms ({ordered[0]:.0f} to {ordered[-1]:.0f}, n={len(ordered)})"
