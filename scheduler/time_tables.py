"""What changes with time, as tables: cooling steel, prices and carbon intensities."""

import math

import numpy as np

from scheduler.arrays import IntArray, SeriesArrays
from scheduler.mill import Series, Stock

NEAR_HALF = 1e-6
"""0.1 C around a half in which two exponentials could round apart."""


def temperature_table(stock: Stock, ambient: int) -> IntArray:
    """Return the charge temperature (0.1 C) by whole minutes since the row became available.

    Rounded as ``round(ambient + excess * math.exp(...))``; numpy's exponential, which may differ
    in its last bits, decides only where that cannot matter.
    """
    if stock.cooling_time_constant is None:
        return np.array([stock.charge_temperature], dtype=np.int64)
    tau = stock.cooling_time_constant
    excess = stock.charge_temperature - ambient
    minutes = np.arange(math.ceil(10 * tau / 60) + 1)
    exact = ambient + excess * np.exp(-60 * minutes / tau)
    table = np.rint(exact).astype(np.int64)
    for m in np.flatnonzero(np.abs(exact - np.floor(exact) - 0.5) < NEAR_HALF).tolist():
        table[m] = round(ambient + excess * math.exp(-60 * m / tau))
    return table


def series_arrays(series: Series | None) -> SeriesArrays:
    """Return a price or intensity series with its prefix sums from second 0."""
    if series is None:
        series = Series(0, 3600, (0,))
    values = np.array(series.values, dtype=np.int64)
    total = np.concatenate(([0], np.cumsum(values[:-1] * series.slot)))
    slot = min(max(-series.start // series.slot, 0), len(values) - 1)
    at_zero = total[slot] + (-series.start - slot * series.slot) * values[slot]
    return SeriesArrays(series.start, series.slot, values, total - at_zero)
