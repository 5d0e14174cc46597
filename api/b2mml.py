"""A plan as an operations schedule in B2MML V0601 (ISA-95 / IEC 62264), for MES that read it.

A lot is an ``OperationsRequest`` with one segment: its line as equipment, the billets of each stock
row as material consumed, the pieces of each order as material produced. The order of elements is
the schema's (``B2MML-V0601-OperationsSchedule.xsd`` of MESA International).
"""

from collections.abc import Mapping
from xml.etree import ElementTree as Xml

from scheduler.clock import instant
from scheduler.lot_rows import CutRow, LotRow
from scheduler.report import Report

VERSION = "V0601"
NAMESPACE = f"http://www.mesa.org/xml/B2MML-{VERSION}"
NOTICE = (
    " The Business To Manufacturing Markup Language (B2MML) is used courtesy of MESA"
    " International. "
)
STATES = {
    "NotAllowedToStart": "Held",
    "AllowedToStart": "Released",
    "Running": "Running",
    "Interrupted": "Paused",
    "Ended": "Completed",
    "Aborted": "Aborted",
}
"""States of OPC 10031-4 as B2MML's request states; a lot that was not released is a forecast."""


def operations_schedule(
    report: Report, schedule: str, states: Mapping[tuple[str, int], str]
) -> str:
    """Return the document; ``states`` are those of released lots, by (line, lot number)."""
    root = Xml.Element("OperationsSchedule", xmlns=NAMESPACE)
    root.append(Xml.Comment(NOTICE))
    _text(root, "ID", schedule)
    _text(root, "OperationsType", "Production")
    bars = [row.bar for row in report.lots]
    if bars:
        _text(root, "StartTime", _at(report, min(bar.start for bar in bars)))
        _text(root, "EndTime", _at(report, max(bar.end for bar in bars)))
    _text(root, "ScheduleState", "Released" if states else "Forecast")
    for row in report.lots:
        state = STATES.get(states.get((row.bar.line, row.bar.number), ""), "Forecast")
        _request(root, report, f"{schedule}/{row.bar.line}/{row.bar.number}", row, state)
    Xml.indent(root)
    return Xml.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _request(root: Xml.Element, report: Report, name: str, row: LotRow, state: str) -> None:
    bar = row.bar
    start, end = _at(report, bar.start), _at(report, bar.end)
    request = Xml.SubElement(root, "OperationsRequest")
    _text(request, "ID", name)
    _text(request, "OperationsType", "Production")
    _text(request, "StartTime", start)
    _text(request, "EndTime", end)
    _text(request, "RequestState", state)
    segment = Xml.SubElement(request, "SegmentRequirement")
    _text(segment, "ID", name)
    _text(segment, "ProcessSegmentID", "Rolling")
    _text(segment, "EarliestStartTime", start)
    _text(segment, "LatestEndTime", end)
    _text(segment, "Duration", f"PT{bar.end - bar.start}S")
    for parameter, value in (("Section", bar.section), ("Grade", bar.grade)):
        _value(Xml.SubElement(segment, "SegmentParameter"), parameter, value)
    equipment = Xml.SubElement(segment, "EquipmentRequirement")
    _text(equipment, "EquipmentID", bar.line)
    for cut in row.cuts:
        _consumed(segment, bar.grade, cut)
    for order in dict.fromkeys(name for cut in row.cuts for name, _ in cut.pieces):
        pieces = sum(cut.count * n for cut in row.cuts for name, n in cut.pieces if name == order)
        _produced(segment, f"{bar.section} {bar.grade}", order, pieces)


def _consumed(segment: Xml.Element, grade: str, cut: CutRow) -> None:
    material = Xml.SubElement(segment, "MaterialRequirement")
    _text(material, "MaterialDefinitionID", grade)
    _text(material, "MaterialLotID", cut.stock)
    _text(material, "MaterialUse", "Consumed")
    _quantity(material, cut.count, "billet")
    pieces = "; ".join(f"{order} x {number}" for order, number in cut.pieces)
    _value(Xml.SubElement(material, "MaterialRequirementProperty"), "PiecesPerBillet", pieces)


def _produced(segment: Xml.Element, product: str, order: str, pieces: int) -> None:
    material = Xml.SubElement(segment, "MaterialRequirement")
    _text(material, "MaterialDefinitionID", product)
    _text(material, "MaterialUse", "Produced")
    _quantity(material, pieces, "piece")
    _value(Xml.SubElement(material, "MaterialRequirementProperty"), "Order", order)


def _text(parent: Xml.Element, name: str, text: str) -> None:
    Xml.SubElement(parent, name).text = text


def _value(parent: Xml.Element, name: str, text: str) -> None:
    _text(parent, "ID", name)
    value = Xml.SubElement(parent, "Value")
    _text(value, "ValueString", text)
    _text(value, "DataType", "string")


def _quantity(parent: Xml.Element, number: int, unit: str) -> None:
    quantity = Xml.SubElement(parent, "Quantity")
    _text(quantity, "QuantityString", str(number))
    _text(quantity, "DataType", "integer")
    _text(quantity, "UnitOfMeasure", unit)


def _at(report: Report, seconds: int) -> str:
    return instant(report.gantt.origin, seconds).isoformat()
