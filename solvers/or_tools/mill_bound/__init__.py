"""A proven lower bound on the cost of every feasible plan of a mill; see docs/bounds.md."""

from solvers.or_tools.mill_bound.bound import mill_bound, with_bound

__all__ = ["mill_bound", "with_bound"]
