"""All solvers by name, the default first. A new solver is a module and a line here.

What stands on OR-Tools is imported when it is first needed: that takes a process a second.
"""

from typing import TYPE_CHECKING

from solvers.ant_colony.solver import AntColony
from solvers.or_tools.solver import CpSat
from solvers.planner_rule import PlannerRule
from solvers.solver import Solver

if TYPE_CHECKING:
    from solvers.cutting_form import CuttingForm
    from solvers.or_tools.exact_cutting import ExactCutting
    from solvers.or_tools.tour_prover import TourProver
    from solvers.tour_form import TourForm


def exact_cutting(form: "CuttingForm", seconds: float) -> "ExactCutting | None":
    """Return the exact method that a colony of cutting takes steps of; see `exact_cutting`."""
    from solvers.or_tools.exact_cutting import exact_cutting

    return exact_cutting(form, seconds)


def tour_prover(form: "TourForm") -> "TourProver":
    """Return the exact method that takes turns with a colony of tours."""
    from solvers.or_tools.tour_prover import TourProver

    return TourProver(form)


SOLVERS: dict[str, Solver] = {
    solver.name: solver
    for solver in (
        AntColony(exact_cutting=exact_cutting, prover=tour_prover),
        CpSat(),
        PlannerRule(),
    )
}
