"""Solve one CP-SAT model in a process of its own; see ``solvers.or_tools.cp_sat_process``.

Run by path, so that it loads OR-Tools and nothing else. Arguments: a file with the model as text
and the solver's parameters as text. Every solution and bound is written to standard output as a
line of JSON at once. The process ends when its standard input does: with its parent.
"""

import json
import os
import sys
from pathlib import Path
from threading import Thread
from typing import Any

from ortools.sat.python import cp_model


class Teller(cp_model.CpSolverSolutionCallback):
    """Writes each solution as its objective and the variables that are not 0."""

    def on_solution_callback(self) -> None:
        """Write the solution."""
        values = [[i, value] for i, value in enumerate(self.response_proto.solution) if value]
        tell(objective=self.objective_value, bound=self.best_objective_bound, values=values)


def tell(**line: Any) -> None:
    """Write one line."""
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def end_with_parent() -> None:
    """Wait for the end of standard input, then end the process, whatever it is doing."""
    sys.stdin.read()
    os._exit(1)


def main(model_file: str, parameters: str) -> None:
    """Solve the model."""
    Thread(target=end_with_parent, daemon=True).start()
    model = cp_model.CpModel()
    model.proto.parse_text_format(Path(model_file).read_text(encoding="utf-8"))
    solver = cp_model.CpSolver()
    solver.parameters.parse_text_format(parameters)
    solver.best_bound_callback = lambda bound: tell(bound=bound)
    status = solver.solve(model, Teller())
    tell(status=solver.status_name(status), bound=solver.best_objective_bound)
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
