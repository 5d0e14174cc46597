"""Bad input over the wire: a clear answer with its place, never a 500, never an echo."""

import gzip
import json
import tracemalloc

import pytest

from api.errors import FORMS

from .conftest import job, service

JSON = {"content-type": "application/json"}


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    """A service without workers that takes bodies of 256 KiB and books of 100 orders."""
    folder = tmp_path_factory.mktemp("bad")
    with service(folder, slots=0, max_body_mb=0.25, max_orders=100, max_time_s=60) as client:
        yield client


def post(client, body, path="/v1/jobs", headers=JSON):
    """Post a text or bytes as they are, or a tree as JSON."""
    if not isinstance(body, bytes | str):
        body = json.dumps(body)
    answer = client.post(path, content=body, headers=headers)
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == answer.status_code
    assert len(answer.content) < 20_000
    return answer.status_code, problem


def first(problem):
    error = problem["errors"][0]
    return error["pointer"], error["code"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "not_json"),
        (b"   ", "not_json"),
        (b'{"problem": {', "not_json"),
        (b"{} trailing", "not_json"),
        (b"\xff\xfe{}", "not_json"),
        (b'{"seed": 1, "seed": 2}', "not_json"),
        (b'{"termination": {"time_s": 1, "time_s": 2}}', "not_json"),
        (b"[" * 100_000, "not_json"),
        (b'{"problem": ' * 40 + b"1" + b"}" * 40, "not_json"),
    ],
    ids=["empty", "blank", "cut", "trailing", "utf16", "twice", "twice-inside", "deep", "deeper"],
)
def test_what_is_no_strict_json_is_a_400(client, body, code):
    status, problem = post(client, body)
    assert (status, problem["code"]) == (400, code)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 415),
        ({"content-type": "text/plain"}, 415),
        ({"content-type": "application/json; charset=utf-8"}, 422),
        ({"content-type": 'Application/JSON ; Charset="UTF-8"'}, 422),
        ({"content-type": "application/json; charset=utf-16"}, 415),
        ({"content-type": 'application/json; a=b; charset="latin-1"'}, 415),
        ({"content-type": "application/json", "content-encoding": "gzip"}, 400),
        ({"content-type": "application/json", "content-encoding": "br"}, 415),
        ({"content-type": "application/json", "content-encoding": "gzip, gzip"}, 415),
    ],
)
def test_content_types_and_encodings_are_told_apart(client, headers, status):
    assert post(client, "{}", headers=headers)[0] == status


def test_another_charset_than_utf_8_is_said_so(client):
    headers = {"content-type": "application/json; charset=utf-16"}
    status, problem = post(client, json.dumps({"seed": 1}), headers=headers)
    assert (status, problem["code"]) == (415, "unsupported_media_type")
    assert 'UTF-8 only, not as "utf-16"' in problem["detail"]
    table = {"content-type": "text/csv; charset=windows-1252"}
    assert post(client, "id\n", "/v1/order-books:validate", table)[0] == 415


def test_an_oversized_body_is_a_413_and_not_echoed(client):
    body = json.dumps({"problem": "x" * 300_000})
    status, problem = post(client, body)
    assert (status, problem["code"]) == (413, "too_large")

    def endless():
        for _ in range(100):
            yield b" " * 10_000

    assert client.post("/v1/jobs", content=endless(), headers=JSON).status_code == 413


ZIPPED = {**JSON, "content-encoding": "gzip"}


def test_a_zipped_body_is_read_like_a_plain_one(client):
    plain = json.dumps({"seed": -1}).encode()
    assert post(client, gzip.compress(plain), headers=ZIPPED) == post(client, plain)


def test_a_gzip_bomb_is_a_413_before_it_is_unpacked(client):
    bomb = gzip.compress(bytes(1 << 28))  # 256 MiB in 260 kB; the limit here is 256 KiB
    tracemalloc.start()
    try:
        status, problem = post(client, bomb, headers=ZIPPED)
        assert tracemalloc.get_traced_memory()[1] < 1 << 25
    finally:
        tracemalloc.stop()
    assert (status, problem["code"]) == (413, "too_large")


@pytest.mark.parametrize("cut", [slice(-9), slice(10, None), slice(0, 0)])
def test_a_broken_gzip_stream_is_a_400(client, cut):
    status, problem = post(client, gzip.compress(b'{"seed": -1}')[cut], headers=ZIPPED)
    assert (status, problem["code"]) == (400, "not_gzip")
    trailing = gzip.compress(b'{"seed": -1}') + b"{}"
    assert post(client, trailing, headers=ZIPPED)[1]["code"] == "not_gzip"


def test_too_many_orders_are_a_413_before_they_are_read(client):
    status, problem = post(client, job({"orders": [0] * 101}))
    assert (status, problem["code"]) == (413, "too_many_orders")
    assert first(problem) == ("/problem/orders", "too_many_orders")
    assert post(client, {"orders": [0] * 101}, "/v1/order-books")[0] == 413
    assert post(client, {"orders": [0] * 101}, "/v1/order-books:validate")[0] == 413


@pytest.mark.parametrize(
    ("members", "place"),
    [
        ({"seed": -1}, "/seed"),
        ({"seed": 2**53}, "/seed"),
        ({"seed": 1.5}, "/seed"),
        ({"seed": "12"}, "/seed"),
        ({"seed": True}, "/seed"),
        ({"seed": 10**30}, "/seed"),
        ({"threads": 0}, "/threads"),
        ({"threads": 999}, "/threads"),
        ({"priority": 1000}, "/priority"),
        ({"solver": "oracle"}, "/solver"),
        ({"solver": 3}, "/solver"),
        ({"tags": ["<script>"]}, "/tags/0"),
        ({"tags": ["a\r\nSet-Cookie: x"]}, "/tags/0"),
        ({"tags": "night"}, "/tags"),
        ({"colour": "red"}, "/colour"),
        ({"termination": {"time_s": 0}}, "/termination/time_s"),
        ({"termination": {"time_s": 61}}, "/termination/time_s"),
        ({"termination": {"time_s": "10"}}, "/termination/time_s"),
        ({"termination": {"time_s": None}}, "/termination/time_s"),
        ({"termination": {"hours": 1}}, "/termination/hours"),
        ({"termination": {"iterations": 0}}, "/termination/iterations"),
        ({"termination": {"iterations": 2.0}}, "/termination/iterations"),
        ({"warm_start": "../etc/passwd"}, "/warm_start"),
        ({"freeze_until": "2026-01-05"}, "/freeze_until"),
        ({"freeze_until": "2026-02-30T06:00:00+01:00"}, "/freeze_until"),
        ({"freeze_until": "2026-01-05T06:00:00"}, "/freeze_until"),
        ({"freeze_until": 1767589200}, "/freeze_until"),
        ({"freeze_until": "0001-01-01T00:00:00+14:00"}, "/freeze_until"),
    ],
    ids=str,
)
def test_a_bad_member_of_a_job_is_named(client, book, members, place):
    status, problem = post(client, job(book, **members))
    assert (status, first(problem)[0]) == (422, place)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_a_number_that_is_not_finite_is_named(client, number):
    body = f'{{"order_book": "x", "termination": {{"time_s": {number}}}}}'
    status, problem = post(client, body)
    assert (status, first(problem)) == (422, ("/termination/time_s", "not_finite"))


@pytest.mark.parametrize("text", ["\\ud800", "a\\u0000b"])
def test_a_text_that_is_not_unicode_is_named(client, text):
    status, problem = post(client, f'{{"order_book": "{text}"}}')
    assert (status, first(problem)) == (422, ("/order_book", "not_unicode"))


@pytest.mark.parametrize("more", [{"id": "@half"}, {"@half": 1}])
@pytest.mark.parametrize("path", ["/v1/order-books", "/v1/order-books:validate"])
def test_half_of_a_surrogate_pair_in_an_id_or_a_name_is_named(client, book, path, more):
    text = json.dumps({**book, "orders": [{**book["orders"][0], **more}]})
    answer = client.post(path, content=text.replace("@half", "\\ud800"), headers=JSON)
    assert answer.status_code == (200 if path.endswith(":validate") else 422)
    assert "ud800" in answer.text


@pytest.mark.parametrize("body", ["[]", "1", '"x"', "null", "true"])
def test_a_body_that_is_no_object_is_a_422(client, body):
    assert post(client, body)[0] == 422


def test_none_or_two_problems_are_refused(client, book):
    assert post(client, {"solver": "stub"})[0] == 422
    assert post(client, job(book, order_book="ob-" + "0" * 26))[0] == 422


def test_a_fault_in_the_problem_has_its_place_in_the_body(client, book):
    status, problem = post(client, job({**book, "orders": [{"id": "A"}]}))
    assert status == 422
    assert {error["order"] for error in problem["errors"]} == {"A"}
    assert "/problem/orders/0/grade" in {error["pointer"] for error in problem["errors"]}
    status, problem = post(client, job({**book, "orders": []}))
    assert status == 422
    assert problem["errors_total"] >= 1


def test_only_the_first_hundred_faults_are_listed_and_all_are_counted(client, book):
    orders = [{"id": f"A{n}"} for n in range(100)]
    status, problem = post(client, {**book, "orders": orders}, "/v1/order-books")
    assert (status, len(problem["errors"])) == (422, 100)
    assert problem["errors_total"] >= 400


def test_a_long_value_is_cut(client, book):
    _, problem = post(client, job(book, solver="x" * 64))
    assert problem["errors"][0]["code"]
    _, problem = post(client, {**book, "name": ["y" * 100_000]}, "/v1/order-books")
    assert all(len(error.get("value", "")) <= 70 for error in problem["errors"])


def test_validation_lists_issues_and_stores_nothing(client, book):
    good = client.post("/v1/order-books:validate", json=book)
    assert (good.status_code, good.json()["valid"]) == (200, True)
    bad = client.post("/v1/order-books:validate", json={**book, "orders": [{}]}).json()
    assert (bad["valid"], bad["summary"]) == (False, None)
    assert bad["issues"][0]["pointer"].startswith("/orders/0")
    assert client.get("/v1/order-books").json()["items"] == []


@pytest.mark.parametrize(
    "path",
    [
        "/v1/jobs/job-none",
        "/v1/jobs/..%2f..%2fetc",
        "/v1/jobs/job-none/events",
        "/v1/schedules/none",
        "/v1/schedules/none/gantt.svg",
        "/v1/order-books/none",
        "/v1/demo-data/none",
        "/v1/nothing",
        "/static/../settings.py",
    ],
)
def test_what_is_not_there_is_a_404_with_details(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"


@pytest.mark.parametrize(
    ("path", "parameters"),
    [
        ("/v1/jobs", {"limit": 0}),
        ("/v1/jobs", {"limit": "many"}),
        ("/v1/jobs", {"cursor": "x" * 1000}),
        ("/v1/schedules", {"cursor": "zzz"}),
        ("/v1/order-books", {"cursor": ""}),
        ("/v1/jobs", {"limit": 10**30}),
    ],
)
def test_bad_parameters_are_a_422(client, path, parameters):
    answer = client.get(path, params=parameters)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


def test_a_bad_idempotency_key_is_a_422(client, book):
    for key in ("", "x" * 300, "a b", "é".encode()):
        answer = client.post("/v1/jobs", json=job(book), headers={"Idempotency-Key": key})
        assert answer.status_code == 422, key


@pytest.mark.parametrize(
    ("method", "address", "known"),
    [
        ("GET", "/v1/job-orders?status=AllowedToStart", "one of cursor, limit, schedule, state"),
        ("GET", "/v1/jobs/job-1?status=running", "none"),
        ("POST", "/v1/order-books?status=1", "one of decimal, name, plant, sheet, zone"),
        ("POST", "/v1/jobs?status=1", "none"),
    ],
)
def test_an_unknown_parameter_is_not_taken_for_none(client, method, address, known):
    answer = client.request(method, address, json={} if method == "POST" else None)
    (fault,) = answer.json()["errors"]
    assert (answer.status_code, fault["code"]) == (422, "unknown_parameter")
    assert (fault["pointer"], fault["expected"]) == ("/query/status", known)


def test_an_unknown_reference_is_a_404(client, book):
    nowhere = "ob-" + "0" * 26
    status, problem = post(client, {"order_book": nowhere, "solver": "stub"})
    assert (status, problem["code"]) == (404, "not_found")
    status, _ = post(client, job(book, warm_start="sch-" + "0" * 26))
    assert status == 404
    assert client.get("/v1/order-books").json()["items"] == []


def test_an_unusable_plan_is_refused_with_its_place(client, book):
    path = "/v1/schedules:evaluate"
    status, problem = post(client, {"problem": book, "schedule": {"lines": 3}}, path)
    assert status == 422
    assert problem["errors"][0]["pointer"].startswith("/schedule")
    lot = {"type": "lot", "start": "2026-01-05T06:45:00+01:00", "grade": "x", "section": "y"}
    cuts = [{"stock": "z", "count": 1, "pieces": {"A": 1}}]
    lines = [{"line": "L1", "elements": [{**lot, "cuts": cuts}]}]
    schedule = {"format": "antmill-schedule-1", "lines": lines}
    status, problem = post(client, {"problem": book, "schedule": schedule}, path)
    assert (status, first(problem)[1]) == (422, "unusable_schedule")


def test_a_wrong_method_is_a_405(client):
    answer = client.put("/v1/jobs", json={})
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert "POST" in answer.headers["allow"] or "GET" in answer.headers["allow"]


@pytest.mark.parametrize("path", ["/v1/jobs/%00", "/v1/jobs?cursor=%00", "/v1/%00"])
def test_a_nul_in_the_address_is_a_400(client, path):
    answer = client.get(path)
    assert (answer.status_code, answer.json()["code"]) == (400, "not_text")


def test_every_answer_has_an_id_and_is_not_sniffed(client):
    for path in ("/healthz", "/v1/jobs", "/v1/nothing"):
        headers = client.get(path).headers
        assert headers["x-request-id"].startswith("req-")
        assert headers["x-content-type-options"] == "nosniff"
    assert client.get("/v1/jobs").headers["cache-control"] == "no-store"


def test_forms_of_texts_are_told_in_words_and_each_has_some(client, book):
    _, problem = post(client, {**job(book), "webhook": "http://x", "tags": ["é~"], "sed": 1})
    told = {
        error["pointer"]: (error["detail"], error.get("expected")) for error in problem["errors"]
    }
    assert "begins with https://" in told["/webhook"][1]
    assert told["/sed"][0] == "there is no such member here"
    document = client.get("/openapi.json").json()
    schemas = document["components"]["schemas"]
    own = [schema for name, schema in schemas.items() if not name.startswith("Mill")]
    patterns = set(patterns_of([own, document["paths"]]))
    assert patterns
    assert patterns <= set(FORMS)


def patterns_of(tree):
    """Yield the patterns of texts in a JSON schema."""
    if isinstance(tree, dict):
        yield from [tree["pattern"]] if isinstance(tree.get("pattern"), str) else []
        tree = list(tree.values())
    for inner in tree if isinstance(tree, list) else []:
        yield from patterns_of(inner)


def test_a_limit_in_seconds_says_so_and_is_no_float(client, book):
    for members, expected in (
        ({"time_s": 1e9}, "at most 86400 s"),
        ({"time_s": 0}, "more than 0 s"),
    ):
        (fault,) = client.post("/v1/jobs", json=job(book, termination=members)).json()["errors"]
        assert (fault["pointer"], fault["expected"]) == ("/termination/time_s", expected)
