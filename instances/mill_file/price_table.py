"""The table of prices and rules: tariff, weights and campaign bounds."""

from dataclasses import replace

from instances.fields.containers import ListOf, MapOf
from instances.fields.elements import Element, Field
from instances.fields.instants import Instant
from instances.fields.kinds import Number
from instances.fields.units import (
    GRAM_PER_KILOWATT_HOUR,
    KILOWATT,
    MINUTE,
    MONEY,
    MONEY_PER_HOUR,
    MONEY_PER_KILOWATT,
    MONEY_PER_MEGAWATT_HOUR,
    MONEY_PER_TONNE,
)
from instances.mill_file.table_parts import (
    LOT_MASS,
    PRICE_PER_TONNE,
    estimate,
    neutral,
    optional,
    required,
)
from scheduler.mill import CampaignRules, Weights


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


def _own_by_default(field: Field) -> Field:
    return replace(field, default=None, default_text="the order book's", estimate=False)


SEARCH_WEIGHTS = Element(
    "search_weights",
    "Prices that a search shall see instead of the order book's own.",
    tuple(
        _own_by_default(field)
        for field in (*WEIGHTS.fields, *TARIFF.fields)
        if field.name not in ("electricity", "carbon_intensity", "power_cap_kw")
    ),
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
