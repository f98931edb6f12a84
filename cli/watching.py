"""How somebody watches a worker: options of the commands that run one, and what they bring about."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import wraps
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo

import click
from msgspec import Struct

from orderloom.adapters.observe import together
from orderloom.adapters.observe.logs import FORMATS, LEVELS, logged, show_logs
from orderloom.cli.stop import Stop
from orderloom.engine.shell.observe import Observer
from orderloom.engine.store import Store

F = TypeVar("F", bound=Callable[..., Any])

Address = tuple[str, int]


def _address(ctx: click.Context, param: click.Parameter, value: str | None) -> Address | None:
    """A port, or a host and a port; a port alone is that of every network of the machine."""
    if value is None:
        return None
    host, _, port = value.rpartition(":")
    if not (port.isascii() and port.isdecimal() and 1 <= int(port) <= 65535):
        raise click.BadParameter(f"{value!r} is no port from 1 to 65535, alone or after a host as in 127.0.0.1:9464")
    return host, int(port)


class Watching(Struct, frozen=True):
    """What was asked for."""

    log_format: str
    log_level: str
    metrics: Address | None
    otel: bool

    @contextmanager
    def of(self, store: Store, timezone: str) -> Iterator[Observer]:
        """Tells of a worker on this store until it has ended; days are those of the time zone."""
        show_logs(self.log_format, self.log_level)
        with ExitStack() as ending:
            observers = [logged()]
            if self.metrics is not None:
                observers += ending.enter_context(_scraped(store, ZoneInfo(timezone), self.metrics))
            if self.otel:
                observers.append(ending.enter_context(_traced()))
            yield together(observers)


def watch_options(command: F) -> F:
    """Gives a command what was asked for as `watching`."""

    @wraps(command)
    def watching(*arguments: Any, **given: Any) -> Any:
        asked = {name: given.pop(name) for name in ("log_format", "log_level", "metrics", "otel")}
        return command(*arguments, watching=Watching(**asked), **given)

    for option in reversed(_OPTIONS):
        watching = option(watching)
    return cast(F, watching)


_OPTIONS = (
    click.option("--log-format", type=click.Choice(FORMATS), default="text", show_default=True, help="Write logs as this."),
    click.option("--log-level", type=click.Choice(LEVELS), default="warning", show_default=True, help="Log this and worse."),
    click.option("--metrics", metavar="[HOST:]PORT", callback=_address, help="Serve /metrics for Prometheus, and /health, here."),
    click.option("--otel", is_flag=True, help="Send OpenTelemetry traces where OTEL_EXPORTER_OTLP_ENDPOINT says."),
)


@contextmanager
def _scraped(store: Store, zone: ZoneInfo, address: Address) -> Iterator[Sequence[Observer]]:
    from prometheus_client import disable_created_metrics

    from orderloom.adapters.observe.metrics import Metrics
    from orderloom.adapters.observe.scrape import Health, Kept, serve
    from orderloom.engine.store.vitals import vitals

    disable_created_metrics()  # type: ignore[no-untyped-call]
    kept = Kept(lambda: vitals(store, zone))
    metrics, health = Metrics(kept), Health(kept)
    try:
        server = serve(*address, metrics, health)
    except OSError as fault:
        host, port = address
        raise Stop(f"metrics cannot be served at {host}:{port}: {fault.strerror or fault}") from None
    try:
        yield metrics, health
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def _traced() -> Iterator[Observer]:
    try:
        from orderloom.adapters.observe.spans import Spans
    except ModuleNotFoundError as missing:
        raise Stop(f"--otel needs {missing.name}; install orderloom[otel]") from None
    spans = Spans()
    try:
        yield spans
    finally:
        spans.close()
