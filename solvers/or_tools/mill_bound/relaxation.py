"""The whole linear program of a mill on one grid of time."""

from solvers.or_tools.mill_bound.data import Data
from solvers.or_tools.mill_bound.grooves import Grooves, add_time
from solvers.or_tools.mill_bound.heats import add_heats
from solvers.or_tools.mill_bound.lots import Lots
from solvers.or_tools.mill_bound.masses import Masses
from solvers.or_tools.mill_bound.oddities import add_oddities
from solvers.or_tools.mill_bound.orders import add_shares
from solvers.or_tools.mill_bound.program import Program
from solvers.or_tools.mill_bound.span import Span
from solvers.or_tools.mill_bound.steel import Steel
from solvers.or_tools.mill_bound.windows import add_first_windows, add_windows


class Relaxation:
    """Every feasible plan is a solution of ``program`` that costs no more than the plan."""

    def __init__(self, data: Data) -> None:
        self.data = data
        self.program = program = Program()
        self.steel = Steel(data, program)
        self.masses = Masses(data, program)
        add_heats(data, program, self.steel, self.masses)
        self.span = Span(data, program, self.masses)
        self.shares = add_shares(data, program, self.steel, self.masses)
        self.lots = Lots(data, program, self.masses)
        self.grooves = Grooves(data, program, self.steel, self.masses, self.lots)
        add_time(data, program, self.masses, self.span, self.lots, self.grooves)
        add_oddities(data, program)
        add_first_windows(data, program, self.lots, self.shares)

    def cut(self, most: int) -> int:
        """Add the windows, at most ``most``, that the last solution breaks worst; count them."""
        return add_windows(self.data, self.program, self.lots, self.shares, most)
