"""Metrics and health of a worker, as whoever scrapes them sees them."""

from __future__ import annotations

import json
import os
import re
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy.exc import OperationalError

from orderloom.adapters.observe import scrape
from orderloom.adapters.observe.metrics import Metrics
from orderloom.adapters.observe.scrape import Health, Kept, serve
from orderloom.engine.shell.observe import Batched, Breaker, Broke, Conflicted, Delivered, Fenced, Looked, Opened, Report, Turned
from orderloom.engine.store.vitals import Open, OpenTasks, Outbox, Queue, Vitals
from orderloom.engine.store.workers import Doing, Seen

AT = datetime(2026, 3, 2, 10, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
WORKERS = (Seen("h:1", AT, AT, True, Doing()), Seen("h:2", AT, AT, False, Doing()))
VITALS = Vitals(
    AT,
    Queue(3, AT - MINUTE, 5, AT + 2 * MINUTE),
    (Outbox("depot", 4, 1, AT - 3 * MINUTE), Outbox("erp", 1, 0, AT)),
    (Open("operations", "no-stock", 2, 1),),
    7,
    WORKERS,
    {"due": 12},
    (OpenTasks("sales", 5, 3),),
)


@contextmanager
def served(read: Callable[[], Vitals]) -> Iterator[tuple[str, Metrics, Health]]:
    kept = Kept(read)
    metrics, health = Metrics(kept), Health(kept)
    server = serve("127.0.0.1", 0, metrics, health)
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", metrics, health
    finally:
        server.shutdown()
        server.server_close()


def got(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode()


def samples(url: str) -> dict[str, float]:
    """Values by name and labels, without those of the process."""
    status, text = got(f"{url}/metrics")
    assert status == 200
    return {
        sample.name.removeprefix("orderloom_") + (str(sorted(sample.labels.values())) if sample.labels else ""): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name.startswith("orderloom_") and not sample.name.endswith("_created")
    }


def test_what_waits_is_read_when_somebody_asks() -> None:
    with served(lambda: VITALS) as (url, *_):
        found = samples(url)
    expected = {
        "store_up": 1,
        "queue_age_seconds": 60,
        "due": 3,
        "due_within_hour": 5,
        "next_due_seconds": 120,
        "late_orders": 7,
        "exceptions_open['no-stock', 'operations']": 2,
        "exceptions_overdue['no-stock', 'operations']": 1,
        "tasks_open['sales']": 5,
        "tasks_overdue['sales']": 3,
        "outbox_messages['depot']": 4,
        "outbox_messages['erp']": 1,
        "outbox_failing['depot']": 1,
        "outbox_failing['erp']": 0,
        "outbox_age_seconds['depot']": 180,
        "outbox_age_seconds['erp']": 0,
        "workers": 1,
        "dead_rows['due']": 12,
    }
    assert {name: value for name, value in found.items() if name in expected} == expected


TURNS = tuple(Turned("W1", None, None, "timer", 1, 0, 0.001, fault) for fault in (None, None, "KeyError"))
REPORTS: tuple[Report, ...] = (
    Batched(TURNS, (Opened("W1", None, None, "x", "no-stock", "operations"),), 0, 0.02),
    Delivered("W1", "", "k", "depot", "fulfiller", "pick", 1, "failed", 0, 0.3),
    Fenced("depot", 3),
    Conflicted(),
    Conflicted(),
    Broke("depot", Breaker.OPEN),
)


def test_what_a_worker_tells_is_counted() -> None:
    with served(lambda: VITALS) as (url, metrics, _):
        for report in REPORTS:
            metrics(report)
        found = samples(url)
    assert (found["turns_total['applied', 'timer']"], found["turns_total['failed', 'timer']"]) == (2, 1)
    assert (found["batch_turns_count"], found["batch_turns_sum"]) == (1, 3)
    assert (found["batch_turns_bucket['2.0']"], found["batch_turns_bucket['5.0']"]) == (0, 1)
    assert (found["batch_seconds_bucket['0.01']"], found["batch_seconds_bucket['0.025']"]) == (0, 1)
    assert found["exceptions_opened_total['no-stock', 'operations']"] == 1
    assert found["deliveries_total['depot', 'failed']"] == 1
    assert found["delivery_seconds_sum['depot']"] == 0.3
    assert (found["fenced_total['depot']"], found["conflicts_total"], found["breaker['depot']"]) == (3, 2, 2)


def test_however_many_ask_the_store_is_read_once_in_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    reads = []

    def read() -> Vitals:
        reads.append(1)
        return VITALS

    with served(read) as (url, *_):
        crowd = [Thread(target=got, args=(f"{url}/metrics",)) for _ in range(8)]
        for each in crowd:
            each.start()
        for each in crowd:
            each.join()
        assert len(reads) == 1
    monkeypatch.setattr(scrape, "FRESH", 0.0)
    with served(read) as (url, *_):
        got(f"{url}/metrics")
        got(f"{url}/metrics")
    assert len(reads) == 3


def test_a_store_that_cannot_be_read_is_told_and_the_rest_goes_on() -> None:
    def read() -> Vitals:
        raise OperationalError("SELECT", {}, Exception("gone"))

    with served(read) as (url, metrics, health):
        health(Looked("turns", 0))
        metrics(Conflicted())
        found = samples(url)
        assert (found["store_up"], found["conflicts_total"], found.get("due")) == (0, 1, None)
        assert got(f"{url}/health/ready") == (503, '{"status":"failing","problems":["the store cannot be read"]}')
        assert got(f"{url}/health/live") == (200, '{"status":"ok","problems":[]}')


def test_a_worker_whose_loop_stands_still_is_not_live(monkeypatch: pytest.MonkeyPatch) -> None:
    with served(lambda: VITALS) as (url, _, health):
        health(Looked("turns", 0))
        health(Looked("messages", 0))
        assert got(f"{url}/health") == (200, '{"status":"ok","problems":[]}')
        monkeypatch.setattr(scrape, "STUCK", -1.0)
        status, body = got(f"{url}/health/live")
    assert status == 503
    assert [words.split(" has")[0] for words in json.loads(body)["problems"]] == ["the loop of turns", "the loop of messages"]


def test_what_is_not_there_is_told() -> None:
    with served(lambda: VITALS) as (url, *_):
        assert got(f"{url}/orders") == (404, "/metrics, /health, /health/live and /health/ready are here\n")


PAGE = Path(__file__).parents[3] / "docs" / "operating.md"


def test_the_page_lists_every_metric() -> None:
    """ORDERLOOM_UPDATE=1 writes the list anew."""
    metrics = Metrics(lambda: VITALS)
    for report in REPORTS:
        metrics(report)
    rows = ["| metric | kind | by | what |", "| --- | --- | --- | --- |"]
    for family in sorted(metrics.registry.collect(), key=lambda family: family.name):
        if family.name.startswith("orderloom_"):
            labels = {label for sample in family.samples for label in sample.labels} - {"le"}
            name = f"{family.name}_total" if family.type == "counter" else family.name
            rows.append(f"| `{name}` | {family.type} | {', '.join(sorted(labels)) or '-'} | {family.documentation} |")
    table, text = "\n".join(rows), PAGE.read_text(encoding="utf-8")
    known = re.search(r"^\| metric \| kind .*?(?=\n\n)", text, re.MULTILINE | re.DOTALL)
    assert known is not None
    if os.environ.get("ORDERLOOM_UPDATE"):
        PAGE.write_text(text.replace(known[0], table), encoding="utf-8")
    else:
        assert known[0] == table
