"""Build the whole model of a choice of candidates."""

from scheduler.mill import MillProblem
from scheduler.mill_arrays import ints
from solvers.or_tools.mill.choice import Choice
from solvers.or_tools.mill.constraints import add_constraints
from solvers.or_tools.mill.model import MillModel, new_model
from solvers.or_tools.mill.objective import add_objective


def build(problem: MillProblem, choice: Choice) -> MillModel:
    """Return the model with all constraints and the objective."""
    model = new_model(problem, choice.candidates, ints(range(0, problem.horizon, choice.grid)))
    add_constraints(model)
    add_objective(model)
    return model
