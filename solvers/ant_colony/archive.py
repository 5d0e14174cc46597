"""An archive of the best compromises found: points that no other point covers.

It takes any number of objectives, all minimised, and any solution that is a row of whole numbers,
so every colony with several objectives can share it, and kernels can fill it.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scheduler.kernel import kernel_in_place


class Archive(NamedTuple):
    """Points in no particular order; everything but ``tolerance`` is changed in place.

    values (cap, k) float64: objectives of each point; rows (cap, m) int32: its solution;
    points (1,) int64: how many there are; tolerance (k,) float64: differences of an
    objective up to this are rounding.
    """

    values: NDArray[np.float64]
    rows: NDArray[np.int32]
    points: NDArray[np.int64]
    tolerance: NDArray[np.float64]


def empty_archive(capacity: int, width: int, tolerance: NDArray[np.float64]) -> Archive:
    """Return an archive for ``capacity`` points whose solutions have ``width`` numbers."""
    return Archive(
        np.zeros((capacity, len(tolerance))),
        np.zeros((capacity, width), dtype=np.int32),
        np.zeros(1, dtype=np.int64),
        np.array(tolerance, dtype=np.float64),
    )


@kernel_in_place
def is_covered(archive: Archive, values: NDArray[np.float64]) -> bool:
    """Whether a point of ``archive`` is no worse than ``values`` (k,) in every objective."""
    for point in range(archive.points[0]):
        covers = True
        for k in range(values.shape[0]):
            if archive.values[point, k] > values[k] + archive.tolerance[k]:
                covers = False
        if covers:
            return True
    return False


@kernel_in_place
def drop_covered(archive: Archive, values: NDArray[np.float64]) -> None:
    """Remove all points that are no better than ``values`` (k,) in any objective."""
    point = 0
    while point < archive.points[0]:
        covered = True
        for k in range(values.shape[0]):
            if archive.values[point, k] < values[k]:
                covered = False
        if covered:
            remove(archive, point)
        else:
            point += 1


@kernel_in_place
def remove(archive: Archive, point: int) -> None:
    """Remove a point; the last one takes its index."""
    archive.points[0] -= 1
    last = archive.points[0]
    for k in range(archive.values.shape[1]):
        archive.values[point, k] = archive.values[last, k]
    for k in range(archive.rows.shape[1]):
        archive.rows[point, k] = archive.rows[last, k]


@kernel_in_place
def offer(archive: Archive, values: NDArray[np.float64], row: NDArray[np.int32]) -> bool:
    """Add a point (values (k,), row (m,)) unless it is covered, and drop what it covers.

    Return whether it was added. A full archive takes only points that cover one of its own.
    """
    if is_covered(archive, values):
        return False
    drop_covered(archive, values)
    last = archive.points[0]
    if last == archive.values.shape[0]:
        return False
    for k in range(values.shape[0]):
        archive.values[last, k] = values[k]
    for k in range(row.shape[0]):
        archive.rows[last, k] = row[k]
    archive.points[0] += 1
    return True


def merge(archive: Archive, other: Archive) -> None:
    """Offer every point of ``other`` to ``archive``."""
    for point in range(int(other.points[0])):
        offer(archive, other.values[point].copy(), other.rows[point].copy())
