"""Ctrl-C and SIGTERM: the first asks the search to stop, the second ends the command."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)

LISTEN_S = 0.1
"""Seconds until a listener that is no longer needed has ended, at most."""


@contextmanager
def stopped_by_hand() -> Iterator[threading.Event]:
    """Yield an event that the first signal sets; the next one raises KeyboardInterrupt."""
    asked = threading.Event()

    def handle(_number: int, _frame: FrameType | None) -> None:
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()

    before = {number: signal.signal(number, handle) for number in SIGNALS}
    try:
        with _heard_apart():
            yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _heard_apart() -> Iterator[None]:
    """Let a thread of its own wait for SIGINT and pass it on as SIGTERM.

    The linear solver CLP takes the process's handler of SIGINT for itself while it solves, and two
    of them at once leave it behind for good: Ctrl-C would never be heard again. A blocked signal
    reaches no handler, only who waits for it. (Where the system cannot do that, CLP may win.)
    """
    if not hasattr(signal, "sigtimedwait"):
        yield
        return
    over, main = threading.Event(), threading.main_thread().ident
    assert main is not None

    def listen() -> None:
        while not over.is_set():
            if signal.sigtimedwait({signal.SIGINT}, LISTEN_S) is not None:
                signal.pthread_kill(main, signal.SIGTERM)

    listener = threading.Thread(target=listen, name="interrupt", daemon=True)
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    listener.start()
    try:
        yield
    finally:
        over.set()
        listener.join()
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
