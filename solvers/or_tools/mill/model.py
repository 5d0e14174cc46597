"""The model's variables: a visit for each candidate lot, a route and a span for each line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import gcd

import numpy as np
from ortools.sat.python import cp_model

from scheduler.arrays import IntArray, MillArrays
from scheduler.mill import MillProblem
from scheduler.mill_arrays import arrays_of, ints
from solvers.or_tools.mill.candidates import Candidate
from solvers.or_tools.mill.options import Options, options_of

Literal = cp_model.IntVar
Expression = cp_model.LinearExpr | int

DEPOT = -1
"""The node before a line's first lot and after its last one."""


@dataclass(eq=False)
class Visit:
    """The variables of one candidate lot.

    chosen (k,): the option taken. present: whether it is rolled. start, end, charged: s, s, g,
    0 when it is not. groove: whether its groove is changed before it.
    """

    candidate: Candidate
    options: Options
    chosen: list[Literal]
    present: Literal
    start: Literal
    end: Literal
    charged: Literal
    groove: Literal

    def total(self, column: IntArray) -> Expression:
        """Return the value of an options column (k,) at the option taken; 0 when absent."""
        used = np.flatnonzero(column)
        chosen = [self.chosen[k] for k in used]
        return cp_model.LinearExpr.weighted_sum(chosen, column[used].tolist())


@dataclass(eq=False)
class Route:
    """The variables of one line.

    visits: indices into the model's. arcs: (i, j) -> literal, DEPOT for the ends. used: whether
    the line rolls anything. first_start, last_end: s, 0 when it does not.
    """

    line: int
    visits: list[int]
    arcs: dict[tuple[int, int], Literal]
    used: Literal
    first_start: Literal
    last_end: Literal

    def between(self) -> Iterator[tuple[int, int, Literal]]:
        """Yield the arcs (i, j, literal) between two lots."""
        return ((i, j, arc) for (i, j), arc in self.arcs.items() if DEPOT not in (i, j))


@dataclass(eq=False)
class MillModel:
    """A CP-SAT model of a mill problem over given candidates.

    impossible: a kept lot breaks a rule by itself. made: pieces, or g of coils, by order; parts:
    how much of it lies below the lower bound, between the bounds, above the upper one. last: s of
    each order's last piece, 0 when it is not made. is_made: whether anything of it is. holding: Wh
    by line. slot_energy: J of each 15-minute slot by line, empty when power does not matter.
    terms: money of each cost term.
    """

    problem: MillProblem
    mill: MillArrays
    cp: cp_model.CpModel
    visits: list[Visit]
    routes: list[Route]
    impossible: bool = False
    made: list[Literal] = field(default_factory=list)
    parts: list[tuple[Literal, Literal, Literal]] = field(default_factory=list)
    last: list[Literal] = field(default_factory=list)
    is_made: list[Literal] = field(default_factory=list)
    holding: list[Expression] = field(default_factory=list)
    slot_energy: dict[int, list[Expression]] = field(default_factory=dict)
    terms: dict[str, Expression] = field(default_factory=dict)

    def integer(self, low: int, high: int, name: str = "") -> Literal:
        """Return a new integer variable."""
        return self.cp.new_int_var(low, high, name)

    def boolean(self, name: str = "") -> Literal:
        """Return a new Boolean variable."""
        return self.cp.new_bool_var(name)

    def carriers(self, order: int) -> Iterator[Visit]:
        """Yield the visits that may make ``order``."""
        return (visit for visit in self.visits if order in visit.options.made)

    def floored(self, amount: Expression, divisor: int) -> Expression:
        """Return floor(amount / divisor).

        The whole quotients of the coefficients stay with their variables, where the relaxation
        sees them; only what their remainders add up to needs a variable of its own.
        """
        if isinstance(amount, int):
            return amount // divisor
        flat = cp_model.FlatIntExpr(amount)
        variables = list(flat.vars)
        whole, rest = zip(
            *(divmod(int(c), divisor) for c in (*flat.coeffs, flat.offset)), strict=True
        )
        result = cp_model.LinearExpr.weighted_sum(variables, whole[:-1]) + whole[-1]
        kept = [k for k, r in enumerate(rest[:-1]) if r]
        if not kept:
            return result
        common = gcd(divisor, *(rest[k] for k in kept))
        weights = [rest[k] // common for k in kept]
        carry = cp_model.LinearExpr.weighted_sum([variables[k] for k in kept], weights)
        carry += rest[-1] // common
        divisor //= common
        low, high = bounds(carry)
        quotient = self.integer(low // divisor, high // divisor)
        self.cp.add_linear_constraint(carry - divisor * quotient, 0, divisor - 1)
        return result + quotient

    def at_least(self, amount: Expression, least: int) -> Literal:
        """Return max(amount, least)."""
        low, high = bounds(amount)
        result = self.integer(max(low, least), max(high, least))
        self.cp.add_max_equality(result, [amount, least])
        return result

    def at_most(self, amount: Expression, most: int) -> Literal:
        """Return min(amount, most)."""
        low, high = bounds(amount)
        result = self.integer(min(low, most), min(high, most))
        self.cp.add_min_equality(result, [amount, most])
        return result


def bounds(amount: Expression) -> tuple[int, int]:
    """Return the least and the largest value that the variables' domains allow."""
    if isinstance(amount, int):
        return amount, amount
    flat = cp_model.FlatIntExpr(amount)
    low = high = int(flat.offset)
    for variable, weight in zip(flat.vars, flat.coeffs, strict=True):
        domain = list(variable.proto.domain)
        ends = (int(weight) * domain[0], int(weight) * domain[-1])
        low, high = low + min(ends), high + max(ends)
    return low, high


def new_model(problem: MillProblem, candidates: Sequence[Candidate], starts: IntArray) -> MillModel:
    """Return the variables for ``candidates``; those without starts of their own use ``starts``.

    Candidates that have no option left are dropped.
    """
    mill = arrays_of(problem)
    cp = cp_model.CpModel()
    known: dict[tuple[int, int, tuple[int, ...] | None], Options] = {}
    visits: list[Visit] = []
    impossible = False
    for candidate in candidates:
        key = (candidate.line, id(candidate.contents), candidate.starts)
        if key not in known:
            own = starts if candidate.starts is None else ints(candidate.starts)
            known[key] = options_of(problem, candidate, own)
        if len(known[key]):
            visits.append(new_visit(cp, problem, candidate, known[key], len(visits)))
        impossible |= candidate.kept is not None and not len(known[key])
    routes = [new_route(cp, problem, line, visits) for line in range(len(problem.lines))]
    return MillModel(problem, mill, cp, visits, routes, impossible)


def new_visit(
    cp: cp_model.CpModel, problem: MillProblem, candidate: Candidate, options: Options, i: int
) -> Visit:
    """Return the variables of one candidate."""
    name = f"lot{i}"
    return Visit(
        candidate,
        options,
        chosen=[cp.new_bool_var(f"{name}.{k}") for k in range(len(options))],
        present=cp.new_bool_var(name),
        start=cp.new_int_var(0, problem.horizon, f"{name}.start"),
        end=cp.new_int_var(0, problem.horizon, f"{name}.end"),
        charged=cp.new_int_var(0, int(options.charged.max()), f"{name}.charged"),
        groove=cp.new_bool_var(f"{name}.groove"),
    )


def new_route(
    cp: cp_model.CpModel, problem: MillProblem, line: int, visits: Sequence[Visit]
) -> Route:
    """Return the variables of one line, with an arc for every pair that may follow each other."""
    mine = [i for i, visit in enumerate(visits) if visit.candidate.line == line]
    nodes = [DEPOT, *mine]
    kept = [DEPOT, *kept_visits(visits, mine), DEPOT]
    in_row, fixed = set(pairwise(kept)), set(kept[1:-1])
    arcs = {
        (i, j): cp.new_bool_var(f"line{line}.{i}.{j}")
        for i in nodes
        for j in nodes
        if i != j
        and may_follow(visits, i, j)
        and (not fixed or not {i, j} <= {DEPOT, *fixed} or (i, j) in in_row)
    }
    return Route(
        line,
        mine,
        arcs,
        used=cp.new_bool_var(f"line{line}"),
        first_start=cp.new_int_var(0, problem.horizon, f"line{line}.start"),
        last_end=cp.new_int_var(0, problem.horizon, f"line{line}.end"),
    )


def kept_visits(visits: Sequence[Visit], mine: Sequence[int]) -> list[int]:
    """Return the kept lots among ``mine``, in their order."""
    kept = [i for i in mine if visits[i].candidate.kept is not None]
    return sorted(kept, key=lambda i: visits[i].candidate.kept or 0)


def may_follow(visits: Sequence[Visit], i: int, j: int) -> bool:
    """Whether lot j could come right after lot i.

    Interchangeable lots keep their order, and some option of i must end before j's last start.
    """
    if DEPOT in (i, j):
        return True
    a, b = visits[i], visits[j]
    if a.candidate.twin is not None and a.candidate.twin == b.candidate.twin and i > j:
        return False
    return bool(a.options.end.min() <= b.options.start.max())


def twins(model: MillModel) -> Iterator[tuple[Visit, Visit]]:
    """Yield neighbouring interchangeable visits."""
    for a, b in pairwise(model.visits):
        if a.candidate.twin is not None and a.candidate.twin == b.candidate.twin:
            yield a, b
