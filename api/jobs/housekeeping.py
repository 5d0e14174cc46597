"""What the service does now and then: it grows older, and forgets what is too old."""

import logging
import time

from api.store import Store, idempotency

log = logging.getLogger(__name__)
EVERY = 600.0
"""Seconds between two times."""
HOUR = 3600


class Housekeeping:
    """Keeps count of how long the service has served, on its monotonic clock.

    Idempotency keys age by that count and not by the wall clock, so that no jump of it, while the
    service runs or while it is down, makes a key be forgotten early.
    """

    def __init__(self, store: Store, idempotency_h: float) -> None:
        self.store = store
        self.longest_s = int(idempotency_h * HOUR + EVERY)
        self._counted = time.monotonic()
        self._age: int | None = None
        self._next = 0.0

    def look(self, present: float) -> None:
        """Keep house where it is time to."""
        if present < self._next:
            return
        self._next = present + EVERY
        passed = int(present - self._counted)
        if self._age is None:
            self._age = self.store.read(idempotency.service_age)
        self._age = self.store.write(idempotency.grow_older, self._age + passed)
        self._counted += passed
        if forgotten := self.store.write(idempotency.forget_older, self.longest_s):
            log.info("forgot %d idempotency keys", forgotten)
