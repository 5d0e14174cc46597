"""The reading processes of a service: started with it, replaced when they die, never waited for.

A body that kills its process is tried once more and then refused; it cannot take the service along.
"""

import asyncio
from typing import Any

from fastapi.concurrency import run_in_threadpool

from api.reading.keeper import Keeper
from api.reading.line import Desk
from api.reading.tasks import TASKS
from api.settings import Settings
from api.wire.body import Body

SMALL = 8192
"""Bytes of a body below which asking a process would take longer than reading."""


class Readers:
    """Hands bodies to ``settings.readers`` processes; made and used inside the event loop."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.desk = Desk(asyncio.get_running_loop())
        self.keepers = [Keeper(settings, self.desk, n) for n in range(settings.readers)]

    def start(self) -> None:
        """Start the processes; they are ready some seconds later."""
        for keeper in self.keepers:
            keeper.start()

    @property
    def ready(self) -> bool:
        """Whether any process would read now."""
        return bool(self.desk.lines)

    @property
    def busy(self) -> int:
        """How many large bodies are being read, or wait for it."""
        return self.desk.open

    async def read(self, task: str, body: Body, *arguments: Any) -> Any:
        """Return what a task makes of a body: a large one in a process, a small one in a thread."""
        if len(body.raw) < SMALL or not self.ready:
            return await run_in_threadpool(TASKS[task], self.settings, body, *arguments)
        return await self.desk.ask(task, (body, *arguments))

    async def close(self) -> None:
        """End the processes; who still waits is told that the service ends."""
        self.desk.close()
        for keeper in self.keepers:
            keeper.close()
        for keeper in self.keepers:
            if keeper.is_alive():
                await run_in_threadpool(keeper.join, 10)
