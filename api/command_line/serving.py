"""Run the service, and beside it the demonstration if asked for."""

import socket
import threading
from typing import Any

from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from api.command_line.errors import FEASIBLE, UnusableError
from api.server import UnsafeSettingsError
from api.server import serve as run_server
from api.settings import Settings
from api.store import Store
from api.store.database import DatabaseInUseError


def run(host: str | None, port: int | None, database: str | None, demo: bool) -> int:
    """Serve until a signal ends it; return the exit code."""
    given = {"host": host, "port": port, "database": database}
    settings = settings_of({name: value for name, value in given.items() if value is not None})
    _check_port(settings)
    _check_database(settings)
    if demo:
        from api.command_line.demo import demonstrate

        address = f"http://{_bracketed(settings.host)}:{settings.port}"
        threading.Thread(target=demonstrate, args=(address,), daemon=True).start()
    try:
        run_server(settings)
    except UnsafeSettingsError as error:
        raise UnusableError(str(error)) from error
    except KeyboardInterrupt:
        pass  # that is how a person ends a service
    return FEASIBLE


def settings_of(options: dict[str, Any]) -> Settings:
    """Return the settings; raise UnusableError naming the one that is wrong."""
    try:
        return Settings(**options)
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"]) or "settings"
        raise UnusableError(f"ANTMILL_{name.upper()}: {first['msg']}") from error


def _check_port(settings: Settings) -> None:
    """Raise UnusableError if the address is not ours or the port is taken."""
    if settings.port == 0:
        return
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise UnusableError(
                f"cannot listen on {settings.host} port {settings.port}: {error.strerror}; "
                "choose another with --port"
            ) from error


def _check_database(settings: Settings) -> None:
    """Open the database once, so that what is wrong with it is said before anything serves."""
    try:
        Store.open(settings.database_url).close()
    except DatabaseInUseError as error:
        raise UnusableError(str(error)) from error
    except (OSError, SQLAlchemyError) as error:
        reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        raise UnusableError(f"--database: cannot open it: {reason}") from error


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
