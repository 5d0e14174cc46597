"""What the routes work with: settings, store, supervisor and gate of this process."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request
from sqlalchemy import Connection

from api.jobs.supervisor import Supervisor
from api.metrics import Metrics
from api.security.identity import Client, Gate
from api.settings import Settings
from api.store import Store, audit

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Services:
    """The parts of one running service."""

    settings: Settings
    store: Store
    supervisor: Supervisor
    gate: Gate
    metrics: Metrics

    def act(
        self, client: Client, action: str, work: Callable[..., T], /, *args: Any, **kwargs: Any
    ) -> T:
        """Return ``work(connection, ...)`` after committing it together with its audit record."""

        def recorded(connection: Connection) -> T:
            result = work(connection, *args, **kwargs)
            subject = str(getattr(result, "id", None) or (args[-1] if args else ""))
            audit.append(connection, client.act(action, subject, "done"))
            return result

        return self.store.write(recorded)


async def services(request: Request) -> Services:
    """Return the services of the application that serves ``request``."""
    found: Services = request.app.state.services
    return found


Here = Annotated[Services, Depends(services)]
