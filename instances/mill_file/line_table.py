"""The table of a line's fields: calendar, furnace and what it is set to."""

from instances.fields.containers import ListOf, MapOf
from instances.fields.elements import EMPTY, Element
from instances.fields.instants import Instant
from instances.fields.kinds import Choice, Number
from instances.fields.units import (
    CELSIUS_PER_MINUTE,
    FACTOR,
    HEAT_CAPACITY,
    KILOGRAM,
    KILOWATT,
    KILOWATT_HOUR,
    MILLIMETRE,
    MINUTE,
    MONEY_PER_HOUR,
    PERCENT,
)
from instances.mill_file.table_parts import (
    ID,
    IDS,
    TEMPERATURE,
    estimate,
    neutral,
    optional,
    required,
)
from scheduler.mill import CLOSURE_KINDS, Closure, Furnace, Line, LotKind

CLOSURE = Element(
    "closure",
    "A time in which a line does not roll.",
    (
        neutral(
            "kind",
            "kind",
            Choice(CLOSURE_KINDS),
            "closed",
            "in maintenance changeovers and groove changes may run, when closed nothing does; "
            "a delay is as closed: what the mill took longer than its rates say",
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
        estimate(
            "worth_per_h",
            "hour_worth",
            Number(MONEY_PER_HOUR, 0, 1e6),
            1000,
            "what an hour of it is worth; counts in the default margin of orders only",
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
