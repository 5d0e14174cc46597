"""The table of the order book's fields: stock and orders."""

from typing import Any, NamedTuple

from instances.fields.elements import Element, Field, OneOf
from instances.fields.instants import Instant
from instances.fields.kinds import Flag, Number
from instances.fields.units import (
    COUNT,
    KILOGRAM,
    MILLIMETRE,
    MINUTE,
    MONEY_PER_TONNE,
    PERCENT,
    WEIGHT,
)
from instances.mill_file.table_parts import (
    ID,
    IDS,
    PRICE_PER_TONNE,
    TEMPERATURE,
    estimate,
    neutral,
    optional,
    required,
)
from scheduler.mill import NEVER, Coil, Lock, Stock

STOCK = Element(
    "stock",
    "Billets of one format, or one heat.",
    (
        required("id", "id", ID, "name of the row"),
        required("grade", "grade", ID, "id of its grade"),
        required("mass_kg", "mass", Number(KILOGRAM, 10, 20_000), "mass of a billet"),
        Field(
            "count",
            "count",
            Number(COUNT, 0, 1_000_000, whole=True),
            "how many billets there are",
            NEVER,
            "no limit",
            null=True,
        ),
        optional("available_from", "available_from", Instant(), "furnace entry", "already there"),
        neutral(
            "charge_temperature_c",
            "charge_temperature",
            TEMPERATURE,
            200,
            "when it becomes available",
        ),
        optional(
            "cooling_time_constant_min",
            "cooling_time_constant",
            Number(MINUTE, 1, 10_000),
            "of its exponential cooling to the ambient temperature",
            "it keeps its temperature",
        ),
        estimate("cost_per_t", "cost", Number(MONEY_PER_TONNE, 0, 100_000), 520, "of its steel"),
    ),
    Stock,
)


COIL = Element(
    "coil",
    "The weight of a coil.",
    (
        required("min", "minimum", Number(KILOGRAM, 1, 20_000), "lightest coil"),
        required("max", "maximum", Number(KILOGRAM, 1, 20_000), "heaviest coil"),
    ),
    Coil,
)


LOCK = Element(
    "lock",
    "Where or when an order must be made.",
    (
        optional("line", "line", ID, "id of its line", "any"),
        optional(
            "position",
            "position",
            Number(COUNT, 1, 10_000, whole=True),
            "number of its campaign lot on the line, from 1",
            "any",
        ),
        optional("start_not_before", "start_not_before", Instant(), "of its first billet"),
        optional("start_exactly", "start_exactly", Instant(), "of its first billet"),
    ),
    Lock,
)


class OrderRow(NamedTuple):
    """A row's values in inside units; ``order_rows`` completes it to an order."""

    id: str
    grade: str
    section: str
    length: Any
    coil: Coil | None
    quantity_pieces: Any
    quantity: Any
    under: int | None
    over: int | None
    minimum_pieces: int | None
    maximum_pieces: int | None
    minimum: int | None
    maximum: int | None
    release: int | None
    due_date: int | None
    deadline: int | None
    weight: int
    lines: tuple[str, ...]
    may_split_lines: bool
    max_groove_wear: int
    predecessors: tuple[str, ...]
    lock: Lock | None
    margin: int | None
    shortage: int | None


TOLERANCE = Number(PERCENT, 0, 100)
PIECES = Number(COUNT, 0, 10_000_000, whole=True)
QUANTITY = Number(KILOGRAM, 0, 1e8)
TOLERANCE_TEXT = "10 below 40 t ordered, else 6"

ORDER = Element(
    "order",
    "What a customer wants.",
    (
        required("id", "id", ID, "name of the order"),
        required("grade", "grade", ID, "id of its grade"),
        required("section", "section", ID, "id of its section"),
        optional(
            "length_mm",
            "length",
            Number(MILLIMETRE, 100, 1_000_000, whole=True),
            "length of a piece",
            "a coil order",
        ),
        optional("coil_kg", "coil", COIL, "one coil a billet", "a fixed-length order"),
        optional(
            "quantity_pieces",
            "quantity_pieces",
            Number(COUNT, 1, 10_000_000, whole=True),
            "ordered pieces; not of coils",
            "in kg",
        ),
        optional("quantity_kg", "quantity", Number(KILOGRAM, 1, 1e8), "ordered mass", "in pieces"),
        optional(
            "under_tolerance_percent",
            "under",
            TOLERANCE,
            "may be missing",
            TOLERANCE_TEXT,
        ),
        optional("over_tolerance_percent", "over", TOLERANCE, "may be too much", TOLERANCE_TEXT),
        optional("minimum_pieces", "minimum_pieces", PIECES, "instead of the under tolerance"),
        optional("maximum_pieces", "maximum_pieces", PIECES, "instead of the over tolerance"),
        optional("minimum_kg", "minimum", QUANTITY, "instead of the under tolerance"),
        optional("maximum_kg", "maximum", QUANTITY, "instead of the over tolerance"),
        optional("release", "release", Instant(), "its first billet does not start earlier"),
        optional(
            "due_date",
            "due_date",
            Instant(),
            "its last billet should have ended",
            "the horizon's end",
        ),
        optional("deadline", "deadline", Instant(), "its last billet must have ended"),
        neutral("weight", "weight", Number(WEIGHT, 0, 1000), 1000, "of its lateness"),
        neutral("lines", "lines", IDS, (), "ids of the lines that may make it", "all"),
        neutral(
            "may_split_lines", "may_split_lines", Flag(), True, "whether several lines may share it"
        ),
        neutral(
            "max_groove_wear_percent",
            "max_groove_wear",
            Number(PERCENT, 0, 100),
            1_000_000,
            "of the groove's life, for surface-critical work",
        ),
        neutral(
            "predecessors",
            "predecessors",
            IDS,
            (),
            "ids of orders rolled to their end before",
            "none",
        ),
        optional("lock", "lock", LOCK, "where or when it must be made", "free"),
        optional(
            "margin_per_t",
            "margin",
            PRICE_PER_TONNE,
            "worth of a tonne more inside the tolerance, before steel and making",
            "what making it costs, see above",
        ),
        optional(
            "shortage_per_t",
            "shortage",
            Number(MONEY_PER_TONNE, 0, 1_000_000),
            "price of a missing tonne, above the margin",
            "4 x margin",
        ),
    ),
    OrderRow,
    one_of=(
        OneOf(("length_mm", "coil_kg"), needed=True),
        OneOf(("quantity_pieces", "quantity_kg"), needed=True),
        OneOf(("under_tolerance_percent", "minimum_pieces", "minimum_kg")),
        OneOf(("over_tolerance_percent", "maximum_pieces", "maximum_kg")),
        OneOf(("coil_kg", "quantity_pieces")),
        OneOf(("coil_kg", "minimum_pieces")),
        OneOf(("coil_kg", "maximum_pieces")),
    ),
)
