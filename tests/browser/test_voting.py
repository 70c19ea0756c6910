"""Twenty people vote over websockets while the server is killed and started again: nothing is lost, nothing twice."""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import signal
import sqlite3
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage

from benchmarks.client import Session
from benchmarks.serving import Server, started

pytestmark = pytest.mark.browser
STUDY = "houses"
VOTERS = 20
PATH = f"/decision?study={STUDY}"
GONE = (ConnectionClosed, InvalidHandshake, InvalidMessage, OSError, EOFError, asyncio.TimeoutError)
PATIENCE_SECONDS = 150
_KINDS = ("radio", "text_area", "text_input", "button")


class Voter(Session):
    """A session that types, chooses and presses; it keeps what alerts say."""

    def __init__(self, address: str, path: str) -> None:
        super().__init__(address, path)
        self.alerts: list[str] = []
        self._press: str = ""

    def put(self, key: str, text: str) -> None:
        """Type or choose; what the page does not show cannot be filled in."""
        if key in self.widgets:
            state = WidgetState(id=self.widgets[key].id, string_value=text)
            self._chosen[state.id] = state

    async def press(self, key: str) -> None:
        """Press a button and wait until the script has finished."""
        self._press = self.widgets[key].id
        self.alerts = []
        try:
            await self._run()
        finally:
            self._press = ""

    async def _run(self) -> float:
        self.widgets = {}
        sent = self.socket.send

        async def with_press(data: bytes) -> None:
            message = BackMsg.FromString(data)
            if self._press:
                message.rerun_script.widget_states.widgets.append(WidgetState(id=self._press, trigger_value=True))
            await sent(message.SerializeToString())

        self.socket.send = with_press  # type: ignore[method-assign,assignment]
        try:
            return await super()._run()
        finally:
            self.socket.send = sent  # type: ignore[method-assign]

    def _take(self, message: ForwardMsg) -> None:
        super()._take(message)
        if message.WhichOneof("type") == "delta" and message.delta.WhichOneof("type") == "new_element":
            element: Any = message.delta.new_element
            kind = element.WhichOneof("type")
            if kind == "alert":
                self.alerts.append(element.alert.body)
            elif kind in _KINDS:
                made = getattr(element, kind)
                self.widgets[made.id.rsplit("-", 1)[-1]] = made


class Town:
    """The server of now, which may be killed at any moment, and what its voters were told."""

    def __init__(self) -> None:
        self.address = ""
        self.confirmed: list[str] = []
        self.tried = 0


async def citizen(town: Town, number: int, votes: int) -> None:
    """Vote again and again, each time until the page says that it was saved; a lost connection is opened again."""
    chance, name, session = random.Random(number), f"Voter {number}", None
    for at in range(votes):
        comment = f"{name}, vote {at}"
        while comment not in town.confirmed:
            try:
                if session is None:
                    session = Voter(town.address, PATH)
                    await session.__aenter__()
                    await session.open()
                options = session.widgets[f"vote_choice:{STUDY}"].options
                session.put(f"vote_choice:{STUDY}", options[at % 3])
                session.put(f"vote_comment:{STUDY}", comment)
                session.put("vote_name", name)
                town.tried += 1
                await session.press("vote_save")
                assert not session.errors, session.errors
                if any(text.startswith("Saved") for text in session.alerts):
                    town.confirmed.append(comment)
                    # an impatient person sends the same once more, as after a lost answer
                    if chance.random() < 0.3:
                        await session.press("vote_save")
            except GONE:
                session = None
                await asyncio.sleep(0.1 + 0.3 * chance.random())
    if session is not None:
        await session.__aexit__(None, None, None)


async def election(home: Path, log: Path, votes: int, kills: int) -> Town:
    """Let everybody vote; kill the server each time another part of the votes was confirmed."""
    town, servers = Town(), ExitStack()
    loop = asyncio.get_running_loop()

    def start(at: int) -> Server:
        kept = f"sqlite:///{home / 'bakeoff.sqlite'}"
        return servers.enter_context(started(home, log.with_suffix(f".{at}"), BAKEOFF_DATABASE_URL=kept))

    with servers:
        server = await loop.run_in_executor(None, start, 0)
        town.address = server.address
        people = [asyncio.create_task(citizen(town, n, votes)) for n in range(VOTERS)]
        for kill in range(kills):
            wanted = VOTERS * votes * (kill + 1) // (kills + 1)
            while len(town.confirmed) < wanted and not any(p.done() and p.exception() for p in people):
                await asyncio.sleep(0.005)
            os.kill(server.process.pid, signal.SIGKILL)
            server = await loop.run_in_executor(None, start, kill + 1)
            town.address = server.address
        await asyncio.wait_for(asyncio.gather(*people), PATIENCE_SECONDS)
    return town


def held(home: Path, log: Path, *, votes: int, kills: int) -> Town:
    """Hold an election in a thread of its own: the browser of other tests keeps a running loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(election(home, log, votes=votes, kills=kills))).result()


def check(home: Path, town: Town, votes: int) -> None:
    with closing(sqlite3.connect(home / "bakeoff.sqlite")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        kept = connection.execute("SELECT author, comment FROM bakeoff_votes").fetchall()
        forms = connection.execute("SELECT count(DISTINCT submission_id) FROM bakeoff_votes").fetchone()
    expected = {f"Voter {n}, vote {at}" for n in range(VOTERS) for at in range(votes)}
    assert set(town.confirmed) == expected
    assert not {c: k for c, k in Counter(comment for _, comment in kept).items() if k > 1}
    assert {comment for _, comment in kept} == expected
    assert forms == (len(kept),)
    assert Counter(author for author, _ in kept) == {f"Voter {n}": votes for n in range(VOTERS)}


def test_twenty_people_vote_while_the_server_is_killed(
    built_home: Path, studies: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    shutil.copytree(built_home / "store", home / "store")
    monkeypatch.setenv("BAKEOFF_STUDIES", str(studies))
    town = held(home, tmp_path / "log", votes=1, kills=1)
    check(home, town, 1)
    assert town.tried > VOTERS  # somebody lost the connection, or the kill came when nobody was there


@pytest.mark.promise
def test_they_vote_often_while_it_is_killed_again_and_again(
    built_home: Path, studies: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, promise: Any
) -> None:
    home = tmp_path / "home"
    shutil.copytree(built_home / "store", home / "store")
    monkeypatch.setenv("BAKEOFF_STUDIES", str(studies))
    town = held(home, tmp_path / "log", votes=6, kills=4)
    check(home, town, 6)
    promise(
        "Of the votes that 20 people send while the server is killed with SIGKILL and started again, every confirmed "
        "one is kept and none twice",
        f"{len(town.confirmed)} votes confirmed in {town.tried} tries, 4 kills: {len(town.confirmed)} kept, once each",
    )
