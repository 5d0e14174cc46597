"""How a command ends when its input cannot be used: one message, exit code 2."""

from collections.abc import Iterator
from contextlib import contextmanager

FEASIBLE, INFEASIBLE, UNUSABLE, FAULT, INTERRUPTED = 0, 1, 2, 70, 130
"""Exit codes: a feasible solution, none (or a violated one), unusable input, a fault of Antmill's
own, stopped by hand."""

SHOWN_ISSUES = 10


class UnusableError(Exception):
    """An input, option or file that cannot be used; the message says which and what to do."""


@contextmanager
def reading(what: object) -> Iterator[None]:
    """Turn every way in which ``what`` cannot be read into an UnusableError that names it."""
    from scheduler.issues import InvalidInput

    try:
        yield
    except InvalidInput as error:
        raise UnusableError(_listed(what, error.total, [str(x) for x in error.issues])) from error
    except OSError as error:
        raise UnusableError(f"{what}: {(error.strerror or str(error)).lower()}") from error
    except UnicodeDecodeError as error:
        raise UnusableError(f"{what}: byte {error.start} is not UTF-8 text") from error
    except ValueError as error:
        message = str(error)
        raise UnusableError(message if str(what) in message else f"{what}: {message}") from error
    except RecursionError as error:
        raise UnusableError(f"{what}: nested too deeply") from error


def _listed(what: object, total: int, issues: list[str]) -> str:
    if total == 1:
        return f"{what}: {issues[0]}"
    shown = issues[:SHOWN_ISSUES]
    rest = [f"and {total - len(shown)} more"] if total > len(shown) else []
    return "\n  ".join([f"{what}: {total} faults", *shown, *rest])
