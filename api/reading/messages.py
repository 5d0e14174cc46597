"""What service and reading processes say to each other: pickles, each after its length."""

import pickle
import socket
from dataclasses import dataclass
from typing import Any, NamedTuple

from api.settings import Settings

LENGTH = 8


@dataclass(frozen=True, slots=True)
class ReaderConfig:
    """What a reading process is told first."""

    settings: Settings
    parent: int


class Reply(NamedTuple):
    """What a task returned, or raised where it is not ``fine``. After a ``last`` one comes none."""

    fine: bool
    answer: Any
    last: bool = False


def packed(value: Any) -> bytes:
    """Return a message."""
    body = pickle.dumps(value, protocol=5)
    return len(body).to_bytes(LENGTH) + body


def receive(line: socket.socket) -> Any:
    """Return what comes next; raise EOFError where the other side is gone."""
    return pickle.loads(_exactly(line, int.from_bytes(_exactly(line, LENGTH))))


def _exactly(line: socket.socket, size: int) -> bytearray:
    data = bytearray(size)
    view, there = memoryview(data), 0
    while there < size:
        got = line.recv_into(view[there:], 0, socket.MSG_WAITALL)
        if not got:
            raise EOFError
        there += got
    return data


class Messages:
    """Cuts a stream of bytes into messages."""

    def __init__(self) -> None:
        self.buffer = bytearray()

    def feed(self, data: bytes) -> list[Any]:
        """Return the messages that ``data`` completes."""
        self.buffer += data
        found = []
        while len(self.buffer) >= LENGTH:
            end = LENGTH + int.from_bytes(self.buffer[:LENGTH])
            if len(self.buffer) < end:
                break
            found.append(pickle.loads(self.buffer[LENGTH:end]))
            del self.buffer[:end]
        return found
