"""Least-cost cut plans of one lot, fast enough to be called thousands of times in a search."""

from solvers.cutting_lot.lot import Lot, LotPlan
from solvers.cutting_lot.plan import cut_lot, plan_lot

__all__ = ["Lot", "LotPlan", "cut_lot", "plan_lot"]
