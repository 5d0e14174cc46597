"""Signing by Standard Webhooks; every mill has secrets of its own, made from the service's."""

import base64
import hashlib
import hmac
import os
from datetime import UTC, datetime

from standardwebhooks import Webhook

PREFIX = "whsec_"
LEAST = 24
"""Bytes of the shortest secret that the standard allows."""


def secret_bytes(secret: str) -> bytes:
    """Return the bytes of ``whsec_<base64>``; ValueError where it is no such secret."""
    if not secret.startswith(PREFIX):
        raise ValueError(f"a webhook secret begins with {PREFIX}")
    try:
        found = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except ValueError:
        raise ValueError(f"a webhook secret is {PREFIX} and base64") from None
    if len(found) < LEAST:
        raise ValueError(f"a webhook secret has at least {LEAST} bytes")
    return found


def new_secret() -> str:
    """Return a secret of 32 random bytes."""
    return PREFIX + base64.b64encode(os.urandom(32)).decode()


def mill_secrets(secrets: str, mill: str) -> tuple[str, ...]:
    """Return a mill's secrets, one for each of the service's, so that no mill can forge another's.

    HMAC-SHA256 of the mill's name; what a receiver is given.
    """
    text = f"antmill webhooks of {mill}".encode()
    keys = (hmac.digest(secret_bytes(one), text, hashlib.sha256) for one in secrets.split())
    return tuple(PREFIX + base64.b64encode(key).decode() for key in keys)


def signed_headers(secrets: tuple[str, ...], message: str, body: str) -> dict[str, str]:
    """Return the three headers of Standard Webhooks, with one signature a secret."""
    present = datetime.now(UTC)
    signatures = [Webhook(secret).sign(message, present, body) for secret in secrets]
    return {
        "webhook-id": message,
        "webhook-timestamp": str(int(present.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
