"""``/v1/keys`` and ``/v1/audit``: who may do what, and who did what."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response
from pydantic import Field
from sqlalchemy import Row

from api.security import keys as api_keys
from api.security.identity import Admin
from api.security.scopes import Role
from api.services import Here
from api.store import audit, keys
from api.store.ids import instant
from api.wire.body import read_body, read_json, read_model
from api.wire.models import Request as RequestModel
from api.wire.models import Response as Model
from api.wire.models import problems

router = APIRouter(prefix="/v1", tags=["administration"])


class KeyRequest(RequestModel):
    """A key to make."""

    name: str = Field(pattern=r"^[\w. -]{1,64}$", description="for the records")
    role: str = Field(pattern="^(viewer|planner|mes|admin)$")
    release: bool = Field(default=False, description="may release plans to the mill")
    days: float | None = Field(default=365, gt=0, le=3650, description="until it expires")


class KeyOut(Model):
    """An API key, without its secret."""

    id: str
    name: str
    role: str
    scopes: list[str]
    created_at: str
    created_by: str
    expires_at: str | None
    revoked_at: str | None


class NewKeyOut(KeyOut):
    """A new key; `key` is shown this once."""

    key: str


class ActOut(Model):
    """A record of the audit log."""

    number: int
    at: str
    client: str
    address: str
    action: str
    object: str
    result: str
    request: str
    previous: str
    digest: str


class AuditOut(Model):
    """A page of the audit log, newest first."""

    items: list[ActOut]
    next: str | None


class ChainOut(Model):
    """Whether the audit log is as it was written."""

    sound: bool
    records: int
    first_broken: int | None


@router.post(
    "/keys",
    status_code=201,
    response_model=NewKeyOut,
    responses=problems(400, 408, 413, 415, 422),
    openapi_extra={"x-body": "KeyRequest"},
)
async def add_key(request: Request, here: Here, client: Admin) -> Response:
    """Make a key for this mill. From the first key on, every request needs one."""
    asked = read_model(KeyRequest, read_json(await read_body(request)))
    key, row = await run_in_threadpool(
        api_keys.create_key,
        here.store,
        mill=client.mill,
        name=asked.name,
        role=Role(asked.role),
        release=asked.release,
        days=asked.days,
        created_by=client.name,
    )
    await run_in_threadpool(here.store.write, audit.append, client.act("key.add", row.id, "done"))
    here.gate.forget()
    return JSONResponse({**_key_document(row), "key": key}, 201)


@router.get("/keys", response_model=list[KeyOut])
def list_keys(here: Here, client: Admin) -> Any:
    """List the mill's keys."""
    return [_key_document(row) for row in here.store.read(keys.list_keys, client.mill)]


@router.delete("/keys/{key}", status_code=204, responses=problems(404))
def revoke_key(key: str, here: Here, client: Admin) -> Response:
    """Revoke a key; it stops to work within seconds, everywhere."""
    here.act(client, "key.revoke", keys.revoke_key, client.mill, key)
    here.gate.forget()
    return Response(status_code=204)


@router.get("/audit", response_model=AuditOut, responses=problems(422))
def list_audit(
    here: Here,
    client: Admin,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    cursor: Annotated[int | None, Query(ge=1, le=2**62)] = None,
) -> Any:
    """Say who did what in this mill, newest first."""
    rows = here.store.read(audit.records, client.mill, limit=limit + 1, before=cursor)
    following = str(rows[limit - 1].number) if len(rows) > limit else None
    items = [
        {**{name: value for name, value in row._mapping.items() if name != "mill"}}
        | {"at": instant(row.at)}
        for row in rows[:limit]
    ]
    return {"items": items, "next": following}


@router.get("/audit:verify", response_model=ChainOut)
def verify_audit(here: Here, client: Admin) -> Any:
    """Check the chain of digests from the first record to the last."""
    count, broken = here.store.read(audit.first_broken, client.mill)
    return {"sound": broken is None, "records": count, "first_broken": broken}


def _key_document(row: Row[Any]) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "role": row.role,
        "scopes": row.scopes,
        "created_at": instant(row.created_at),
        "created_by": row.created_by,
        "expires_at": instant(row.expires_at),
        "revoked_at": instant(row.revoked_at),
    }
