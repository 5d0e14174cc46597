"""A PostgreSQL server of the tests' own: started from Debian's programs, gone after them."""

import os
import shutil
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path


def program(name):
    """Return a program of PostgreSQL, or None."""
    found = [*sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}")), shutil.which(name)]
    return found[0]


@contextmanager
def postgresql_server():
    """Yield the folder of the server's socket."""
    # It refuses to run as root, and its socket's path must be short.
    user: dict = {"user": "postgres", "group": "postgres"} if os.getuid() == 0 else {}
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    data = folder / "data"
    if user:
        shutil.chown(folder, **user)
    subprocess.run(
        [program("initdb"), "-D", data, "-U", "antmill", "-A", "trust", "-N"],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd="/",
        **user,
    )
    options = ["-h", "", "-k", str(folder), "-c", "fsync=off", "-c", "max_connections=100"]
    with (Path(tempfile.gettempdir()) / f"{folder.name}.log").open("wb") as log:
        server = subprocess.Popen(
            [program("postgres"), "-D", data, *options], stderr=log, stdout=log, cwd="/", **user
        )
    try:
        _wait(folder)
        yield folder
    finally:
        server.terminate()
        server.wait(timeout=120)
        shutil.rmtree(folder, ignore_errors=True)


def _wait(folder):
    for _ in range(200):
        ready = [program("pg_isready"), "-h", folder, "-U", "antmill"]
        if subprocess.run(ready, stdout=subprocess.DEVNULL).returncode == 0:
            return
        time.sleep(0.1)
    raise TimeoutError("PostgreSQL did not start")


def new_database(folder, name):
    """Make a database; return its URL."""
    subprocess.run([program("createdb"), "-h", folder, "-U", "antmill", name], check=True)
    return f"postgresql://antmill@/{name}?host={folder}"
