"""The adapter `webhook` against a real HTTP server: signed as Standard Webhooks has it, and what is refused is tried again."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import ClassVar

import pytest

from orderloom.adapters.conformance import violations
from orderloom.adapters.webhook import Webhook, signed
from orderloom.engine.shell.ports import Outgoing

KEY = b"0123456789abcdef01234567"
NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Door(BaseHTTPRequestHandler):
    """Keeps what it is told; answers what it is to answer."""

    answers: ClassVar[list[tuple[int, dict[str, str]]]] = []
    told: ClassVar[list[tuple[dict[str, str], bytes]]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.told.append(({name.lower(): value for name, value in self.headers.items()}, body))
        status, headers = self.answers.pop(0) if self.answers else (204, {})
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, object]]:
    """The settings by which the server is reached."""
    monkeypatch.setenv("SHOP_SECRET", "whsec_" + base64.b64encode(KEY).decode())
    Door.answers, Door.told = [], []
    with HTTPServer(("127.0.0.1", 0), Door) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield {"url": f"http://127.0.0.1:{server.server_port}/in", "secret from": "SHOP_SECRET", "timeout": 5}
        server.shutdown()
        thread.join()


def message(number: int) -> Outgoing:
    trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    return Outgoing(f"O{number}/order:1", f"O{number}", "crm", "customer", "received", {"text": "Grüße"}, NINE, 1, trace)


def test_the_receiver_can_prove_who_sent_it(door: dict[str, object]) -> None:
    [done] = Webhook(lambda: 1_772_442_000.5).deliver([message(1)], door)
    assert done.failed is None
    [(headers, body)] = Door.told
    to_sign = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    mark = base64.b64encode(hmac.new(KEY, to_sign, hashlib.sha256).digest()).decode()
    assert (headers["webhook-signature"], headers["webhook-timestamp"]) == (f"v1,{mark}", "1772442000")
    assert headers["webhook-id"] == message(1).key and headers["traceparent"] == message(1).traceparent
    told = json.loads(body)
    assert (told["type"], told["data"]["text"], told["data"]["order"]) == ("received", "Grüße", "O1")


def test_the_signature_is_that_of_the_specification() -> None:
    """The example of the Standard Webhooks libraries."""
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    headers = signed("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}', key)
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_what_is_not_taken_is_a_failure(door: dict[str, object]) -> None:
    Door.answers = [(503, {"Retry-After": "120"}), (400, {}), (302, {"Location": "/elsewhere"}), (200, {})]
    found = Webhook().deliver([message(number) for number in range(4)], door)
    assert [each.failed and each.failed.rpartition(" ")[2] for each in found] == ["503", "400", "302", None]
    assert found[0].retry_after == timedelta(seconds=120)
    assert len(Door.told) == 4


def test_the_adapter_keeps_what_every_adapter_must(door: dict[str, object]) -> None:
    assert violations(Webhook(), [message(1), message(2)], door) == ()
    [down] = Webhook().deliver([message(1)], door | {"url": "http://127.0.0.1:1/"})
    assert "cannot be reached" in str(down.failed)


@pytest.mark.parametrize(
    ("other", "because"),
    [
        ({"url": "ftp://x"}, "url must begin with https://"),
        ({"secret from": "NO_SUCH_SECRET"}, "the environment has no NO_SUCH_SECRET"),
        ({"secret from": "BAD_SECRET"}, "is no whsec_ with a key in base64"),
        ({"colour": "red"}, "the settings of the adapter webhook are wrong"),
    ],
)
def test_wrong_settings_are_told(
    door: dict[str, object], other: dict[str, object], because: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BAD_SECRET", "whsec_***")
    [found] = Webhook().deliver([message(1)], door | other)
    assert because in str(found.failed)
