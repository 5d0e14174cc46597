"""What the routes work with: settings, store, supervisor and gate of this process."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request
from sqlalchemy import Connection

from api.jobs.supervisor import Supervisor
from api.metrics import Metrics
from api.reading.readers import Readers
from api.security.identity import Client, Gate
from api.settings import Settings
from api.store import Store, audit
from api.store.gathering import Gathering
from api.store.room import Room

T = TypeVar("T")


class Fits:
    """Which stored order books which solvers take; both never change, so it is asked once."""

    most = 10_000

    def __init__(self) -> None:
        self._known: set[tuple[str, str]] = set()

    def knows(self, order_book: str, solver: str) -> bool:
        """Whether the solver is known to take the book."""
        return (order_book, solver) in self._known

    def learn(self, order_book: str, solver: str) -> None:
        """Remember that it does."""
        if len(self._known) >= self.most:
            self._known.clear()
        self._known.add((order_book, solver))


@dataclass(frozen=True, slots=True)
class Services:
    """The parts of one running service."""

    settings: Settings
    store: Store
    supervisor: Supervisor
    gate: Gate
    metrics: Metrics
    readers: Readers
    gathering: Gathering
    fits: Fits
    room: Room

    async def commit(self, client: Client, action: str, work: Callable[[Connection], T]) -> T:
        """Return what ``work`` returns after committing it together with its audit record."""
        done: T = await self.gathering.submit(self._recorded(client, action, work))
        return done

    def act(
        self, client: Client, action: str, work: Callable[..., T], /, *args: Any, **kwargs: Any
    ) -> T:
        """Return ``work(connection, ...)`` after committing it together with its audit record."""
        return self.store.write(self._recorded(client, action, work, *args, **kwargs))

    @staticmethod
    def _recorded(
        client: Client, action: str, work: Callable[..., T], *args: Any, **kwargs: Any
    ) -> Callable[[Connection], T]:
        def recorded(connection: Connection) -> T:
            result = work(connection, *args, **kwargs)
            subject = str(getattr(result, "id", None) or (args[-1] if args else ""))
            audit.append(connection, client.act(action, subject, "done"))
            return result

        return recorded


async def services(request: Request) -> Services:
    """Return the services of the application that serves ``request``."""
    found: Services = request.app.state.services
    return found


Here = Annotated[Services, Depends(services)]
