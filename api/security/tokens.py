"""OIDC: tokens (JWT) of one issuer, checked against its keys only.

The keys come from a file (air-gapped) or from the issuer's address. The algorithm is one of an
allow-list, never the token's choice; audience, issuer and expiry are required.
"""

import json
import time
from functools import cache
from pathlib import Path
from typing import Any

import jwt

from api.security.scopes import SCOPES, Role
from api.settings import Settings

ALGORITHMS = ["RS256", "ES256", "EdDSA"]
LEEWAY = 10
AGE = 300.0
"""Seconds after which the issuer's keys are read again; a withdrawn one counts no longer."""
PAUSE = 10.0
"""Seconds between two readings, however many tokens name a key that is not among those read."""
KEPT = 3600.0
"""Seconds that keys count while the issuer cannot be asked again."""


WORDS: tuple[tuple[type[Exception], str], ...] = (
    (jwt.ExpiredSignatureError, "it has expired"),
    (jwt.ImmatureSignatureError, "it is not valid yet; compare the clocks"),
    (jwt.InvalidIssuedAtError, "it was issued in the future; compare the clocks"),
    (jwt.InvalidAudienceError, "it is meant for another audience"),
    (jwt.InvalidIssuerError, "another issuer made it"),
    (jwt.MissingRequiredClaimError, "it lacks one of the claims exp, iss, aud and sub"),
    (jwt.InvalidSignatureError, "its signature is not the issuer's"),
    (jwt.PyJWKClientError, "the issuer's keys cannot be read now"),
    (jwt.PyJWKSetError, "the issuer's keys cannot be read now"),
    (json.JSONDecodeError, "the issuer's keys cannot be read now"),
    (OSError, "the issuer's keys cannot be read now"),
)
"""What is said of a token that is refused; of any other error only that it is no sound token."""


class TokenError(Exception):
    """The token is not one that this service accepts."""


def claims_of(token: str, settings: Settings) -> dict[str, Any]:
    """Return the claims of a token; raise TokenError where anything about it is wrong."""
    try:
        header = jwt.get_unverified_header(token)
        if header.get("alg") not in ALGORITHMS:
            raise TokenError("the algorithm is not allowed")
        key = _issuer(settings.oidc_keys).key(header.get("kid", ""))
        claims: dict[str, Any] = jwt.decode(
            token,
            key.key,
            algorithms=[header["alg"]],
            audience=settings.oidc_audience,
            issuer=settings.oidc_issuer,
            leeway=LEEWAY,
            options={"require": ["exp", "iss", "aud", "sub"]},
        )
    except (jwt.PyJWTError, ValueError, OSError) as error:
        words = (text for kind, text in WORDS if isinstance(error, kind))
        raise TokenError(next(words, "it is no sound token")) from error
    return claims


def role_of(claims: dict[str, Any], settings: Settings) -> tuple[str, Role]:
    """Return the mill and role that the claims name; raise TokenError if they name none."""
    mill, role = claims.get(settings.oidc_mill_claim), claims.get(settings.oidc_role_claim)
    if not isinstance(mill, str) or not 0 < len(mill) <= 64 or role not in set(SCOPES):
        raise TokenError("the token names no mill and role")
    return mill, Role(role)


class Issuer:
    """The issuer's keys: read again when they are old, and when a token names an unknown one."""

    def __init__(self, source: str) -> None:
        """Read nothing yet."""
        self.source = source
        self.keys: dict[str, jwt.PyJWK] = {}
        self.read_at = self.tried_at = -KEPT

    def key(self, name: str) -> jwt.PyJWK:
        """Return the key of that id; raise TokenError if the issuer has none."""
        now = time.monotonic()
        wanted = name not in self.keys or now - self.read_at >= AGE
        if wanted and now - self.tried_at >= PAUSE:
            self.tried_at = now
            try:
                self.keys, self.read_at = _read(self.source), now
            except (jwt.PyJWTError, ValueError, OSError):
                if now - self.read_at >= KEPT:
                    self.keys = {}
                    raise
        if name not in self.keys:
            raise TokenError("the issuer has no such key")
        return self.keys[name]


@cache
def _issuer(source: str) -> Issuer:
    return Issuer(source)


def _read(source: str) -> dict[str, jwt.PyJWK]:
    if source.startswith("https://"):
        return {
            key.key_id or "": key for key in jwt.PyJWKClient(source, timeout=5).get_signing_keys()
        }
    document = json.loads(Path(source).read_text("utf-8"))
    return {key.key_id or "": key for key in jwt.PyJWKSet.from_dict(document).keys}
