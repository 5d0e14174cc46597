"""Prometheus metrics: of the requests as they are served, of jobs and workers when asked."""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from api.jobs.states import State
from api.jobs.supervisor import Supervisor
from api.store import Store, jobs, webhooks

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)


class Metrics:
    """The metrics of one process. No label names a mill, a client or an object."""

    def __init__(self, store: Store, supervisor: Supervisor) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "antmill_requests",
            "Requests answered",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "antmill_request_seconds",
            "Time until the answer began",
            ("method", "route"),
            registry=self.registry,
            buckets=BUCKETS,
        )
        self.registry.register(_State(store, supervisor))

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count an answered request."""
        self.requests.labels(method, route, str(status)).inc()
        self.seconds.labels(method, route).observe(seconds)

    def text(self) -> bytes:
        """Return all metrics in Prometheus' text form."""
        return generate_latest(self.registry)


class _State(Collector):
    """What is read off the store and the supervisor when somebody asks."""

    def __init__(self, store: Store, supervisor: Supervisor) -> None:
        self.store, self.supervisor = store, supervisor

    def collect(self) -> Iterator[Metric]:
        """Yield the gauges."""
        counted = self.store.read(jobs.count_by_state)
        states = GaugeMetricFamily("antmill_jobs", "Jobs by state", labels=("state",))
        for state in State:
            states.add_metric((state,), counted.get(state, 0))
        yield states
        told = self.store.read(webhooks.count_by_state)
        outbox = GaugeMetricFamily("antmill_webhooks", "Webhooks by state", labels=("state",))
        for name in (webhooks.PENDING, webhooks.DELIVERED, webhooks.FAILED):
            outbox.add_metric((name,), told.get(name, 0))
        yield outbox
        slots = self.supervisor.slots
        workers = GaugeMetricFamily("antmill_workers", "Workers by what they do", labels=("is",))
        busy = sum(slot.claim is not None for slot in slots)
        ready = sum(slot.ready.is_set() for slot in slots)
        for name, value in (("busy", busy), ("idle", ready - busy), ("down", len(slots) - ready)):
            workers.add_metric((name,), value)
        yield workers
        yield GaugeMetricFamily(
            "antmill_lapses",
            "Jobs taken away from dead workers by this process",
            value=self.supervisor.observer.taken,
        )
