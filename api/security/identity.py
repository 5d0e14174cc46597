"""Who asks. Every route names the scope that it needs; deny is the default."""

import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.security import HTTPBearer
from sqlalchemy import Row

from api.errors import Problem
from api.security import tokens
from api.security.keys import is_valid, key_id
from api.security.loopback import is_loopback
from api.security.rates import RateLimit
from api.security.scopes import SCOPES, Role, Scope
from api.settings import Settings
from api.store import Store, audit, keys
from api.store.audit import Act

FRESH = 2.0
"""Seconds that a key's row is believed; so long at most does a revoked key still work."""


@dataclass(frozen=True, slots=True)
class Client:
    """Who asks: a name for the records, the mill whose objects it sees, and its scopes."""

    name: str
    mill: str
    scopes: frozenset[Scope]
    request: str = ""
    address: str = ""

    def act(self, action: str, subject: str, result: str) -> Act:
        """Return the audit record of what this client did."""
        return Act(
            mill=self.mill,
            client=self.name,
            address=self.address,
            action=action,
            object=subject[:64],
            result=result,
            request=self.request,
        )


OPEN = Client("local", "default", frozenset(Scope))
"""The client of a service without keys, which listens on loopback only."""


class Gate:
    """Tells who a request comes from, by API key or by token of the configured issuer."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self.settings, self.store = settings, store
        self.limits = RateLimit(settings.requests_per_minute)
        self._rows: dict[str, tuple[float, Row[Any] | None, Client | None]] = {}
        self._protected = bool(settings.oidc_issuer)
        self._asked = float("-inf")
        self._lock = threading.Lock()

    @property
    def protected(self) -> bool:
        """Whether clients must show who they are. Once true it stays so."""
        if not self._protected and time.monotonic() - self._asked > FRESH:
            self._protected = self.store.read(keys.any_key)
            self._asked = time.monotonic()
        return self._protected

    def forget(self) -> None:
        """Believe nothing that was read before: a key was made or revoked here."""
        with self._lock:
            self._rows.clear()
            self._asked = float("-inf")

    def client(self, authorization: str | None) -> Client:
        """Return who the header names; raise Problem 401 if it names nobody."""
        if not self.protected:
            return OPEN
        token = _token(authorization)
        if (key := key_id(token)) is not None:
            return self._of_key(key, token)
        if self.settings.oidc_issuer:
            return self._of_token(token)
        raise _unknown("this is no valid API key")

    def must_read(self, authorization: str | None) -> bool:
        """Whether ``client`` has to read, the store or an issuer's keys, and so takes a while."""
        if not self._protected:
            return time.monotonic() - self._asked > FRESH
        known = self._rows.get(key_id(_token(authorization)) or "")
        return known is None or time.monotonic() - known[0] > FRESH

    def _of_key(self, key: str, token: str) -> Client:
        row, client = self._row(key)
        if not is_valid(row, token):
            raise _unknown("this is no valid API key")
        assert client is not None
        return client

    def _of_token(self, token: str) -> Client:
        try:
            claims = tokens.claims_of(token, self.settings)
            mill, role = tokens.role_of(claims, self.settings)
        except tokens.TokenError as error:
            raise _unknown(f"the token is not accepted: {error}") from error
        return Client(f"oidc {claims['sub']}"[:128], mill, SCOPES[role])

    def _row(self, key: str) -> tuple[Row[Any] | None, Client | None]:
        known = self._rows.get(key)
        if known is None or time.monotonic() - known[0] > FRESH:
            row = self.store.read(keys.key_row, key)
            known = (time.monotonic(), row, None if row is None else _client_of_row(row))
            with self._lock:
                if len(self._rows) > 10_000:
                    self._rows.clear()
                self._rows[key] = known
        return known[1:]


def _client_of_row(row: Row[Any]) -> Client:
    return Client(f"{row.name} ({row.id})", row.mill, frozenset(map(Scope, row.scopes)))


def _token(authorization: str | None) -> str:
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token or len(token) > 8192:
        raise _unknown("send an API key: 'Authorization: Bearer <key>'")
    return token


def _unknown(detail: str) -> Problem:
    return Problem(401, "unauthorized", detail, headers={"WWW-Authenticate": "Bearer"})


class Bearer(HTTPBearer):
    """Tells of the header in OpenAPI only: ``Gate`` reads it, once."""

    async def __call__(self, request: Request) -> None:  # type: ignore[override]
        """Return nothing."""


bearer = Bearer(
    scheme_name="HTTPBearer", auto_error=False, description="an API key, or a token of the issuer"
)


async def client_of(request: Request) -> Client:
    """Return who sent ``request``; a thread is asked only where something must be read for it."""
    gate: Gate = request.app.state.services.gate
    shown = request.headers.get("authorization")
    slow = gate.must_read(shown)
    found = await run_in_threadpool(gate.client, shown) if slow else gate.client(shown)
    if found is OPEN:
        _check_host(request.url.hostname or "")
    state = request.scope["state"]
    address = request.client.host if request.client else ""
    client = replace(found, request=state["request"], address=address)
    state["client"] = client
    gate.limits.spend(client.name)
    return client


def _check_host(host: str) -> None:
    """Refuse what a page of another site sends, whose own name was turned to this machine."""
    if not is_loopback(host):
        detail = (
            f"a service without keys is asked for as localhost or 127.0.0.1, not as {host[:256]}; "
            "make a key to serve it under a name"
        )
        raise Problem(403, "not_local", detail)


def needs(scope: Scope) -> Callable[[Request, Any], Awaitable[Client]]:
    """Return a dependency that lets only clients with ``scope`` pass; refusals are recorded."""

    async def allowed(request: Request, _: Annotated[Any, Depends(bearer)]) -> Client:
        client = await client_of(request)
        if scope not in client.scopes:
            store: Store = request.app.state.services.store
            act = client.act(f"{request.method} {request.url.path}"[:64], "", "forbidden")
            await run_in_threadpool(store.write, audit.append, act)
            raise Problem(403, "forbidden", f"this needs the scope '{scope}'")
        return client

    allowed.scope = scope  # type: ignore[attr-defined]  # for the matrix of routes and roles
    return allowed


Reader = Annotated[Client, Depends(needs(Scope.READ))]
Planner = Annotated[Client, Depends(needs(Scope.PLAN))]
Confirmer = Annotated[Client, Depends(needs(Scope.CONFIRM))]
Releaser = Annotated[Client, Depends(needs(Scope.RELEASE))]
Admin = Annotated[Client, Depends(needs(Scope.ADMIN))]
Monitor = Annotated[Client, Depends(needs(Scope.METRICS))]

__all__ = ["OPEN", "SCOPES", "Admin", "Client", "Gate", "Planner", "Reader", "Role", "Scope"]
