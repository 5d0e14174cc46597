"""``antmill solve``: its options are in ``solve_options``, the work is in ``solving``."""

from api.command_line.solve_options import (
    AsJson,
    BoundSeconds,
    File,
    Format,
    FrontFolder,
    Gantt,
    Goals,
    Iterations,
    Out,
    Profile,
    Quiet,
    Report,
    Seconds,
    Seed,
    SolverName,
    Target,
    TargetGap,
    Threads,
    WarmStart,
    Weights,
)


def solve(
    file: File,
    solver: SolverName = "aco",
    time: Seconds = None,
    iterations: Iterations = None,
    seed: Seed = 0,
    threads: Threads = None,
    target: Target = None,
    reader: Format = None,
    warm_start: WarmStart = None,
    out: Out = None,
    gantt: Gantt = None,
    report: Report = None,
    bound: BoundSeconds = None,
    gap: TargetGap = None,
    profile: Profile = "money",
    goals: Goals = "",
    weights: Weights = None,
    front: FrontFolder = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Solve a problem file. Ctrl-C stops the search and keeps the best solution found.

    Exit code 0: a feasible solution was found, 1: none was, 2: the input cannot be used.
    """
    from api.command_line.solving import Request, run

    return run(
        Request(
            file=file,
            solver=solver,
            time=time,
            iterations=iterations,
            seed=seed,
            threads=threads,
            target=target,
            reader=reader,
            warm_start=warm_start,
            out=out,
            gantt=gantt,
            report=report,
            bound=bound,
            gap=gap,
            profile=profile,
            goals=tuple(name.strip() for name in goals.split(",") if name.strip()),
            weights=weights,
            front=front,
            as_json=as_json,
            quiet=quiet or as_json,
        )
    )
