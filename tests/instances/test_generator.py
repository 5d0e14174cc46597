"""Generated order books: repeatable, valid, and as docs/instances.md says."""

import hashlib
from datetime import timedelta
from itertools import pairwise

import pytest

from instances import mill_json
from instances.generator import GENERATOR_VERSION, SIZES, generate
from instances.generator.prices import PriceFile
from instances.generator.random import Stream
from instances.text import BadInstance
from scheduler.mill import Coil, FixedLength, MillProblem
from scheduler.mill_quantities import piece_mass, usable_mass
from scheduler.validation import validate

# A changed digest means changed books: then GENERATOR_VERSION must change, too.
DIGESTS = {
    "bar": "c7661c9af17908e4",
    "rod": "38fde604ed6dbdad",
}


def mass(problem: MillProblem) -> float:
    """Return the ordered t."""
    sections = {section.id: section for section in problem.sections}
    grades = {grade.id: grade for grade in problem.grades}
    return sum(
        order.target * (piece_mass(order, sections[order.section], grades[order.grade]) or 1) / 1e6
        for order in problem.orders
    )


@pytest.mark.parametrize("mill", ["bar", "rod"])
def test_the_same_arguments_give_the_same_bytes(mill):
    text = mill_json.write(generate(mill, "day", seed=7))
    assert text == mill_json.write(generate(mill, "day", seed=7))
    assert text != mill_json.write(generate(mill, "day", seed=8))
    assert (GENERATOR_VERSION, hashlib.sha256(text.encode()).hexdigest()[:16]) == (
        3,
        DIGESTS[mill],
    )


@pytest.mark.parametrize("mill", ["bar", "rod"])
@pytest.mark.parametrize("size", ["day", "week"])
@pytest.mark.parametrize("lines", [1, 2])
def test_books_are_valid_and_say_what_they_are(mill, size, lines):
    for seed in range(3):
        problem = generate(mill, size, seed=seed, lines=lines)
        assert validate(problem) == ()
        assert len(problem.orders) == SIZES[size][1]
        assert len(problem.lines) == lines
        assert f"seed {seed}" in problem.source
        assert "generated" in problem.source
        assert all(isinstance(o.piece, Coil) == (mill == "rod") for o in problem.orders)


def test_a_week_is_about_fifteen_thousand_tonnes():
    tonnes = [
        mass(generate(mill, "week", seed=seed)) for mill in ("bar", "rod") for seed in range(5)
    ]
    assert 13_000 < sum(tonnes) / len(tonnes) < 17_000


def test_the_number_of_orders_is_free_and_keeps_the_tonnage():
    few, many = (generate("bar", "day", seed=3, orders=n) for n in (10, 40))
    assert (len(few.orders), len(many.orders)) == (10, 40)
    assert mass(few) == pytest.approx(mass(many), rel=0.25)
    assert len(generate("rod", "day", seed=3, orders=1).orders) == 1


@pytest.mark.parametrize("mill", ["bar", "rod"])
def test_cold_stock_suffices_for_every_order_in_each_format_that_fits(mill):
    problem = generate(mill, "week", seed=5)
    sections = {section.id: section for section in problem.sections}
    grades = {grade.id: grade for grade in problem.grades}
    for order in problem.orders:
        rows = [k for k in problem.stock if k.grade == order.grade and k.available_from is None]
        usable = [usable_mass(k, grades[order.grade], sections[order.section]) for k in rows]
        if isinstance(order.piece, Coil):
            low, high = order.piece.minimum, order.piece.maximum
            fitting = [k for k, u in zip(rows, usable, strict=True) if low <= u <= high]
        else:
            fitting = rows
        assert fitting
        demand = sum(
            o.upper * (piece_mass(o, sections[o.section], grades[o.grade]) or 1)
            for o in problem.orders
            if o.grade == order.grade
        )
        assert all(k.count * k.mass > demand for k in fitting)


def test_hot_heats_come_in_the_casters_sequence_and_cool():
    problem = generate("bar", "week", seed=1)
    heats = [k for k in problem.stock if k.available_from is not None]
    times = [k.available_from for k in heats if k.available_from is not None]
    assert times == sorted(times)
    assert all(40 <= k.count <= 60 for k in heats)
    assert all(6000 <= k.charge_temperature <= 8000 for k in heats)
    assert all(k.cooling_time_constant for k in heats)
    hot = sum(k.mass * k.count for k in heats) / 1e6
    assert 0.25 < hot / mass(problem) < 0.95
    runs = sum(a.grade != b.grade for a, b in pairwise(heats))
    assert runs < len(heats) / 2


def test_books_have_a_few_of_everything():
    books = [generate("bar", "week", seed=seed) for seed in range(3)]
    orders = [order for book in books for order in book.orders]
    lengths = {o.piece.length for o in orders if isinstance(o.piece, FixedLength)}
    assert {6000, 7500, 8000, 9000, 10_000, 12_000} < lengths
    assert any(length % 500 for length in lengths)
    for share in (
        sum(o.deadline is not None for o in orders) / len(orders),
        sum(o.release is not None for o in orders) / len(orders),
        sum(o.max_groove_wear < 1_000_000 for o in orders) / len(orders),
    ):
        assert 0.005 < share < 0.12
    for book in books:
        assert any(c.kind == "maintenance" for c in book.lines[0].closures)
        minutes = {(c.source, c.target): c.time for c in book.section_changes.by_family}
        assert any(minutes[a, b] != minutes[b, a] for a, b in minutes)
        assert book.horizon > 7 * 86_400


def test_two_peak_and_flat_prices_are_synthetic():
    flat = generate("bar", "day", seed=1, prices="flat").tariff.electricity
    assert flat.values == (800_000,)
    peaks = generate("bar", "day", seed=1).tariff.electricity
    assert peaks.slot == 3600
    assert peaks.values[12] == 1_360_000  # 18:00, the evening peak


def test_other_prices_leave_the_book_as_it_is():
    flat, peaks = (generate("bar", "day", seed=1, prices=name) for name in ("flat", "two_peak"))
    assert flat.stock == peaks.stock
    assert [o.target for o in flat.orders] == [o.target for o in peaks.orders]


def test_a_price_file_gives_a_real_week(tmp_path):
    path = tmp_path / "prices.csv"
    rows = [f"2026-01-{1 + h // 24:02d} {h % 24:02d}:00:00+00:00,{h}" for h in range(24 * 20)]
    path.write_text("\n".join(["timestamp,price", *rows]))
    problem = generate("rod", "day", seed=1, prices=path)
    assert problem.start.weekday() == 0
    assert problem.start.hour == 6
    hours = (problem.start - PriceFile(path).start) // timedelta(hours=1)
    assert problem.tariff.electricity.values[0] == hours * 10_000
    assert "prices.csv" in problem.source


def test_a_missing_slot_holds_the_value_before_it(tmp_path):
    path = tmp_path / "carbon.csv"
    path.write_text("Time,g\n2026-01-05 05:00:00,1\n2026-01-05 05:15:00,2\n2026-01-05 05:45:00,4\n")
    file = PriceFile(path)
    series = file.series(file.start, file.start + timedelta(hours=1), "g_per_kwh")
    assert series["g_per_kwh"] == [1, 2, 2, 4]
    assert series["slot_minutes"] == 15
    assert not file.covers(file.start, file.start + timedelta(hours=2))


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "two rows"),
        ("time,price\n2026-01-05,x\n", "line 2"),
        ("time,price\nyesterday,1\n", "line 2"),
        ("time,price\n2026-01-05 00:00:00,nan\n", "line 2"),
        ("time,price\n2026-01-05 00:00:00,1\n2026-01-05 00:00:00,2\n", "another time"),
        ("time,price\n2026-01-05 00:00:00,1\n2026-01-05 01:00:00,2\n", "no Monday"),
    ],
)
def test_bad_price_files_name_the_line(tmp_path, text, word):
    path = tmp_path / "prices.csv"
    path.write_text(text)
    with pytest.raises(BadInstance, match=word):
        generate("bar", "day", seed=1, prices=path)


@pytest.mark.parametrize(
    "arguments",
    [
        {"mill": "tube"},
        {"mill": "bar", "size": "year"},
        {"mill": "bar", "orders": 0},
        {"mill": "bar", "orders": 10_001},
        {"mill": "bar", "lines": 3},
        {"mill": "bar", "prices": "no/such/file.csv"},
    ],
)
def test_bad_arguments_are_refused(arguments):
    with pytest.raises(BadInstance):
        generate(**{"size": "day", "seed": 1, **arguments})


def test_real_prices_and_intensities_are_read(data_dir):
    prices = data_dir / "energy" / "day_ahead_DE_2020_2023.csv"
    carbon = data_dir / "energy" / "carbon_intensity_DE_2020_15min.csv"
    books = [generate("bar", "day", seed=s, prices=prices, carbon=carbon) for s in range(6)]
    assert {book.start.year for book in books} == {2020, 2023}
    for book in books:
        assert (book.tariff.carbon_intensity is not None) == (book.start.year == 2020)


def test_the_stream_is_splitmix64():
    # First outputs for seed 0 of the authors' reference code.
    stream = Stream()
    assert [stream.bits() for _ in range(2)] == [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4]
    draws = [Stream("x").integer(1, 6) for _ in range(1)]
    assert draws == [Stream("x").integer(1, 6)]
    many = Stream("die")
    faces = [many.integer(1, 6) for _ in range(6000)]
    assert all(900 < faces.count(face) < 1100 for face in range(1, 7))
    sizes = sorted(Stream("sizes", k).log_normal(0.8) for k in range(2001))
    assert 0.9 < sizes[1000] < 1.1


def test_more_orders_than_the_size_holds_are_refused():
    assert len(generate("bar", "day", seed=4, orders=500).orders) == 500
    with pytest.raises(BadInstance, match="fewer or a larger size"):
        generate("rod", "day", seed=4, orders=500)
