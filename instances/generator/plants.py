"""The two mills that books are generated for. Sources of all figures: ``docs/instances.md``."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """A section of the mill: mm, size family, t/h, kWh/t, crop kg, groove life t, share of orders.

    kerf: mm of the saw.
    """

    id: str
    family: str
    kg_per_m: float
    rate: int
    rolling: int
    crop: int
    groove_life: int
    weight: float
    kerf: int = 0


@dataclass(frozen=True, slots=True)
class Steel:
    """A grade: its family, discharge temperature (C), money/t of billets, and share of orders.

    sizes: families of sections that it is rolled to.
    """

    id: str
    family: str
    discharge: int
    cost: int
    weight: float
    sizes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plant:
    """A mill.

    change, scrap: (low, high) minutes and kg of a size change inside a family; family_change,
    family_scrap: between families. groove_change, groove_scrap: minutes and kg of changing to
    another groove of the same size. small_families: what the second line, where there is one,
    can roll.
    """

    coils: bool
    sizes: tuple[Size, ...]
    steels: tuple[Steel, ...]
    billets_kg: tuple[int, ...]
    change: tuple[int, int]
    scrap: tuple[int, int]
    family_change: tuple[int, int]
    family_scrap: tuple[int, int]
    groove_change: tuple[int, int]
    groove_scrap: tuple[int, int]
    small_families: tuple[str, ...]


def _round(diameter: float) -> float:
    """Return kg/m of a round bar (EN 10060: 7850 kg/m3)."""
    return round(0.0061654 * diameter * diameter, 3)


# Nominal masses of ribbed bars: EN 10080, table 6.
_REBAR = {
    8: 0.395,
    10: 0.617,
    12: 0.888,
    14: 1.21,
    16: 1.58,
    20: 2.47,
    25: 3.85,
    28: 4.83,
    32: 6.31,
}

BAR = Plant(
    coils=False,
    sizes=(
        Size("R8", "rebar_small", _REBAR[8], 90, 125, 12, 120, 6),
        Size("R10", "rebar_small", _REBAR[10], 100, 115, 12, 150, 10),
        Size("R12", "rebar_small", _REBAR[12], 115, 105, 13, 200, 14),
        Size("R14", "rebar_small", _REBAR[14], 120, 100, 13, 220, 8),
        Size("R16", "rebar_large", _REBAR[16], 130, 95, 14, 250, 14),
        Size("R20", "rebar_large", _REBAR[20], 140, 88, 14, 320, 12),
        Size("R25", "rebar_large", _REBAR[25], 145, 82, 15, 400, 10),
        Size("R28", "rebar_large", _REBAR[28], 145, 80, 16, 450, 5),
        Size("R32", "rebar_large", _REBAR[32], 150, 75, 17, 500, 6),
        Size("D16", "round_small", _round(16), 115, 100, 14, 180, 5),
        Size("D18", "round_small", _round(18), 120, 97, 14, 200, 4),
        Size("D20", "round_small", _round(20), 125, 93, 14, 220, 7),
        Size("D22", "round_small", _round(22), 130, 90, 15, 250, 4),
        Size("D25", "round_small", _round(25), 135, 86, 15, 300, 7),
        Size("D28", "round_large", _round(28), 140, 82, 16, 350, 4, 4),
        Size("D30", "round_large", _round(30), 140, 80, 16, 380, 6, 4),
        Size("D32", "round_large", _round(32), 145, 78, 17, 420, 5, 4),
        Size("D36", "round_large", _round(36), 145, 74, 18, 500, 4, 4),
        Size("D40", "round_large", _round(40), 150, 70, 19, 600, 5, 4),
    ),
    steels=(
        Steel("B500B", "rebar", 1130, 510, 55, ("rebar_small", "rebar_large")),
        Steel("S235JR", "structural", 1150, 515, 15, ("round_small", "round_large")),
        Steel("S355J2", "structural", 1160, 530, 15, ("round_small", "round_large")),
        Steel("C45", "quality", 1120, 580, 10, ("round_small", "round_large")),
        Steel("42CrMo4", "quality", 1180, 760, 5, ("round_small", "round_large")),
    ),
    billets_kg=(2080, 1940, 1760),
    change=(15, 40),
    scrap=(2000, 5000),
    family_change=(60, 150),
    family_scrap=(4000, 6200),
    groove_change=(8, 16),
    groove_scrap=(300, 900),
    small_families=("rebar_small", "round_small"),
)

ROD = Plant(
    coils=True,
    sizes=(
        Size("W5.5", "fine", _round(5.5), 85, 150, 22, 1500, 22),
        Size("W6", "fine", _round(6), 95, 142, 22, 1700, 10),
        Size("W6.5", "fine", _round(6.5), 105, 135, 21, 1900, 12),
        Size("W7", "medium", _round(7), 112, 130, 20, 2200, 6),
        Size("W8", "medium", _round(8), 122, 122, 20, 2600, 12),
        Size("W9", "medium", _round(9), 128, 115, 19, 3000, 6),
        Size("W10", "medium", _round(10), 132, 110, 19, 3400, 10),
        Size("W11", "coarse", _round(11), 135, 105, 18, 3900, 5),
        Size("W12", "coarse", _round(12), 138, 100, 18, 4300, 7),
        Size("W13", "coarse", _round(13), 140, 97, 17, 4800, 4),
        Size("W14", "coarse", _round(14), 140, 94, 17, 5300, 3),
        Size("W16", "coarse", _round(16), 140, 90, 16, 6000, 3),
    ),
    steels=(
        Steel("SAE1006", "low_carbon", 1080, 505, 35, ("fine", "medium", "coarse")),
        Steel("SAE1018", "low_carbon", 1090, 515, 20, ("fine", "medium", "coarse")),
        Steel("C72D", "high_carbon", 1100, 560, 20, ("fine", "medium", "coarse")),
        Steel("20MnB4", "cold_heading", 1060, 590, 15, ("fine", "medium", "coarse")),
        Steel("54SiCr6", "spring", 1050, 680, 10, ("medium", "coarse")),
    ),
    billets_kg=(2080, 1860, 1640),
    change=(15, 35),
    scrap=(2000, 4200),
    family_change=(45, 110),
    family_scrap=(3000, 6200),
    groove_change=(10, 20),
    groove_scrap=(300, 1000),
    small_families=("fine", "medium"),
)

PLANTS = {"bar": BAR, "rod": ROD}
