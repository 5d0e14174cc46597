"""``antmill warm-up`` knows every kind of problem."""

from api.command_line.warm_up import GROUPS
from instances.examples import EXAMPLES


def test_every_kind_of_problem_is_compiled_once():
    kinds = [kind for group in GROUPS for kind in group]
    assert sorted(kinds) == sorted((*EXAMPLES, "bar", "rod"))
