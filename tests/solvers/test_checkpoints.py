"""Checkpoints of a decoded plan: the tally goes back and forth by its changes, never by copies."""

from dataclasses import replace

import numpy as np
import pytest

from instances.generator import generate
from solvers.ant_colony.mill_start import genes_of
from solvers.mill.catalogue import book_of, catalogue_of
from solvers.mill.decoding import decoder_of
from solvers.mill.workspace import restore
from solvers.planner_rule import PlannerRule
from solvers.stopping import MaxIterations


@pytest.fixture(scope="module", params=[None, 17_000_000], ids=["free", "capped"])
def planned(request):
    problem = generate("bar", "day", seed=2, prices="flat", lines=2)
    problem = replace(problem, tariff=replace(problem.tariff, power_cap=request.param))
    catalogue = catalogue_of(book_of(problem), 0)
    rule = PlannerRule().solve(problem, stop=MaxIterations(1)).solution
    assert rule is not None
    return decoder_of(catalogue), genes_of(catalogue, rule)


def state_of(work):
    return [part.copy() for part in (work.state, work.wear, work.tally)]


def states_by_decoding(decoder, genes):
    """Return the state before every gene and at the end, each decoded from the beginning."""
    states = []
    for until in range(len(genes) + 1):
        work = decoder.workspace(len(genes))
        decoder.money(genes[:until], work)
        restore(work, until)
        states.append(state_of(work))
    return states


def test_every_checkpoint_is_what_decoding_up_to_it_leaves(planned):
    decoder, genes = planned
    expected = states_by_decoding(decoder, genes)
    work = decoder.workspace(len(genes))
    decoder.money(genes, work)
    rng = np.random.default_rng(3)
    for gene in rng.integers(0, len(genes) + 1, 60):
        restore(work, gene)
        for part, known in zip(state_of(work), expected[gene], strict=True):
            assert part.tolist() == known.tolist()
        trial = np.concatenate((genes[:gene], rng.permutation(genes[gene:])))
        decoder.money(trial, work, gene, keep=False)


def test_a_new_base_from_the_middle_keeps_what_is_before_it(planned):
    decoder, genes = planned
    work = decoder.workspace(len(genes))
    decoder.money(genes, work)
    middle = len(genes) // 2
    changed = np.concatenate((genes[:middle], genes[middle:][::-1]))
    decoder.money(changed, work, middle)
    for gene, known in enumerate(states_by_decoding(decoder, changed)):
        restore(work, gene)
        for part, expected in zip(state_of(work), known, strict=True):
            assert part.tolist() == expected.tolist()
