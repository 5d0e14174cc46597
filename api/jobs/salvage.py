"""What is left of a search that had to be killed at its limit: the best plan it told of."""

from api.jobs.states import State
from api.planning.search import salvaged
from api.store import Store, leases, schedules
from api.store.leases import Claim


def salvage(store: Store, claim: Claim) -> bool:
    """Publish the job's last checkpoint; return False where there is none, or no lease."""
    found = store.read(leases.checkpoint_of, claim.job, claim.attempt)
    if found is None:
        return False
    given = store.read(schedules.job_input, claim.job)
    outcome, plan = salvaged(given, found.checkpoint, found.progress)
    state = State.SUCCEEDED if plan.feasible else State.INFEASIBLE
    return store.write(leases.finish, claim.job, claim.attempt, state, outcome, plan)
