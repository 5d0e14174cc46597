"""Cells of a table to values of a problem file: decimal comma, local times, lists, yes and no."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal, DecimalException
from typing import Any

from instances.fields.containers import ListOf
from instances.fields.instants import INSTANT, YEARS, Instant
from instances.fields.kinds import Flag, Kind, Number, Text
from instances.order_book.lost_cells import LostCell
from instances.order_book.percent_cells import PercentCell
from instances.order_book.sheets import FORMULA

GROUP = "[ \u00a0\u202f']"
YES, NO = ("true", "yes", "ja", "oui", "1", "x"), ("false", "no", "nein", "non", "0")
MOST_EXACT = 10**15
"""Numbers below it are in a workbook as they were written."""
LIST_PART = re.compile(r'\s*(?:"((?:[^"]|"")+)"|([^;,]*))\s*(?:[;,]|$)')
OFFSET = re.compile(r"(.*\d) ?(Z|[+-]\d\d:\d\d)", re.ASCII)
DAY = re.compile(r"\d{4}-\d\d-\d\d|\d\d?\.\d\d?\.\d{4}", re.ASCII)
LOCAL_FORMS = (
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d %H:%M:%S",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y %H:%M:%S",
)


class BadCell(ValueError):
    """A cell that cannot be read: code, detail and hint of its issue."""

    def __init__(self, code: str, detail: str, hint: str = "") -> None:
        """Keep what the issue will say."""
        super().__init__(detail)
        self.code, self.detail, self.hint = code, detail, hint


@dataclass(frozen=True, slots=True)
class Reading:
    """How cells are read: the decimal sign (None: by its place), and the zone of local times."""

    decimal: str | None
    zone: tzinfo


def cell_value(cell: Any, kind: Kind, reading: Reading) -> Any:
    """Return the JSON value of a cell that is not blank; raise BadCell."""
    if isinstance(cell, LostCell):
        raise _without_value(cell)
    if isinstance(cell, PercentCell):
        shares = isinstance(kind, Number) and kind.unit.name == "%"
        cell = cell.percent if shares else cell.value
    for known, read in READ.items():
        if isinstance(kind, known):
            return read(cell, reading)
    return cell


def _without_value(cell: LostCell) -> BadCell:
    if cell.text.startswith("="):
        hint = "open the workbook in a spreadsheet program and save it, or write the value itself"
        return BadCell("no_value", "the file holds a formula here and not its value", hint)
    hint = "correct its formula, or write the value itself; empty the cell for the default"
    return BadCell("no_value", "the cell shows an error instead of a value", hint)


def _number(cell: Any, reading: Reading) -> Any:
    if isinstance(cell, bool) or not isinstance(cell, int | float | str | Decimal):
        raise BadCell("not_a_number", "a number is expected")
    if not isinstance(cell, str):
        return Decimal(repr(cell)) if isinstance(cell, float) else cell
    text = re.sub(f"(?<=\\d){GROUP}(?=\\d{{3}}(?!\\d))", "", cell.strip())
    sign = reading.decimal or _decimal_sign(text)
    other = "," if sign == "." else "."
    grouped = re.fullmatch(rf"[+-]?\d{{1,3}}(\{other}\d{{3}})+(\{sign}\d+)?", text)
    plain = text.replace(other, "") if grouped else text
    if not re.fullmatch(rf"[+-]?\d+(\{sign}\d+)?", plain):
        told = f"the decimal sign is '{sign}'" if reading.decimal else ""
        raise BadCell("not_a_number", "a number is expected", told)
    try:
        return Decimal(plain.replace(sign, ".")[:120])
    except DecimalException as error:
        raise BadCell("not_a_number", "a number is expected") from error


def _decimal_sign(text: str) -> str:
    """Return the decimal sign that a number's form shows; raise BadCell where it may be either."""
    comma, point = text.rfind(","), text.rfind(".")
    if comma >= 0 and point >= 0:
        return "," if comma > point else "."
    sign = "," if comma >= 0 else "."
    if text.count(sign) > 1:
        return "." if sign == "," else ","
    if re.fullmatch(rf"[+-]?[1-9]\d{{0,2}}\{sign}\d{{3}}", text):
        detail = f"the '{sign}' may part thousands or decimals"
        raise BadCell("ambiguous_number", detail, "say which decimal sign the table uses")
    return sign


def _text(cell: Any, reading: Reading) -> Any:
    """Return a text; spreadsheets turn an id such as 4711 into a number.

    An apostrophe before what looks like a formula is the writer's, not the id's.
    """
    if isinstance(cell, float) and abs(cell) >= MOST_EXACT:
        detail = "a workbook keeps no more than 15 digits of a number"
        raise BadCell("not_a_text", detail, "format the cell as text and write it anew")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    text = cell.strip() if isinstance(cell, str) else str(cell)
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(FORMULA) else text


def _flag(cell: Any, reading: Reading) -> bool:
    if isinstance(cell, bool):
        return cell
    word = str(_text(cell, reading)).lower()
    if word not in YES + NO:
        raise BadCell("not_a_flag", "yes or no is expected")
    return word in YES


def _list(cell: Any, reading: Reading) -> list[str]:
    """Return the ids that commas or semicolons part; one that holds such a sign is in quotes."""
    parts = LIST_PART.findall(str(_text(cell, reading)))
    found = [quoted.replace('""', '"') or bare.strip() for quoted, bare in parts]
    return [part for part in found if part]


def _instant(cell: Any, reading: Reading) -> str:
    if isinstance(cell, datetime):
        return _with_offset(cell, reading.zone)
    text = cell.strip() if isinstance(cell, str) else ""
    if INSTANT.fullmatch(text):
        return text
    found = OFFSET.fullmatch(text)
    local, offset = found.groups() if found else (text, "")
    for form in LOCAL_FORMS:
        try:
            moment = datetime.strptime(local, form)
        except ValueError:
            continue
        return moment.isoformat() + offset if offset else _with_offset(moment, reading.zone)
    if _is_no_day(text):
        raise BadCell("not_an_instant", "there is no such day", "correct the date")
    if isinstance(cell, date) or DAY.fullmatch(text):
        hint = "add the time of day; for midnight write 2026-01-05T00:00 as text"
        raise BadCell("not_an_instant", "a date alone names no instant", hint)
    hint = "write it as 2026-01-05 06:00 or 05.01.2026 06:00; an offset may follow, such as +01:00"
    raise BadCell("not_an_instant", "a date with a time is expected", hint)


def _is_no_day(text: str) -> bool:
    """Whether a text begins as a day is written, and the calendar has none such."""
    if (found := DAY.match(text)) is None:
        return False
    try:
        datetime.strptime(found[0], "%d.%m.%Y" if "." in found[0] else "%Y-%m-%d")
    except ValueError:
        return True
    return False


def _with_offset(moment: datetime, zone: tzinfo) -> str:
    """Return a local time with its offset; raise BadCell where clocks skip or repeat it."""
    second = moment.replace(microsecond=0)
    if second.year not in YEARS:  # beyond what every zone can reckon; whoever reads it says so
        return second.isoformat() + "Z"
    moment = second + timedelta(seconds=moment.microsecond >= 500_000)
    early, late = (moment.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    # Clocks skip what does not survive the way to UTC and back.
    if early.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != moment:
        after = early.astimezone(UTC).astimezone(zone)
        hint = f"correct it, perhaps to {_written(after)}"
        raise BadCell("skipped_time", "the clocks skip this time", hint)
    if early.utcoffset() != late.utcoffset():
        hint = f"write it as text with its offset: {_written(early)} or {_written(late)}"
        raise BadCell("repeated_time", "the clocks show this time twice", hint)
    return early.isoformat()


def _written(moment: datetime) -> str:
    """Return an instant as a cell may give it."""
    return moment.isoformat(" ", "seconds" if moment.second else "minutes")


READ: dict[type, Callable[[Any, Reading], Any]] = {
    Number: _number,
    Text: _text,
    Flag: _flag,
    ListOf: _list,
    Instant: _instant,
}
