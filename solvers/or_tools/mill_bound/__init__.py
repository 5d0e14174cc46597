"""Proven lower bounds on every feasible plan of a mill, cost and energy; see docs/bounds.md."""

from solvers.or_tools.mill_bound.bound import mill_bound
from solvers.or_tools.mill_bound.energy import EnergyBound, energy_bound

__all__ = ["EnergyBound", "energy_bound", "mill_bound"]
