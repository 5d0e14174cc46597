"""Style sheets and scripts of our own, kept beside the vendored ones in ``api/static``."""

from functools import cache
from pathlib import Path

STATIC = Path(__file__).resolve().parent.parent / "static"


@cache
def asset(name: str) -> str:
    """Return the text of one of our own static files."""
    return (STATIC / "antmill" / name).read_text("utf-8")
