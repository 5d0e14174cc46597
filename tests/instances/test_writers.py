"""Writers and readers are each other's inverse, and refuse what a format cannot hold."""

import dataclasses

import numpy as np
import pytest

from instances.examples import EXAMPLES, example
from instances.generator import generate
from instances.reader import READERS, read_file, read_text
from instances.text import BadInstance
from instances.writers import WRITERS, write_text

PUBLIC = {
    "tsplib/atsp/br17.atsp": "tsplib_atsp",
    "tsplib/sop/br17.10.sop": "tsplib_sop",
    "galvanizing/cgl_17.txt": "galvanizing",
    "tardiness_setups/wt_sds_1.instance": "tardiness_setups",
    "heat_treatment/instance1_parameters.json": "heat_treatment",
    "slab_design/bench_2_0.json": "slab_design_json",
    "cutting_stock/Falkenauer_t60_00.txt": "cutting_stock",
}


def assert_equal(a, b):
    """Compare problems field by field, arrays and their types included."""
    assert type(a) is type(b)
    for field in dataclasses.fields(a):
        x, y = getattr(a, field.name), getattr(b, field.name)
        if isinstance(x, np.ndarray):
            assert x.dtype == y.dtype, field.name
            assert np.array_equal(x, y), field.name
        elif dataclasses.is_dataclass(x):
            assert_equal(x, y)
        else:
            assert x == y, field.name


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_read_back_as_it_was_and_by_its_own_reader_only(name):
    text = example(name)
    assert [reader.name for reader in READERS if reader.matches(text)] == [name]
    assert write_text(read_text(text, "example"), name) == text


@pytest.mark.parametrize(("file", "writer"), PUBLIC.items())
def test_a_public_file_survives_reading_writing_and_reading(data_dir, file, writer):
    if not (data_dir / file).is_file():
        pytest.skip(f"{file} is not in {data_dir}")
    problem = read_file(data_dir / file)
    assert_equal(read_text(write_text(problem, writer), problem.name), problem)


OTHERS = [(name, writer) for name in EXAMPLES for writer in WRITERS if writer != name]


@pytest.mark.parametrize(("name", "writer"), OTHERS)
def test_other_formats_are_refused_with_a_reason(name, writer):
    with pytest.raises(BadInstance, match=f"cannot be written as {writer}: it"):
        write_text(EXAMPLES[name](), writer)


def test_a_mill_book_is_written_as_mill_json_only():
    book = generate("bar", "day", seed=1, orders=2)
    assert read_text(write_text(book, "mill_json"), "x") == book
    with pytest.raises(BadInstance, match="no sequencing problem"):
        write_text(book, "tsplib_sop")


def test_an_unknown_writer_is_named():
    with pytest.raises(BadInstance, match="'pdf' to write; known are: mill_json"):
        write_text(EXAMPLES["tsplib_atsp"](), "pdf")
