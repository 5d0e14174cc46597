"""The table of fields of a mill problem file (``antmill-problem-1``).

Ranges keep every product and sum of the evaluator inside int64; they are wider than any plant.
Defaults marked ``estimate`` are figures of a typical bar mill, to be replaced by the plant's own.
"""

from typing import Any

from instances.elements import EMPTY, REQUIRED, Element, Field, OneOf
from instances.kinds import Choice, Flag, Instant, ListOf, MapOf, Number, StartInstant, Text
from instances.schedule_table import SCHEDULE
from instances.units import (
    CELSIUS,
    CELSIUS_PER_MINUTE,
    COUNT,
    FACTOR,
    GRAM_PER_KILOWATT_HOUR,
    HEAT_CAPACITY,
    KILOGRAM,
    KILOGRAM_PER_METRE,
    KILOWATT,
    KILOWATT_HOUR,
    KILOWATT_HOUR_PER_TONNE,
    MILLIMETRE,
    MINUTE,
    MONEY,
    MONEY_PER_HOUR,
    MONEY_PER_KILOWATT,
    MONEY_PER_MEGAWATT_HOUR,
    MONEY_PER_TONNE,
    PERCENT,
    TONNE_PER_HOUR,
    WEIGHT,
    Unit,
)
from scheduler.mill import (
    NEVER,
    CampaignRules,
    Change,
    Changeovers,
    Closure,
    Coil,
    Freeze,
    Furnace,
    Grade,
    Line,
    Lock,
    LotKind,
    Section,
    Stock,
    Weights,
)

FORMAT = "antmill-problem-1"

ID = Text()
IDS = ListOf(ID, 1000)
PRICE_PER_TONNE = Number(MONEY_PER_TONNE, -100_000, 100_000)
TEMPERATURE = Number(CELSIUS, -40, 1500)
CHANGE_MINUTES = Number(MINUTE, 0, 10_000)
SCRAP = Number(KILOGRAM, 0, 1_000_000)
LOT_MASS = Number(KILOGRAM, 1, 1e9)


def required(name: str, inside: str, kind: Any, meaning: str) -> Field:
    """Return a field that must be given."""
    return Field(name, inside, kind, meaning, REQUIRED)


def optional(name: str, inside: str, kind: Any, meaning: str, text: str = "none") -> Field:
    """Return a field that may be absent or null."""
    return Field(name, inside, kind, meaning, None, text)


def estimate(name: str, inside: str, kind: Number, default: float, meaning: str) -> Field:
    """Return a field whose default, in the file's unit, is an estimate."""
    return Field(name, inside, kind, meaning, _inside(kind.unit, default), estimate=True)


def neutral(name: str, inside: str, kind: Any, default: Any, meaning: str, text: str = "") -> Field:
    """Return a field whose default, an inside value, changes nothing."""
    return Field(name, inside, kind, meaning, default, text)


def _inside(unit: Unit, number: float) -> int:
    return round(number * unit.factor)


HORIZON = Element(
    "horizon",
    "The time that is planned.",
    (
        required("start", "start", StartInstant(), "all instants count from here"),
        required("end", "horizon", Instant(), "no lot may end later"),
    ),
)

CLOSURE = Element(
    "closure",
    "A time in which a line does not roll.",
    (
        neutral(
            "kind",
            "kind",
            Choice(("closed", "maintenance")),
            "closed",
            "in maintenance changeovers and groove changes may run, when closed nothing does",
        ),
        required("start", "start", Instant(), "first second without rolling"),
        required("end", "end", Instant(), "rolling goes on from here"),
    ),
    Closure,
)

LOT_KIND = Element(
    "lot_kind",
    "What a line's first or last lot must be.",
    (
        required("section", "section", ID, "id of a section"),
        optional("grade", "grade", ID, "id of a grade", "any"),
    ),
    LotKind,
)

FURNACE = Element(
    "furnace",
    "A line's reheating furnace.",
    (
        estimate(
            "holding_kw",
            "holding_w",
            Number(KILOWATT, 0, 1e5),
            6000,
            "gas burnt in every second in which the running line does not roll",
        ),
        estimate(
            "residence_min",
            "residence",
            Number(MINUTE, 0, 1440),
            90,
            "time a billet spends inside before it is rolled",
        ),
        estimate(
            "efficiency_percent",
            "efficiency",
            Number(PERCENT, 1, 100),
            60,
            "share of the gas that reaches the steel",
        ),
        estimate(
            "specific_heat_kj_per_kg_k",
            "specific_heat",
            Number(HEAT_CAPACITY, 0.1, 2),
            0.68,
            "mean from charge to discharge temperature",
        ),
        estimate(
            "heating_c_per_min",
            "heating_rate",
            Number(CELSIUS_PER_MINUTE, 0.1, 100),
            3,
            "speed at which the set temperature rises",
        ),
        estimate(
            "cooling_c_per_min",
            "cooling_rate",
            Number(CELSIUS_PER_MINUTE, 0.1, 100),
            2,
            "speed at which it falls",
        ),
        estimate(
            "shut_down_after_min",
            "shut_down_after",
            Number(MINUTE, 0, 1e5),
            480,
            "a closure longer than this is a cold start instead of holding",
        ),
        estimate(
            "cold_start_kwh",
            "cold_start_wh",
            Number(KILOWATT_HOUR, 0, 1e7),
            60_000,
            "gas of a cold start",
        ),
    ),
    Furnace,
)

INITIAL = Element(
    "initial",
    "What a line is set to at the horizon's start; what is unknown costs no first change.",
    (
        optional("section", "initial_section", ID, "section whose grooves are in", "unknown"),
        optional("grade", "initial_grade", ID, "grade rolled last", "unknown"),
        optional(
            "furnace_temperature_c",
            "initial_temperature",
            TEMPERATURE,
            "set temperature of the furnace",
            "unknown",
        ),
        neutral(
            "groove_wear_kg",
            "initial_wear",
            MapOf(Number(KILOGRAM, 0, 1e9)),
            (),
            "mass rolled on a section's groove since it was changed",
            "0 for every section",
        ),
    ),
)

LINE = Element(
    "line",
    "A rolling line with its furnace.",
    (
        required("id", "id", ID, "name of the line"),
        neutral("sections", "sections", IDS, (), "ids of the sections it can roll", "all"),
        neutral(
            "rate_factor",
            "rate_factor",
            Number(FACTOR, 0.01, 10),
            1_000_000,
            "multiplies the sections' rates",
        ),
        neutral("ready", "ready", Instant(), 0, "nothing starts earlier", "the horizon's start"),
        neutral("initial", "", INITIAL, EMPTY, "its state at the horizon's start", "unknown"),
        neutral("closures", "closures", ListOf(CLOSURE, 1000), (), "its calendar", "none"),
        estimate(
            "base_load_kw",
            "base_load",
            Number(KILOWATT, 0, 1e5),
            2000,
            "electric power from first start to last end, beside the rolling energy",
        ),
        optional("power_cap_kw", "power_cap", Number(KILOWATT, 0, 1e6), "highest mean of a slot"),
        optional(
            "cooling_bed_mm",
            "cooling_bed",
            Number(MILLIMETRE, 100, 1e6, whole=True),
            "longest piece",
        ),
        neutral("furnace", "furnace", FURNACE, EMPTY, "its furnace", "the furnace's defaults"),
        optional("first_lot", "first_lot", LOT_KIND, "what its first lot must be", "free"),
        optional("last_lot", "last_lot", LOT_KIND, "what its last lot must be", "free"),
    ),
    Line,
)

SECTION = Element(
    "section",
    "A product size.",
    (
        required("id", "id", ID, "name of the section"),
        neutral("family", "family", ID, "all", "sections of a family change over alike"),
        required(
            "kg_per_m", "mass_per_metre", Number(KILOGRAM_PER_METRE, 0.05, 1000), "mass of a metre"
        ),
        estimate("rate_t_per_h", "rate", Number(TONNE_PER_HOUR, 1, 1000), 90, "charged mass"),
        neutral(
            "rate_t_per_h_by_grade",
            "rate_by_grade",
            MapOf(Number(TONNE_PER_HOUR, 1, 1000)),
            (),
            "rates of single grades",
            "the section's rate",
        ),
        estimate(
            "rolling_kwh_per_t",
            "rolling_energy",
            Number(KILOWATT_HOUR_PER_TONNE, 0, 1000),
            90,
            "electricity for a charged tonne",
        ),
        estimate(
            "crop_kg",
            "crop",
            Number(KILOGRAM, 0, 1000),
            14,
            "head and tail (rod: ring trim) cut off a billet",
        ),
        neutral(
            "kerf_mm",
            "kerf",
            Number(MILLIMETRE, 0, 100, whole=True),
            0,
            "what the saw takes with each piece",
        ),
        estimate(
            "groove_life_kg",
            "groove_life",
            Number(KILOGRAM, 1000, 1e8),
            300_000,
            "charged mass that a groove stands",
        ),
        estimate(
            "groove_change_min",
            "groove_change_time",
            CHANGE_MINUTES,
            12,
            "changing to a new groove of the same section",
        ),
        estimate("groove_change_scrap_kg", "groove_change_scrap", SCRAP, 500, "test bars after it"),
    ),
    Section,
)

GRADE = Element(
    "grade",
    "A steel grade.",
    (
        required("id", "id", ID, "name of the grade"),
        neutral("family", "family", ID, "all", "grades of a family change over alike"),
        estimate(
            "discharge_temperature_c",
            "discharge_temperature",
            Number(CELSIUS, 700, 1400),
            1150,
            "at which billets leave the furnace",
        ),
        estimate("scale_percent", "scale", Number(PERCENT, 0, 20), 0.9, "loss of charged mass"),
        neutral(
            "density_kg_per_m3",
            "density",
            Number(COUNT, 1000, 20_000, whole=True),
            7850,
            "kg/m3; `kg_per_m` of the sections is for 7850",
        ),
    ),
    Grade,
)

CHANGE = Element(
    "change",
    "Changing from one section (grade) or family to another.",
    (
        required("from", "source", ID, "id, or family"),
        required("to", "target", ID, "id, or family"),
        neutral("minutes", "time", CHANGE_MINUTES, 0, "the line stands"),
        neutral("scrap_kg", "scrap", SCRAP, 0, "test bars after it"),
        neutral("forbidden", "forbidden", Flag(), False, "whether it may never happen"),
    ),
    Change,
)

CHANGEOVERS = Element(
    "changeovers",
    "Asymmetric changes, by family with exceptions for single pairs.",
    (
        neutral(
            "by_family",
            "by_family",
            ListOf(CHANGE, 100_000),
            (),
            "families; from a family to itself is a change inside it",
            "none",
        ),
        neutral("pairs", "pairs", ListOf(CHANGE, 100_000), (), "ids; they come first", "none"),
    ),
    Changeovers,
)

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
            "predecessors", "predecessors", IDS, (), "ids of orders rolled to their end before"
        ),
        optional("lock", "lock", LOCK, "where or when it must be made", "free"),
        optional(
            "margin_per_t",
            "margin",
            Number(MONEY_PER_TONNE, 0, 100_000),
            "worth of a tonne more inside the tolerance, before steel and making",
            "the neutral margin, see below",
        ),
        optional(
            "shortage_per_t",
            "shortage",
            Number(MONEY_PER_TONNE, 0, 1_000_000),
            "price of a missing tonne, above the margin",
            "4 x margin",
        ),
    ),
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


def _series(name: str, meaning: str, values: str, kind: Number) -> Element:
    return Element(
        name,
        meaning,
        (
            neutral("start", "start", Instant(), 0, "of the first slot", "the horizon's start"),
            optional(
                "slot_minutes",
                "slot",
                Number(MINUTE, 1, 1_000_000),
                "length of a slot",
                "60; a single value holds for the whole horizon",
            ),
            required(values, "values", ListOf(kind, 100_000, low=1), "one value a slot"),
        ),
    )


PRICES = _series(
    "electricity_prices",
    "Electricity prices; they must cover the horizon.",
    "price_per_mwh",
    Number(MONEY_PER_MEGAWATT_HOUR, -10_000, 10_000),
)
INTENSITY = _series(
    "carbon_intensity",
    "Emissions of the grid; they must cover the horizon.",
    "g_per_kwh",
    Number(GRAM_PER_KILOWATT_HOUR, 0, 5000),
)

TARIFF = Element(
    "tariff",
    "Energy prices and emissions.",
    (
        optional(
            "electricity", "electricity", PRICES, "electricity prices", "80 flat *(estimate)*"
        ),
        estimate(
            "gas_per_mwh", "gas", Number(MONEY_PER_MEGAWATT_HOUR, 0, 10_000), 35, "price of gas"
        ),
        neutral(
            "gas_g_co2_per_kwh",
            "gas_emissions",
            Number(GRAM_PER_KILOWATT_HOUR, 0, 5000),
            201_600,
            "of burnt gas",
        ),
        optional(
            "carbon_intensity", "carbon_intensity", INTENSITY, "of electricity", "no such CO2"
        ),
        neutral("co2_per_t", "co2", Number(MONEY_PER_TONNE, 0, 10_000), 0, "price of CO2"),
        neutral(
            "peak_per_kw",
            "peak",
            Number(MONEY_PER_KILOWATT, 0, 10_000),
            0,
            "price of the highest quarter hour's mean power",
        ),
        optional("power_cap_kw", "power_cap", Number(KILOWATT, 0, 1e6), "of all lines together"),
    ),
)

_WEIGHT_FIELDS = (
    ("crop_resale_per_t", PRICE_PER_TONNE, "crop scrap sold"),
    ("cut_resale_per_t", PRICE_PER_TONNE, "cut scrap sold"),
    ("transition_resale_per_t", PRICE_PER_TONNE, "transition scrap sold"),
    ("surplus_resale_per_t", PRICE_PER_TONNE, "surplus pieces sold"),
    (
        "transition_steel_per_t",
        PRICE_PER_TONNE,
        "steel of the test billets, which no stock row has",
    ),
    ("tardiness_per_h", Number(MONEY_PER_HOUR, 0, 1e6), "an order of weight 1 late"),
    ("section_change", Number(MONEY, 0, 1e6), "each change of section: crew, wear"),
    ("grade_change", Number(MONEY, 0, 1e6), "each change of grade"),
    ("groove_change", Number(MONEY, 0, 1e6), "each groove change"),
    ("stability_per_h", Number(MONEY_PER_HOUR, 0, 1e6), "an order's end moved against the freeze"),
)


def _weight(name: str, kind: Number, meaning: str) -> Field:
    inside = name.removesuffix("_per_t").removesuffix("_per_h")
    return Field(name, inside, kind, meaning, getattr(Weights(), inside), estimate=True)


WEIGHTS = Element(
    "weights",
    "Prices of what the tariff does not price.",
    tuple(_weight(*field) for field in _WEIGHT_FIELDS),
    Weights,
)

CAMPAIGN = Element(
    "campaign",
    "Bounds on what is rolled in a row.",
    (
        optional("lot_min_kg", "lot_min", LOT_MASS, "smallest campaign lot"),
        optional("lot_max_kg", "lot_max", LOT_MASS, "largest campaign lot"),
        neutral(
            "section_family_max_kg",
            "section_family_max",
            MapOf(LOT_MASS),
            (),
            "longest run of a section family",
            "free",
        ),
        neutral(
            "grade_family_max_kg",
            "grade_family_max",
            MapOf(LOT_MASS),
            (),
            "longest run of a grade family",
            "free",
        ),
    ),
    CampaignRules,
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
            "section_changes", "section_changes", CHANGEOVERS, "changes of section", "see below"
        ),
        optional("grade_changes", "grade_changes", CHANGEOVERS, "changes of grade", "see below"),
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
