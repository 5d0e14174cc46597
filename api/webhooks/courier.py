"""The courier: takes webhooks that are due from the store and delivers them."""

import asyncio
import json
import logging
import random
import ssl
import threading
from typing import Any

import httpx
from sqlalchemy import Row

from api.settings import Settings
from api.store import Store, webhooks
from api.store.ids import now
from api.webhooks.policy import Policy, RefusedAddressError, Target
from api.webhooks.signing import mill_secrets, signed_headers

log = logging.getLogger(__name__)
LOOK = 0.5
"""s between two looks for webhooks that are due."""
AT_ONCE = 16
"""Webhooks that are delivered side by side."""
LONGEST_WAIT = 6 * 3600.0
"""s between two tries at most."""
GONE = 410
SECOND = 1_000_000


class Courier:
    """A thread that delivers webhooks, each at least once, until its receiver says 2xx.

    A webhook is taken with a date for its next try, so one whose courier dies is tried again.
    """

    def __init__(self, settings: Settings, store: Store) -> None:
        self.settings, self.store = settings, store
        self.policy = Policy.of(settings.webhook_hosts, settings.webhook_networks)
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="courier", daemon=True)

    def start(self) -> None:
        """Begin to deliver, where any receiver is allowed."""
        if self.policy.enabled:
            self._tls = ssl.create_default_context(cafile=self.settings.webhook_ca or None)
            self._thread.start()

    def close(self) -> None:
        """End after the deliveries that are under way."""
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join(timeout=self.settings.webhook_timeout_s + 5)

    def _loop(self) -> None:
        while not self._ending.wait(LOOK):
            try:
                while not self._ending.is_set() and self.store.read(webhooks.is_due):
                    hold = int((2 * self.settings.webhook_timeout_s + 10) * SECOND)
                    asyncio.run(self._deliver(self.store.write(webhooks.take, AT_ONCE, hold)))
            except Exception:
                log.exception("courier")

    async def _deliver(self, rows: list[Row[Any]]) -> None:
        results = await asyncio.gather(*(self._try(row) for row in rows))
        for row, (status, error) in zip(rows, results, strict=True):
            self._write_down(row, status, error)

    async def _try(self, row: Row[Any]) -> tuple[int | None, str | None]:
        """Return the receiver's status, or what prevented it from giving one."""
        try:
            async with asyncio.timeout(self.settings.webhook_timeout_s):
                target = self.policy.target(row.url)
                address = await self.policy.resolve(target)
                return await self._post(row, target, address), None
        except TimeoutError:
            return None, f"no answer within {self.settings.webhook_timeout_s:g} s"
        except (ValueError, RefusedAddressError) as error:
            return None, str(error)
        except (OSError, httpx.HTTPError) as error:
            return None, f"{type(error).__name__}: {error}"[:200]

    async def _post(self, row: Row[Any], target: Target, address: str) -> int:
        """Post to the pinned address; certificate and ``Host`` are those of the host's name."""
        body = json.dumps(row.body, separators=(",", ":"))
        secrets = mill_secrets(self.settings.webhook_secret.get_secret_value(), row.mill)
        url = httpx.URL(
            scheme="https", host=address, port=target.port, raw_path=target.path.encode("ascii")
        )
        headers = {
            "Host": target.authority,
            "Content-Type": "application/json",
            "User-Agent": "antmill",
            **signed_headers(secrets, row.id, body),
        }
        timeout = self.settings.webhook_timeout_s
        async with httpx.AsyncClient(verify=self._tls, trust_env=False, timeout=timeout) as client:
            request = client.build_request(
                "POST",
                url,
                content=body.encode(),
                headers=headers,
                extensions={"sni_hostname": target.host},
            )
            answer = await client.send(request, stream=True, follow_redirects=False)
            await answer.aclose()
            return answer.status_code

    def _write_down(self, row: Row[Any], status: int | None, error: str | None) -> None:
        if status is not None and 200 <= status < 300:
            state, wait = webhooks.DELIVERED, 0.0
        elif status == GONE or row.tries >= self.settings.webhook_attempts:
            state, wait = webhooks.FAILED, 0.0
        else:
            state, wait = webhooks.PENDING, self._back_off(row.tries)
        if status is not None and 300 <= status < 400:
            error = "redirects are not followed"
        told = {"at": now(), "status": status, "error": error}
        self.store.write(webhooks.record, row.id, told, state, now() + int(wait * SECOND))
        if state != webhooks.DELIVERED:
            log.warning("webhook %s of %s, try %d: %s", row.id, row.job, row.tries, error or status)

    def _back_off(self, tries: int) -> float:
        """Return s until the next try: four times as long each, with a fifth left to chance."""
        wait = self.settings.webhook_backoff_s * 4.0 ** min(tries - 1, 20)
        return min(wait, LONGEST_WAIT) * random.uniform(0.9, 1.1)
