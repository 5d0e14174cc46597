"""The public sets of instances: where each comes from, what may be done with it, what is known.

None is shipped. ``antmill data`` lists them, the benchmarks run them; both look for them below one
folder, ``ANTMILL_DATA``, laid out as ``folder`` and ``pattern`` say.
"""

import csv
import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from scheduler.evaluation import evaluate
from scheduler.front import Front, front_of
from scheduler.sequence_evaluation import front_point

DEFAULT_FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data"

Reference = Callable[[Path, Any], float | None]
"""The best known objective of (instance file, problem); None where nothing is known."""


Fronts = Callable[[Path, Any], Front | None]
"""The best published front of (instance file, problem); None where nothing is known."""


@dataclass(frozen=True, slots=True)
class PublicFiles:
    """Public files ``pattern`` in ``folder``, what they are and whose.

    objective: what is measured with them. source: publication and where to download.
    """

    name: str
    title: str
    folder: str
    pattern: str
    objective: str
    source: str
    licence: str

    def files(self, data: Path) -> list[Path]:
        """Return the files below ``data``, in natural order."""
        return sorted((data / self.folder).glob(self.pattern), key=natural)


@dataclass(frozen=True, slots=True)
class PublicSet(PublicFiles):
    """One public set of instances.

    reference: the best known objective, read from the set's own list. front: likewise, of fronts.
    """

    reference: Reference
    front: Fronts | None = None


DAY_AHEAD = PublicFiles(
    "day_ahead",
    "day-ahead electricity prices of Germany and Luxembourg, hourly, 2020 and 2023",
    "energy",
    "day_ahead_DE_2020_2023.csv",
    "prices of generated books",
    "ENTSO-E Transparency Platform, day-ahead prices, bidding zone DE-LU",
    "terms of the Transparency Platform",
)
CARBON_INTENSITY = PublicFiles(
    "carbon_intensity",
    "carbon intensity of the German grid, every 15 minutes, 2020",
    "energy",
    "carbon_intensity_DE_2020_15min.csv",
    "CO2 of generated books' electricity",
    "Wiesner et al., Let's Wait Awhile, Middleware 2021, the paper's data",
    "see the source",
)


def data_folder() -> Path:
    """Return the folder that holds the public sets: ``ANTMILL_DATA``, or the default."""
    return Path(os.environ.get("ANTMILL_DATA") or DEFAULT_FOLDER)


def natural(path: Path) -> list[int | str]:
    """Return a key that sorts ``cgl_9`` before ``cgl_10``."""
    return [int(part) if part.isdecimal() else part for part in re.split(r"(\d+)", path.stem)]


def listed(value: str, key: Callable[[Path], str] = lambda path: path.stem) -> Reference:
    """Return a reference that looks up ``value`` in the folder's ``best_known.csv``.

    The row is the one whose first column is ``key`` of the instance's file.
    """

    def reference(path: Path, problem: Any) -> float | None:
        return _column(path.parent / "best_known.csv", key(path), "", value)

    return reference


def _number(path: Path) -> str:
    found = re.search(r"\d+", path.stem)
    return found.group() if found else path.stem


def _column(file: Path, wanted: str, key: str, value: str) -> float | None:
    """Return ``value`` of the row of a CSV file whose ``key`` (or first) column is ``wanted``."""
    if not file.is_file():
        return None
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if (row[key] if key else next(iter(row.values()))) == wanted:
                return float(row[value]) if row[value] else None
    return None


def _atsp(path: Path, problem: Any) -> float | None:
    return _upstream(path, "Problem", f"atsplib/{path.name}")


# The list of SOP has two rows swapped and one empty; these are TSPLIB95's own figures.
SOP_CORRECTIONS = {"prob.42": 243.0, "prob.100": 1163.0, "ESC11": 2075.0}


def _sop(path: Path, problem: Any) -> float | None:
    if path.stem in SOP_CORRECTIONS:
        return SOP_CORRECTIONS[path.stem]
    return _upstream(path, "Path", f"sequentialordering/tsplib/{path.name}")


def _upstream(path: Path, key: str, wanted: str) -> float | None:
    file = path.parent / "best_known_upstream.csv"
    return _column(file, wanted, key, "Best known solution value")


def _published_front(path: Path, problem: Any) -> Front | None:
    """Return the best published front, its sequences scored anew."""
    file = path.parent / "published_fronts.json"
    if not file.is_file():
        return None
    points = json.loads(file.read_text(encoding="utf-8")).get(_number(path), [])
    return front_of(front_point(problem, point["seq"]) for point in points) if points else None


def _published_hypervolume(path: Path, problem: Any) -> float | None:
    front = _published_front(path, problem)
    return None if front is None else evaluate(problem, front).objective


TSPLIB = PublicSet(
    "atsp",
    "TSPLIB asymmetric travelling salesman",
    "tsplib/atsp",
    "*.atsp",
    "length of the tour",
    "Reinelt, TSPLIB95 (University of Heidelberg)",
    "free for research; see TSPLIB95",
    _atsp,
)

CATALOGUE: dict[str, PublicSet] = {
    public.name: public
    for public in (
        PublicSet(
            "galvanizing",
            "real days of a hot-dip galvanizing line, 17 to 114 coils",
            "galvanizing",
            "cgl_*.txt",
            "cost of the path through all coils",
            "Alvarez-Gil, Mendeley Data, doi 10.17632/v357z2ncbh.2; "
            "Computers & Industrial Engineering 165 (2022) 107908",
            "CC BY 4.0",
            listed("optimum"),
        ),
        PublicSet(
            "heat_treatment",
            "real schedules of a steel company's heat-treatment line, 37 to 112 jobs",
            "heat_treatment",
            "instance*_parameters.json",
            "hypervolume of the front of (tardiness, energy cost); more is better",
            "Gomes, Ravetti, Carrano, Computers & Industrial Engineering 151 (2021) 106929",
            "CC BY-SA 4.0",
            _published_hypervolume,
            _published_front,
        ),
        PublicSet(
            "slab_design",
            "steel-mill slab design, 111 real orders",
            "slab_design",
            "*.json",
            "loss",
            "CSPLib problem 038; capacities of Schaus et al. (2011)",
            "as CSPLib states it",
            listed("optimal_loss"),
        ),
        PublicSet(
            "tardiness_setups",
            "weighted tardiness with sequence-dependent set-ups, 60 jobs",
            "tardiness_setups",
            "*.instance",
            "weighted tardiness",
            "Cicirello and Smith, Journal of Heuristics 11 (2005); WTSDS benchmark",
            "as its author states it",
            listed("unverified_optimum", _number),
        ),
        TSPLIB,
        replace(
            TSPLIB,
            name="sop",
            title="TSPLIB sequential ordering",
            folder="tsplib/sop",
            pattern="*.sop",
            objective="length of the path",
            reference=_sop,
        ),
        PublicSet(
            "generated",
            "our own asymmetric matrices: uniform, and like a rolling mill's changes",
            "tsplib/generated",
            "*.atsp",
            "length of the tour",
            "this project",
            "Apache-2.0",
            listed("best_known"),
        ),
        PublicSet(
            "cutting_stock",
            "Falkenauer's uniform and triplet sets",
            "cutting_stock",
            "*.txt",
            "rolls",
            "Falkenauer, Journal of Heuristics 2 (1996); OR-Library, binpack1 to binpack8",
            "free; see OR-Library",
            listed("best_known"),
        ),
    )
}
"""All sets by name, in the order in which they are listed."""
