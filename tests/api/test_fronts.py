"""Jobs for several goals: fronts of schedules, given weights, and what is refused."""

import pytest

from .conftest import job, wait

TERMINATION = {"time_s": 120, "iterations": 320}


def planned(client, book, **members):
    body = {"problem": book, "termination": TERMINATION, **members}
    answer = client.post("/v1/jobs", json=body)
    assert answer.status_code == 202, answer.text
    done = wait(client, answer.json()["id"])
    assert done["state"] == "succeeded", done
    return done


@pytest.fixture(scope="module")
def found(client, book):
    """A job with a front, and the front."""
    done = planned(client, book, profile="pareto", goals=["lateness", "energy"])
    return done, client.get(done["links"]["front"]).json()


def test_each_plan_of_a_front_is_a_schedule_to_open_compare_and_release(client, found):
    done, front = found
    items = front["items"]
    assert len(items) > 1
    assert [goal["name"] for goal in front["goals"]] == ["lateness", "energy"]
    assert [item["schedule"] for item in items if item["cheapest"]] == [done["schedule"]]
    assert min(items, key=lambda item: item["cost"])["cheapest"]
    for item in items:
        schedule = client.get(item["links"]["schedule"]).json()
        terms = schedule["evaluation"]["terms"]
        assert schedule["evaluation"]["cost"] == item["cost"]
        assert item["goals"]["lateness"] == pytest.approx(terms["tardiness"]["money"])
    first, second = (item["schedule"] for item in items[:2])
    difference = client.get(f"/v1/schedules/{first}/diff/{second}").json()
    assert difference["kpis"]
    released = client.post(f"/v1/schedules/{second}:release", json={})
    assert released.status_code == 200
    assert client.delete(f"/v1/jobs/{done['id']}").status_code == 409


def test_a_front_goes_with_its_job(client, book):
    done = planned(client, book, profile="pareto", goals=["lateness", "energy"])
    front = client.get(done["links"]["front"]).json()
    assert client.delete(f"/v1/jobs/{done['id']}").status_code == 204
    assert client.get(front["links"]["self"]).status_code == 404
    for item in front["items"]:
        assert client.get(item["links"]["schedule"]).status_code == 404


def test_a_plan_no_worse_than_the_one_it_starts_from(client, book):
    stored = client.post("/v1/order-books", json=book).json()["id"]
    members = {"problem": None, "order_book": stored}
    rule = planned(client, book, solver="planner_rule", **members)
    done = planned(client, book, profile="no_worse", warm_start=rule["schedule"], **members)
    assert done["result"]["cost"] <= rule["result"]["cost"]
    for term in ("tardiness", "co2", "changes"):
        before, after = (one["result"]["terms"][term]["amount"] for one in (rule, done))
        assert after <= before
    assert client.get(done["links"]["front"]).json()["items"] == []


def test_given_weights_change_the_search_and_not_the_prices(client, book):
    done = planned(client, book, weights={"tardiness_per_h": 4000})
    terms = done["result"]["terms"]
    assert terms["tardiness"]["money"] < 1000 * max(1, terms["tardiness"]["amount"] / 3600)
    assert done["weights"] == {"tardiness_per_h": 4000}
    assert done["result"]["lower_bound"] is None


@pytest.mark.parametrize(
    ("members", "place", "code"),
    [
        ({"profile": "pareto", "solver": "cp_sat"}, "/solver", "not_for_profile"),
        ({"profile": "no_worse", "solver": "aco"}, "/warm_start", "missing"),
        ({"goals": ["scrap"]}, "/goals", "not_for_profile"),
        ({"profile": "pareto", "solver": "aco", "goals": ["nix"]}, "/goals/0", "value_error"),
        (
            {"profile": "pareto", "solver": "aco", "goals": ["scrap", "scrap"]},
            "/goals",
            "value_error",
        ),
        ({"weights": {"tardiness_per_h": -1}}, "/weights/tardiness_per_h", "out_of_range"),
        ({"weights": {"tardines_per_h": 1}}, "/weights/tardines_per_h", "unknown_field"),
        ({"weights": {"tardiness_per_h": "1"}}, "/weights/tardiness_per_h", "not_a_number"),
    ],
)
def test_what_cannot_be_searched_is_refused_with_its_place(client, book, members, place, code):
    answer = client.post("/v1/jobs", json=job(book, **members))
    assert answer.status_code == 422
    (issue, *_) = answer.json()["errors"]
    assert (issue["pointer"], issue["code"]) == (place, code)


def test_a_scenario_takes_profiles_of_goals_but_none_that_needs_a_plan(client, book):
    stored = client.post("/v1/order-books", json=book).json()["id"]
    body = {"order_books": [stored], "termination": {"time_s": 1}}
    answer = client.post("/v1/scenarios", json={**body, "profiles": ["no_worse"]})
    (issue,) = answer.json()["errors"]
    assert (issue["pointer"], issue["code"]) == ("/profiles", "not_for_profile")
    assert client.post("/v1/scenarios", json={**body, "profiles": ["pareto"]}).status_code == 202
