"""Blocks as arrays: what the decoder and the ants read of the catalogue."""

from typing import NamedTuple

from scheduler.arrays import IntArray, Records, record

BLOCK_ROW = record(
    "product", "first", "length", "variant", "first_cut", "end_cut", "cost", "skip", "mass"
)
"""A block: the run of ``length`` items of ``product`` from item ``first``; its cuts are rows
``first_cut:end_cut``. ``cost``: money that does not depend on when or where it is rolled (stock,
crop, cut, surplus, margin, shortage); ``skip``: shortage and margin money when it is not made;
``mass``: g charged, 0 where the block does not exist."""

CUT_ROW = record("format", "billets", "first_piece", "end_piece")
"""Billets of one format cut alike into the pieces of rows ``first_piece:end_piece``."""

PIECE_ROW = record("order", "pieces")

PRODUCT_ROW = record("first_id", "first_item", "items", "grade", "section")
"""A product: id of its first block, number of its first item among all, and of its items."""


class Blocks(NamedTuple):
    """All blocks: records of blocks, cuts, pieces and products.

    longest, variants: as in the formula of ids in ``solvers.mill.catalogue``. Format f has the
    stock rows ``format_row[format_ptr[f]:format_ptr[f + 1]]``, latest heat first.
    """

    block: Records
    cut: Records
    piece: Records
    product: Records
    longest: int
    variants: int
    format_ptr: IntArray
    format_row: IntArray
