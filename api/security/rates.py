"""How many requests a client may send."""

import threading
import time

from api.errors import Problem


class RateLimit:
    """A bucket a client, filled evenly; each request takes one token, a burst is one bucket."""

    def __init__(self, per_minute: int) -> None:
        self.per_minute = per_minute
        self._buckets: dict[str, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def spend(self, client: str) -> None:
        """Take a token; raise Problem 429 where there is none."""
        present = time.monotonic()
        with self._lock:
            if len(self._buckets) > 10_000:
                self._buckets.clear()
            tokens, since = self._buckets.get(client, (float(self.per_minute), present))
            tokens = min(self.per_minute, tokens + (present - since) * self.per_minute / 60)
            enough = tokens >= 1
            self._buckets[client] = (tokens - 1 if enough else tokens, present)
        if not enough:
            wait = max(1, round(60 / self.per_minute))
            detail = f"a client may send {self.per_minute} requests a minute"
            raise Problem(429, "too_many_requests", detail, headers={"Retry-After": str(wait)})
