"""Blocks that a colony cuts for itself, kept in spare rows behind the catalogue's.

Kernels see one set of arrays; only this module writes to the spare rows.
"""

from collections.abc import Iterable

import numpy as np

from scheduler.arrays import Records
from solvers.mill.block_cuts import BlockCut
from solvers.mill.catalogue import Catalogue, Run, billet_mass, fixed_cost, quantity_cost

CUTS, PIECES = 40, 160
"""Most cuts and pieces of a block that is kept."""

CUSTOM = -1
"""Variant of a block that is not the catalogue's."""


class CustomBlocks:
    """A catalogue's blocks with ``slots`` spare ones, numbered from ``first``."""

    def __init__(self, catalogue: Catalogue, slots: int) -> None:
        base, book = catalogue.blocks, catalogue.book
        self.book, self.first, self.slots = book, len(base.block), slots
        self.contents: dict[int, tuple[Run, tuple[BlockCut, ...]]] = {}
        self._block = extended(base.block, slots)
        self._cut = extended(base.cut, slots * CUTS)
        self._piece = extended(base.piece, slots * PIECES)
        self._cuts, self._pieces = len(base.cut), len(base.piece)
        views = {
            "block": frozen(self._block),
            "cut": frozen(self._cut),
            "piece": frozen(self._piece),
        }
        self.blocks = base._replace(**views)

    def free(self, taken: Iterable[int]) -> int | None:
        """Return the id of a spare block that is not among the ids ``taken``."""
        in_use = set(taken)
        spare = range(self.first, self.first + self.slots)
        return next((block for block in spare if block not in in_use), None)

    def put(self, block: int, run: Run, cuts: tuple[BlockCut, ...]) -> bool:
        """Write a block to the spare row ``block``; False when it has too many cuts."""
        pieces = sum(len(cut.pieces) for cut in cuts)
        if not cuts or len(cuts) > CUTS or pieces > PIECES:
            return False
        slot = block - self.first
        cut_row, piece_row = self._cuts + slot * CUTS, self._pieces + slot * PIECES
        row = self._block[block]
        row.product, row.first, row.length = run.product, run.first, run.length
        row.variant, row.first_cut, row.end_cut = CUSTOM, cut_row, cut_row + len(cuts)
        row.cost = fixed_cost(self.book, run, cuts)
        row.skip = quantity_cost(self.book, self.book.items(run), {})
        row.mass = sum(billet_mass(self.book, cut.format) * cut.billets for cut in cuts)
        for cut in cuts:
            end = piece_row + len(cut.pieces)
            self._cut[cut_row] = (cut.format, cut.billets, piece_row, end)
            for piece in cut.pieces:
                self._piece[piece_row] = piece
                piece_row += 1
            cut_row += 1
        self.contents[block] = run, cuts
        return True


def extended(rows: Records, spare: int) -> Records:
    """Return a writable copy with ``spare`` empty rows more."""
    more = np.zeros(spare, dtype=rows.dtype)
    return np.concatenate((np.asarray(rows), more)).view(np.recarray)


def frozen(rows: Records) -> Records:
    """Return a read-only view."""
    view = rows.view()
    view.flags.writeable = False
    return view
