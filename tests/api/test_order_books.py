"""Order books: kept as they came, and tables of orders for a known plant."""

import csv
import io
import json

import pytest
from openpyxl import load_workbook

from api.wire.body import CSV, XLSX

from .conftest import job

PATH = "/v1/order-books"


@pytest.fixture(scope="module")
def plant(idle, book):
    return idle.post(PATH, json=book).json()["id"]


def table(book, **changes):
    """Return a CSV table with the book's first order."""
    order = book["orders"][0]
    row = {
        "id": "T1",
        "grade": order["grade"],
        "section": order["section"],
        "length_mm": order["length_mm"],
        "quantity_pieces": 100,
        "due_date": "2026-01-05 18:00",
        **changes,
    }
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, row)
    writer.writeheader()
    writer.writerow(row)
    return buffer.getvalue()


def post(idle, content, media_type=CSV, path=PATH, **parameters):
    return idle.post(path, content=content, params=parameters, headers={"content-type": media_type})


def test_a_book_is_kept_as_it_came(idle, book):
    made = idle.post(PATH, json=book)
    assert made.status_code == 201
    assert made.json()["summary"]["orders"] == len(book["orders"])
    found = idle.get(made.headers["location"])
    assert found.json() == made.json()
    content = idle.get(made.json()["links"]["content"]).json()
    assert content == book


def test_a_byte_order_mark_is_not_kept(idle, book):
    headers = {"content-type": "application/json"}
    marked = "\ufeff" + json.dumps(book)
    made = idle.post(PATH, content=marked.encode(), headers=headers)
    assert made.status_code == 201
    content = idle.get(made.json()["links"]["content"])
    assert json.loads(content.text) == book
    request = "\ufeff" + json.dumps(job(book))
    queued = idle.post("/v1/jobs", content=request.encode(), headers=headers).json()
    orders = idle.get(f"{PATH}/{queued['order_book']}/orders", params={"format": "csv"})
    assert orders.text.count("\n") == 1 + len(book["orders"])


def test_an_unchanged_book_is_not_sent_again(idle, plant):
    etag = idle.get(f"{PATH}/{plant}").headers["etag"]
    again = idle.get(f"{PATH}/{plant}", headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    other = idle.get(f"{PATH}/{plant}", headers={"If-None-Match": '"x"'})
    assert other.status_code == 200


def test_a_table_of_orders_becomes_a_book_of_the_plant(idle, book, plant):
    made = post(idle, table(book), plant=plant, name="from a table")
    assert made.status_code == 201, made.text
    content = idle.get(made.json()["links"]["content"]).json()
    assert [order["id"] for order in content["orders"]] == ["T1"]
    assert content["stock"] == book["stock"]
    assert made.json()["name"] == "from a table"


def test_faults_of_a_table_name_row_and_column(idle, book, plant):
    wrong = table(book, grade="unobtainium", quantity_pieces="many")
    refused = post(idle, wrong, plant=plant)
    assert refused.status_code == 422
    assert "row 2, column quantity_pieces" in refused.json()["errors"][0]["detail"]
    fault = refused.json()["errors"][0]
    assert (fault["row"], fault["column"]) == (2, "quantity_pieces")
    checked = post(idle, wrong, path=f"{PATH}:validate", plant=plant).json()
    assert checked["valid"] is False
    assert checked["issues"] == refused.json()["errors"]


def test_a_table_needs_a_plant_that_is_there(idle, book):
    assert post(idle, table(book)).json()["errors"][0]["pointer"] == "/plant"
    assert post(idle, table(book), plant="ob-" + "0" * 26).status_code == 404


def test_the_template_is_a_table_that_is_read(idle, plant):
    text = idle.get(f"{PATH}/template", params={"format": "csv"}).text
    assert post(idle, text, path=f"{PATH}:validate", plant=plant).status_code == 200
    workbook = idle.get(f"{PATH}/template").content
    assert load_workbook(io.BytesIO(workbook)).sheetnames[0] == "Orders"
    answer = post(idle, workbook, XLSX, f"{PATH}:validate", plant=plant)
    assert answer.status_code == 200


@pytest.mark.parametrize("form", [CSV, XLSX])
def test_orders_of_a_book_can_be_edited_and_posted_again(idle, book, plant, form):
    short = "csv" if form == CSV else "xlsx"
    orders = idle.get(f"{PATH}/{plant}/orders", params={"format": short})
    assert orders.headers["content-type"].startswith(form)
    made = post(idle, orders.content, form, plant=plant)
    assert made.status_code == 201, made.text
    content = idle.get(made.json()["links"]["content"]).json()
    assert [order["id"] for order in content["orders"]] == [order["id"] for order in book["orders"]]


@pytest.mark.parametrize("content", [b"", b"\0\0", b"PK\x03\x04 no archive", b"\xff\xfe\xff"])
@pytest.mark.parametrize("media_type", [CSV, XLSX])
def test_what_is_no_table_is_refused(idle, plant, content, media_type):
    answer = post(idle, content, media_type, plant=plant)
    assert answer.status_code in (400, 422)
    assert answer.json()["code"]
