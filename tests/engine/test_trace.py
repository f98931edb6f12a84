"""Traces of orders, and the header of W3C Trace Context."""

from __future__ import annotations

import pytest

from orderloom.engine.trace import delivery_span, is_traceparent, trace_of

BROUGHT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"


def test_a_channels_trace_goes_on() -> None:
    trace = trace_of("W1", BROUGHT)
    assert (trace.id, trace.parent, trace.flags) == ("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", "00")
    assert trace.parent_of("b7ad6b7169203331") == "00-4bf92f3577b34da6a3ce929d0e0e4736-b7ad6b7169203331-00"


def test_an_order_that_brings_no_trace_has_always_the_same_of_its_own() -> None:
    assert trace_of("W1") == trace_of("W1")
    assert trace_of("W1").id != trace_of("W2").id
    assert trace_of("W1").parent is None
    assert is_traceparent(trace_of("W1").parent_of(trace_of("W1").root))


def test_every_attempt_has_a_span_of_its_own() -> None:
    assert delivery_span("W1/order:1", 1) == delivery_span("W1/order:1", 1)
    assert len({delivery_span(f"W1/order:{n}", attempt) for n in range(9) for attempt in range(9)}) == 81


@pytest.mark.parametrize(
    "malformed",
    [
        "",
        "4bf92f3577b34da6a3ce929d0e0e4736",
        BROUGHT.upper(),
        f"{BROUGHT}-00",
        f"{BROUGHT}\n",
        BROUGHT.replace("00-4", "ff-4"),
        f"00-{'0' * 32}-00f067aa0ba902b7-01",
        f"00-4bf92f3577b34da6a3ce929d0e0e4736-{'0' * 16}-01",
    ],
)
def test_a_malformed_header_counts_as_none(malformed: str) -> None:
    assert not is_traceparent(malformed)
    assert trace_of("W1", malformed) == trace_of("W1")
