"""What a worker does as OpenTelemetry spans, in the traces of the orders that it is done for. Needs the extra `otel`.

The capture of an order is the root of its trace, or a child of the span in which its channel captured it. All other turns and all
deliveries are children of that; a delivery has the span that its message brought along. A turn links to its batch, whose span has
a trace of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from threading import local
from time import perf_counter, time_ns

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, OTELResourceDetector, Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.trace import Link, NonRecordingSpan, SpanContext, SpanKind, Status, StatusCode, TraceFlags, set_span_in_context

from orderloom.engine.shell.observe import Batched, Delivered, Report, Turned
from orderloom.engine.trace import Trace, trace_of

Attributes = Mapping[str, str | int]


class Spans:
    """An observer that makes spans and hands them to a processor, by default to OTLP over HTTP as the environment says
    (OTEL_EXPORTER_OTLP_ENDPOINT and so on)."""

    def __init__(self, processor: SpanProcessor | None = None) -> None:
        self._ids = _Ids()
        named = Resource({SERVICE_NAME: "orderloom"}).merge(OTELResourceDetector().detect())
        self._provider = TracerProvider(id_generator=self._ids, resource=named)
        self._provider.add_span_processor(processor or BatchSpanProcessor(OTLPSpanExporter()))
        self._tracer = self._provider.get_tracer("orderloom")

    def __call__(self, report: Report) -> None:
        match report:
            case Batched():
                self._batched(report)
            case Delivered():
                self._delivered(report)

    def close(self) -> None:
        """Hands over what is left."""
        self._provider.shutdown()

    # --- within ---

    def _batched(self, batch: Batched) -> None:
        failed = sum(1 for turn in batch.turns if turn.fault)
        about = {"orderloom.turns": len(batch.turns), "orderloom.failed": failed, "orderloom.exceptions": len(batch.opened)}
        link = Link(self._span("batch", batch, about, Context()))
        for turn in batch.turns:
            self._turned(turn, link)

    def _turned(self, turn: Turned, batch: Link) -> None:
        trace = trace_of(turn.order, turn.brought)
        about: dict[str, str | int] = {
            "orderloom.order": turn.order,
            "orderloom.event": turn.event,
            "orderloom.attempt": turn.attempt,
        }
        if turn.division is not None:
            about["orderloom.division"] = turn.division
        is_root = turn.event == "captured" and not turn.fault
        self._ids.next(trace, trace.root if is_root else None)
        below = _below(trace, trace.parent if is_root else trace.root)
        self._span(f"turn {turn.event}", turn, about, below, links=[batch])

    def _delivered(self, told: Delivered) -> None:
        about: dict[str, str | int] = {
            "orderloom.order": told.order,
            "orderloom.participant": told.organization,
            "orderloom.role": told.role,
            "orderloom.message": told.message,
            "orderloom.key": told.key,
            "orderloom.attempt": told.attempt,
            "orderloom.result": told.result,
        }
        trace = trace_of(told.order, told.traceparent)
        self._ids.next(trace, trace.parent)
        self._span(f"deliver {told.message}", told, about, _below(trace, trace.root), SpanKind.CLIENT)

    def _span(
        self,
        name: str,
        report: Batched | Turned | Delivered,
        about: Attributes,
        below: Context,
        kind: SpanKind = SpanKind.INTERNAL,
        links: Sequence[Link] = (),
    ) -> SpanContext:
        began = time_ns() - int((perf_counter() - report.began) * 1e9)
        span = self._tracer.start_span(name, below, kind, about, links, start_time=began)
        if fault := _fault(report):
            span.set_status(Status(StatusCode.ERROR, fault))
        span.end(began + int(report.seconds * 1e9))
        return span.get_span_context()


class _Ids(RandomIdGenerator):
    """Gives the next span of this thread the ids that it must have, and all others such by chance."""

    def __init__(self) -> None:
        self._next = local()

    def next(self, trace: Trace, span: str | None) -> None:
        self._next.trace, self._next.span = int(trace.id, 16), span and int(span, 16)

    def generate_trace_id(self) -> int:
        return self._taken("trace") or super().generate_trace_id()

    def generate_span_id(self) -> int:
        span = self._taken("span")
        self._taken("trace")  # a span below another one has that one's
        return span or super().generate_span_id()

    def _taken(self, name: str) -> int | None:
        taken: int | None = self._next.__dict__.pop(name, None)
        return taken


def _below(trace: Trace, parent: str | None) -> Context:
    """The context of a span in the trace whose parent this is."""
    if parent is None:
        return Context()
    at = SpanContext(int(trace.id, 16), int(parent, 16), True, TraceFlags(int(trace.flags, 16)))
    return set_span_in_context(NonRecordingSpan(at), Context())


def _fault(report: Batched | Turned | Delivered) -> str | None:
    match report:
        case Turned():
            return report.fault
        case Delivered() if report.result != "delivered":
            return report.fault or report.result
    return None
