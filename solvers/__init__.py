"""Solvers: the planner's rule, the ant colony, and the OR-Tools baseline."""
