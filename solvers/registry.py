"""All solvers by name, the default first. A new solver is a module and a line here."""

from solvers.ant_colony.solver import AntColony
from solvers.or_tools.exact_cutting import exact_cutting
from solvers.or_tools.solver import CpSat
from solvers.or_tools.tour_prover import TourProver
from solvers.planner_rule import PlannerRule
from solvers.solver import Solver

SOLVERS: dict[str, Solver] = {
    solver.name: solver
    for solver in (
        AntColony(exact_cutting=exact_cutting, prover=TourProver),
        CpSat(),
        PlannerRule(),
    )
}
