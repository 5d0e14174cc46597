"""Solutions of every kind of problem as JSON trees, and back."""

from datetime import UTC, datetime
from functools import singledispatch
from typing import Any

from instances import schedule_json
from instances.fields.elements import Element
from instances.fields.place import INVALID, Place, Report
from instances.solution_table import CUT_PLAN, FRONT, SEQUENCE
from scheduler.cutting import CuttingProblem
from scheduler.front import Front
from scheduler.issues import InvalidInput
from scheduler.mill import MillProblem
from scheduler.sequence_evaluation import as_sequence
from scheduler.sequencing import SequencingProblem

NO_INSTANTS = datetime(2000, 1, 1, tzinfo=UTC)
"""The start that the writers ask for; these solutions hold no instants."""


@singledispatch
def to_tree(problem: Any, solution: Any) -> dict[str, Any]:
    """Return the JSON tree of a solution of ``problem``.

    A sequence gives ``{"sequence": [...]}``, a front ``{"front": [...]}``, a cut plan
    ``{"stock_units": [...]}``, and a schedule the tree of its file.
    """
    raise TypeError(f"no file form for solutions of {type(problem).__name__}")


@singledispatch
def from_tree(problem: Any, tree: Any) -> Any:
    """Return the solution in a parsed JSON tree; raise InvalidInput with every fault."""
    raise TypeError(f"no file form for solutions of {type(problem).__name__}")


@to_tree.register
def _write_sequence(problem: SequencingProblem, solution: Any) -> dict[str, Any]:
    if isinstance(solution, Front):
        return FRONT.write(solution, NO_INSTANTS)
    return SEQUENCE.write(as_sequence(solution), NO_INSTANTS)


@from_tree.register
def _read_sequence(problem: SequencingProblem, tree: Any) -> Any:
    is_front = isinstance(tree, dict) and "front" in tree
    return _read(FRONT if is_front else SEQUENCE, tree)


@to_tree.register
def _write_cut_plan(problem: CuttingProblem, solution: Any) -> dict[str, Any]:
    return CUT_PLAN.write(solution, NO_INSTANTS)


@from_tree.register
def _read_cut_plan(problem: CuttingProblem, tree: Any) -> Any:
    return _read(CUT_PLAN, tree)


@to_tree.register
def _write_schedule(problem: MillProblem, solution: Any) -> dict[str, Any]:
    return schedule_json.to_tree(solution, problem.origin)


@from_tree.register
def _read_schedule(problem: MillProblem, tree: Any) -> Any:
    return schedule_json.from_tree(tree, problem.start)


def _read(element: Element, tree: Any) -> Any:
    report = Report()
    solution = element.read(tree, Place(report))
    if report.issues or solution is INVALID:
        raise InvalidInput(report.issues)
    return solution
