"""``antmill generate``, ``convert``, ``schema``, ``data``, ``benchmark``; what help loads."""

import csv
import json
import re
import subprocess
import sys
from typing import get_args

import jsonschema
import pytest

from api.command_line.solve_options import Goals, Profile, SolverName
from instances.catalogue import CARBON_INTENSITY, CATALOGUE, DAY_AHEAD, PublicFiles
from instances.examples import EXAMPLES
from scheduler.goals import GOALS
from scheduler.profiles import PROFILES
from solvers.registry import SOLVERS
from tests.command_line.conftest import environment

# Tests of the service add stubs.
OURS = [name for name, s in SOLVERS.items() if type(s).__module__.startswith("solvers.")]
HEAVY = ("numba", "ortools", "sqlalchemy", "fastapi", "numpy")


def test_help_loads_nothing_heavy():
    code = (
        "import sys\nfrom api.cli import main\nfor words in ([], ['solve'], ['serve']):\n"
        "    main([*words, '--help'])\n"
        f"print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env=environment(),
    )
    assert done.stderr.strip() == "[]"


@pytest.mark.parametrize(
    ("option", "names"), [(SolverName, OURS), (Profile, PROFILES), (Goals, GOALS)]
)
def test_help_names_all_there_are(option, names):
    text = re.sub(r"\([^)]*\)", "", get_args(option)[1].help)
    said = text.rpartition(":")[2].split(",")
    assert [name.strip() for name in said] == list(names)


def test_the_same_options_and_seed_give_the_same_book(antmill, tmp_path):
    texts = []
    for name, seed in (("a", 4), ("b", 4), ("c", 5)):
        file = tmp_path / name
        assert antmill("generate", "rod", "--size", "day", "--seed", seed, "--out", file).code == 0
        texts.append(file.read_bytes())
    assert texts[0] == texts[1] != texts[2]
    assert antmill("generate", "rod", "--size", "day", "--seed", 4).out.encode() == texts[0]


def test_a_book_converted_is_the_same_book_and_fits_its_schema(antmill, files, tmp_path):
    book = files / "mill_json"
    again = antmill("convert", book)
    assert again.code == 0
    assert again.out == book.read_text(encoding="utf-8")
    schema = json.loads(antmill("schema", "problem").out)
    jsonschema.validate(json.loads(again.out), schema)


@pytest.mark.parametrize("reader", ["mill_json", *EXAMPLES])
def test_a_byte_order_mark_changes_nothing(antmill, files, tmp_path, reader):
    marked = tmp_path / reader
    marked.write_bytes(b"\xef\xbb\xbf" + (files / reader).read_bytes())
    assert antmill("convert", marked) == antmill("convert", files / reader)


def test_results_and_plants_may_begin_with_a_byte_order_mark(antmill, files, tmp_path):
    book, plan, orders = files / "mill_json", tmp_path / "plan.json", tmp_path / "orders.csv"
    assert antmill("solve", book, "--iterations", 1, "--out", plan).code == 0
    assert antmill("convert", book, "--to", "csv", "--out", orders).code == 0
    plant = tmp_path / "plant.json"
    for file, marked in ((plan, plan), (book, plant)):
        marked.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert antmill("evaluate", book, plan).code == 0
    assert antmill("convert", orders, "--plant", plant).out == book.read_text(encoding="utf-8")


@pytest.mark.parametrize("reader", EXAMPLES)
def test_a_public_file_converts_to_its_own_format(antmill, files, reader):
    ended = antmill("convert", files / reader, "--to", reader)
    assert ended.code == 0
    assert "".join(ended.out.split()) == "".join(
        (files / reader).read_text("utf-8").split()
    ).replace("NAME:example", f"NAME:{reader}")


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_orders_go_to_a_table_and_back(antmill, refused, files, tmp_path, form):
    book, table = files / "mill_json", tmp_path / f"orders.{form}"
    assert antmill("convert", book, "--to", form, "--out", table).code == 0
    again = antmill("convert", table, "--plant", book)
    assert (again.code, again.out) == (0, book.read_text(encoding="utf-8"))
    assert "column" in refused("convert", files / "cutting_stock", "--plant", book)


def test_a_table_is_written_of_mills_only_and_a_workbook_to_files_only(refused, files):
    assert "mill" in refused("convert", files / "cutting_stock", "--to", "csv")
    assert "--out" in refused("convert", files / "mill_json", "--to", "xlsx")


def test_a_schedule_fits_its_schema(antmill, files, tmp_path):
    out = tmp_path / "r.json"
    antmill("solve", files / "mill_json", "--solver", "planner_rule", "--out", out)
    schema = json.loads(antmill("schema", "schedule").out)
    jsonschema.validate(json.loads(antmill("convert", files / "mill_json", out).out), schema)


def test_data_says_where_every_set_is_from(antmill, tmp_path):
    (tmp_path / "galvanizing").mkdir()
    (tmp_path / "galvanizing" / "cgl_9.txt").write_text("-1;2\n3;-1\n", encoding="utf-8")
    rows = json.loads(antmill("data", "--data", tmp_path, "--json").out)
    series: list[PublicFiles] = [DAY_AHEAD, CARBON_INTENSITY]
    assert [row["name"] for row in rows] == [*CATALOGUE, *(one.name for one in series)]
    assert [row["files"] for row in rows if row["files"]] == [1]
    text = antmill("data", "--data", tmp_path).out
    for public in (*CATALOGUE.values(), *series):
        assert public.source in text
        assert public.licence in text


def test_a_benchmark_writes_its_runs_table_and_environment(antmill, tmp_path):
    data, out = tmp_path / "data", tmp_path / "out"
    folder = data / "galvanizing"
    folder.mkdir(parents=True)
    (folder / "cgl_4.txt").write_text("-1;2;9;4\n3;-1;5;6\n1;1;-1;8\n7;2;2;-1\n", encoding="utf-8")
    (folder / "best_known.csv").write_text("instance,optimum\ncgl_4,8\n", encoding="utf-8")
    ended = antmill(
        "benchmark", "galvanizing", "--time", "0.2", "--seeds", 2, "--data", data, "--out", out
    )
    assert ended.code == 0, ended.err
    assert "at reference" in ended.out
    with (out / "galvanizing.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert [row["seed"] for row in rows] == ["0", "1"]
    # Of the 24 paths the cheapest is 2 -> 0 -> 1 -> 2's rival: 3, 2, 0, 1 costs 2 + 1 + 2 = 5.
    assert {float(row["value"]) for row in rows} == {5.0}
    assert {float(row["gap"]) for row in rows} == {-0.375}
    machine = json.loads((out / "environment.json").read_text(encoding="utf-8"))
    assert {"processor", "commit", "versions", "cores"} <= set(machine)


def test_versions_are_told(antmill):
    ended = antmill("--version")
    assert ended.code == 0
    assert ended.out.splitlines()[1].startswith("antmill ")
