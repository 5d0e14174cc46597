"""Bad files, options and books: exit code 2 and one clear message, never a traceback."""

import json

import pytest

from tests.command_line.conftest import process

BAD_FILES = {
    "nothing": (b"", "of no known format"),
    "binary": (b"\xff\xfe\x00\x01", "byte 0 is not UTF-8"),
    "half a book": (b'{"format": "antmill-problem-1", ', "not JSON"),
    "empty book": (b'{"format": "antmill-problem-1"}', "/orders: 'orders' is missing"),
    "a list": (b'["antmill-problem-1"]', "of no known format"),
    "deep": (b"[" * 100_000, "of no known format"),
    "short matrix": (
        b"TYPE: ATSP\nDIMENSION: 3\nEDGE_WEIGHT_TYPE: EXPLICIT\n"
        b"EDGE_WEIGHT_FORMAT: FULL_MATRIX\nEDGE_WEIGHT_SECTION\n0 1 2 3\nEOF\n",
        "holds 4 numbers, DIMENSION 3 needs 9",
    ),
    "oversized item": (b"1\n100\n101\t3\n", "more than the largest stock unit"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_problem_file(refused, tmp_path, name):
    content, message = BAD_FILES[name]
    file = tmp_path / "problem"
    file.write_bytes(content)
    text = refused("solve", file)
    assert message in text
    assert text.count("antmill: ") == 1
    assert str(file) in text


def test_an_impossible_book_names_every_fault(refused, files, tmp_path):
    tree = json.loads((files / "mill_json").read_text(encoding="utf-8"))
    tree["orders"][0]["section"] = "nowhere"
    tree["orders"][1]["grade"] = "none"
    file = tmp_path / "book.json"
    file.write_text(json.dumps(tree), encoding="utf-8")
    text = refused("solve", file)
    assert "/orders/0/section" in text
    assert "/orders/1/grade" in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--time", "soon"), "--time"),
        (("--time", "-1"), "--time"),
        (("--time", "nan"), "--time"),
        (("--target", "inf"), "--target"),
        (("--iterations", "-1"), "--iterations"),
        (("--seed", "-1"), "--seed"),
        (("--seed", "1.5"), "--seed"),
        (("--threads", "0"), "--threads"),
        (("--solver", "oracle"), "'oracle' is unknown; known are aco"),
        (("--solver", "planner_rule"), "planner_rule cannot solve"),
        (("--format", "pdf"), "unknown format 'pdf'"),
        (("--format", "cutting_stock"), "'NAME:' is not a whole number"),
        (("--out", "/nowhere/result.json"), "its folder does not exist"),
        (("--out", "/"), "is a folder"),
        (("--gantt", "g.svg"), "draw mill schedules"),
        (("--speed", "9"), "--speed"),
        (("another",), "another"),
    ],
)
def test_a_bad_option_of_solve(refused, files, arguments, message):
    assert message in refused("solve", files / "tsplib_atsp", *arguments)


RESULT = '{"format": "antmill-result-1", "objective": %s, "solution": {"sequence": [0]}}'


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "not JSON"),
        ("{}", "/sequence: 'sequence' is missing"),
        ('{"format": "antmill-result-1", "solution": null}', "holds no solution"),
        ('{"sequence": [0, "1"]}', "/sequence/1"),
        ('{"sequence": [0], "sequence": [1]}', "given more than once"),
        (RESULT % '"39"', "/objective: a number is expected"),
        (RESULT % "[39]", "/objective: a number is expected"),
        (RESULT % "NaN", "/objective: the number is not finite"),
        (RESULT % "1e999", "/objective: the number is not finite"),
        ("[" * 1000 + "]" * 1000, "nested deeper"),
    ],
)
def test_a_bad_solution_file(refused, files, tmp_path, content, message):
    file = tmp_path / "solution.json"
    file.write_text(content, encoding="utf-8")
    assert message in refused("evaluate", files / "tsplib_atsp", file)


def test_a_schedule_of_another_book(refused, files, tmp_path):
    file = tmp_path / "schedule.json"
    cut = {"stock": "K", "count": 1, "pieces": {"X": 1}}
    lot = {"type": "lot", "start": "2026-01-05T06:45:00+01:00", "grade": "G", "section": "S",
           "cuts": [cut]}  # fmt: skip
    tree = {"format": "antmill-schedule-1", "lines": [{"line": "L9", "elements": [lot]}]}
    file.write_text(json.dumps(tree), encoding="utf-8")
    assert "L9" in refused("evaluate", files / "mill_json", file)
    assert "L9" in refused("solve", files / "mill_json", "--warm-start", file)


def test_a_sequence_of_another_problem_to_begin_with(refused, files, tmp_path):
    file = tmp_path / "path.json"
    file.write_text('{"sequence": [0, 1, 2, 2]}', encoding="utf-8")
    text = refused("solve", files / "galvanizing", "--warm-start", file)
    assert "job 2: repeated_job, 1 times" in text
    assert "job 3: missing_job" in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--profile", "no_worse"), "--warm-start: this profile needs the plan"),
        (("--profile", "no_worse", "--weights", "{}"), "--warm-start: this profile needs the plan"),
        (("--goals", "scrap"), "--goals: this profile has no goals"),
        (("--profile", "pareto", "--solver", "cp_sat"), "--solver: profiles of several goals"),
        (("--weights", '{"gas": 1}'), "--weights: /gas"),
    ],
)
def test_what_cannot_be_preferred(refused, files, arguments, message):
    assert f"antmill: {message}" in refused("solve", files / "mill_json", *arguments)


def test_outputs_that_would_overwrite_the_book_or_one_another(refused, files, tmp_path):
    book, plan = tmp_path / "book.json", tmp_path / "plan"
    book.write_bytes((files / "mill_json").read_bytes())
    for options in (("--out", book), ("--report", book), ("--out", plan, "--gantt", plan)):
        assert "named twice" in refused("solve", book, "--iterations", 0, *options)
    assert book.read_bytes() == (files / "mill_json").read_bytes()
    assert not plan.exists()


def test_a_front_that_nothing_could_be_written_of(refused, files, tmp_path):
    book, taken = files / "mill_json", tmp_path / "taken"
    taken.write_text("mine", encoding="utf-8")
    assert "only --profile pareto" in refused("solve", book, "--front", tmp_path / "front")
    refusal = refused("solve", book, "--profile", "pareto", "--front", taken)
    assert refusal == f"antmill: --front: {taken} is a file, name a folder\n"


def test_files_that_are_not_there(refused, files, tmp_path):
    missing = tmp_path / "missing.json"
    assert "no such file" in refused("solve", missing)
    assert "no such file" in refused("evaluate", files / "tsplib_atsp", missing)
    assert "is a folder" in refused("solve", tmp_path)


def test_a_device_that_never_ends_is_not_read_for_ever(refused, monkeypatch):
    monkeypatch.setattr("api.command_line.files.LARGEST_FILE", 1 << 20)
    for command in ("convert", "solve"):
        assert "/dev/zero: larger than 1 MiB, not read" in refused(command, "/dev/zero")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("generate", "plate"), "plate"),
        (("generate", "bar", "--size", "year"), "year"),
        (("generate", "bar", "--orders", "0"), "--orders"),
        (("generate", "bar", "--prices", "/nowhere.csv"), "/nowhere.csv"),
        (("generate", "bar", "--out", "/nowhere/book.json"), "its folder does not exist"),
        (("schema", "picture"), "picture"),
        (("benchmark", "chess"), "family 'chess' is unknown"),
        (("benchmark", "atsp", "--solvers", "oracle"), "solver 'oracle' is unknown"),
        (("benchmark", "atsp", "--data", "/nowhere"), "no instance of atsp"),
        (("benchmark", "bar_day", "--data", "/nowhere"), "price file"),
        (("serve", "--port", "99999"), "--port"),
        (("serve", "--host", "0.0.0.0", "--port", "0"), "loopback"),
        (("fly",), "fly"),
    ],
)
def test_bad_options_of_the_other_commands(refused, arguments, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert message in refused(*arguments)


def test_an_unknown_format_to_convert_to(refused, files):
    text = refused("convert", files / "mill_json", "--to", "mill")
    assert "--to: 'mill' is unknown; known are mill_json" in text
    assert "csv, xlsx" in text


def test_without_arguments_the_commands_are_listed():
    done = process()
    assert done.code == 2
    assert "solve" in done.out
    assert "Traceback" not in done.err


def test_a_fault_of_our_own_is_said_to_be_one(antmill, files, monkeypatch):
    monkeypatch.delenv("ANTMILL_TRACEBACK", raising=False)
    monkeypatch.setattr("api.command_line.solving.run", lambda request: 1 // 0)
    ended = antmill("solve", files / "tsplib_atsp")
    assert ended.code == 70
    assert "ZeroDivisionError" in ended.err
    assert "Traceback" not in ended.err
    monkeypatch.setenv("ANTMILL_TRACEBACK", "1")
    with pytest.raises(ZeroDivisionError):
        antmill("solve", files / "tsplib_atsp")
