"""The walk-through of a week, which anyone can run, against a service of the tests."""

import pytest

from benchmarks.mes_week import Mes, week


@pytest.mark.slow
def test_the_week_goes_through(server, capsys):
    mes = Mes(f"http://127.0.0.1:{server.port}")
    week(mes, 2, "planner_rule")
    said = capsys.readouterr().out
    assert "places tried" in said
    assert [status for _, status, _ in mes.steps].count(412) == 1
    assert len(mes.steps) > 20
