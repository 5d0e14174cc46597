"""Moves of campaigns: what the ants write is what a list would give."""

import numpy as np
import pytest

from instances.generator import generate
from solvers.ant_colony.mill_colony import MillParams, mill_colony
from solvers.ant_colony.mill_moves import swap_segments
from solvers.ant_colony.mill_start import genes_of
from solvers.mill.catalogue import book_of, catalogue_of
from solvers.planner_rule import PlannerRule
from solvers.stopping import MaxIterations


@pytest.fixture(scope="module")
def plan():
    problem = generate("bar", "day", seed=2, prices="flat")
    catalogue = catalogue_of(book_of(problem), 0)
    rule = PlannerRule().solve(problem, stop=MaxIterations(1)).solution
    assert rule is not None
    return mill_colony(catalogue, genes_of(catalogue, rule), MillParams(), seed=1, index=0).plan


def test_two_segments_change_places(plan):
    genes, rng = plan.genes[: plan.length[0]].tolist(), np.random.default_rng(3)
    for _ in range(50):
        a, a_end, b, b_end = sorted(rng.choice(len(genes) + 1, 4, replace=False).tolist())
        expected = [*genes[:a], *genes[b:b_end], *genes[a_end:b], *genes[a:a_end], *genes[b_end:]]
        assert swap_segments(plan, a, a_end, b, b_end) == (a, b_end)
        assert plan.trial[: plan.trial_length[0]].tolist() == expected


def test_segments_that_overlap_are_not_swapped(plan):
    assert swap_segments(plan, 0, 3, 2, 4) == (0, 0)
