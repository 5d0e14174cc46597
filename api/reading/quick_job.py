"""A posted job that is beyond doubt right, read in one pass over its text."""

from functools import lru_cache

from api.planning.problems import quickly_checked
from api.reading.checks import check_request
from api.settings import Settings
from api.wire.body import read_model
from api.wire.jobs import JobRequest
from instances import mill_json
from instances.fields.quick import Doubt
from instances.raw_json import Nested, keys_in
from instances.strict_json import parse_quickly
from scheduler.issues import Issue
from scheduler.mill import MillProblem

SHORT = 4096
"""Bytes of a request, its problem not counted, up to which it is remembered."""

_job = Nested(JobRequest.model_fields, "problem")


def quick_job(
    settings: Settings, raw: bytes
) -> tuple[JobRequest, tuple[MillProblem, tuple[Issue, ...]] | None]:
    """Return the request, and its problem with warnings where it has one of its own.

    The request does not hold the problem. Raise Doubt, ValueError or Problem where the exact
    readers must look.
    """
    texts, parts = _job.members(raw)
    short = sum(map(len, texts.values())) <= SHORT
    asked, keys = (_request if short else _request.__wrapped__)(
        tuple(texts.items()), parts is not None
    )
    check_request(settings, asked)
    keys = keys_in(raw) - keys
    if parts is not None:
        return asked, quickly_checked(mill_json.quick_of_parts(parts, keys))
    if keys:  # one may be doubled
        raise Doubt
    return asked, None


@lru_cache(maxsize=256)
def _request(texts: tuple[tuple[str, bytes], ...], has_problem: bool) -> tuple[JobRequest, int]:
    """Return the request of its members' texts, and how many keys it has outside its problem.

    A mill asks for its jobs in the same words every time, so they are remembered.
    """
    tree = {name: parse_quickly(text.decode()) for name, text in texts}
    keys = len(texts) + has_problem + sum(keys_in(text) for _, text in texts)
    if has_problem:
        tree["problem"] = True
    return read_model(JobRequest, tree, raw_members=("problem",)), keys
