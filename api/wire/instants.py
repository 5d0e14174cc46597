"""Instants in requests: ISO 8601 with offset, of the years that files may have."""

import re
from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from instances.fields.instants import YEARS

FORM = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-](?:0\d|1[0-4]):\d\d)", re.ASCII
)


def read_instant(value: Any) -> datetime:
    """Return the aware datetime that a text names; raise ValueError where it names none."""
    if isinstance(value, str) and FORM.fullmatch(value):
        moment = datetime.fromisoformat(value)
        if moment.year in YEARS:
            return moment
    years = f"of the years {YEARS[0]} to {YEARS[-1]}"
    form = f"in ISO 8601 with offset, such as 2026-01-05T06:00:00+01:00, {years}"
    raise ValueError(f"an instant {form} is expected")


def _as_given(value: str) -> str:
    read_instant(value)
    return value


Instant = Annotated[str, Field(max_length=40), AfterValidator(_as_given)]
