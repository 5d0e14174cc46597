"""Negative controls: the service with one of its safeguards taken out, each a promise broken.

A survival run that finds nothing wrong with a sabotaged service proves nothing about a sound one.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from sqlalchemy import Connection, update

from api.jobs.states import HELD
from api.jobs.supervisor import Observer
from api.store import idempotency, ids, leases
from api.store.migrate import upgrade
from api.store.tables import jobs
from api.store.writer import GroupWriter, _leave_transaction

_commit = GroupWriter._commit
_look = Observer.look
DAY = 86_400 * 10**9
UNSAFE = 0.3
"""Seconds between the answer and the commit of a service that answers too early."""


def _answer_early(self: GroupWriter, connection: Connection, group: list[Any]) -> None:
    """Tell of success before the commit; only the tables are made as they should be."""
    if group[0][0] == [upgrade]:
        _commit(self, connection, group)
        return
    try:
        with connection.begin():
            for works, future in group:
                future.set_result([(work(connection), None) for work in works])
            time.sleep(UNSAFE)
    except Exception:  # nobody hears of it any more
        _leave_transaction(connection)


def _held_by_anybody(job: str, attempt: int) -> Any:
    """Let any attempt write while the job is held."""
    return update(jobs).where(jobs.c.id == job, jobs.c.state.in_(HELD))


def _every_time(connection: Connection, mill: str, key: str, digest: str, work: Any) -> Any:
    """Do the work again for a repeated key."""
    return work()


class _JumpingClock:
    """A wall clock that jumps by a month, forth and back, every second."""

    @staticmethod
    def time_ns() -> int:
        return time.time_ns() + (int(time.monotonic()) % 3 - 1) * 30 * DAY


def _by_wall_clock(self: Observer, present: float) -> None:
    """Judge leases by the wall clock."""
    _look(self, _JumpingClock.time_ns() / 1e9)


def _nothing(*_: Any) -> None:
    """Rescue no job, remember no key."""


PATCHES: dict[str, tuple[tuple[object, str, Any], ...]] = {
    "": (),
    "clock": ((ids, "time", _JumpingClock),),  # no sabotage: the service should bear it
    "wall clock": ((ids, "time", _JumpingClock), (Observer, "look", _by_wall_clock)),
    "durability": ((GroupWriter, "_commit", _answer_early),),
    "fence": ((leases, "_held", _held_by_anybody),),
    "keys": ((idempotency, "once", _every_time), (idempotency, "recall", _nothing)),
    "rescue": ((Observer, "take_all", _nothing), (Observer, "look", _nothing)),
}


@contextmanager
def sabotaged(name: str) -> Iterator[None]:
    """Take a safeguard of this process out."""
    patches = [mock.patch.object(*patch) for patch in PATCHES[name]]
    for patch in patches:
        patch.start()
    try:
        yield
    finally:
        for patch in patches:
            patch.stop()


def program(name: str) -> str:
    """Return the Python text that serves with a safeguard taken out."""
    return f"from {__name__} import serve; serve({name!r})"


def serve(name: str) -> None:
    """Serve, sabotaged, until a signal ends it."""
    from api.server import serve as serve_soundly

    with sabotaged(name):
        serve_soundly()
