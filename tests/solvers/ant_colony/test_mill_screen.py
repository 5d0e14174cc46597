"""The guess of what a trial costs, by which the mill's ants leave most trials undecoded."""

import numpy as np
import pytest

from instances.generator import generate
from solvers.ant_colony.mill_colony import MillParams, mill_colony
from solvers.ant_colony.mill_screen import guess
from solvers.ant_colony.mill_start import genes_of
from solvers.mill.catalogue import book_of, catalogue_of
from solvers.mill.workspace import BLOCK, LINE_END
from solvers.planner_rule import PlannerRule
from solvers.stopping import MaxIterations


@pytest.fixture(scope="module", params=[1, 2])
def colony(request):
    problem = generate("bar", "week", orders=60, seed=2, prices="flat", lines=request.param)
    catalogue = catalogue_of(book_of(problem), 0)
    rule = PlannerRule().solve(problem, stop=MaxIterations(1)).solution
    assert rule is not None
    return mill_colony(catalogue, genes_of(catalogue, rule), MillParams(), seed=1, index=0)


def write_trial(plan, genes):
    plan.trial[: len(genes)] = genes
    plan.trial_length[0] = len(genes)


def base_genes(plan):
    return plan.genes[: plan.length[0]].copy()


def test_the_base_itself_is_guessed_to_cost_nothing_more(colony):
    plan = colony.plan
    write_trial(plan, base_genes(plan))
    for since in range(plan.length[0]):
        for until in range(since + 1, plan.length[0] + 1):
            assert guess(colony.model, plan, since, until) == 0


def moved(genes, rng):
    """Return genes with one block moved along its line, and the range that changed."""
    ends = [-1, *np.flatnonzero(genes[:, BLOCK] == LINE_END), len(genes)]
    line = rng.integers(len(ends) - 1)
    a, b = sorted(rng.choice(np.arange(ends[line] + 1, ends[line + 1]), 2, replace=False))
    order = [*range(a), b, *range(a, b), *range(b + 1, len(genes))]
    return genes[order], int(a), int(b) + 1


def test_the_guesses_rank_moves_as_what_they_cost(colony):
    """Ranks: an order that no longer fits into the horizon costs more than all the rest."""
    plan, rng = colony.plan, np.random.default_rng(5)
    genes, work = base_genes(plan), colony.decoder.workspace(len(plan.genes))
    base = colony.decoder.money(genes, work)
    guessed, true = [], []
    for _ in range(200):
        trial, since, until = moved(genes, rng)
        write_trial(plan, trial)
        guessed.append(guess(colony.model, plan, since, until))
        true.append(colony.decoder.money(trial, work) - base)
    assert np.corrcoef(np.argsort(np.argsort(guessed)), np.argsort(np.argsort(true)))[0, 1] > 0.8
