"""The table of the plant's fields that all lines share: sections, grades and changeovers."""

from instances.fields.containers import ListOf, MapOf
from instances.fields.elements import Element
from instances.fields.kinds import Flag, Number
from instances.fields.units import (
    CELSIUS,
    COUNT,
    KILOGRAM,
    KILOGRAM_PER_METRE,
    KILOWATT_HOUR_PER_TONNE,
    MILLIMETRE,
    PERCENT,
    TONNE_PER_HOUR,
)
from instances.mill_file.table_parts import (
    CHANGE_MINUTES,
    ID,
    SCRAP,
    estimate,
    neutral,
    required,
)
from scheduler.mill import Change, Changeovers, Grade, Section

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
