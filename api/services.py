"""What the routes work with: settings, store and supervisor of this process."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from api.jobs.supervisor import Supervisor
from api.settings import Settings
from api.store import Store


@dataclass(frozen=True, slots=True)
class Services:
    """The parts of one running service."""

    settings: Settings
    store: Store
    supervisor: Supervisor


def services(request: Request) -> Services:
    """Return the services of the application that serves ``request``."""
    found: Services = request.app.state.services
    return found


Here = Annotated[Services, Depends(services)]
