"""``antmill solve`` and ``antmill evaluate`` on tiny files of every kind."""

import hashlib
import json
import os
import signal
import subprocess
import time

import pytest

from api.command_line import solving
from instances.examples import EXAMPLES
from instances.reader import read_text
from solvers.registry import SOLVERS
from tests.command_line.conftest import ANTMILL, environment, process

SOLUTION_KEY = {
    "heat_treatment": "front",
    "slab_design_json": "stock_units",
    "cutting_stock": "stock_units",
    "mill_json": "lines",
}
READERS = [*EXAMPLES, "mill_json"]


def solver_for(path):
    """Return the first solver that takes the file."""
    problem = read_text(path.read_text(encoding="utf-8"), path.stem)
    return next(name for name, solver in SOLVERS.items() if solver.supports(problem))


@pytest.mark.parametrize("reader", READERS)
def test_every_kind_of_file_is_solved_and_its_result_scores_the_same(
    antmill, files, tmp_path, reader
):
    out = tmp_path / "result.json"
    arguments = ("--solver", solver_for(files / reader), "--iterations", 5, "--seed", 3)
    ended = antmill("solve", files / reader, *arguments, "--out", out)
    assert ended.code == 0, ended.err
    assert "feasible     yes" in ended.out
    result = json.loads(out.read_text(encoding="utf-8"))
    assert result["seed"] == 3
    assert result["violations"] == []
    assert SOLUTION_KEY.get(reader, "sequence") in result["solution"]
    assert {"antmill", "numba", "python"} <= set(result["versions"])

    scored = antmill("evaluate", files / reader, out, "--json")
    assert scored.code == 0
    again = json.loads(scored.out)
    assert again["objective"] == result["objective"] == again["stated_objective"]
    assert again["terms"] == result["terms"]


def test_the_same_seed_and_iterations_give_the_same_plan_in_another_process(files, tmp_path):
    results = []
    for threads in (1, 2):
        out = tmp_path / f"{threads}.json"
        done = process(
            "solve", files / "tsplib_atsp", "--iterations", 20, "--seed", 5,
            "--threads", threads, "--out", out,
        )  # fmt: skip
        assert done.code == 0, done.err
        results.append(json.loads(out.read_text(encoding="utf-8")))
    first, second = results
    assert first["solution"] == second["solution"]
    assert first["iterations"] == second["iterations"]


def test_the_result_says_what_the_search_was_told(antmill, files, tmp_path):
    book, first, again = files / "mill_json", tmp_path / "first.json", tmp_path / "again.json"
    assert antmill("solve", book, "--iterations", 2, "--out", first).code == 0
    assert json.loads(first.read_text(encoding="utf-8"))["asked"] == {}
    told = ("--profile", "low_energy", "--warm-start", first, "--weights", '{"gas_per_mwh": 50.5}')
    assert antmill("solve", book, "--iterations", 2, *told, "--out", again).code == 0
    digest = hashlib.sha256(first.read_bytes()).hexdigest()
    assert json.loads(again.read_text(encoding="utf-8"))["asked"] == {
        "profile": "low_energy",
        "weights": {"gas_per_mwh": 50.5},
        "warm_start": {"file": "first.json", "sha256": digest},
    }


def test_plans_of_an_earlier_front_are_pointed_out(antmill, files, tmp_path):
    book, folder = files / "mill_json", tmp_path / "front"
    folder.mkdir()
    old = folder / "plan-99.json"
    old.write_text("{}", encoding="utf-8")
    asked = ("--profile", "pareto", "--iterations", 4, "--front", folder)
    ended = antmill("solve", book, *asked)
    assert ended.code == 0, ended.err
    assert f"warning: {old} is of an earlier front" in ended.err
    assert "plan-1.json is of" not in ended.err


def test_a_plan_is_kept_though_its_files_vanish_during_the_search(
    antmill, files, tmp_path, monkeypatch
):
    book, first, out = tmp_path / "book", tmp_path / "first.json", tmp_path / "out.json"
    book.write_bytes((files / "mill_json").read_bytes())
    assert antmill("solve", book, "--iterations", 2, "--out", first).code == 0
    digest = hashlib.sha256(book.read_bytes()).hexdigest()

    def without_files(*_):
        book.unlink()
        first.unlink()
        return 0.0

    monkeypatch.setattr(solving, "warm_up", without_files)
    ended = antmill("solve", book, "--iterations", 2, "--warm-start", first, "--out", out)
    assert ended.code == 0, ended.err
    result = json.loads(out.read_text(encoding="utf-8"))
    assert result["instance"]["sha256"] == digest
    assert result["asked"]["warm_start"]["file"] == "first.json"


def test_a_problem_from_a_pipe_has_the_digest_of_what_was_read(files, tmp_path):
    book, out = files / "tsplib_atsp", tmp_path / "out.json"
    done = process(
        "solve", "/dev/stdin", "--iterations", 1, "--out", out, input=book.read_text("utf-8")
    )
    assert done.code == 0, done.err
    digest = hashlib.sha256(book.read_bytes()).hexdigest()
    assert json.loads(out.read_text(encoding="utf-8"))["instance"]["sha256"] == digest


@pytest.mark.parametrize(
    ("output", "code", "said"),
    [
        ("| true; exit ${PIPESTATUS[0]}", 0, ""),
        (">&- 2>&-", 0, ""),
        (">/dev/full", 2, "antmill: the output: no space left on device\n"),
    ],
)
def test_an_output_that_takes_nothing_is_no_fault_of_antmill(files, tmp_path, output, code, said):
    out = tmp_path / "out.json"
    options = f"{files / 'tsplib_atsp'} --iterations 1 --quiet --json --out {out}"
    done = subprocess.run(
        ["bash", "-c", f"{' '.join(ANTMILL)} solve {options} {output}"],
        capture_output=True,
        text=True,
        timeout=240,
        env=environment(),
    )
    assert (done.returncode, done.stderr) == (code, said)
    assert json.loads(out.read_text(encoding="utf-8"))["feasible"]


def test_a_solution_alone_is_scored_and_its_violations_named(antmill, files, tmp_path):
    solution = tmp_path / "path.json"
    solution.write_text('{"sequence": [0, 1, 2, 3, 4, 5, 6, 6]}', encoding="utf-8")
    ended = antmill("evaluate", files / "galvanizing", solution)
    assert ended.code == 1
    assert "feasible     no" in ended.out
    assert "forbidden_transition at job 1 -> job 2: 1 times" in ended.out
    assert "missing_job at job 7" in ended.out
    assert "repeated_job at job 6" in ended.out


def test_a_schedule_taken_out_edited_and_scored_again(antmill, files, tmp_path):
    book, out, schedule = files / "mill_json", tmp_path / "r.json", tmp_path / "s.json"
    assert antmill("solve", book, "--solver", "planner_rule", "--out", out).code == 0
    assert antmill("convert", book, out, "--out", schedule).code == 0
    assert antmill("evaluate", book, schedule).code == 0

    tree = json.loads(schedule.read_text(encoding="utf-8"))
    lots = [e for e in tree["lines"][0]["elements"] if e["type"] == "lot"]
    lots[-1]["cuts"].append({"stock": lots[-1]["cuts"][0]["stock"], "count": 100_000, "pieces": {}})
    schedule.write_text(json.dumps(tree), encoding="utf-8")
    ended = antmill("evaluate", book, schedule, "--json")
    assert ended.code == 1
    assert "beyond_horizon" in {v["code"] for v in json.loads(ended.out)["violations"]}


def test_pictures_are_drawn_beside_the_rule(antmill, files, tmp_path):
    gantt, report = tmp_path / "g.svg", tmp_path / "r.html"
    ended = antmill(
        "solve", files / "mill_json", "--solver", "planner_rule",
        "--gantt", gantt, "--report", report,
    )  # fmt: skip
    assert ended.code == 0, ended.err
    assert gantt.read_text(encoding="utf-8").startswith("<svg")
    text = report.read_text(encoding="utf-8")
    assert text.lower().startswith("<!doctype html>")
    assert "planner's rule" in text.replace("&#x27;", "'").replace("&#39;", "'")


def test_json_on_stdout_is_the_result_file(antmill, files, tmp_path):
    out = tmp_path / "r.json"
    ended = antmill("solve", files / "tsplib_sop", "--iterations", 3, "--json", "--out", out)
    assert ended.code == 0
    assert ended.err == ""
    assert json.loads(ended.out) == json.loads(out.read_text(encoding="utf-8"))


def test_a_target_ends_the_search_early(antmill, files):
    ended = antmill("solve", files / "heat_treatment", "--target", 0.001, "--time", 100, "--json")
    assert ended.code == 0
    assert json.loads(ended.out)["times"]["search_s"] < 100


def test_a_warm_start_is_never_lost(antmill, files, tmp_path):
    first, second = tmp_path / "1.json", tmp_path / "2.json"
    antmill("solve", files / "tardiness_setups", "--iterations", 50, "--out", first)
    antmill(
        "solve", files / "tardiness_setups", "--iterations", 1, "--seed", 9,
        "--warm-start", first, "--out", second,
    )  # fmt: skip
    best, warm = (json.loads(file.read_text(encoding="utf-8")) for file in (first, second))
    assert warm["objective"] <= best["objective"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_keeps_the_best_plan(tmp_path, number, data_dir):
    file = data_dir / "tsplib" / "generated" / "rolling400.atsp"
    if not file.is_file():
        pytest.skip(f"{file} is not here")
    out = tmp_path / "r.json"
    process = subprocess.Popen(
        [*ANTMILL, "solve", str(file), "--time", "600", "--out", str(out)],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment(),
        # Jobs that a shell starts in the background ignore Ctrl-C, and so would this one.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    try:
        line = process.stderr.readline()  # the first sign of life comes from inside the search
        assert "best" in line
        process.send_signal(number)
        process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 0
    result = json.loads(out.read_text(encoding="utf-8"))
    assert result["stop_reason"] == "cancelled"
    assert result["solution"]["sequence"]


def test_without_a_terminal_progress_is_plain_lines(files):
    done = process("solve", files / "tsplib_sop", "--iterations", 3)
    assert done.code == 0
    assert "\x1b" not in done.out + done.err
    assert process("solve", files / "tsplib_sop", "--iterations", 3, "-q").err == ""


def test_on_a_terminal_progress_is_a_bar(files):
    parent, child = os.openpty()
    process = subprocess.Popen(
        [*ANTMILL, "solve", str(files / "galvanizing"), "--time", "2"],
        stdout=subprocess.PIPE,
        stderr=child,
        env={**environment(), "TERM": "xterm"},
    )
    os.close(child)
    shown = b""
    end = time.monotonic() + 240
    while time.monotonic() < end:
        try:
            part = os.read(parent, 4096)
        except OSError:  # the other side is closed
            break
        if not part:
            break
        shown += part
    assert process.wait(60) == 0
    assert b"\x1b" in shown
    os.close(parent)


def test_bound_comes_in_parts_beside_the_plan(antmill, files, tmp_path):
    out = tmp_path / "result.json"
    arguments = ("--iterations", 1, "--solver", "planner_rule", "--bound", 5, "--out", out)
    ended = antmill("solve", files / "mill_json", *arguments)
    assert ended.code == 0, ended.err
    assert "of what is avoidable" in ended.out
    result = json.loads(out.read_text(encoding="utf-8"))
    bound = result["bound"]
    assert result["lower_bound"] == bound["value"] <= result["objective"]
    parts = bound["parts"].values()
    assert sum(part["bound"] for part in parts) == pytest.approx(bound["value"])
    assert sum(part["cost"] for part in parts) == pytest.approx(result["objective"])


def test_a_bound_that_proves_nothing_is_told(antmill, files, tmp_path):
    out = tmp_path / "result.json"
    ended = antmill(
        "solve", files / "mill_json", "--solver", "planner_rule", "--bound", 0, "--out", out
    )
    assert "--bound proved nothing" in ended.out
    result = json.loads(out.read_text())
    assert (result["bound"], result["lower_bound"]) == (None, None)


def test_a_search_ends_once_the_plan_is_proven_near_enough(antmill, files, tmp_path):
    out = tmp_path / "r.json"
    arguments = ("--gap", 0.9, "--bound", 5, "--time", 600, "--threads", 1, "--out", out)
    assert antmill("solve", files / "mill_json", *arguments).code == 0
    found = json.loads(out.read_text())
    assert found["stop_reason"] == "gap"
    assert found["lower_bound"] == found["bound"]["value"]
    ended = antmill("solve", files / "mill_json", "--gap", 0.1)
    assert "--gap: of a mill file it needs --bound S" in ended.err
    ended = antmill(
        "solve", files / "mill_json", "--gap", 0.1, "--bound", 1, "--profile", "in_time"
    )
    assert "--gap: is of the book's own prices" in ended.err
    ended = antmill("solve", files / "tsplib_atsp", "--gap", 0.1, "--time", 600)
    assert ended.code == 0


def test_ctrl_c_while_the_bound_is_proven_ends_the_search_too(
    antmill, files, tmp_path, monkeypatch
):
    def interrupted(_problem, _seconds, should_stop):
        os.kill(os.getpid(), signal.SIGINT)
        until = time.monotonic() + 10
        while not should_stop() and time.monotonic() < until:
            time.sleep(0.01)
        assert should_stop()

    monkeypatch.setattr("solvers.or_tools.mill_bound.mill_bound", interrupted)
    out = tmp_path / "r.json"
    arguments = ("--gap", 0.0, "--bound", 60, "--time", 600, "--out", out)
    assert antmill("solve", files / "mill_json", *arguments).code == 0
    assert json.loads(out.read_text())["stop_reason"] == "cancelled"


def test_bound_is_refused_for_what_is_no_mill(antmill, files):
    ended = antmill("solve", files / "tsplib_atsp", "--bound", 5)
    assert ended.code == 2
    assert "--bound is for mill files" in ended.err
