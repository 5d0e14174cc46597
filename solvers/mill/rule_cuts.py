"""How a planner cuts a lot: first-fit decreasing from the standard billet.

The standard billet of a grade is the format there is most of (the heaviest among equals) among
those that hold the lot's longest piece. Pieces go longest first into the first billet with room;
the last billet is left away when all lower bounds hold without it and it is less than half full,
else filled up inside the tolerance.
"""

from collections.abc import Sequence

from scheduler.arrays import MillArrays
from solvers.mill.block_cuts import BlockCut
from solvers.mill.catalogue import Book, Run
from solvers.mill.products import Item


def rule_cuts(book: Book, run: Run) -> tuple[BlockCut, ...]:
    """Return the planner's cuts of a run; none where no billet can make it, or none is wanted."""
    items = book.items(run)
    if book.mill.orders.piece[items[0].order] == 0:
        cuts = (coil_cut(book, run, item) for item in items)
        return tuple(cut for cut in cuts if cut is not None)
    longest = max(int(book.mill.orders.piece[item.order]) for item in items)
    for f in by_preference(book, run):
        if (room := usable(book, run, f)) >= longest:
            return first_fit(book.mill, items, f, room)
    return ()


def by_preference(book: Book, run: Run) -> list[int]:
    """Return the formats of a run's grade, the standard billet first."""
    stock = book.mill.stock

    def rank(f: int) -> tuple[int, int]:
        rows = book.formats.rows(f)
        return -int(stock.limit[rows].sum()), -int(stock.mass[rows[0]])

    return sorted(book.products[run.product].formats, key=rank)


def usable(book: Book, run: Run, f: int) -> int:
    """Return the usable g of a billet of format ``f`` in the run's section."""
    section = book.products[run.product].section
    return int(book.mill.usable[book.formats.rows(f)[0], section])


def coil_cut(book: Book, run: Run, item: Item) -> BlockCut | None:
    """Return the billets of the first format whose coil fits, their number nearest the target."""
    order = book.mill.orders[item.order]
    for f in by_preference(book, run):
        coil = usable(book, run, f)
        if order.coil_min <= coil <= order.coil_max:
            count = max(1, round(item.target / coil))
            if count * coil > item.upper and (count - 1) * coil >= item.lower:
                count -= 1
            elif count * coil < item.lower:
                count += 1
            return BlockCut(f, count, ((item.order, 1),)) if count else None
    return None


def first_fit(mill: MillArrays, items: Sequence[Item], f: int, room: int) -> tuple[BlockCut, ...]:
    """Return the first-fit-decreasing cuts of fixed lengths from format ``f``.

    ``room`` is a billet's usable g, which holds every piece.
    """
    piece = {item.order: int(mill.orders.piece[item.order]) for item in items}
    lower, left, upper = bounds(items)
    longest_first = sorted(left, key=lambda o: -piece[o])
    cuts: list[BlockCut] = []
    while any(left.values()):
        billet = fill(longest_first, piece, left, room)
        equal = min(left[o] // number for o, number in billet.items())
        for o, number in billet.items():
            left[o] -= equal * number
        cuts.append(BlockCut(f, equal, tuple(billet.items())))
    return trim_last(cuts, (lower, upper), piece, room) if cuts else ()


def bounds(items: Sequence[Item]) -> tuple[dict[int, int], dict[int, int], dict[int, int]]:
    """Return lower bounds, targets and upper bounds (pieces) by order."""
    lower, target, upper = dict[int, int](), dict[int, int](), dict[int, int]()
    for item in items:
        lower[item.order] = lower.get(item.order, 0) + item.lower
        target[item.order] = target.get(item.order, 0) + item.target
        upper[item.order] = upper.get(item.order, 0) + item.upper
    return lower, target, upper


def fill(
    orders: Sequence[int], piece: dict[int, int], left: dict[int, int], room: int
) -> dict[int, int]:
    """Return the pieces by order that a billet gets from what is ``left``."""
    billet: dict[int, int] = {}
    for o in orders:
        if number := min(left[o], room // piece[o]):
            billet[o] = number
            room -= number * piece[o]
    return billet


def trim_last(
    cuts: list[BlockCut],
    limits: tuple[dict[int, int], dict[int, int]],
    piece: dict[int, int],
    room: int,
) -> tuple[BlockCut, ...]:
    """Leave the last billet away, or fill it up, as the tolerances (lower, upper) allow."""
    lower, upper = limits
    made = dict.fromkeys(piece, 0)
    for cut in cuts:
        for o, number in cut.pieces:
            made[o] += cut.billets * number
    before = [*cuts[:-1], with_more(cuts[-1], -1)] if cuts[-1].billets > 1 else cuts[:-1]
    last = dict(cuts[-1].pieces)
    full = sum(number * piece[o] for o, number in last.items())
    spare = all(made[o] - last.get(o, 0) >= lower[o] for o in piece)
    if spare and 2 * full < room and before:
        return tuple(before)
    left = {o: upper[o] - made[o] for o in piece}
    more = fill(sorted(piece, key=lambda o: -piece[o]), piece, left, room - full)
    for o, number in more.items():
        last[o] = last.get(o, 0) + number
    pieces = tuple(last.items())
    if before and before[-1].pieces == pieces:
        return (*before[:-1], with_more(before[-1], 1))
    return (*before, BlockCut(cuts[-1].format, 1, pieces))


def with_more(cut: BlockCut, more: int) -> BlockCut:
    """Return the cut with ``more`` billets more."""
    return BlockCut(cut.format, cut.billets + more, cut.pieces)
