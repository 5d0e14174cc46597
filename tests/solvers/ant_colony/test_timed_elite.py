"""The elite of timed lines: who joins, who goes, and what lies between two of them."""

import numpy as np

from solvers.ant_colony import random
from solvers.ant_colony.timed_elite import disband, join, new_elite, recombine
from solvers.ant_colony.timed_kernels import bridge
from solvers.ant_colony.timed_line import new_line
from solvers.timed_form import timed_form
from tests.timed_problems import timed_problem

JOBS = 12


def line_of(jobs):
    return np.array([JOBS, *jobs, JOBS], dtype=np.int32)


def elite_of(lines):
    elite = new_elite(len(lines), JOBS + 2)
    for cost, jobs in enumerate(lines):
        join(elite, line_of(jobs), 10.0 + cost)
    return elite


def test_only_better_lines_of_another_cost_join():
    elite = elite_of([range(JOBS)] * 3)
    for cost, joined in [(11.0, False), (12.0, False), (30.0, False), (5.0, True)]:
        idle = elite.idle[0]
        join(elite, line_of(reversed(range(JOBS))), cost)
        assert elite.idle[0] == (0 if joined else idle + 1)
    assert sorted(elite.cost) == [5.0, 10.0, 11.0]
    assert elite.node[elite.cost.argmin(), 1] == JOBS - 1


def test_the_best_stays_when_the_elite_is_disbanded():
    elite = elite_of([range(JOBS)] * 3)
    disband(elite)
    assert sorted(elite.cost) == [10.0, np.inf, np.inf]


def test_a_recombined_line_keeps_a_block_of_one_and_the_order_of_the_other():
    shuffler = np.random.default_rng(3)
    line = new_line(timed_form(timed_problem(1, JOBS)))
    for seed in range(30):
        parents = [shuffler.permutation(JOBS) for _ in range(2)]
        line.dirty[:] = False
        assert recombine(elite_of(parents), line, random.stream(seed))
        child = line.node[1:-1]
        assert line.dirty.all()
        assert sorted(child) == list(range(JOBS))
        assert any(_between(child, *pair) for pair in (parents, parents[::-1]))


def _between(child, first, second):
    """Whether ``child`` has a block in place from ``first``, and the rest as in ``second``."""
    for low in range(JOBS):
        for high in range(low + 1, JOBS + 1):
            block = first[low:high]
            rest = [job for job in second if job not in block]
            if [*rest[:low], *block, *rest[low:]] == child.tolist():
                return True
    return False


def test_a_bridge_swaps_two_short_blocks_near_each_other():
    for seed in range(200):
        line = new_line(timed_form(timed_problem(1, JOBS)))
        before = line.node[1:-1].tolist()
        bridge(line, 3, random.stream(seed))
        after = line.node[1:-1].tolist()
        assert sorted(after) == sorted(before)
        moved = [place for place in range(JOBS) if before[place] != after[place]]
        assert not moved or moved[-1] - moved[0] < 3 + 2 + 3


def test_nothing_is_recombined_while_the_elite_fills():
    elite = new_elite(3, JOBS + 2)
    join(elite, line_of(range(JOBS)), 1.0)
    line = new_line(timed_form(timed_problem(1, JOBS)))
    before = line.node.copy()
    assert not recombine(elite, line, random.stream(0))
    assert (line.node == before).all()
