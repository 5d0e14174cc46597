"""The states of a job and the reasons of a failed one: two closed lists."""

from enum import StrEnum


class State(StrEnum):
    """Where a job is. ``accepted`` waits for its children, ``queued`` for a worker."""

    ACCEPTED = "accepted"
    QUEUED = "queued"
    RUNNING = "running"
    STOPPING = "stopping"
    SUCCEEDED = "succeeded"
    INFEASIBLE = "infeasible"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Failure(StrEnum):
    """Why a job failed."""

    OUT_OF_MEMORY = "out_of_memory"
    TIMEOUT = "timeout"
    CRASH = "crash"
    INVALID = "invalid"


HELD = (State.RUNNING, State.STOPPING)
"""A worker holds the job's lease."""

ACTIVE = (State.ACCEPTED, State.QUEUED, *HELD)
FINAL = (State.SUCCEEDED, State.INFEASIBLE, State.FAILED, State.CANCELLED)
