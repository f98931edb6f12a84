"""Metrics and health of a worker over HTTP: /metrics, /health, and its parts /health/live and /health/ready."""

from __future__ import annotations

from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from time import monotonic

import msgspec
from prometheus_client.exposition import choose_encoder
from sqlalchemy.exc import DBAPIError, TimeoutError

from orderloom.adapters.observe.metrics import Metrics
from orderloom.engine.shell.observe import Looked, Report
from orderloom.engine.store.store import Moved
from orderloom.engine.store.vitals import Vitals

FRESH = 3.0  #: seconds for which what was read of the store is told again
STUCK = 300.0  #: seconds after which a loop that did not look for work has not just much to do

Reader = Callable[[], Vitals]


class Kept:
    """Reads the store's vitals, at most every few seconds however many ask; None where the store cannot be read."""

    def __init__(self, read: Reader) -> None:
        self._read, self._lock, self._until = read, Lock(), 0.0
        self._found: Vitals | None = None

    def __call__(self) -> Vitals | None:
        with self._lock:
            if monotonic() >= self._until:
                try:
                    self._found = self._read()
                except (DBAPIError, Moved, TimeoutError):
                    self._found = None
                self._until = monotonic() + FRESH
            return self._found


class Health:
    """An observer that knows when each loop looked for work last."""

    def __init__(self, vitals: Callable[[], Vitals | None]) -> None:
        self._vitals = vitals
        self._looked: dict[str, float] = {}

    def __call__(self, report: Report) -> None:
        if isinstance(report, Looked):
            self._looked[report.loop] = monotonic()

    def live(self) -> list[str]:
        """Why the worker should be started anew; nothing while each loop that began goes on."""
        now = monotonic()
        return [
            f"the loop of {loop} has stood still for {now - at:.0f} s" for loop, at in self._looked.items() if now - at > STUCK
        ]

    def ready(self) -> list[str]:
        """Why the worker cannot work at the moment."""
        return [] if self._vitals() else ["the store cannot be read"]


def serve(host: str, port: int, metrics: Metrics, health: Health) -> ThreadingHTTPServer:
    """Answers from now on, in threads of its own, until `shutdown`; raises OSError where the port cannot be had."""

    class Answers(BaseHTTPRequestHandler):
        timeout = 10

        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            if path == "/metrics":
                encode, kind = choose_encoder(self.headers.get("Accept", ""))
                self._answer(200, kind, encode(metrics.registry))
            elif path in _HEALTH:
                problems = [problem for ask in _HEALTH[path] for problem in ask(health)]
                body = msgspec.json.encode({"status": "failing" if problems else "ok", "problems": problems})
                self._answer(503 if problems else 200, "application/json", body)
            else:
                self._answer(404, "text/plain", b"/metrics, /health, /health/live and /health/ready are here\n")

        def log_message(self, format: str, *arguments: object) -> None:
            """Whoever asks every few seconds is not worth a line."""

        def _answer(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer((host, port), Answers)
    server.daemon_threads = True
    Thread(target=server.serve_forever, name="metrics", daemon=True).start()
    return server


_HEALTH = {"/health": (Health.live, Health.ready), "/health/live": (Health.live,), "/health/ready": (Health.ready,)}
