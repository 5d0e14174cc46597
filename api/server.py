"""Serving: one process with the application, its store and its workers."""

import gc
import logging
import socket

import uvicorn

from api import logs
from api.app import create_app
from api.http_protocol import uvicorn_options
from api.security.identity import Gate
from api.security.loopback import is_loopback
from api.settings import Settings
from api.store import Store
from api.store.engine import is_sqlite, sqlite_warning

log = logging.getLogger(__name__)
GRACE = 10
"""Seconds that open requests have to end when the service does."""


class UnsafeSettingsError(ValueError):
    """The service would be open to anybody."""


def serve(settings: Settings | None = None) -> None:
    """Serve until a signal ends it.

    Raises
    ------
    UnsafeSettingsError
        Without keys the service listens on loopback addresses only.
    DatabaseInUseError
        When another Antmill serves the same SQLite file.
    """
    settings = settings or Settings()
    logs.configure(settings)
    _check_protection(settings)
    if is_sqlite(settings.database_url) and (warning := sqlite_warning()):
        log.warning(warning)
    config = uvicorn.Config(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        timeout_graceful_shutdown=GRACE,
        log_config=None,
        access_log=False,
        **uvicorn_options(settings),
    )
    _Server(config).run()


class _Server(uvicorn.Server):
    """A server whose long-lived objects the collector leaves alone.

    To search all of them for garbage would hold up every request for tenths of a second.
    """

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and let the collector see only what comes later."""
        await super().startup(sockets)
        gc.freeze()


def _check_protection(settings: Settings) -> None:
    store = Store.open(settings.database_url)
    try:
        protected = Gate(settings, store).protected
    finally:
        store.close()
    if protected:
        return
    if not is_loopback(settings.host):
        raise UnsafeSettingsError(
            f"without API keys Antmill listens on loopback only, not on {settings.host}; "
            "make a key first, or configure an issuer"
        )
    log.warning("no API keys: everybody on this machine may use the service")
