"""Order tables: CSV and XLSX in the ways that people write them, and every fault with its row."""

import io
import zipfile
from datetime import date, datetime

import pytest
from openpyxl import Workbook, load_workbook

from instances import mill_json
from instances.fields.kinds import Number
from instances.fields.units import KILOGRAM
from instances.generator import generate
from instances.mill_file.book_table import ORDER
from instances.order_book import (
    TableForm,
    from_table,
    orders_csv,
    orders_xlsx,
    template_csv,
    template_xlsx,
)
from instances.order_book.cells import BadCell, Reading, cell_value
from instances.order_book.columns import columns
from instances.order_book.sheets import LARGEST_WORKBOOK
from scheduler.issues import InvalidInput, Issue
from tests.instances.test_mill_files import smallest

HEAD = "id,grade,section,length_mm,quantity_kg,due_date\n"
ROW = "A1,B500B,R12,12000,25000,2026-01-05 18:00\n"


def faults(table: str | bytes, form: TableForm | None = None) -> list[Issue]:
    """Return the issues of a table."""
    data = table.encode() if isinstance(table, str) else table
    with pytest.raises(InvalidInput) as caught:
        from_table(data, smallest(), form)
    return list(caught.value.issues)


def workbook(*rows: list, title: str = "Orders") -> bytes:
    """Return an XLSX workbook of one sheet."""
    book = Workbook()
    assert book.active is not None
    book.active.title = title
    for row in rows:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_a_table_gives_the_same_orders_as_a_file():
    tree = smallest()
    tree["orders"][0]["due_date"] = "2026-01-05T18:00:00+01:00"
    assert from_table((HEAD + ROW).encode(), smallest()) == mill_json.from_tree(tree)


def test_decimal_commas_other_units_and_german_dates_mean_the_same():
    german = (
        "\ufeffID;Grade;Section;Length [m];Quantity (t);Due date;may split lines\r\n"
        "A1;B500B;R12;12,0;25,000;05.01.2026 18:00;nein\r\n\r\n"
    )
    (order,) = from_table(german.encode(), smallest()).orders
    (plain,) = from_table((HEAD + ROW).encode(), smallest()).orders
    assert (order.piece, order.target, order.due_date) == (
        plain.piece,
        plain.target,
        plain.due_date,
    )
    assert not order.may_split_lines


def test_a_first_line_for_excel_tells_the_separator_and_is_no_row():
    table = "\ufeffsep=;\r\n" + (HEAD + ROW).replace(",", ";")
    told = from_table(table.encode(), smallest(), TableForm(decimal="."))
    assert told.orders == from_table((HEAD + ROW).encode(), smallest()).orders
    issue = faults(table + "A2;B500B;R13;12000;25000;;", TableForm(decimal="."))[-1]
    assert (issue.code, issue.row) == ("unknown_section", 4)


def test_a_workbook_gives_the_same_orders():
    moment = datetime(2026, 1, 5, 18)
    data = workbook(
        [None, None],
        ["id", "grade", "section", "length_m", "quantity_t", "due_date"],
        ["A1", "B500B", "R12", 12, 25.0, moment],
    )
    assert (
        from_table(data, smallest()).orders == from_table((HEAD + ROW).encode(), smallest()).orders
    )


def test_nested_fields_lists_and_numeric_ids():
    head = ["id", "grade", "section", "coil_min_kg", "coil_max_t", "quantity_t", "lines"]
    head += ["lock_line", "lock_position", "predecessors"]
    data = workbook(
        head,
        [4711, "B500B", "R12", 1700, 1.8, 30, "L1", "L1", 2, None],
        [4712, "B500B", "R12", 1700, 1.8, 30, None, None, None, "4711"],
    )
    first, second = from_table(data, smallest()).orders
    assert (first.id, first.lines, second.predecessors) == ("4711", ("L1",), ("4711",))
    assert first.lock is not None
    assert (first.lock.line, first.lock.position) == ("L1", 2)
    assert first.target == 30_000_000


@pytest.mark.parametrize(
    ("form", "percent"),
    [
        ("0%", 7),
        ("0.00%", 7),
        ("0.0 %;[Red]-0.0 %", 7),
        ('0.00" %"', 0.07),
        ("0.00\\%", 0.07),
        ("0.00", 0.07),
    ],
)
def test_a_cell_that_shows_a_percentage_is_read_as_it_shows(form, percent):
    book = load_workbook(io.BytesIO(workbook(
        ["id", "grade", "section", "length_mm", "quantity_kg", "under_tolerance_percent", "weight"],
        ["A", "B500B", "R12", 12_000, 50_000, 0.07, 0.5],
    )))  # fmt: skip
    for place in ("F2", "G2"):
        book["Orders"][place].number_format = form
    buffer = io.BytesIO()
    book.save(buffer)
    tree = smallest()
    order = {"id": "A", "grade": "B500B", "section": "R12", "length_mm": 12_000, "weight": 0.5}
    tree["orders"] = [{**order, "quantity_kg": 50_000, "under_tolerance_percent": percent}]
    assert from_table(buffer.getvalue(), smallest()).orders == mill_json.from_tree(tree).orders


def test_a_number_too_long_for_a_workbook_is_no_id():
    head = ["id", "grade", "section", "length_mm", "quantity_kg"]
    rows = [[number, "B500B", "R12", 12_000, 50_000] for number in (10**15 - 1, 10**15 + 1)]
    (issue,) = faults(workbook(head, *rows))
    assert (issue.code, issue.row, issue.column) == ("not_a_text", 3, "id")
    assert "15 digits" in issue.detail


def test_every_field_of_an_order_has_a_column():
    paths = {column.path[0] for column in columns().values()}
    assert paths == {field.name for field in ORDER.fields}


@pytest.mark.parametrize("decimal", [None, ".", ","])
def test_the_template_can_be_read_as_it_is(decimal):
    for data in (template_csv().encode(), template_xlsx()):
        (order,) = from_table(data, smallest(), TableForm(decimal=decimal)).orders
        assert order.id == "A1"
        assert order.target == 2346


def test_the_template_explains_every_column():
    book = load_workbook(io.BytesIO(template_xlsx()))
    explained = [row[0] for row in book["Columns"].iter_rows(min_row=2, values_only=True)]
    assert explained == list(columns())


@pytest.mark.parametrize(
    ("text", "decimal", "number"),
    [
        ("25000", None, "25000"),
        ("25,5", None, "25.5"),
        ("25.5", None, "25.5"),
        ("1.234,5", None, "1234.5"),
        ("1,234.5", None, "1234.5"),
        ("1.234.567", None, "1234567"),
        ("0,888", None, "0.888"),
        ("1 234,5", ",", "1234.5"),
        ("1'234.5", ".", "1234.5"),
        ("1.234", ",", "1234"),
        ("1.234", ".", "1.234"),
        ("-3", None, "-3"),
    ],
)
def test_numbers_in_texts(text, decimal, number):
    zone = datetime.now().astimezone().tzinfo
    assert zone is not None
    kind = Number(KILOGRAM, 0, 1)
    assert str(cell_value(text, kind, Reading(decimal, zone))) == number


@pytest.mark.parametrize(
    ("text", "decimal", "code"),
    [
        ("1.234", None, "ambiguous_number"),
        ("25 t", None, "not_a_number"),
        ("12,34,5", ".", "not_a_number"),
        ("1,5", ".", "not_a_number"),
        ("1e5", None, "not_a_number"),
        ("NaN", None, "not_a_number"),
        (True, None, "not_a_number"),
        (datetime(2026, 1, 5), None, "not_a_number"),
    ],
)
def test_what_is_no_number(text, decimal, code):
    zone = datetime.now().astimezone().tzinfo
    assert zone is not None
    with pytest.raises(BadCell) as caught:
        cell_value(text, Number(KILOGRAM, 0, 1), Reading(decimal, zone))
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("table", "code", "words"),
    [
        ("", "empty", "holds nothing"),
        ("\n\n", "empty", "holds nothing"),
        ("id,grade\n", "missing_column", "'section' is missing"),
        (HEAD.replace("id", "order") + ROW, "unknown_column", "row 1"),
        (HEAD.replace("due_date", "quantity_t") + ROW, "duplicate_column", "row 1"),
        (HEAD + ROW.replace("25000", "many"), "not_a_number", "row 2, column quantity_kg"),
        (HEAD + ROW + ROW.replace("R12", "R13"), "duplicate_id", "row 3, column id"),
        (HEAD + "\n" + ROW.replace("R12", "R13"), "unknown_section", "row 3, column section"),
        (HEAD + ROW.replace("12000", "12"), "out_of_range", "row 2, column length_mm"),
        (HEAD + ROW.replace("2026-01-05 18:00", "2026-01-05"), "not_an_instant", "row 2"),
        (HEAD + ROW.replace("2026-01-05 18:00", "soon"), "not_an_instant", "column due_date"),
        (HEAD + ROW.replace("B500B", ""), "missing", "row 2"),
        (HEAD + ROW.replace("\n", ",17\n"), "unknown_column", "row 2"),
        (HEAD + '"A1', "not_a_table", "line 2"),
        (HEAD.encode() + b"A\xff", "not_a_table", "byte"),
        (b"PK\x03\x04 no workbook", "not_a_table", "no readable workbook"),
        (workbook(["id"], title="Sheet 1") + b"", "missing_column", "is missing"),
    ],
)
def test_faults_name_row_and_column(table, code, words):
    found = faults(table)
    assert code in {issue.code for issue in found}
    assert any(words in issue.detail for issue in found), found


def test_all_rows_at_fault_are_told_at_once_each_with_its_cell():
    rows = [f"A{n},B500B,R12,12000,25,2026-01-05 18:00\n" for n in range(1, 7)]
    rows[4] = rows[4].replace("25,", "-4,")  # row 6: read as a number, out of range
    rows[1] = rows[1].replace("B500B", "B500X")  # row 3: known only to the book as a whole
    rows[3] = rows[3].replace("12000", "twelve")  # row 5: no number
    rows[5] = rows[5].replace("A6", "A1")  # row 7: twice
    found = faults(HEAD.replace("quantity_kg", "quantity_t") + "".join(rows))
    assert [(issue.row, issue.column, issue.code) for issue in found] == [
        (3, "grade", "unknown_grade"),
        (5, "length_mm", "not_a_number"),
        (6, "quantity_t", "out_of_range"),
        (7, "id", "duplicate_id"),
    ]
    assert found[2].value == '"-4"'
    assert found[2].expected == "number, 1 .. 100 000 000 kg (1 t is 1000 kg)"
    assert found[3].detail.endswith("already that of row 2")


def test_a_row_tells_all_its_faults_at_once():
    head = HEAD.replace("due_date", "due_date,release,lines,under_tolerance_percent")
    rows = [f"A{n},B500B,R12,12000,25000,2026-01-05 18:00,,,\n" for n in range(1, 5)]
    rows[0] = "A1,B500X,R12,twelve,-4,2026-01-05 09:00,2026-01-05 12:00,L9,many\n"
    rows[2] = "A1,B500B,R13,,25000,soon,2026-01-05 12:00,,101\n"
    found = [(issue.row, issue.column, issue.code) for issue in faults(head + "".join(rows))]
    assert sorted(found) == [
        (2, "due_date", "due_before_release"),
        (2, "grade", "unknown_grade"),
        (2, "length_mm", "not_a_number"),
        (2, "lines", "unknown_line"),
        (2, "quantity_kg", "out_of_range"),
        (2, "under_tolerance_percent", "not_a_number"),
        (4, "", "missing"),
        (4, "due_date", "not_an_instant"),
        (4, "id", "duplicate_id"),
        (4, "section", "unknown_section"),
        (4, "under_tolerance_percent", "out_of_range"),
    ]


def test_half_a_coil_and_the_steel_of_other_rows_are_told_too():
    head = "id,grade,section,coil_min_kg,coil_max_kg,quantity_kg,length_mm,release\n"
    coil = "C1,B500X,R12,light,-1,25000,,\n"
    few = "A2,B500B,R12,,,16,12000,2026-01-05 07:00\n"
    early = few.replace("A2", "A3").replace("2026-01-05 07:00", "noon")
    found = {(issue.row, issue.column) for issue in faults(head + coil + few + early)}
    named = {(2, "coil_min_kg"), (2, "coil_max_kg"), (2, "grade"), (4, "release")}
    assert found == named | {(3, ""), (4, "")}


def test_what_names_a_row_at_fault_is_no_fault():
    head = HEAD.replace("due_date", "due_date,predecessors")
    rows = (
        "A1,B500B,R12,many,25000,2026-01-05 18:00,\nA2,B500B,R12,12000,25000,2026-01-05 18:00,A1\n"
    )
    assert [issue.row for issue in faults(head + rows)] == [2]


def test_a_date_cell_without_time_is_refused():
    head = ["id", "grade", "section", "length_mm", "quantity_kg", "due_date"]
    data = workbook(head, ["A1", "B500B", "R12", 12_000, 25_000, date(2026, 1, 6)])
    assert [issue.code for issue in faults(data)] == ["not_an_instant"]


@pytest.mark.parametrize(
    ("moment", "code"),
    [("2026-03-29 02:30", "skipped_time"), ("2026-10-25 02:30", "repeated_time")],
)
def test_local_times_that_clocks_skip_or_repeat_are_refused(moment, code):
    table = HEAD + ROW.replace("2026-01-05 18:00", moment)
    assert [issue.code for issue in faults(table, TableForm(zone="Europe/Berlin"))] == [code]


@pytest.mark.parametrize("year", ["0001", "1969", "2200", "9999"])
@pytest.mark.parametrize("zone", [None, "Europe/Berlin", "America/New_York"])
def test_years_of_no_mill_are_refused_whatever_the_zone(year, zone):
    rows = [f"A1,B500B,R12,12000,25000,{year}-{day}" for day in ("01-01 00:00", "12-31 23:59:59")]
    found = faults(HEAD + rows[0] + "\n" + rows[1].replace("A1", "A2"), TableForm(zone=zone))
    assert [(issue.row, issue.column) for issue in found] == [(2, "due_date"), (3, "due_date")]
    assert all("years are 1970 .. 2199" in issue.detail for issue in found)


def test_a_time_that_clocks_show_twice_is_told_with_both_and_read_with_its_offset():
    berlin = TableForm(zone="Europe/Berlin")
    row = ROW.replace("2026-01-05 18:00", "{}")
    (issue,) = faults(HEAD + row.format("25.10.2026 02:30"), berlin)
    assert (issue.row, issue.column) == (2, "due_date")
    assert issue.hint.endswith("2026-10-25 02:30+02:00 or 2026-10-25 02:30+01:00")
    (issue,) = faults(HEAD + row.format("2026-03-29 02:30"), berlin)
    assert "2026-03-29 03:30+02:00" in issue.hint
    due = []
    for text in ("2026-10-25 02:30+02:00", "25.10.2026 02:30 +01:00", "2026-10-25T01:30Z"):
        (order,) = from_table((HEAD + row.format(text)).encode(), smallest(), berlin).orders
        due.append(order.due_date)
    assert due[1] - due[0] == 3600
    assert due[2] == due[1]
    assert [i.code for i in faults(HEAD + row.format("2026-10-25 02:30+25:00"))] == [
        "not_an_instant"
    ]


def test_local_times_count_in_the_zone_that_is_named():
    table = (HEAD + ROW).encode()
    (order,) = from_table(table, smallest(), TableForm(zone="Europe/London")).orders
    assert order.due_date == 13 * 3600
    assert [i.code for i in faults(table, TableForm(zone="Mars/Olympus"))] == ["unknown_zone"]


def test_local_times_count_on_the_clock_of_the_plant():
    plant = smallest()
    plant["horizon"] |= {"time_zone": "Europe/London"}
    (order,) = from_table((HEAD + ROW).encode(), plant).orders
    assert order.due_date == 13 * 3600
    (order,) = from_table((HEAD + ROW).encode(), plant, TableForm(zone="Europe/Berlin")).orders
    assert order.due_date == 12 * 3600


def test_limits_hold():
    rows = "".join(ROW.replace("A1", f"A{k}") for k in range(20_001))
    assert [issue.code for issue in faults(HEAD + rows)] == ["too_many"]
    assert [issue.code for issue in faults("id" + "," * 300)] == ["too_many"]
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * (LARGEST_WORKBOOK + 1))
    assert [issue.code for issue in faults(bomb.getvalue())] == ["too_many"]


def test_unknown_sheets_and_signs_are_refused():
    data = workbook(["id"], title="Sheet")
    assert [i.code for i in faults(data, TableForm(sheet="Orders"))] == ["unknown_sheet"]
    assert [i.code for i in faults(HEAD + ROW, TableForm(decimal=";"))] == ["unknown_choice"]


@pytest.mark.parametrize("mill", ["bar", "rod"])
def test_written_orders_are_read_as_the_same(mill):
    problem = generate(mill, "day", seed=3)
    plant = mill_json.to_tree(problem)
    assert from_table(orders_csv(problem).encode(), plant) == problem
    assert from_table(orders_xlsx(problem), plant) == problem


@pytest.mark.parametrize("name", ["=A1", "'=A1", "''=A1"])
def test_a_written_id_is_no_formula_and_is_read_as_it_was(name):
    tree = smallest()
    tree["orders"][0]["id"] = name
    problem = mill_json.from_tree(tree)
    text = orders_csv(problem)
    assert f"\n'{name}," in text
    assert from_table(text.encode(), tree).orders == problem.orders


@pytest.mark.parametrize("name", ["A,1", "A; 1", '"A"', '",', 'A "1"', "'A", "-A", "A=1,"])
@pytest.mark.parametrize("written", [lambda problem: orders_csv(problem).encode(), orders_xlsx])
def test_names_in_lists_are_read_as_they_were(name, written):
    tree = smallest()
    first = tree["orders"][0]
    tree["orders"] = [{**first, "id": name}, {**first, "id": "B", "predecessors": [name]},
                      {**first, "id": "C", "predecessors": ["B", name]}]  # fmt: skip
    problem = mill_json.from_tree(tree)
    assert from_table(written(problem), tree).orders == problem.orders


@pytest.mark.parametrize("name", ["#N/A", "#REF!", "_x0041_", "_x000D_", "_x005F_x0041_", "TRUE"])
def test_what_a_workbook_might_take_for_more_than_a_text_is_read_as_it_was(name):
    tree = smallest()
    tree["orders"][0]["id"] = name
    problem = mill_json.from_tree(tree)
    data = orders_xlsx(problem)
    assert from_table(data, tree).orders == problem.orders
    assert load_workbook(io.BytesIO(data))["Orders"]["A2"].data_type == "s"


def test_cells_that_show_an_error_or_a_formula_without_value_are_no_blank_ones():
    head = ["id", "grade", "section", "length_mm", "quantity_kg", "due_date"]
    error = ["A", "B500B", "R12", 12_000, 50_000, "#N/A"]
    formula = ["B", "B500B", "R12", 12_000, "=2*25000"]
    outside = [None] * 7 + ["#REF!"]
    found = {(one.row, one.column): one for one in faults(workbook(head, error, formula, outside))}
    assert (found[2, "due_date"].code, found[2, "due_date"].value) == ("no_value", '"#N/A"')
    assert (found[3, "quantity_kg"].code, found[3, "quantity_kg"].value) == (
        "no_value",
        '"=2*25000"',
    )
    assert found[4, ""].code == "unknown_column"


@pytest.mark.parametrize(
    "day", ["30.02.2026", "2026-02-30", "30.02.2026 06:00", "2026-13-01T06:00"]
)
def test_a_day_that_is_not_in_the_calendar_is_told_so(day):
    (fault,) = faults(HEAD + ROW.replace("2026-01-05 18:00", day))
    assert fault.detail.endswith("there is no such day")


def test_a_plant_with_a_frozen_start_of_other_orders_is_told_what_to_name_instead():
    plant = smallest()
    lot = {"type": "lot", "section": "R12", "grade": "B500B", "start": plant["horizon"]["start"]}
    cut = {"stock": plant["stock"][0]["id"], "count": 1, "pieces": {"OLD": 1}}
    schedule = {
        "format": "antmill-schedule-1",
        "lines": [{"id": "L1", "elements": [{**lot, "cuts": [cut]}]}],
    }
    plant["freeze"] = {"until": "2026-01-05T12:00:00+01:00", "schedule": schedule}
    with pytest.raises(InvalidInput) as refused:
        from_table((HEAD + ROW).encode(), plant)
    assert "name one that was posted" in refused.value.issues[0].hint


def moved(data, old, new):
    """Return a workbook in which a text of its sheet is another."""
    given, out = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in given.namelist():
            part = given.read(name)
            archive.writestr(name, part.replace(old, new) if "sheet1" in name else part)
    return out.getvalue()


@pytest.mark.parametrize(
    ("new", "code"),
    [
        (b'r="XFD1048576"', "too_many"),
        (b'r="GS2"', "too_many"),
        (b'r="B20002"', "too_many"),
        (b'r="B99999999"', "not_a_table"),
        (b'r="ZZZZ2"', "not_a_table"),
        (b'r="$B$2"', "not_a_table"),
        (b'r="B0"', "not_a_table"),
    ],
)
def test_a_cell_far_away_is_refused_before_memory_is_taken_for_all_between(new, code):
    with pytest.raises(InvalidInput) as refused:
        from_table(moved(workbook(["id"], ["A", "x"]), b'r="B2"', new), smallest())
    assert [issue.code for issue in refused.value.issues] == [code]
