"""From a line's first start to its last end: base load, holding gas, and the power peak."""

from fractions import Fraction

from scheduler.arrays import MILLION
from scheduler.costs import POWER_SLOT
from scheduler.mill import MONEY
from solvers.or_tools.mill_bound.data import UNIT, Data
from solvers.or_tools.mill_bound.masses import Masses, energy, extremes
from solvers.or_tools.mill_bound.program import Program

HOUR = 3600
FLOOR_W = 3
"""W that the evaluator's floors may take off a slot: 1 J a billet, one billet a second, 1 W."""


class Span:
    """Variables (l, b), shares of a fine piece: behind the first start, and behind the last end.

    The furnace burns gas to hold it in every second between that is not rolled.
    """

    def __init__(self, data: Data, program: Program, masses: Masses) -> None:
        self.data, self.program, self.masses = data, program, masses
        self.begun: dict[tuple[int, int], int] = {}
        self.over: dict[tuple[int, int], int] = {}
        for line in data.lines:
            self._line(line)
        self._peak()

    def running(self, line: int, b: int, factor: Fraction) -> list[tuple[int, Fraction]]:
        """Return the terms of ``factor`` times the share between first start and last end."""
        return [(self.begun[line, b], factor), (self.over[line, b], -factor)]

    def _line(self, line: int) -> None:
        data, program = self.data, self.program
        held = Fraction(int(data.mill.lines[line].holding), HOUR)
        for b, piece in enumerate(data.grid.fine):
            prices = self._prices(line, b)
            begun = program.variable(1, **prices)
            over = program.variable(1, **{part: -money for part, money in prices.items()})
            self.begun[line, b], self.over[line, b] = begun, over
            program.at_most([(over, 1), (begun, -1)], 0)
            if b:
                program.at_most([(self.begun[line, b - 1], 1), (begun, -1)], 0)
                program.at_most([(self.over[line, b - 1], 1), (over, -1)], 0)
            rolled = self.masses.sections[line, b]
            for s, v in rolled:
                seconds = self.masses.most[line, s] * UNIT
                program.add_price(v, **gas_money(data, -held * seconds))
            hours = [(v, self.masses.hours(line, s)) for s, v in rolled]
            length = Fraction(-piece.length, HOUR)
            program.at_most([*hours, *self.running(line, b, length)], 0)
        self._rounding(line)

    def _prices(self, line: int, b: int) -> dict[str, Fraction]:
        """Return the money of a whole fine piece in which nothing is rolled."""
        data, piece = self.data, self.data.grid.fine[b]
        row, tariff, idle = data.mill.lines[line], data.mill.tariff, data.mill.idle
        wh = Fraction(int(row.holding) * piece.length, HOUR)
        for w in range(idle.ptr[line], idle.ptr[line + 1]):
            inside = idle.start[w] <= piece.start and piece.end <= idle.end[w]
            if inside and idle.end[w] - idle.start[w] > row.shut_down_after:
                first = piece.start == max(0, idle.start[w])
                wh = Fraction(int(row.cold_start) if first else 0)
        prices = gas_money(data, wh)
        price, _ = extremes(tariff.electricity, piece.start, piece.end)
        energy_mwh = Fraction(int(row.base_load) * piece.length, 3_600_000_000)
        prices["base_electricity"] = energy_mwh * price / MONEY
        if tariff.watch_carbon:
            least, _ = extremes(tariff.carbon, piece.start, piece.end)
            prices["co2"] += energy_mwh * least * tariff.co2 / MILLION / MONEY
        return prices

    def _rounding(self, line: int) -> None:
        """Allow for the evaluator's floors of a line: gas, base load, and their CO2."""
        gram = Fraction(self.data.problem.tariff.co2, MILLION)
        load = Fraction(int(self.data.mill.lines[line].base_load), 3_600_000) + 2
        wh = sum(gas_money(self.data, Fraction(1)).values())
        self.program.constant["rounding"] -= wh + (1 + load + (4 + load) * gram) / MONEY

    def _peak(self) -> None:
        """Let the peak be no lower than the mean power of any row of whole slots."""
        data, program = self.data, self.program
        tariff, first = data.problem.tariff, data.mill.tariff.first_slot
        if tariff.peak == 0:
            return
        kilowatt = Fraction(tariff.peak, MONEY)
        peak = program.variable(10**7, peak=kilowatt)
        program.constant["rounding"] -= FLOOR_W * kilowatt / 1000 + Fraction(1, MONEY)
        group: list[int] = []
        start = first
        for b, piece in enumerate(data.grid.fine):
            group.append(b)
            last = b + 1 == len(data.grid.fine)
            if (piece.end - first) % POWER_SLOT == 0 or last:
                end = piece.end + -(piece.end - first) % POWER_SLOT
                energies = [term for c in group for term in self._energy(c)]
                program.at_most([(peak, Fraction(start - end, HOUR)), *energies], 0)
                group, start = [], end

    def _energy(self, b: int) -> list[tuple[int, Fraction]]:
        """Return the terms of the kWh of a fine piece, all lines together."""
        data, masses = self.data, self.masses
        length = Fraction(data.grid.fine[b].length, HOUR)
        terms: list[tuple[int, Fraction]] = []
        for line in data.lines:
            load = Fraction(int(data.mill.lines[line].base_load), 1000)
            terms += self.running(line, b, load * length)
            terms += [(v, energy(data, s)[0] * UNIT / 1000) for s, v in masses.sections[line, b]]
        return terms


def gas_money(data: Data, wh: Fraction) -> dict[str, Fraction]:
    """Return the money of gas and of its CO2."""
    tariff = data.problem.tariff
    return {
        "holding_gas": wh * tariff.gas / MILLION / MONEY,
        "co2": wh * tariff.gas_emissions * tariff.co2 / MILLION**2 / MONEY,
    }
