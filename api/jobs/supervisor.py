"""The supervisor: keeps the slots running and takes jobs away from the dead."""

import logging
import threading
import time
from dataclasses import dataclass

from api.jobs.housekeeping import Housekeeping
from api.jobs.slots import Slot
from api.jobs.states import Failure
from api.settings import Settings
from api.store import Store, leases

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Sighting:
    """What was last seen of a held job, and since when (s, monotonic)."""

    attempt: int
    beat: int
    beat_since: float
    attempt_since: float


class Observer:
    """Judges leases by watching heartbeats on its own monotonic clock.

    So neither a clock that jumps nor a machine whose clock is wrong takes a job from a worker.
    """

    def __init__(self, settings: Settings, store: Store) -> None:
        self.settings, self.store = settings, store
        self.seen: dict[str, Sighting] = {}
        self.taken = 0

    def look(self, present: float) -> None:
        """Compare the held jobs with what was seen before; take away those of dead workers."""
        held = self.store.read(leases.held_jobs)
        self.seen = {
            job: self._sight(job, attempt, beat, present) for job, attempt, beat, _ in held
        }
        for job, attempt, _, limit_s in held:
            sight = self.seen[job]
            if present - sight.beat_since >= self.settings.lease_s:
                self._lapse(job, attempt, "its worker gave no sign of life")
            elif present - sight.attempt_since > limit_s + 2 * self.settings.grace_s:
                detail = "ran far beyond its limit"
                self.store.write(leases.fail, job, attempt, Failure.TIMEOUT, detail)

    def take_all(self, detail: str) -> None:
        """Take away every held job: for a start that knows all former workers dead."""
        for job, attempt, _, _ in self.store.read(leases.held_jobs):
            self._lapse(job, attempt, detail)

    def _lapse(self, job: str, attempt: int, detail: str) -> None:
        if self.store.write(leases.lapse, job, attempt, self.settings.attempts, detail):
            self.taken += 1
            log.warning("took %s attempt %d away: %s", job, attempt, detail)

    def _sight(self, job: str, attempt: int, beat: int, present: float) -> Sighting:
        before = self.seen.get(job)
        if before is None or before.attempt != attempt:
            return Sighting(attempt, beat, present, present)
        if before.beat != beat:
            return Sighting(attempt, beat, present, before.attempt_since)
        return before


class Supervisor:
    """The slots of this process, and the thread that rescues jobs and keeps house."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self.settings, self.store = settings, store
        self.observer = Observer(settings, store)
        self.housekeeping = Housekeeping(store, settings.idempotency_h)
        self.work = threading.Condition()
        self.slots = [Slot(settings, store, number, self.work) for number in range(settings.slots)]
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="supervisor", daemon=True)

    def start(self) -> None:
        """Rescue what a former process left behind, and start to work."""
        if self.store.embedded:  # the lock on the file proves that its process is dead
            self.observer.take_all("the service ended while the job ran")
        for slot in self.slots:
            slot.start()
        self._thread.start()

    def wake(self) -> None:
        """Tell idle slots that a job may wait."""
        with self.work:
            self.work.notify_all()

    def close(self) -> None:
        """Hand running jobs back and end all workers."""
        self._ending.set()
        for slot in self.slots:
            slot.ending.set()
        self.wake()
        for thread in (*self.slots, self._thread):
            if thread.is_alive():
                thread.join(timeout=30)

    def _loop(self) -> None:
        while not self._ending.wait(min(1.0, self.settings.lease_s / 4)):
            try:
                self.observer.look(time.monotonic())
                self.housekeeping.look(time.monotonic())
            except Exception:
                log.exception("supervisor")
