"""Clients and scopes. Every route names the scope that it needs; what names none is refused."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from fastapi import Depends, Request

from api.errors import Problem


class Scope(StrEnum):
    """What a client may be allowed to do."""

    READ = "read"
    PLAN = "plan"
    RELEASE = "release"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Client:
    """Who asks: a name for the records, the mill whose objects it sees, and its scopes."""

    name: str
    mill: str
    scopes: frozenset[Scope]


OPEN = Client("local", "default", frozenset(Scope))
"""The client of a service without keys, which listens on loopback only."""


def client_of(request: Request) -> Client:
    """Return who sent ``request``."""
    return OPEN


def needs(scope: Scope) -> Callable[[Client], Client]:
    """Return a dependency that lets only clients with ``scope`` pass."""

    def allowed(client: Annotated[Client, Depends(client_of)]) -> Client:
        if scope not in client.scopes:
            raise Problem(403, "forbidden", f"this needs the scope '{scope}'")
        return client

    allowed.scope = scope  # type: ignore[attr-defined]  # for the matrix of routes and roles
    return allowed


Reader = Annotated[Client, Depends(needs(Scope.READ))]
Planner = Annotated[Client, Depends(needs(Scope.PLAN))]
