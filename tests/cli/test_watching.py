"""A worker as a program of its own, watched: its logs, its metrics over HTTP, its traces at a collector."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import Any

import pytest
import yaml
from click.testing import Result
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from postgres import database
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import URL

from orderloom.engine.trace import delivery_span, trace_of

Run = Callable[..., Result]
PROGRAM = Path(sys.executable).with_name("orderloom")
BROUGHT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
PRIVATE = ("Jane", "jane@example.com", "12 Elm Street", "customer-77")
STOCK = {
    "nodes": "id,type,lat,lon,divisions,handling_cost,shipment_fee,lead_days\nDC1,dc,41,-87,RETAIL,1,0,0\n",
    "items": "id,title,weight,unit_price,unit_cost\nTEE,T-shirt,0.4,20,8\n",
    "stock": "item,node,on_hand\nTEE,DC1,9\n",
}


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield str(tmp_path / "watched.sqlite")
        return
    server: URL = request.getfixturevalue("postgres")
    with database(server) as address:
        yield address


@pytest.fixture
def filled(run: Run, shop: Path, store: str) -> Path:
    """A workspace with two orders, one of which brings a trace."""
    for kind, text in STOCK.items():
        (shop / f"{kind}.csv").write_text(text)
        assert run("import", kind, shop / f"{kind}.csv", "--dir", shop, "--store", store).exit_code == 0
    orders = [order("W1"), order("W2") | {"traceparent": BROUGHT}]
    (shop / "orders.jsonl").write_text("".join(json.dumps(each) + "\n" for each in orders))
    result = run("import", "orders", shop / "orders.jsonl", "--dir", shop, "--store", store)
    assert result.exit_code == 0, result.output
    return shop


def order(id: str) -> dict[str, object]:
    name, email, street, customer = PRIVATE
    return {
        "id": id,
        "channel": "web",
        "placed_at": "2026-03-02T10:00:00Z",
        "division": "RETAIL",
        "customer": {"id": customer, "name": name, "email": email, "tier": "standard"},
        "ship_to": {"street": street, "zip": "60601", "lat": 41.88, "lon": -87.62},
        "lines": [{"id": 1, "item": "TEE", "quantity": 1, "unit_price": 20}],
    }


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def got(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return str(answer.read().decode())


def value(text: str, name: str, **labels: str) -> float:
    """A metric's value; 0 while it is not there."""
    found = (s for family in text_string_to_metric_families(text) for s in family.samples)
    return sum(s.value for s in found if s.name == f"orderloom_{name}" and labels.items() <= s.labels.items())


def until(true: Callable[[], bool]) -> None:
    end = monotonic() + 60
    while True:
        try:
            if true():
                return
        except OSError:
            pass
        assert monotonic() < end
        sleep(0.1)


def test_a_worker_is_watched_over_http_and_by_its_log(filled: Path, store: str, tmp_path: Path) -> None:
    port = free_port()
    metrics, health = f"http://127.0.0.1:{port}/metrics", f"http://127.0.0.1:{port}/health"
    options = ("--metrics", f"127.0.0.1:{port}", "--log-format", "json", "--log-level", "debug")
    command = [str(PROGRAM), "work", "--dir", str(filled), "--store", store, *options]
    log = tmp_path / "log"
    with log.open("w") as errors, subprocess.Popen(command, stderr=errors, cwd=filled) as worker:
        try:
            until(lambda: value(got(metrics), "deliveries_total", result="delivered") >= 2)
            until(lambda: value(told := got(metrics), "workers") == 1 and value(told, "due") == 0)
            assert json.loads(got(health)) == {"status": "ok", "problems": []}
            told = got(metrics)
        finally:
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(30) == 0
    assert value(told, "turns_total", event="captured", result="applied") == 2
    assert value(told, "batch_turns_sum") == value(told, "turns_total") > 0
    assert (value(told, "store_up"), value(told, "due"), value(told, "queue_age_seconds")) == (1, 0, 0)
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    captured = {line["order"]: line["trace"] for line in lines if (line["event"], line.get("kind")) == ("turn", "captured")}
    assert captured == {"W1": trace_of("W1").id, "W2": BROUGHT.split("-")[1]}
    assert {line["trace"] for line in lines if line["event"] == "delivery" and line["order"] == "W2"} == {BROUGHT.split("-")[1]}
    assert [secret for secret in PRIVATE if secret in log.read_text() + told] == []


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_the_worker_within_a_server_is_watched_in_the_same_way(filled: Path, store: str) -> None:
    port = free_port()
    options = ("--port", "0", "--metrics", f"127.0.0.1:{port}", "--log-level", "info")
    command = [str(PROGRAM), "serve", "--dir", str(filled), "--store", store, *options]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=filled) as server:
        try:
            until(lambda: value(got(f"http://127.0.0.1:{port}/metrics"), "turns_total", event="captured") == 2)
            assert json.loads(got(f"http://127.0.0.1:{port}/health"))["status"] == "ok"
        finally:
            server.send_signal(signal.SIGTERM)
            _, log = server.communicate(timeout=30)
    assert "info    batch turns=" in log


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_participants_get_the_trace_of_the_order(filled: Path, store: str) -> None:
    connected(filled, "sent.jsonl")
    command = [str(PROGRAM), "work", "--once", "--dir", str(filled), "--store", store]
    assert subprocess.run(command, cwd=filled, check=False).returncode == 0
    sent = [json.loads(line) for line in (filled / "sent.jsonl").read_text().splitlines()]
    assert {(each["order"], each["traceparent"].split("-")[1]) for each in sent} == {
        ("W1", trace_of("W1").id),
        ("W2", BROUGHT.split("-")[1]),
    }
    assert {each["traceparent"].split("-")[2] for each in sent} == {delivery_span(each["key"], 1) for each in sent}


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_a_participant_that_takes_nothing_is_seen(run: Run, filled: Path, store: str) -> None:
    """After five calls in vain nothing is sent but a message now and then; two orders have four messages between them."""
    (filled / "sent").mkdir()
    connected(filled, "sent")  # a folder cannot be written to
    port = free_port()
    command = [str(PROGRAM), "work", "--dir", str(filled), "--store", store, "--metrics", f"127.0.0.1:{port}"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=filled) as worker:
        try:
            until(lambda: value(got(f"http://127.0.0.1:{port}/metrics"), "breaker", participant="customers") == 2)
            until(lambda: "open" in breakers(looked(run, filled, store)).values())
            [seen] = looked(run, filled, store)["workers"]
        finally:
            worker.send_signal(signal.SIGTERM)
            _, log = worker.communicate(timeout=30)
    assert (seen["alive"], seen["doing"]["turns"]) == (True, 2)
    assert "warning breaker open participant=customers" in log
    assert "warning delivery failed order=W1" in log
    after = looked(run, filled, store)
    assert after["workers"] == []
    assert {each["organization"]: each["messages"] == each["failing"] == 2 for each in after["outbox"]}["customers"]


def connected(shop: Path, path: str) -> None:
    """Lets all partners be reached by a file."""
    partners = yaml.safe_load((files("orderloom.rules.retail") / "participants.yaml").read_text())
    for organization in partners["organizations"]:
        organization["connect"] = {"adapter": "files", "path": path}
    (shop / "rules" / "partners.yaml").write_text(yaml.safe_dump(partners, sort_keys=False))


def looked(run: Run, shop: Path, store: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run("top", "--dir", shop, "--store", store, "--format", "json").stdout)
    return found


def breakers(found: dict[str, Any]) -> dict[str, str]:
    return {each["organization"]: each["breaker"] for each in found["outbox"]}


@contextmanager
def collector() -> Iterator[tuple[str, list[ExportTraceServiceRequest]]]:
    """What takes traces by OTLP over HTTP."""
    taken: list[ExportTraceServiceRequest] = []

    class Takes(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path == "/v1/traces":
                taken.append(ExportTraceServiceRequest.FromString(body))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Takes)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", taken
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_traces_go_to_a_collector(filled: Path, store: str) -> None:
    command = [str(PROGRAM), "work", "--once", "--otel", "--dir", str(filled), "--store", store]
    with collector() as (address, taken):
        env = {**os.environ, "OTEL_EXPORTER_OTLP_ENDPOINT": address, "OTEL_SERVICE_NAME": "shop"}
        done = subprocess.run(command, cwd=filled, env=env, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")
    spans = [s for request in taken for r in request.resource_spans for scope in r.scope_spans for s in scope.spans]
    [root] = [s for s in spans if s.name == "turn captured" and s.trace_id.hex() == BROUGHT.split("-")[1]]
    assert (root.span_id.hex(), root.parent_span_id.hex()) == (trace_of("W2").root, BROUGHT.split("-")[2])
    below = {s.name for s in spans if s.parent_span_id == root.span_id}
    assert any(name.startswith("deliver ") for name in below)
    [resource] = {r.resource.attributes[0].value.string_value for request in taken for r in request.resource_spans}
    assert resource == "shop"


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_a_collector_that_is_not_there_keeps_no_worker_from_its_work(filled: Path, store: str) -> None:
    env = {**os.environ, "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{free_port()}"}
    command = [str(PROGRAM), "work", "--once", "--otel", "--log-format", "json", "--dir", str(filled), "--store", store]
    done = subprocess.run(command, cwd=filled, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, "events applied" in done.stdout) == (0, True)
    assert all(json.loads(line)["level"] in ("warning", "error") for line in done.stderr.splitlines())


@pytest.mark.parametrize("port", ["0", "65536", "nine", "127.0.0.1:", "-1", ""])
def test_a_port_that_is_none_is_told(run: Run, shop: Path, port: str) -> None:
    result = run("work", "--dir", shop, "--metrics", port)
    assert result.exit_code == 2
    assert "is no port from 1 to 65535" in result.output
    assert not (shop / "orderloom.sqlite").exists()


def test_a_port_in_use_is_told(run: Run, shop: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        result = run("work", "--dir", shop, "--once", "--metrics", f"127.0.0.1:{port}")
    assert result.exit_code == 2
    assert f"metrics cannot be served at 127.0.0.1:{port}: Address already in use" in result.output


def in_a_process(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


def test_what_is_not_asked_for_is_not_imported(shop: Path) -> None:
    watched = "[name for name in sys.modules if name.partition('.')[0] in ('opentelemetry', 'prometheus_client', 'rich')]"
    work = f"main(['work', '--once', '--dir', {str(shop)!r}], standalone_mode=False)"
    done = in_a_process(f"import sys; from orderloom.cli.main import main; {work}; print({watched})")
    assert done.stdout.splitlines()[-1] == "[]", done.stderr


def test_without_the_extra_it_is_told_how_to_have_it(shop: Path) -> None:
    without = "import sys; sys.modules['opentelemetry.exporter'] = None"
    done = in_a_process(f"{without}; from orderloom.cli.main import main; main(['work', '--otel', '--dir', {str(shop)!r}])")
    assert done.returncode == 2
    assert "install orderloom[otel]" in done.stderr
