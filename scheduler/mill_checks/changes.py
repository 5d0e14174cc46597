"""Whether every changeover that may come up is given."""

from collections.abc import Iterator, Sequence
from typing import Any

from scheduler.issues import Issue, pointer
from scheduler.mill import Change, Changeovers, MillProblem
from scheduler.mill_checks.cases import Cases
from scheduler.mill_checks.plants import of_plant
from scheduler.mill_quantities import ChangeRules

SHOWN_PAIRS = 10


def check_changes(problem: MillProblem, cases: Cases) -> Iterator[Issue]:
    """Yield missing and doubled changeovers, and groups that no change connects."""
    for kind, rules, items, ordered in (
        ("section", problem.section_changes, problem.sections, cases.columns.section),
        ("grade", problem.grade_changes, problem.grades, cases.columns.grade),
    ):
        yield from _doubled(kind, rules)
        missing = _missing(rules, items)
        if missing:
            yield _missing_issue(kind, missing)
        elif _forbids(rules):
            names = set(ordered)
            yield from _disconnected(kind, rules, [item for item in items if item.id in names])


@of_plant
def _doubled(kind: str, rules: Changeovers) -> list[Issue]:
    issues = []
    for field, rows in (("by_family", rules.by_family), ("pairs", rules.pairs)):
        if len({(row.source, row.target) for row in rows}) == len(rows):
            continue
        first: dict[tuple[str, str], Change] = {}
        for index, row in enumerate(rows):
            if first.setdefault((row.source, row.target), row) != row:
                detail = (
                    f"the change from '{row.source}' to '{row.target}' is given twice, differently"
                )
                place = pointer(f"{kind}_changes", field, index)
                issues.append(Issue("duplicate_change", place, detail, hint="keep one of them"))
    return issues


@of_plant
def _missing(rules: Changeovers, items: Sequence[Any]) -> list[str]:
    known = ChangeRules(rules)
    covered = {(row.source, row.target) for row in rules.by_family}
    families = {item.family for item in items}
    if all((a, b) in covered for a in families for b in families):
        return []
    return [
        f"'{a.id}' to '{b.id}'"
        for a in items
        for b in items
        if a is not b and known.find(a, b) is None
    ]


def _missing_issue(kind: str, missing: list[str]) -> Issue:
    more = f" and {len(missing) - SHOWN_PAIRS} more" if len(missing) > SHOWN_PAIRS else ""
    return Issue(
        "missing_changeover",
        pointer(f"{kind}_changes"),
        f"{len(missing)} changes are neither listed nor covered by families: from "
        + ", ".join(missing[:SHOWN_PAIRS])
        + more,
        hint="add them to 'pairs', or their families to 'by_family'",
    )


@of_plant
def _forbids(rules: Changeovers) -> bool:
    return any(row.forbidden for row in (*rules.by_family, *rules.pairs))


def _disconnected(kind: str, rules: Changeovers, items: Sequence[Any]) -> Iterator[Issue]:
    """Yield a warning when forbidden changes part what is ordered into separate groups."""
    known = ChangeRules(rules)

    def linked(a: Any, b: Any) -> bool:
        ways = (known.find(a, b), known.find(b, a))
        return any(way is not None and not way.forbidden for way in ways)

    left = list(items)
    groups = []
    while left:
        group = [left.pop(0)]
        for a in group:
            reached = [b for b in left if linked(a, b)]
            group += reached
            left = [b for b in left if not any(b is other for other in reached)]
        groups.append(", ".join(item.id for item in group[:SHOWN_PAIRS]))
    if len(groups) > 1:
        yield Issue(
            "disconnected_changes",
            pointer(f"{kind}_changes"),
            f"no allowed change leads between these groups: {'; '.join(groups)}",
            "warning",
            hint="one line cannot make them all; allow a change between the groups",
        )
