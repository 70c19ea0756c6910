"""The fresh process in which one option is measured: ``python -m explainers.costs.process``, started by ``running``.

One request comes in, messages of progress and one result go out, in the manner of the worker. It ends when it is done,
and at once when whoever started it is gone.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import IO, Any

from explainers.errors import BakeoffError
from explainers.worker import receive, send


def main() -> None:
    """Serve one request."""
    messages_in = os.fdopen(os.dup(0), "rb")
    messages_out = os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "rb") as nothing:  # noqa: PTH123
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)  # a package that prints cannot disturb the messages
    sys.stdout = sys.stderr
    with contextlib.suppress(ValueError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started it decides
    message = receive(messages_in)
    if message is None:
        return
    threading.Thread(target=_watch, args=(messages_in,), daemon=True).start()
    try:
        send(messages_out, *_done(*message, messages_out))
    except BakeoffError as error:
        send(messages_out, {"is": "failed", "error": error.message})
    except MemoryError:
        error_text = "There was not enough memory for it. Close other programs and try again."
        send(messages_out, {"is": "failed", "error": error_text, "passing": True})
    except Exception as error:
        send(messages_out, {"is": "failed", "error": f"{type(error).__name__}: {str(error)[:500]}"})


def _done(header: dict[str, Any], payload: bytearray, out: IO[bytes]) -> tuple[dict[str, Any], bytes]:
    from explainers.costs import taking, trying
    from explainers.costs.sending import opened
    from explainers.packing import pack

    def tell(fraction: float, doing: str) -> None:
        send(out, {"is": "progress", "fraction": fraction, "doing": doing})

    def keep(found: dict[str, Any]) -> None:
        send(out, {"is": "partial"}, pack(found))

    study, name, more = opened(payload)
    take: Callable[..., dict[str, Any]] = taking.take_cost if header["task"] == "cost" else trying.take_growth
    found = take(study, name, seconds=float(header["seconds"]), tell=tell, keep=keep, **more)
    return {"is": "done"}, pack(found)


def _watch(stream: IO[bytes]) -> None:
    """End this process when the other end of its input is closed: nobody waits for the result any more."""
    with contextlib.suppress(Exception):
        while stream.read(1):
            pass
    os._exit(0)


if __name__ == "__main__":
    main()
