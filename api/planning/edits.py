"""Advice on one more order, and plans changed by hand."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from api.planning.problems import Tree, read_problem, stored_problem, stored_schedule
from api.planning.revisions import seconds
from api.store.schedules import StoredPlan
from instances import mill_json
from instances.generator import generate
from scheduler.clock import instant
from scheduler.issues import InvalidInput, Issue
from scheduler.mill import MillProblem
from scheduler.mill_arrays import index_of
from scheduler.mill_evaluation import case_of
from scheduler.plan_arrays import UnusableScheduleError
from scheduler.schedule import Schedule
from solvers.mill.hand_edits import locked, moved, unlocked
from solvers.mill.slots import Slot, best_slots, earlier_places, with_order

Told = dict[str, Any]
COST_DIGITS = 4
"""Digits of an amount of money: the evaluator counts in 1/10 000."""
SHOWN_DELAYS = 20


@dataclass(frozen=True, slots=True)
class Draft:
    """A plan under the planner's hands."""

    problem: MillProblem
    schedule: Schedule


def advice(stored: StoredPlan, order: Tree, not_before: str | None, most: int) -> dict[str, Any]:
    """Return the best slots for an order as JSON values; raise InvalidInput where it has faults."""
    mill = stored_problem(stored.problem)
    schedule = stored_schedule(stored.schedule, mill)
    problem = with_row(mill, order)
    since = seconds(problem, not_before) if not_before else 0
    found = best_slots(problem, schedule, problem.orders[-1].id, not_before=since, most=most)
    return {
        "currency": problem.currency,
        "slots": [_slot_document(problem.origin, slot) for slot in found.slots],
        "places": found.places,
        "reasons": list(found.reasons),
    }


def _slot_document(origin: datetime, slot: Slot) -> dict[str, Any]:
    return {
        "line": slot.line,
        "lot": slot.number,
        "start": instant(origin, slot.start).isoformat(),
        "end": instant(origin, slot.end).isoformat(),
        "late_min": slot.late / 60,
        "added_cost": round(slot.added_cost, COST_DIGITS),
        "violations": list(slot.broken),
        "delays": [
            {
                "order": delay.order,
                "late_min_before": delay.before / 60,
                "late_min": delay.after / 60,
            }
            for delay in slot.delays[:SHOWN_DELAYS]
        ],
        "delays_total": len(slot.delays),
    }


def places_of(stored: StoredPlan, order: str) -> list[dict[str, Any]]:
    """Return where an order that is late or not made could stand instead, as JSON values."""
    problem = stored_problem(stored.problem)
    schedule = stored_schedule(stored.schedule, problem)
    made = case_of(problem, schedule).timeline.made[index_of(problem.orders)[order]]
    if made:
        slots = earlier_places(problem, schedule, order)
    else:
        slots = best_slots(problem, schedule, order, most=3).slots
    return [_slot_document(problem.origin, slot) for slot in slots]


def with_row(problem: MillProblem, order: Tree, at: str = "") -> MillProblem:
    """Return the problem with one more order, given as in a file; its faults are below ``at``."""
    tree = mill_json.to_tree(problem)
    place = f"/orders/{len(tree['orders'])}"
    tree["orders"].append(order)
    try:
        return read_problem(tree)[0]
    except InvalidInput as error:
        issues = [
            replace(issue, pointer=at + issue.pointer.removeprefix(place)) for issue in error.issues
        ]
        raise InvalidInput(issues, total=error.total) from error


def edited(stored: StoredPlan, edits: list[Told], released: dict[str, int]) -> Draft:
    """Return the plan after all edits; raise InvalidInput with the place of the first bad one.

    ``released`` are the lots of each line, from its first on, that the mill was told to roll.
    """
    problem = stored_problem(stored.problem)
    draft = Draft(problem, stored_schedule(stored.schedule, problem))
    for number, told in enumerate(edits):
        try:
            _refuse_released(told, released)
            draft = EDITS[told["type"]](draft, told)
        except InvalidInput as error:
            at = f"/edits/{number}"
            issues = [replace(issue, pointer=at + issue.pointer) for issue in error.issues]
            raise InvalidInput(issues, total=error.total) from error
        except UnusableScheduleError as error:
            raise InvalidInput([Issue("unusable_schedule", "/edits", str(error))]) from error
    return draft


def _move(draft: Draft, told: Told) -> Draft:
    to = told["to_line"] or told["line"], told["before"]
    schedule = moved(draft.problem, draft.schedule, (told["line"], told["lot"]), to)
    return replace(draft, schedule=schedule)


def _insert(draft: Draft, told: Told) -> Draft:
    problem, order = draft.problem, told["order"]
    if isinstance(order, str):
        _check_missing(draft, order)
    else:
        problem, order = with_row(problem, order, "/order"), order["id"]
    schedule = with_order(problem, draft.schedule, order, told["line"], told["lot"])
    return Draft(problem, schedule)


def _check_missing(draft: Draft, order: str) -> None:
    known = [one.id for one in draft.problem.orders]
    if order not in known:
        raise InvalidInput([Issue("unknown_reference", "/order", "there is no such order")])
    if case_of(draft.problem, draft.schedule).timeline.made[known.index(order)]:
        raise InvalidInput([Issue("order_made", "/order", "the plan makes this order already")])


def _lock(draft: Draft, told: Told) -> Draft:
    lot = told["line"], told["lot"]
    return replace(draft, problem=locked(draft.problem, draft.schedule, lot, told["keep"]))


def _unlock(draft: Draft, told: Told) -> Draft:
    return replace(draft, problem=unlocked(draft.problem, told["order"]))


EDITS: dict[str, Callable[[Draft, Told], Draft]] = {
    "move_lot": _move,
    "insert_order": _insert,
    "lock_lot": _lock,
    "unlock_order": _unlock,
}


def _refuse_released(told: Told, released: dict[str, int]) -> None:
    """Raise InvalidInput where an edit would move what the mill was told to roll."""
    touched = {"move_lot": ("lot", "before"), "insert_order": ("lot",)}.get(told["type"], ())
    for name in touched:
        line = told.get("to_line") if name == "before" else None
        if told[name] <= released.get(line or told["line"], 0):
            detail = f"lots up to {released[line or told['line']]} of this line are released"
            raise InvalidInput(
                [Issue("released_lot", f"/{name}", detail, hint="change only what comes after")]
            )


def warm_up() -> None:
    """Load the kernels that advice and edits use."""
    problem = generate("bar", "day", seed=0, orders=6)
    schedule = Schedule(())
    best_slots(problem, schedule, problem.orders[0].id)
