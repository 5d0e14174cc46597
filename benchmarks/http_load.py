"""Clients that send one request after the other over kept connections, and time each."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import repeat
from typing import Self


@dataclass(slots=True)
class Load:
    """What a measurement counted: seconds of every answer, and how many had which status."""

    seconds: float = 0.0
    times: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    def add(self, other: Self) -> None:
        """Take the other measurement's figures too."""
        self.seconds += other.seconds
        self.times += other.times
        self.statuses += other.statuses

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.times) / self.seconds

    def quantile(self, share: float) -> float:
        """Seconds within which this share of the answers came; 0 where none came."""
        if not self.times:
            return 0.0
        return sorted(self.times)[min(len(self.times) - 1, int(share * len(self.times)))]


def drive(port: int, request: bytes | Iterator[bytes], *, clients: int, seconds: float) -> Load:
    """Send a request, or the next of many, from so many clients at once for so long."""
    requests = repeat(request) if isinstance(request, bytes) else request
    return asyncio.run(_drive(port, requests, clients, seconds))


def message(method: str, path: str, key: str = "", body: bytes = b"") -> bytes:
    """Return an HTTP request."""
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost"]
    if key:
        lines.append(f"Authorization: Bearer {key}")
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def _drive(port: int, requests: Iterator[bytes], clients: int, seconds: float) -> Load:
    load, begin = Load(), time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(clients):
            group.create_task(_client(port, requests, begin + seconds, load))
    load.seconds = time.perf_counter() - begin
    return load


async def _client(port: int, requests: Iterator[bytes], end: float, load: Load) -> None:
    """Ask until the end; a connection that is cut counts as status 0, and a new one is made."""
    while time.perf_counter() < end:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            while (begin := time.perf_counter()) < end:
                writer.write(next(requests))
                load.statuses[await _status(reader)] += 1
                load.times.append(time.perf_counter() - begin)
        except (ConnectionError, asyncio.IncompleteReadError):
            load.statuses[0] += 1
        finally:
            writer.close()


async def _status(reader: asyncio.StreamReader) -> int:
    """Read one answer and return its status."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0]
    await reader.readexactly(int(length))
    return int(head.split(b" ", 2)[1])
