"""The table of fields of a schedule file (``antmill-schedule-1``)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from instances.fields.containers import ListOf, MapOf
from instances.fields.elements import REQUIRED, Element, Field
from instances.fields.instants import Instant
from instances.fields.kinds import Anything, Choice, Number, Schema, Text
from instances.fields.place import Place, Report
from instances.fields.quick import Doubt, Quick, quick_reader
from instances.fields.units import COUNT
from scheduler.schedule import Cut, LinePlan, Lot, Schedule

FORMAT = "antmill-schedule-1"

INFO = Field("info", "info", Anything(), "for the reader's eyes; not read back", None, "none")


@dataclass(frozen=True, slots=True)
class Tagged:
    """One of several elements, told apart by their field ``type``."""

    elements: Mapping[str, Element]

    def read(self, value: Any, place: Place) -> Any:
        """Return what the element named by ``type`` reads."""
        if not isinstance(value, Mapping):
            return place.refuse("not_an_object", value, "an object is expected", self.text())
        kind = value.get("type")
        if not isinstance(kind, str) or kind not in self.elements:
            detail = "'type' is missing or unknown"
            return (place / "type").refuse("unknown_choice", kind, detail, self.text())
        return self.elements[kind].read(value, place)

    def write(self, value: Any, start: datetime) -> Any:
        """Return what the element named by ``type`` writes."""
        return self.elements[value["type"]].write(value, start)

    def schema(self) -> Schema:
        """Return the choice between the elements' schemas."""
        return {"oneOf": [element.schema() for element in self.elements.values()]}

    def text(self) -> str:
        """Return the types."""
        return "object with type " + " or ".join(f'"{name}"' for name in self.elements)


@quick_reader.register
def _quick_tagged(kind: Tagged) -> Quick:
    readers = {name: quick_reader(element) for name, element in kind.elements.items()}

    def read(value: Any, report: Report) -> Any:
        name = value.get("type") if type(value) is dict else None
        if type(name) is not str or name not in readers:
            raise Doubt
        return readers[name].read(value, report)

    return Quick.of(read)


def _type(name: str) -> Field:
    return Field("type", "type", Choice((name,)), "what it is", REQUIRED)


CUT = Element(
    "cut",
    "Consecutive billets that are cut alike.",
    (
        Field("stock", "stock", Text(), "id of their stock row"),
        Field("count", "count", Number(COUNT, 1, 1_000_000, whole=True), "how many billets"),
        Field(
            "pieces",
            "pieces",
            MapOf(Number(COUNT, 1, 1_000_000, whole=True)),
            "order id to its pieces from each billet, in cutting order (a coil order: 1)",
        ),
    ),
    Cut,
)

CHANGEOVER = Element(
    "changeover",
    "The changeover before the next lot.",
    (
        _type("changeover"),
        Field("start", "start", Instant(), "when it begins", None, "as early as possible"),
        INFO,
    ),
)

GROOVE_CHANGE = Element(
    "groove_change",
    "A change to a new groove of the next lot's section.",
    (
        _type("groove_change"),
        Field("section", "section", Text(), "the next lot's section"),
        Field("start", "start", Instant(), "when it begins", None, "as early as possible"),
        INFO,
    ),
)

LOT = Element(
    "lot",
    "Consecutive billets of one grade and section.",
    (
        _type("lot"),
        Field("start", "start", Instant(), "start of its first billet"),
        Field("grade", "grade", Text(), "id of its grade"),
        Field("section", "section", Text(), "id of its section"),
        Field("cuts", "cuts", ListOf(CUT, 100_000, low=1), "its billets in rolling order"),
        INFO,
    ),
)


def _lots_of(elements: tuple[dict[str, Any], ...]) -> tuple[Lot, ...]:
    """Fold changes into the lots that they come before."""
    lots = []
    before: dict[str, dict[str, Any]] = {}
    for element in elements:
        if element["type"] != "lot":
            before[element["type"]] = element
            continue
        groove = before.get("groove_change")
        lots.append(
            Lot(
                start=element["start"],
                section=element["section"],
                grade=element["grade"],
                cuts=element["cuts"],
                groove_change=groove is not None,
                changeover_start=before.get("changeover", {}).get("start"),
                groove_change_start=groove["start"] if groove else None,
            )
        )
        before = {}
    return tuple(lots)


def _check_changes(inside: Mapping[str, Any], place: Place) -> bool:
    """Report changes without a following lot, twice before one, or of another section."""
    before: dict[str, int] = {}
    faults = len(place.report.issues)
    elements = inside["elements"]
    for index, element in enumerate(elements):
        if element["type"] != "lot":
            if element["type"] in before:
                detail = f"a second {element['type']} before the same lot"
                (place / "elements" / index).refuse("duplicate_change", element["type"], detail)
            before[element["type"]] = index
            continue
        groove = before.get("groove_change")
        if groove is not None and elements[groove]["section"] != element["section"]:
            (place / "elements" / groove / "section").refuse(
                "wrong_section",
                elements[groove]["section"],
                "a groove change belongs to the section of the lot after it",
                f'"{element["section"]}"',
            )
        before = {}
    for index in before.values():
        detail = "no lot follows this change"
        (place / "elements" / index).refuse("dangling_change", elements[index]["type"], detail)
    return len(place.report.issues) == faults


def _elements_of(lots: tuple[Lot, ...]) -> list[dict[str, Any]]:
    """Return the changes and lots of a line; changeovers only where their start is chosen."""
    elements: list[dict[str, Any]] = []
    for lot in lots:
        if lot.changeover_start is not None:
            elements.append({"type": "changeover", "start": lot.changeover_start, "info": None})
        if lot.groove_change:
            elements.append(
                {
                    "type": "groove_change",
                    "section": lot.section,
                    "start": lot.groove_change_start,
                    "info": None,
                }
            )
        elements.append(
            {
                "type": "lot",
                "start": lot.start,
                "grade": lot.grade,
                "section": lot.section,
                "cuts": lot.cuts,
                "info": None,
            }
        )
    return elements


def _line_plan(line: str, elements: tuple[dict[str, Any], ...]) -> LinePlan:
    return LinePlan(line, _lots_of(elements))


def _line_parts(plan: LinePlan) -> dict[str, Any]:
    return {"line": plan.line, "elements": _elements_of(plan.lots)}


LINE_PLAN = Element(
    "line_plan",
    "What one line does.",
    (
        Field("line", "line", Text(), "id of the line"),
        Field(
            "elements",
            "elements",
            ListOf(
                Tagged({"changeover": CHANGEOVER, "groove_change": GROOVE_CHANGE, "lot": LOT}),
                100_000,
            ),
            "changes and lots in rolling order",
        ),
    ),
    _line_plan,
    _line_parts,
    check=_check_changes,
)


def _check_lines(inside: Mapping[str, Any], place: Place) -> bool:
    seen: set[str] = set()
    sound = True
    for index, plan in enumerate(inside["lines"]):
        if plan.line in seen:
            where = place / "lines" / index / "line"
            where.refuse("duplicate_id", plan.line, "the line is planned a second time")
            sound = False
        seen.add(plan.line)
    return sound


def _schedule(format: str, lines: tuple[LinePlan, ...]) -> Schedule:
    return Schedule(lines)


SCHEDULE = Element(
    "schedule",
    "What every line does.",
    (
        Field("format", "format", Choice((FORMAT,)), "this file format"),
        Field("lines", "lines", ListOf(LINE_PLAN, 20), "lines; one without lots may be left out"),
    ),
    _schedule,
    lambda schedule: {"format": FORMAT, "lines": schedule.lines},
    check=_check_lines,
)
