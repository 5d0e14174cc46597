"""Scenarios: all combinations as jobs, compared in the order book's own money."""

import pytest

from .conftest import job, wait


@pytest.fixture(scope="module")
def stored(client, book):
    return client.post("/v1/order-books", json=book).json()["id"]


def scenario(client, *books, headers=None, **members):
    body = {"order_books": list(books), "termination": {"time_s": 2}, **members}
    return client.post("/v1/scenarios", json=body, headers=headers)


def test_every_combination_is_a_job_and_the_best_is_marked(client, stored):
    made = scenario(
        client,
        stored,
        name="what if",
        profiles=["money", "in_time"],
        solvers=["planner_rule", "stub"],
        seeds=[1],
    )
    assert made.status_code == 202, made.text
    runs = made.json()["runs"]
    pairs = {(run["profile"], run["solver"]) for run in runs}
    assert len(runs) == len(pairs) == 4
    for run in runs:
        done = wait(client, run["job"])
        assert (done["state"], done["scenario"]) == ("succeeded", made.json()["id"])
        assert done["profile"] == run["profile"]
    found = client.get(made.headers["location"]).json()
    assert found["finished"]
    costs = [run["evaluation"]["cost"] for run in found["runs"]]
    assert {run["evaluation"]["cost"] for run in found["runs"] if run["best"]} == {min(costs)}
    rows = client.get("/v1/scenarios").json()["items"]
    assert (rows[0]["name"], rows[0]["jobs"]) == ("what if", 4)


def test_a_book_that_came_with_a_job_is_listed_and_compared_like_any_other(client, book):
    own = {**book, "name": "only in a job"}
    first = client.post("/v1/jobs", json=job(own)).json()

    def names(**origins):
        found = client.get("/v1/order-books", params={"limit": 200, **origins}).json()["items"]
        return {item["id"]: (item["name"], item["origin"]) for item in found}

    inline = names(origin=["inline", "revised"])
    assert inline[first["order_book"]] == ("only in a job", "inline")
    assert {origin for _, origin in inline.values()} == {"inline"}
    assert first["order_book"] not in names()
    assert client.get("/v1/order-books", params={"origin": "stolen"}).status_code == 422

    made = scenario(client, first["order_book"], solvers=["stub"])
    assert made.status_code == 202, made.text
    wait(client, first["id"])
    assert client.delete(f"/v1/jobs/{first['id']}").status_code == 204
    run = made.json()["runs"][0]
    assert (run["name"], wait(client, run["job"])["state"]) == ("only in a job", "succeeded")


def test_a_plan_of_a_profile_is_scored_with_the_books_own_prices(client, book, stored):
    made = scenario(client, stored, profiles=["in_time"], solvers=["planner_rule"]).json()
    wait(client, made["runs"][0]["job"])
    schedule = client.get(f"/v1/scenarios/{made['id']}").json()["runs"][0]["schedule"]
    plan = client.get(f"/v1/schedules/{schedule}").json()
    body = {"problem": book, "schedule": plan["schedule"]}
    again = client.post("/v1/schedules:evaluate", json=body).json()
    assert again == plan["evaluation"]


def test_a_repeated_request_makes_no_second_scenario(client, stored):
    headers = {"Idempotency-Key": "scenario"}
    first, again = (scenario(client, stored, solvers=["stub"], headers=headers) for _ in "ab")
    assert first.json() == again.json()


@pytest.mark.parametrize(
    ("members", "place"),
    [
        ({"profiles": ["greed"]}, "/profiles/0"),
        ({"solvers": ["oracle"]}, "/solvers"),
        ({"solvers": ["aco", "cp_sat"], "profiles": ["lexicographic"]}, "/solvers/1"),
        ({"seeds": [-1]}, "/seeds/0"),
        ({"seeds": [1, 2**53]}, "/seeds/1"),
        ({"seeds": []}, "/seeds"),
        ({"seeds": list(range(50)), "profiles": ["money", "in_time", "low_energy"]}, ""),
        ({"order_books": ["x"]}, "/order_books/0"),
        ({"termination": {"time_s": 1e5}}, "/termination/time_s"),
    ],
    ids=str,
)
def test_a_bad_scenario_names_the_place(client, stored, members, place):
    answer = scenario(client, stored, **members)
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["pointer"] == place


def test_another_mills_book_is_none(client):
    assert scenario(client, "ob-" + "0" * 26).status_code == 404
    assert client.get("/v1/scenarios/sc-" + "0" * 26).status_code == 404


def test_the_profiles_are_listed(client):
    names = [profile["name"] for profile in client.get("/v1/profiles").json()]
    assert names[0] == "money"
    assert len(names) > 3
