"""Families x solvers x peers in one table."""
