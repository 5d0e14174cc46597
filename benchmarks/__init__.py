"""Families x solvers x peers in one table: ``antmill benchmark``, ``make benchmark``."""
