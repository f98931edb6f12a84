"""Spans, as OpenTelemetry's own exporter in memory has them."""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter, time_ns

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import format_span_id, format_trace_id

from orderloom.adapters.observe.spans import Spans
from orderloom.engine.shell.observe import Batched, Delivered, Turned
from orderloom.engine.trace import delivery_span, trace_of

BROUGHT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


class Watched:
    """Spans of what is told, by name."""

    def __init__(self) -> None:
        self.exporter = InMemorySpanExporter()
        self.tell = Spans(SimpleSpanProcessor(self.exporter))

    def __getitem__(self, name: str) -> ReadableSpan:
        [found] = [span for span in self.exporter.get_finished_spans() if span.name == name]
        return found


@pytest.fixture
def watched() -> Iterator[Watched]:
    found = Watched()
    yield found
    found.tell.close()


def turned(event: str, brought: str | None = None, fault: str | None = None) -> Turned:
    return Turned("W1", brought, "RETAIL", event, 1, perf_counter() - 0.5, 0.25, fault)


def batched(*turns: Turned) -> Batched:
    return Batched(turns, (), perf_counter() - 1, 1.0)


def delivered(result: str = "delivered", brought: str | None = None, fault: str | None = None) -> Delivered:
    trace = trace_of("W1", brought)
    sent = trace.parent_of(delivery_span("W1/order:1", 2))
    return Delivered("W1", sent, "W1/order:1", "depot", "fulfiller", "pick-request", 2, result, perf_counter() - 1, 0.5, fault)


def ids(span: ReadableSpan) -> tuple[str, str, str | None]:
    assert span.context is not None
    parent = format_span_id(span.parent.span_id) if span.parent else None
    return format_trace_id(span.context.trace_id), format_span_id(span.context.span_id), parent


def test_an_orders_capture_is_the_root_of_its_trace_and_all_else_below(watched: Watched) -> None:
    trace = trace_of("W1")
    watched.tell(batched(turned("captured"), turned("replied")))
    watched.tell(delivered())
    assert ids(watched["turn captured"]) == (trace.id, trace.root, None)
    assert ids(watched["turn replied"])[::2] == (trace.id, trace.root)
    assert ids(watched["deliver pick-request"]) == (trace.id, delivery_span("W1/order:1", 2), trace.root)


def test_a_channels_trace_goes_on(watched: Watched) -> None:
    root = trace_of("W1").root
    watched.tell(batched(turned("captured", BROUGHT)))
    watched.tell(delivered(brought=BROUGHT))
    assert ids(watched["turn captured"]) == ("4bf92f3577b34da6a3ce929d0e0e4736", root, "00f067aa0ba902b7")
    assert ids(watched["deliver pick-request"])[::2] == ("4bf92f3577b34da6a3ce929d0e0e4736", root)


def test_what_a_channel_does_not_record_is_not_recorded_here(watched: Watched) -> None:
    watched.tell(batched(turned("captured", BROUGHT.replace("-01", "-00"))))
    assert [span.name for span in watched.exporter.get_finished_spans()] == ["batch"]


def test_a_batch_has_a_trace_of_its_own_that_its_turns_link_to(watched: Watched) -> None:
    watched.tell(batched(turned("captured"), turned("replied")))
    batch, turn = watched["batch"], watched["turn replied"]
    assert ids(batch)[0] != trace_of("W1").id
    assert [link.context for link in turn.links] == [batch.context]
    assert dict(batch.attributes or {}) == {"orderloom.turns": 2, "orderloom.failed": 0, "orderloom.exceptions": 0}


def test_spans_say_what_for_when_and_for_how_long(watched: Watched) -> None:
    before = time_ns()
    watched.tell(batched(turned("replied")))
    turn = watched["turn replied"]
    about = {"orderloom.order": "W1", "orderloom.event": "replied", "orderloom.attempt": 1, "orderloom.division": "RETAIL"}
    assert dict(turn.attributes or {}) == about
    assert turn.start_time is not None and turn.end_time is not None
    assert turn.end_time - turn.start_time == 250_000_000
    assert abs(turn.start_time - (before - 500_000_000)) < 400_000_000
    assert turn.resource.attributes["service.name"] == "orderloom"


@pytest.mark.parametrize(
    ("told", "name", "status"),
    [
        (batched(turned("captured", fault="KeyError")), "turn captured", "KeyError"),
        (delivered("failed", fault="ConnectError"), "deliver pick-request", "ConnectError"),
        (delivered("given-up"), "deliver pick-request", "given-up"),
    ],
)
def test_what_failed_is_an_error(watched: Watched, told: Batched | Delivered, name: str, status: str) -> None:
    watched.tell(told)
    assert not watched[name].status.is_ok
    assert watched[name].status.description == status


def test_a_capture_that_failed_leaves_the_root_to_the_one_that_does_not(watched: Watched) -> None:
    watched.tell(batched(turned("captured", fault="KeyError")))
    trace, span, parent = ids(watched["turn captured"])
    assert (trace, parent) == (trace_of("W1").id, trace_of("W1").root)
    assert span != trace_of("W1").root
