"""How ``aco`` solves a mill problem: the rule's plan first, then colonies from its sequence."""

from dataclasses import asdict, replace
from time import perf_counter
from typing import Any

from scheduler.evaluation import Evaluation, evaluate
from scheduler.mill import MillProblem
from scheduler.schedule import Schedule
from solvers.ant_colony.colony import search
from solvers.ant_colony.mill_colony import MillParams, mill_colony
from solvers.ant_colony.mill_setting import hour_price
from solvers.ant_colony.mill_start import genes_of
from solvers.ant_colony.params import ColonyParams
from solvers.mill.catalogue import book_of, catalogue_of
from solvers.mill.freeze import frozen_schedule
from solvers.mill.peak import decoder_for_peak
from solvers.mill.rule import rule_plan
from solvers.progress import OnProgress, Progress
from solvers.solver import Result
from solvers.stopping import Stop, StopReason

EXCHANGE_EVERY = 100
NO_EXCHANGE = 1 << 62
"""Iterations between two exchanges that never come."""
SLICE_ITEMS = 10_000
"""Iterations of a slice times items of the book, about."""


def solve_mill(
    problem: MillProblem,
    params: ColonyParams,
    *,
    stop: Stop,
    seed: int,
    threads: int,
    warm_start: Any | None,
    on_progress: OnProgress,
    mill_params: MillParams | None = None,
) -> Result:
    """Search for the schedule of least money; never worse than the rule's or the warm start."""
    started = perf_counter()
    chosen = mill_params or MillParams()
    book = book_of(problem)
    if not book.products:
        return frozen_result(problem, started)
    decoder, rule_genes, _ = rule_plan(book)
    first = decoder.schedule(rule_genes)
    known = [first] if warm_start is None else [first, warm_start]
    begin = best_of(problem, known)
    cost = evaluate(problem, begin)
    elapsed = perf_counter() - started
    now = Progress(elapsed=elapsed)
    if cost.feasible:
        now = replace(now, cost=cost.cost, best_at=elapsed, solution=begin)
        on_progress(now)
    if reason := stop(now):
        return replace(begun_result(begin, cost, now, reason), parameters=asdict(chosen))
    decoder = decoder_for_peak(decoder, rule_genes)
    hour = hour_price(decoder, rule_genes) if chosen.line_time else 0
    catalogue = catalogue_of(decoder.catalogue.book, hour, threads)
    genes = genes_of(catalogue, begin)
    colonies = [mill_colony(catalogue, genes, chosen, seed, i) for i in range(params.colonies)]
    result = search(
        problem,
        colonies,
        stop=stop,
        slice_iterations=slice_of(sum(len(product.items) for product in book.products)),
        exchange_every=EXCHANGE_EVERY if chosen.exchange else NO_EXCHANGE,
        threads=threads,
        on_progress=on_progress,
        started=started,
        known=begin,
    )
    return replace(result, parameters=asdict(chosen))


def frozen_result(problem: MillProblem, started: float) -> Result:
    """Return the frozen lots, which make all that is wanted: there is nothing to search for."""
    plan = frozen_schedule(problem)
    score = evaluate(problem, plan)
    return Result("aco", plan, score, 0, 0, perf_counter() - started, "done")


def begun_result(begin: Schedule, cost: Evaluation, now: Progress, reason: StopReason) -> Result:
    """Return the plan to begin with, where its making left no time for a catalogue and ants."""
    trace = () if now.cost is None else ((now.elapsed, 0, now.cost),)
    return Result("aco", begin, cost, 0, 0, now.elapsed, reason, trace=trace)


def slice_of(items: int) -> int:
    """Return the iterations of a slice: a few tenths of a second, and a part of an exchange.

    Between slices the best plan is scored, which takes as long as hundreds of ants.
    """
    parts = (n for n in range(2, EXCHANGE_EVERY // 4 + 1) if EXCHANGE_EVERY % n == 0)
    return max((n for n in parts if n * items <= SLICE_ITEMS), default=2)


def best_of(problem: MillProblem, schedules: list[Schedule]) -> Schedule:
    """Return the feasible schedule of least cost; the least cost where none is feasible."""

    def rank(schedule: Schedule) -> tuple[bool, float]:
        evaluation = evaluate(problem, schedule)
        return not evaluation.feasible, evaluation.cost

    return min(schedules, key=rank)
