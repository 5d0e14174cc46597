"""API keys: ``antmill.<id>.<secret>`` with 256 random bits, shown once, kept as a hash.

A plain SHA-256 is enough for a secret that is random itself: there is nothing to guess.
"""

import hashlib
import hmac
import secrets
from typing import Any

from sqlalchemy import Row

from api.security.scopes import SCOPES, Role, Scope
from api.store import Store, keys
from api.store.ids import new_id, now

PREFIX = "antmill"
DAY = 86_400_000_000


def create_key(
    store: Store,
    *,
    mill: str,
    name: str,
    role: Role,
    release: bool = False,
    days: float | None = None,
    created_by: str = "command line",
) -> tuple[str, Row[Any]]:
    """Make a key; return it, never to be seen again, and its row."""
    key, secret = new_id("key"), secrets.token_urlsafe(32)
    scopes = SCOPES[role] | ({Scope.RELEASE} if release else set())
    row = store.write(
        keys.add_key,
        key=key,
        mill=mill,
        name=name,
        role=role,
        scopes=sorted(scopes),
        hash=_hash(secret),
        created_by=created_by,
        expires_at=None if days is None else now() + int(days * DAY),
    )
    return f"{PREFIX}.{key}.{secret}", row


def key_id(token: str) -> str | None:
    """Return the id inside a token that has the form of a key, else None."""
    parts = token.split(".")
    return parts[1] if len(parts) == 3 and parts[0] == PREFIX and len(parts[1]) <= 40 else None


def is_valid(row: Row[Any] | None, token: str) -> bool:
    """Whether ``token`` is the key of ``row``, neither revoked nor expired; in constant time."""
    secret = token.rsplit(".", 1)[-1]
    stored = bytes(row.hash) if row is not None else bytes(32)
    same = hmac.compare_digest(stored, _hash(secret))
    if row is None or not same or row.revoked_at is not None:
        return False
    return row.expires_at is None or row.expires_at > now()


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).digest()
