"""The table of the plant's fields: lines, furnaces, sections, grades and changeovers."""

from instances.fields.containers import ListOf, MapOf
from instances.fields.elements import EMPTY, Element
from instances.fields.instants import Instant
from instances.fields.kinds import Choice, Flag, Number
from instances.fields.units import (
    CELSIUS,
    CELSIUS_PER_MINUTE,
    COUNT,
    FACTOR,
    HEAT_CAPACITY,
    KILOGRAM,
    KILOGRAM_PER_METRE,
    KILOWATT,
    KILOWATT_HOUR,
    KILOWATT_HOUR_PER_TONNE,
    MILLIMETRE,
    MINUTE,
    PERCENT,
    TONNE_PER_HOUR,
)
from instances.mill_file.table_parts import (
    CHANGE_MINUTES,
    ID,
    IDS,
    SCRAP,
    TEMPERATURE,
    estimate,
    neutral,
    optional,
    required,
)
from scheduler.mill import Change, Changeovers, Closure, Furnace, Grade, Line, LotKind, Section

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
