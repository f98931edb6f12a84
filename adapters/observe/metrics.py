"""What a worker does and what waits in its store, as Prometheus metrics. Needs the library prometheus-client."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from orderloom.engine.shell.observe import Batched, Breaker, Broke, Conflicted, Delivered, Fenced, Report
from orderloom.engine.store.vitals import Vitals

SIZES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)  #: turns of a batch
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

_BREAKER = {Breaker.CLOSED: 0, Breaker.HALF_OPEN: 1, Breaker.OPEN: 2}


class Metrics:
    """An observer that counts what a worker tells, and reads what waits when somebody asks. Nothing is global."""

    def __init__(self, vitals: Callable[[], Vitals | None]) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.registry.register(Waiting(vitals))
        self._turns = self._counter(
            "turns", "Events applied to orders, by kind and result: applied or failed.", "event", "result"
        )
        self._batch = self._histogram("batch_turns", "Events of a batch.", SIZES)
        self._seconds = self._histogram("batch_seconds", "Time that a batch took, with its commit.", SECONDS)
        self._opened = self._counter("exceptions_opened", "Exceptions opened, by type and role.", "type", "role")
        words = "Attempts to hand a message to a participant, by result: delivered, failed or given-up."
        self._deliveries = self._counter("deliveries", words, "participant", "result")
        words = "Time that an attempt took; messages that are handed over together take the same."
        self._delivery = self._histogram("delivery_seconds", words, SECONDS, "participant")
        words = "Acknowledgements that came after their lease and changed nothing."
        self._fenced = self._counter("fenced", words, "participant")
        self._conflicts = self._counter("conflicts", "Batches tried again since somebody else changed one of their orders.")
        words = "Circuit breaker of a participant in this worker: 0 closed, 1 half-open, 2 open; absent before it ever opened."
        self._breaker = Gauge("orderloom_breaker", words, ("participant",), registry=self.registry)

    def __call__(self, report: Report) -> None:
        match report:
            case Batched():
                self._batched(report)
            case Delivered():
                self._deliveries.labels(report.organization, report.result).inc()
                self._delivery.labels(report.organization).observe(report.seconds)
            case Fenced():
                self._fenced.labels(report.organization).inc(report.messages)
            case Conflicted():
                self._conflicts.inc()
            case Broke():
                self._breaker.labels(report.organization).set(_BREAKER[report.breaker])

    def _counter(self, name: str, words: str, *labels: str) -> Counter:
        return Counter(f"orderloom_{name}", words, labels, registry=self.registry)

    def _histogram(self, name: str, words: str, buckets: Sequence[float], *labels: str) -> Histogram:
        return Histogram(f"orderloom_{name}", words, labels, buckets=buckets, registry=self.registry)

    def _batched(self, batch: Batched) -> None:
        self._batch.observe(len(batch.turns))
        self._seconds.observe(batch.seconds)
        for turn in batch.turns:
            self._turns.labels(turn.event, "failed" if turn.fault else "applied").inc()
        for opened in batch.opened:
            self._opened.labels(opened.type, opened.role).inc()


class Waiting(Collector):
    """The gauges of the store, read when they are asked for; where it cannot be read, that."""

    def __init__(self, vitals: Callable[[], Vitals | None]) -> None:
        self._vitals = vitals

    def describe(self) -> Iterator[Metric]:
        """Nothing is read to register them."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        found = self._vitals()
        yield GaugeMetricFamily("orderloom_store_up", "Whether the store can be read: 1, else 0.", int(found is not None))
        if found is not None:
            yield from _gauges(found)


def _gauges(now: Vitals) -> Iterator[Metric]:
    for name, words, labels, values in GAUGES:
        found = GaugeMetricFamily(f"orderloom_{name}", words, labels=labels)
        for key, value in values(now).items():
            found.add_metric(key, value)
        yield found


def _since(then: datetime, now: datetime) -> float:
    return max(0.0, (now - then).total_seconds())


def _age(now: Vitals) -> Values:
    return {(): _since(now.queue.oldest, now.at) if now.queue.oldest else 0}


def _next(now: Vitals) -> Values:
    return {(): _since(now.at, now.queue.next)} if now.queue.next else {}


Values = Mapping[tuple[str, ...], float]

#: The gauges of the store: name, help, labels, and the values by label.
GAUGES: tuple[tuple[str, str, tuple[str, ...], Callable[[Vitals], Values]], ...] = (
    ("queue_age_seconds", "How long the oldest turn that is due has waited.", (), _age),
    ("due", "Turns that are due; counting ends at 10,000.", (), lambda now: {(): now.queue.due}),
    ("due_within_hour", "Turns that will be due within the hour; counting ends at 10,000.", (), lambda now: {(): now.queue.soon}),
    ("next_due_seconds", "Time until the next turn is due, of those that are not yet.", (), _next),
    (
        "late_orders",
        "Running orders that still owe something of which the first promise has passed; counting ends at 10,000.",
        (),
        lambda now: {(): now.late},
    ),
    (
        "exceptions_open",
        "Open exceptions by type and role; counting ends at 10,000 in all.",
        ("type", "role"),
        lambda now: {(each.type, each.role): each.count for each in now.exceptions},
    ),
    (
        "exceptions_overdue",
        "Open exceptions beyond their time, by type and role; counting ends at 10,000 open ones in all.",
        ("type", "role"),
        lambda now: {(each.type, each.role): each.overdue for each in now.exceptions},
    ),
    (
        "tasks_open",
        "Open tasks by role; counting ends at 10,000 in all, those due first.",
        ("role",),
        lambda now: {(each.role,): each.count for each in now.tasks},
    ),
    (
        "tasks_overdue",
        "Open tasks beyond their time, by role; counting ends at 10,000 in all.",
        ("role",),
        lambda now: {(each.role,): each.overdue for each in now.tasks},
    ),
    (
        "outbox_messages",
        "Messages to a participant that are not delivered yet; counting ends at 10,000.",
        ("participant",),
        lambda now: {(each.organization,): each.messages for each in now.outbox},
    ),
    (
        "outbox_failing",
        "Messages to a participant that are not delivered yet and have failed before; counting ends at 10,000.",
        ("participant",),
        lambda now: {(each.organization,): each.failing for each in now.outbox},
    ),
    (
        "outbox_age_seconds",
        "How long the oldest message to a participant that is not delivered yet has waited.",
        ("participant",),
        lambda now: {(each.organization,): _since(each.oldest, now.at) for each in now.outbox},
    ),
    (
        "dead_rows",
        "Versions of rows that nobody needs and a PostgreSQL has yet to clean up, by table.",
        ("table",),
        lambda now: {(table,): count for table, count in now.dead_rows.items()},
    ),
    ("workers", "Workers of the store that are alive.", (), lambda now: {(): sum(one.alive for one in now.workers)}),
)
