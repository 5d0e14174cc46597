"""Schedule files: ``antmill-schedule-1`` JSON to a Schedule and back.

``docs/problem.md`` section 7 describes them.
"""

from datetime import datetime
from typing import Any

from instances.fields.place import INVALID, Place, Report
from instances.json_layout import dump
from instances.mill_file.schedule_table import FORMAT, SCHEDULE
from instances.strict_json import parse
from scheduler.issues import InvalidInput
from scheduler.schedule import Schedule


def matches(text: str) -> bool:
    """Whether ``text`` looks like a schedule file."""
    return text.lstrip().startswith("{") and f'"{FORMAT}"' in text


def read(text: str, start: datetime) -> Schedule:
    """Return the schedule in ``text`` of a problem whose horizon begins at ``start``.

    Raises
    ------
    InvalidInput
        With every fault and its place. Ids that the problem does not know are no fault here; the
        evaluator reports them.
    """
    return from_tree(parse(text), start)


def from_tree(tree: Any, start: datetime) -> Schedule:
    """Return the schedule in a parsed JSON tree; raise InvalidInput with every fault."""
    report = Report(start)
    schedule = SCHEDULE.read(tree, Place(report))
    if report.issues or schedule is INVALID:
        raise InvalidInput(report.issues)
    assert isinstance(schedule, Schedule)
    return schedule


def to_tree(schedule: Schedule, start: datetime) -> dict[str, Any]:
    """Return the JSON tree of ``schedule``."""
    return SCHEDULE.write(schedule, start)


def write(schedule: Schedule, start: datetime) -> str:
    """Return the file text of ``schedule``."""
    return dump(to_tree(schedule, start))
