"""Problems and schedules between stored documents and the domain's objects."""

import json
from typing import Any

from api.store.documents import Document, packed
from instances import mill_json, schedule_json
from instances.fields.quick import Doubt
from instances.json_schema import problem_schema, schedule_schema
from instances.raw_json import members
from instances.strict_json import parse
from scheduler.issues import InvalidInput, Issue
from scheduler.mill import MillProblem
from scheduler.schedule import Schedule
from scheduler.validation import check

Tree = Any


def read_problem(tree: Tree, name: str = "") -> tuple[MillProblem, tuple[Issue, ...]]:
    """Return the problem and its warnings; raise InvalidInput with every fault."""
    problem, issues = mill_json.draft(tree, name)
    if problem is None:
        raise InvalidInput(issues)
    return problem, check(problem)


def quick_problem(raw: bytes) -> tuple[MillProblem, tuple[Issue, ...]]:
    """Return the problem of a text that is beyond doubt right, and its warnings; or raise Doubt."""
    return quickly_checked(mill_json.quick(raw))


def quickly_checked(problem: MillProblem) -> tuple[MillProblem, tuple[Issue, ...]]:
    """Return a problem that was read quickly, and its warnings; raise Doubt where it has errors."""
    try:
        return problem, check(problem)
    except InvalidInput:
        raise Doubt from None


def stored_problem(document: Document) -> MillProblem:
    """Return the problem of a stored document, which was checked before it was stored."""
    try:
        raw = document.text.encode()
        return mill_json.quick(members(raw)["problem"] if document.inline else raw)
    except (Doubt, ValueError):
        return read_problem(stored_tree(document))[0]


def stored_tree(document: Document) -> Tree:
    """Return the JSON tree of a stored problem."""
    tree = parse(document.text)
    return tree["problem"] if document.inline else tree


def stored_schedule(document: Document, problem: MillProblem) -> Schedule:
    """Return the schedule of a stored document."""
    return schedule_json.read(document.text, problem.start)


def pack_schedule(schedule: Schedule, problem: MillProblem) -> bytes:
    """Return the schedule's file as the store keeps it."""
    return packed(schedule_json.write(schedule, problem.origin))


def problem_text(document: Document) -> str:
    """Return the text of a stored problem as a file of its own."""
    return mill_json.write(stored_problem(document)) if document.inline else document.text


def summary(problem: MillProblem) -> dict[str, Any]:
    """Return what a list of order books shows of one."""
    return {
        "orders": len(problem.orders),
        "lines": len(problem.lines),
        "start": problem.origin.isoformat(),
        "horizon_hours": problem.horizon / 3600,
        "currency": problem.currency,
    }


def schemas(ref: str) -> dict[str, Any]:
    """Return the JSON Schemas of problem and schedule files, their references below ``ref``."""
    found: dict[str, Any] = {}
    for name, schema in (
        ("MillProblem", problem_schema()),
        ("MillSchedule", schedule_schema()),
    ):
        text = json.dumps(schema).replace('"#/$defs/', f'"{ref}{name}.')
        whole = json.loads(text)
        found |= {f"{name}.{part}": value for part, value in whole.pop("$defs").items()}
        whole.pop("$schema")
        found[name] = whole
    return found
