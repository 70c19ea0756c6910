"""In what order a picked case is sent: the browser draws the whole page for every piece that comes alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, WebSocket, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browser.conftest import Reader

pytestmark = pytest.mark.browser


def listened(page: Page) -> list[ForwardMsg]:
    """Return a list that fills with what the server sends to a page that is not open yet."""
    heard: list[ForwardMsg] = []

    def take(payload: str | bytes) -> None:
        if isinstance(payload, bytes):
            heard.append(ForwardMsg.FromString(payload))

    def follow(socket: WebSocket) -> None:
        socket.on("framereceived", take)

    page.on("websocket", follow)
    return heard


def kind(message: ForwardMsg) -> str:
    """Return what a message is: the piece of the page, or its own name."""
    if message.WhichOneof("type") == "delta" and message.delta.WhichOneof("type") == "new_element":
        return str(message.delta.new_element.WhichOneof("type"))
    return str(message.WhichOneof("type"))


def test_the_logo_stands_throughout_and_a_picked_case_does_not_wait_for_it(reader: Reader) -> None:
    heard = listened(reader.page)
    page = reader.open("/explain?study=boston_mortgages&option=tree&case=211")
    reader.settle()
    first = [kind(message) for message in heard]
    assert first.index("logo") < first.index("heading")

    expect(page.get_by_test_id("stSidebarLogo")).to_be_visible()
    heard.clear()
    reader.pick("case", "No. 8")
    reader.link_has(case="8")
    reader.settle()
    then = [kind(message) for message in heard]
    chart = then.index("plotly_chart")
    assert "logo" not in then[:chart]
    assert "script_finished" not in then[chart : then.index("logo")]
    expect(page.get_by_test_id("stSidebarLogo")).to_be_visible()
