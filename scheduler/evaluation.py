"""What scoring a solution yields, and the one entry point that scores it.

``evaluate(problem, solution)`` dispatches on the problem's type. Each core registers its own
function, and that function is the only place where the core's cost, terms and feasibility are
computed. Solvers, benchmarks, the service and hand-made plans all go through it.
"""

from dataclasses import dataclass, field
from functools import singledispatch
from typing import Any


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken constraint.

    ``code`` is from the closed list of the problem's core, ``where`` names the element that breaks
    it (an order, lot, job or line), ``magnitude`` says by how much, in ``unit``.
    """

    code: str
    where: str
    magnitude: float
    unit: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The score of a solution: its cost, every term of it, and every violation.

    ``cost`` is in the problem's own measure (money, metres of loss, rolls, weighted tardiness).
    Less is better; where the measure is one to be maximised (a hypervolume), ``maximised`` is
    true and ``cost`` its negative. ``terms`` maps a term's name to its amount; ``violations`` is
    empty for a feasible solution.
    """

    cost: float
    terms: dict[str, Any] = field(default_factory=dict)
    violations: tuple[Violation, ...] = ()
    maximised: bool = False

    @property
    def objective(self) -> float:
        """The measure itself, as it is published: ``cost``, or its negative if maximised."""
        return -self.cost if self.maximised else self.cost

    @property
    def feasible(self) -> bool:
        """Whether no constraint is broken."""
        return not self.violations


@singledispatch
def evaluate(problem: Any, solution: Any) -> Evaluation:
    """Score ``solution`` against ``problem``; raise TypeError for an unknown kind of problem."""
    raise TypeError(f"no evaluator for {type(problem).__name__}")
