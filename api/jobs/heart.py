"""A running job's heart: renews the lease, tells of progress, and hears of stop and cancel."""

import threading
from types import TracebackType
from typing import Any, Self

from api.jobs.link import Link
from api.jobs.states import State
from api.planning import search
from scheduler.mill import MillProblem
from solvers.progress import Progress


class Heart:
    """Beats in its own thread while a job runs.

    ``lost`` is set when the lease is gone: whatever the worker found is then worth nothing.
    ``reason`` is the stop criterion that solvers ask; it never blocks.
    """

    def __init__(self, link: Link, job: str, attempt: int, seconds: float) -> None:
        self.link, self.job, self.attempt, self.seconds = link, job, attempt, seconds
        self.lost = threading.Event()
        self.stopping = threading.Event()
        self.problem: MillProblem | None = None
        self._latest: Progress | None = None
        self._terms: tuple[float | None, dict[str, Any] | None] = (None, None)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="heart", daemon=True)

    def __enter__(self) -> Self:
        """Start to beat."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop to beat, and write what was told last: a short search may be over between beats."""
        self._over.set()
        self._thread.join()
        if self._latest is not None and not self.lost.is_set():
            self._beat()

    def reason(self, progress: Progress) -> str | None:  # noqa: ARG002
        """Return why the outside wants the search to end, or None."""
        if self.lost.is_set():
            return "cancelled"
        return "stopped" if self.stopping.is_set() else None

    def tell(self, progress: Progress) -> None:
        """Take a snapshot; the next beat writes it."""
        self._latest = progress

    def _loop(self) -> None:
        while not self._over.is_set() and not self.lost.is_set():
            self._beat()
            self._over.wait(self.seconds)

    def _beat(self) -> None:
        progress, self._latest = self._latest, None
        document, checkpoint = self._describe(progress)
        try:
            state = self.link.beat(self.job, self.attempt, document, checkpoint)
        except Exception:  # the store is out of reach: the lease decides, not this thread
            return
        if state is None:
            self.lost.set()
        elif state == State.STOPPING:
            self.stopping.set()

    def _describe(self, progress: Progress | None) -> tuple[dict[str, Any] | None, bytes | None]:
        if progress is None or self.problem is None:
            return None, None
        checkpoint = None
        if progress.solution is not None and progress.cost != self._terms[0]:
            terms, checkpoint = search.checkpoint(self.problem, progress.solution)
            self._terms = (progress.cost, terms)
        return search.progress_document(self.problem, progress, self._terms[1]), checkpoint
