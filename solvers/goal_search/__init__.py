"""Searches for several goals at once: rounds of a solver that knows only money, differently priced.

Lexicographic order, 'no goal worse than in the given plan', and Pareto fronts.
"""
