"""OIDC: tokens (JWT) of one issuer, checked against its keys only.

The keys come from a file (air-gapped) or from the issuer's address. The algorithm is one of an
allow-list, never the token's choice; audience, issuer and expiry are required.
"""

import json
import time
from functools import lru_cache
from pathlib import Path
from typing import Any

import jwt

from api.security.scopes import SCOPES, Role
from api.settings import Settings

ALGORITHMS = ["RS256", "ES256", "EdDSA"]
LEEWAY = 10
AGE = 300.0
"""Seconds after which the issuer's keys are read again."""


class TokenError(Exception):
    """The token is not one that this service accepts."""


def claims_of(token: str, settings: Settings) -> dict[str, Any]:
    """Return the claims of a token; raise TokenError where anything about it is wrong."""
    try:
        header = jwt.get_unverified_header(token)
        if header.get("alg") not in ALGORITHMS:
            raise TokenError("the algorithm is not allowed")
        key = _keys(settings.oidc_keys, int(time.monotonic() / AGE))[header.get("kid", "")]
        claims: dict[str, Any] = jwt.decode(
            token,
            key.key,
            algorithms=[header["alg"]],
            audience=settings.oidc_audience,
            issuer=settings.oidc_issuer,
            leeway=LEEWAY,
            options={"require": ["exp", "iss", "aud", "sub"]},
        )
    except (jwt.PyJWTError, KeyError, ValueError, OSError) as error:
        raise TokenError(type(error).__name__) from error
    return claims


def role_of(claims: dict[str, Any], settings: Settings) -> tuple[str, Role]:
    """Return the mill and role that the claims name; raise TokenError if they name none."""
    mill, role = claims.get(settings.oidc_mill_claim), claims.get(settings.oidc_role_claim)
    if not isinstance(mill, str) or not 0 < len(mill) <= 64 or role not in set(SCOPES):
        raise TokenError("the token names no mill and role")
    return mill, Role(role)


@lru_cache(maxsize=4)
def _keys(source: str, _period: int) -> dict[str, jwt.PyJWK]:
    if source.startswith("https://"):
        return {key.key_id or "": key for key in jwt.PyJWKClient(source).get_signing_keys()}
    document = json.loads(Path(source).read_text("utf-8"))
    return {key.key_id or "": key for key in jwt.PyJWKSet.from_dict(document).keys}
