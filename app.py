"""The server: security headers, warm-up, collection on a timer and a calm error page around pages/main.py."""

from __future__ import annotations

import asyncio
import gc
import logging
import secrets
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ROOT = Path(__file__).resolve().parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

log = logging.getLogger("bakeoff")
COLLECT_EVERY_SECONDS = 60
OBJECTS_BEFORE_COLLECTING = 20_000
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; connect-src 'self' ws: wss:; font-src 'self' data:; worker-src 'self' blob:; "
    "frame-ancestors 'self'; base-uri 'self'; form-action 'self'"
)
HEADERS = {
    b"content-security-policy": POLICY.encode(),
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"SAMEORIGIN",
    b"referrer-policy": b"same-origin",
    b"permissions-policy": b"camera=(), microphone=(), geolocation=()",
}


@cache
def charts_ahead() -> tuple[tuple[bytes, bytes], ...]:
    """Return the header that has a browser fetch and compile the code of charts while nothing else is to be done.

    Streamlit asks for these megabytes when the first chart is drawn: with that a chart took a second longer. Its files
    have a name for each version; where there is none like it, the browser asks as late as before.
    """
    found = sorted((Path(st.__file__).parent / "static" / "static" / "js").glob("PlotlyChart.*.js"))
    return tuple((b"link", f"<./static/js/{file.name}>; rel=modulepreload".encode()) for file in found[:1])


class SecurityHeaders:
    """Add the security headers to every answer, so that user data can neither load nor send anything elsewhere."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add the headers to the start of its answer."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [(k, v) for k, v in message["headers"] if k.lower() not in HEADERS]
                page = any(k.lower() == b"content-type" and v.startswith(b"text/html") for k, v in kept)
                message["headers"] = [*kept, *HEADERS.items(), *(charts_ahead() if page else ())]
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)


def warm_up() -> None:
    """Import what the first page needs and start the workers while the browser still loads its scripts."""
    try:
        from pages.parts import cached

        cached.warm()
    except Exception:
        log.exception("The warm-up failed; the first page will be slower.")


async def collect_on_a_timer() -> None:
    """Collect garbage once a minute instead of after every rerun, and hardly ever in the midst of one.

    What is there after the first minute, modules above all, is set aside: to look through it stops every reader.
    """
    gc.set_threshold(OBJECTS_BEFORE_COLLECTING)
    while True:
        await asyncio.sleep(COLLECT_EVERY_SECONDS)
        gc.collect()
        if not gc.get_freeze_count():
            gc.freeze()


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[dict[str, Any]]:
    """Warm up and collect while the server runs; leave no worker process behind."""
    threading.Thread(target=warm_up, name="warm-up", daemon=True).start()
    collecting = asyncio.create_task(collect_on_a_timer())
    try:
        yield {}
    finally:
        collecting.cancel()
        with suppress(asyncio.CancelledError):
            await collecting
        from explainers import jobs
        from pages.parts import cached

        cached.stop()
        jobs.shutdown()


def report_error(error: Exception) -> bool:
    """Show a calm message with an id in place of a traceback; the log keeps the traceback under the same id."""
    from pages.parts.show import failure

    number = secrets.token_hex(4)
    log.error("error %s", number, exc_info=error)
    failure(error, number)
    return True


app = st.App("pages/main.py", lifespan=lifespan, middleware=[Middleware(SecurityHeaders)], on_script_error=report_error)
