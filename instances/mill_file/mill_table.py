"""The table of fields of a mill problem file (``antmill-problem-1``)."""

from instances.fields.containers import ListOf
from instances.fields.elements import EMPTY, Element
from instances.fields.instants import Instant, StartInstant, TimeZone
from instances.fields.kinds import Choice, Number, Text
from instances.fields.units import CELSIUS
from instances.mill_file.book_table import ORDER, STOCK
from instances.mill_file.line_table import LINE
from instances.mill_file.plant_table import CHANGEOVERS, GRADE, SECTION
from instances.mill_file.price_table import CAMPAIGN, TARIFF, WEIGHTS
from instances.mill_file.schedule_table import SCHEDULE
from instances.mill_file.table_parts import neutral, optional, required
from scheduler.mill import Freeze

FORMAT = "antmill-problem-1"

HORIZON = Element(
    "horizon",
    "The time that is planned.",
    (
        required("start", "start", StartInstant(), "all instants count from here"),
        required("end", "horizon", Instant(), "no lot may end later"),
        neutral(
            "time_zone",
            "time_zone",
            TimeZone(),
            "",
            "the mill's clock, with its summer time",
            "the offset of `start`",
        ),
    ),
)


FREEZE = Element(
    "freeze",
    "What already runs or is released.",
    (
        required("until", "until", Instant(), "lots that start earlier stay"),
        required("schedule", "schedule", SCHEDULE, "the schedule that they are part of"),
    ),
    Freeze,
)


PROBLEM = Element(
    "problem",
    "A mill's order book, plant and prices over one horizon.",
    (
        required("format", "format", Choice((FORMAT,)), "this file format"),
        neutral("name", "name", Text(200), "", "title of the book", "the file's name"),
        neutral("currency", "currency", Text(8), "EUR", "of all money"),
        neutral("source", "source", Text(2000), "", "where the data come from", "none"),
        required("horizon", "", HORIZON, "what is planned"),
        neutral(
            "ambient_temperature_c",
            "ambient_temperature",
            Number(CELSIUS, -40, 60),
            200,
            "to which hot billets cool",
        ),
        optional("lines", "lines", ListOf(LINE, 20, low=1), "rolling lines", "one line `L1`"),
        required("sections", "sections", ListOf(SECTION, 2000, low=1), "product sizes"),
        required("grades", "grades", ListOf(GRADE, 2000, low=1), "steel grades"),
        optional(
            "section_changes", "section_changes", CHANGEOVERS, "changes of section", "see above"
        ),
        optional("grade_changes", "grade_changes", CHANGEOVERS, "changes of grade", "see above"),
        required("stock", "stock", ListOf(STOCK, 20_000, low=1), "billets"),
        required("orders", "orders", ListOf(ORDER, 20_000, low=1), "order book"),
        neutral("tariff", "tariff", TARIFF, EMPTY, "energy prices", "the tariff's defaults"),
        neutral("weights", "weights", WEIGHTS, EMPTY, "other prices", "the weights' defaults"),
        neutral(
            "campaign", "campaign", CAMPAIGN, EMPTY, "bounds on what is rolled in a row", "free"
        ),
        optional("freeze", "freeze", FREEZE, "frozen start of the plan"),
    ),
)
