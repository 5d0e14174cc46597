"""Constraints on what a line carries from lot to lot: groove wear, campaigns, lot numbers."""

from collections.abc import Callable, Iterable

from solvers.or_tools.mill.model import DEPOT, Literal, MillModel, Route, Visit

Kind = Callable[[Visit], object]
"""What must be equal for consecutive lots to belong to one run."""


def wear_grooves(model: MillModel) -> None:
    """Wear no groove beyond its life, nor beyond what the orders rolled on it allow.

    ``wear[i]`` is the wear of one section's groove after lot i; it is passed along the arcs, also
    through lots of other sections. Only an upper limit matters, so it may be overestimated.
    """
    for route in model.routes:
        for section in sorted({model.visits[i].candidate.section for i in route.visits}):
            _wear_groove(model, route, section)


def _wear_groove(model: MillModel, route: Route, section: int) -> None:
    mine = [i for i in route.visits if model.visits[i].candidate.section == section]
    start = int(model.mill.wear[route.line, section])
    limits = [int(model.visits[i].options.wear_limit.min()) for i in mine]
    if start + sum(int(model.visits[i].options.charged.max()) for i in mine) <= min(limits):
        return
    most = max(start, *(int(model.visits[i].options.wear_limit.max()) for i in mine))
    wear = {i: model.integer(0, max(0, most)) for i in route.visits}
    for i in mine:
        visit = model.visits[i]
        limit = visit.total(visit.options.wear_limit)
        model.cp.add(wear[i] <= limit).only_enforce_if(visit.present)
        model.cp.add(wear[i] >= visit.charged)
    for (i, j), arc in route.arcs.items():
        if j == DEPOT:
            continue
        before = start if i == DEPOT else wear[i]
        if j in mine:
            b = model.visits[j]
            goes_on = (arc, b.groove.Not())
            model.cp.add(wear[j] >= before + b.charged).only_enforce_if(*goes_on)
        else:
            model.cp.add(wear[j] >= before).only_enforce_if(arc)


def size_campaigns(model: MillModel) -> None:
    """Keep campaign lots (consecutive lots of one grade and section) within their bounds."""
    rules = model.problem.campaign
    if rules.lot_min is None and rules.lot_max is None:
        return

    def kind(visit: Visit) -> object:
        return visit.candidate.section, visit.candidate.grade

    for route in model.routes:
        run = run_masses(model, route, route.visits, kind)
        for i in route.visits:
            if rules.lot_max is not None:
                model.cp.add(run[i] <= rules.lot_max)
        for (i, j), arc in route.arcs.items():
            ends = j == DEPOT or (i != DEPOT and not _same(model, kind, i, j))
            if rules.lot_min is not None and i != DEPOT and ends:
                model.cp.add(run[i] >= rules.lot_min).only_enforce_if(arc)


def limit_family_runs(model: MillModel) -> None:
    """Roll no more than so much of a section or grade family in a row."""
    sections, grades, rules = model.problem.sections, model.problem.grades, model.problem.campaign

    def section_family(visit: Visit) -> object:
        return sections[visit.candidate.section].family

    def grade_family(visit: Visit) -> object:
        return grades[visit.candidate.grade].family

    for kind, limits in (
        (section_family, dict(rules.section_family_max)),
        (grade_family, dict(rules.grade_family_max)),
    ):
        for route in model.routes:
            mine = [i for i in route.visits if kind(model.visits[i]) in limits]
            run = run_masses(model, route, mine, kind)
            for i in mine:
                model.cp.add(run[i] <= limits[str(kind(model.visits[i]))])


def run_masses(
    model: MillModel, route: Route, visits: Iterable[int], kind: Kind
) -> dict[int, Literal]:
    """Return for each of ``visits`` the g rolled since its run of one kind began."""
    run = {}
    for i in visits:
        same = (v for v in route.visits if _same(model, kind, v, i))
        most = sum(int(model.visits[v].options.charged.max()) for v in same)
        run[i] = model.integer(0, most)
        model.cp.add(run[i] == 0).only_enforce_if(model.visits[i].present.Not())
    for (i, j), arc in route.arcs.items():
        if j in run:
            goes_on = i != DEPOT and _same(model, kind, i, j)
            before = run[i] if goes_on else 0
            model.cp.add(run[j] == before + model.visits[j].charged).only_enforce_if(arc)
    return run


def _same(model: MillModel, kind: Kind, i: int, j: int) -> bool:
    return kind(model.visits[i]) == kind(model.visits[j])


def lock_positions(model: MillModel) -> None:
    """Make orders locked to a lot number, and only in campaign lots of that number."""
    locked = {
        o: order.lock.position
        for o, order in enumerate(model.problem.orders)
        if order.lock is not None and order.lock.position is not None
    }
    for o in locked:
        model.cp.add(model.is_made[o] == 1)
    if not locked:
        return
    for route in model.routes:
        number = campaign_numbers(model, route)
        for i in route.visits:
            for o, position in locked.items():
                for k in carrying(model.visits[i], o):
                    literal = model.visits[i].chosen[k]
                    model.cp.add(number[i] == position).only_enforce_if(literal)


def campaign_numbers(model: MillModel, route: Route) -> dict[int, Literal]:
    """Return for each lot of a line the number, from 1, of its campaign lot."""
    number = {i: model.integer(0, max(1, len(route.visits))) for i in route.visits}
    for (i, j), arc in route.arcs.items():
        if j == DEPOT:
            continue
        if i == DEPOT:
            model.cp.add(number[j] == 1).only_enforce_if(arc)
            continue
        a, b = model.visits[i].candidate, model.visits[j].candidate
        step = int((a.section, a.grade) != (b.section, b.grade))
        model.cp.add(number[j] == number[i] + step).only_enforce_if(arc)
    return number


def carrying(visit: Visit, order: int) -> list[int]:
    """Return the options of a lot that carry ``order``."""
    made = visit.options.made.get(order)
    return [] if made is None else [k for k, amount in enumerate(made.tolist()) if amount > 0]


__all__ = [
    "carrying",
    "limit_family_runs",
    "lock_positions",
    "size_campaigns",
    "wear_grooves",
]
