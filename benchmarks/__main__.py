"""``python -m benchmarks``: run the plan, or some of its families, and renew the page of results.

Every family's tables and runs go to ``docs/benchmarks/``; the page ``docs/benchmarks.md`` is put
together from what lies there.
"""

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from benchmarks.command import Wanted, run_all
from benchmarks.page import page
from benchmarks.peers import PEERS
from benchmarks.plan import PLAN
from instances.text import BadInstance

DOCS = Path(__file__).resolve().parent.parent / "docs"


def main() -> int:
    """Run what the command line asks for; return the exit code."""
    names = [wanted.family for wanted in PLAN]
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("families", nargs="*", help=f"by default all: {', '.join(names)}")
    parser.add_argument("--seeds", type=int, help="instead of the plan's")
    parser.add_argument("--time", type=float, help="seconds a run, instead of the plan's")
    parser.add_argument("--only", help="instances with this text in their name only")
    parser.add_argument("--own", action="store_true", help="without peers")
    parser.add_argument("--threads", type=int, help="by default all cores given")
    parser.add_argument("--data", type=Path, help="public instances; by default $ANTMILL_DATA")
    parser.add_argument("--out", type=Path, default=DOCS / "benchmarks", help="results go here")
    parser.add_argument("--page", action="store_true", help="only put the page together")
    asked = parser.parse_args()
    if unknown := set(asked.families) - set(names):
        parser.error(f"unknown families: {', '.join(sorted(unknown))}; known: {', '.join(names)}")
    if not asked.page:
        chosen = [one for one in PLAN if not asked.families or one.family in asked.families]
        try:
            run_all(
                [_changed(one, asked) for one in chosen],
                threads=asked.threads,
                data=asked.data,
                out=asked.out,
            )
        except BadInstance as error:
            parser.error(str(error))
    (asked.out.parent / "benchmarks.md").write_text(page(asked.out, names), encoding="utf-8")
    return 0


def _changed(one: Wanted, asked: argparse.Namespace) -> Wanted:
    """Return the plan's line with what the command line says otherwise."""
    return replace(
        one,
        solvers=tuple(name for name in one.solvers if not (asked.own and name in PEERS)),
        only=asked.only,
        seeds=asked.seeds or one.seeds,
        seconds=asked.time or one.seconds,
    )


if __name__ == "__main__":
    sys.exit(main())
