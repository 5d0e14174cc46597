"""The problem of a new revision: the old one, its frozen start, and what happened meanwhile."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from api.planning.books import Book, book_of_file, book_of_problem
from api.planning.problems import Tree, stored_problem, stored_schedule
from api.store.documents import Document
from api.store.schedules import StoredPlan
from instances import mill_json, schedule_json
from scheduler.amend import lots_with, without_order
from scheduler.issues import InvalidInput, Issue, shown
from scheduler.mill import MillProblem
from scheduler.schedule import Schedule

Told = dict[str, Any]
UpToDate = Callable[[MillProblem, Schedule, str, bool], tuple[MillProblem, Schedule, str]]


def revised(
    stored: StoredPlan, until: str | None, disruptions: list[Told], up_to_date: UpToDate
) -> Book:
    """Return the problem in which the plan's lots before ``until`` stay; raise InvalidInput.

    ``up_to_date`` moves problem and plan to what the mill told and returns its present with them,
    until which the plan stays at least.
    """
    problem = stored_problem(stored.problem)
    schedule = stored_schedule(stored.schedule, problem)
    twice = [number for number, told in enumerate(disruptions) if told["type"] == "actuals"][1:]
    if twice:
        detail = "the plan is moved to the actuals once; leave this one out"
        raise InvalidInput([Issue("duplicate", f"/disruptions/{twice[0]}", detail)])
    for number, told in enumerate(disruptions):
        if told["type"] == "actuals":
            problem, schedule, present = up_to_date(
                problem, schedule, f"/disruptions/{number}", told["learn_rates"]
            )
            until = max(until or present, present, key=datetime.fromisoformat)
    if until is None:
        raise InvalidInput([Issue("missing", "/freeze_until", "until when is the plan kept?")])
    tree = mill_json.to_tree(problem)
    for number, told in enumerate(disruptions):
        if told["type"] == "cancelled_order":
            at = f"/disruptions/{number}"
            schedule = _cancel(tree, schedule, told["order"], seconds(problem, until), at)
    places = {"/freeze/until": "/freeze_until"}
    for number, told in enumerate(disruptions):
        if told["type"] in APPLY:
            at = f"/disruptions/{number}"
            place, member = APPLY[told["type"]](tree, told, at)
            places[place] = at + member
    try:
        return _frozen(tree, problem, schedule, until)
    except InvalidInput as error:
        issues = [replace(one, pointer=_asked(places, one.pointer)) for one in error.issues]
        raise InvalidInput(issues, total=error.total) from error


def _asked(places: dict[str, str], pointer: str) -> str:
    """Return the place in the request of what it put to, or into, a place of the new problem."""
    for place, asked in places.items():
        if pointer == place or pointer.startswith(f"{place}/"):
            return asked + pointer.removeprefix(place)
    whole = [asked for place, asked in places.items() if place.startswith(f"{pointer}/")]
    return whole[-1] if pointer and whole else pointer


def frozen(problem: MillProblem, schedule: Document, until: str) -> Book:
    """Return the problem in which the schedule's lots before ``until`` stay."""
    plan = stored_schedule(schedule, problem)
    return _frozen(mill_json.to_tree(problem), problem, plan, until)


def _frozen(tree: Tree, problem: MillProblem, schedule: Schedule, until: str) -> Book:
    tree["freeze"] = {"until": until, "schedule": schedule_json.to_tree(schedule, problem.origin)}
    return book_of_problem(book_of_file(tree, "").problem)


def _breakdown(tree: Tree, told: Told, at: str) -> tuple[str, str]:
    line = _named(tree, "lines", told["line"], f"{at}/line")
    closures = line.setdefault("closures", [])
    closures.append({"kind": told["kind"], "start": told["start"], "end": told["end"]})
    return f"/lines/{tree['lines'].index(line)}/closures/{len(closures) - 1}", ""


def _rush_order(tree: Tree, told: Told, at: str) -> tuple[str, str]:
    tree["orders"].append(told["order"])
    return f"/orders/{len(tree['orders']) - 1}", "/order"


def _late_heat(tree: Tree, told: Told, at: str) -> tuple[str, str]:
    row = _named(tree, "stock", told["stock"], f"{at}/stock")
    row["available_from"] = told["available_from"]
    return f"/stock/{tree['stock'].index(row)}/available_from", "/available_from"


APPLY: dict[str, Callable[[Tree, Told, str], tuple[str, str]]] = {
    "breakdown": _breakdown,
    "rush_order": _rush_order,
    "late_heat": _late_heat,
}
"""Put a disruption into a problem; return its place there, and the member that it came from."""


def _cancel(tree: Tree, schedule: Schedule, order: str, until: int, at: str) -> Schedule:
    """Take an order out of the problem and of the plan; refuse one of the frozen start.

    Orders that were to follow it wait for it no longer.
    """
    row = _named(tree, "orders", order, f"{at}/order")
    if lots := lots_with(schedule, order, until):
        where = ", ".join(f"{line}/{number}" for line, number in lots)
        detail = f"the order is in the frozen start: {where}"
        issue = Issue("frozen_order", f"{at}/order", detail, hint="freeze less", order=order)
        raise InvalidInput([issue])
    tree["orders"].remove(row)
    for other in tree["orders"]:
        if order in other.get("predecessors", ()):
            other["predecessors"] = [name for name in other["predecessors"] if name != order]
    return without_order(schedule, order)


def _named(tree: Tree, part: str, name: str, at: str) -> Told:
    """Return the row of that id; raise InvalidInput if there is none."""
    rows: list[Told] = tree.get(part, [])
    if (found := next((row for row in rows if row["id"] == name), None)) is not None:
        return found
    known = ", ".join(row["id"] for row in rows[:10])
    detail = "the problem has none of that id"
    issue = Issue("unknown_reference", at, detail, value=shown(name), expected=f"one of {known}")
    raise InvalidInput([issue])


def seconds(problem: MillProblem, instant: str) -> int:
    """Return an instant in s from the horizon's start."""
    return int((datetime.fromisoformat(instant) - problem.start).total_seconds())
