"""Ids that sort by the time they were made, and instants as the store keeps them."""

import os
import time
from datetime import UTC, datetime

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32
PAIRS = [a + b for a in ALPHABET for b in ALPHABET]


def new_id(prefix: str) -> str:
    """Return ``prefix-`` and 26 characters: 48 bits of milliseconds, 80 random bits (as a ULID)."""
    number = (time.time_ns() // 1_000_000 << 80) | int.from_bytes(os.urandom(10))
    digits = "".join([PAIRS[number >> shift & 1023] for shift in range(120, -1, -10)])
    return f"{prefix}-{digits}"


def now() -> int:
    """Return the present as microseconds since 1970 in UTC, the store's form of an instant."""
    return time.time_ns() // 1000


def instant(microseconds: int | None) -> str | None:
    """Return the store's instant in ISO 8601 with the offset Z, to the millisecond."""
    if microseconds is None:
        return None
    moment = datetime.fromtimestamp(microseconds / 1e6, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
