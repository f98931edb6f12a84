"""The adapter `email` against a real SMTP server: nothing is lost while the server is down, and nothing counts twice."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from msgspec.structs import replace

from orderloom.adapters.conformance import violations
from orderloom.adapters.imports.fields import Fields
from orderloom.adapters.imports.known import known_by
from orderloom.adapters.imports.nodes import node_of
from orderloom.adapters.mail import Mail, message_id
from orderloom.adapters.props import Props
from orderloom.adapters.stage import Silent, Stage, stage
from orderloom.dsl.compile import compile_workspace
from orderloom.engine.audit import audit
from orderloom.engine.catalog import Item
from orderloom.engine.events import Happened
from orderloom.engine.ledger.stock import ON_HAND, Position, Supply
from orderloom.engine.order import Address, Customer, Line, Order
from orderloom.engine.shell.ports import Delivery, Outgoing

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
COMPILED = compile_workspace(Path(__file__).parents[1] / "scenarios" / "channels")
DC1 = {"id": "DC1", "type": "dc", "region": "EAST", "calendar": "weekdays", "base": 5, "handling": 1, "transit": 2}


class Box:
    """What a server has taken; it refuses whom it does not know, and says come again to whoever is `busy`."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.busy = 0

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        if address.startswith("nobody"):
            return "550 5.1.1 no such user"
        if self.busy:
            self.busy -= 1
            return "451 4.7.1 come again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        return "250 taken"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(box: Box, port: int) -> Iterator[None]:
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield
    finally:
        controller.stop()


def settings(port: int) -> dict[str, object]:
    return {"server": "127.0.0.1", "port": port, "from": "Shop <orders@shop.example>", "timeout": 5}


def message(number: int, **body: object) -> Outgoing:
    told = {"to": "ann@example.com", "language": "de", "subject": "Bestellung über 5 €", "text": "Grüße\n.\nEnde", **body}
    return Outgoing(f"O{number}/notice/00001:received.email", f"O{number}", "post", "customer", "received", told, NINE)


def shop(port: int, mail: Any) -> Stage:
    """The world of scenario 10, whose post goes to a server."""
    program = COMPILED.program
    assert program is not None
    post = replace(program.organizations["post"], adapter="email", settings=settings(port))
    program = replace(program, organizations={**program.organizations, "post": post})
    node = node_of(Fields(DC1), known_by(program, (), ()))
    there = Position("HDMI", "DC1", supplies=(Supply("OH", "HDMI", "DC1", ON_HAND, 50),))
    return stage(
        program, Props((Item("HDMI", title="HDMI cable"),), (node,), (there,)), NINE, {"simulator": Silent(), "email": mail}
    )


def order(number: int, language: str = "de") -> Order:
    customer = Customer("C", "Jörg", f"c{number}@example.com", language=language)
    lines = (Line("1", "HDMI", 1, Decimal("15.00")),)
    return Order(f"O{number}", "web", NINE, customer, lines, "USD", ship_to=Address(region="EAST"))


# --- alone -------------------------------------------------------------------------------------------------------------


def test_a_mail_says_what_the_notification_says() -> None:
    box, port = Box(), free_port()
    with serving(box, port):
        found = Mail().deliver([message(1), message(2, to="nobody@example.com"), message(3)], settings(port))
    assert [each.failed for each in found] == [None, "127.0.0.1: 550 5.1.1 no such user", None]
    first = box.mails[0]
    assert (first["To"], first["Subject"], first["Content-Language"]) == ("ann@example.com", "Bestellung über 5 €", "de")
    assert first["Message-ID"] == message_id(message(1).key, "orders@shop.example")
    assert first.get_content().splitlines() == ["Grüße", ".", "Ende"]
    assert len({mail["Message-ID"] for mail in box.mails}) == 2


def test_the_adapter_keeps_what_every_adapter_must() -> None:
    port = free_port()
    assert violations(Mail(), [message(1), message(2)], settings(port)) == ()
    with serving(Box(), port):
        assert violations(Mail(), [message(1), message(2)], settings(port)) == ()


@pytest.mark.parametrize(
    ("other", "because"),
    [
        ({"from": "nobody"}, "from has no e-mail address"),
        ({"encryption": "rot13"}, "encryption is one of none, starttls, tls"),
        ({"password from": "NO_SUCH_PASSWORD"}, "the environment has no NO_SUCH_PASSWORD"),
        ({"colour": "red"}, "the settings of the adapter email are wrong"),
    ],
)
def test_wrong_settings_are_told(other: dict[str, object], because: str) -> None:
    [found] = Mail().deliver([message(1)], settings(1) | other)
    assert because in str(found.failed)


def test_no_line_can_be_smuggled_into_the_head() -> None:
    box, port = Box(), free_port()
    with serving(box, port):
        for body in ({"to": "a@example.com\r\nBcc: b@example.com"}, {"subject": "Hello\r\nBcc: b@example.com"}, {"text": None}):
            [found] = Mail().deliver([message(1, **body)], settings(port))
            assert found.failed is not None
    assert box.mails == []


# --- the whole way -----------------------------------------------------------------------------------------------------


def subjects(box: Box, number: int) -> list[str]:
    return [str(mail["Subject"]) for mail in box.mails if mail["To"] == f"c{number}@example.com"]


def test_nothing_is_lost_while_the_server_is_down() -> None:
    box, port = Box(), free_port()
    world = shop(port, Mail())
    for number in range(3):
        world.submit(order(number))
    world.run(NINE + timedelta(minutes=2))
    story = world.story("O1")
    assert story is not None and box.mails == []
    assert "cannot be reached" in str(next(m.failure for m in story.messages if m.organization == "post"))
    box.busy = 2
    with serving(box, port):
        world.run(NINE + timedelta(days=1))
    for number in range(3):
        assert subjects(box, number) == [f"Bestellung O{number}", f"Bestellung O{number} ist bestätigt"]
    assert len({mail["Message-ID"] for mail in box.mails}) == len(box.mails) == 6
    assert audit(world.store) == ()


class Dying:
    """Sends all, and is gone before it can say so, every other time."""

    def __init__(self) -> None:
        self.calls, self.mail = 0, Mail()

    def deliver(self, messages: Sequence[Outgoing], settings: Mapping[str, object]) -> Sequence[Delivery]:
        self.calls += 1
        found = self.mail.deliver(messages, settings)
        if self.calls % 2:
            raise ConnectionError("gone")
        return found


def test_what_goes_out_again_is_known_by_its_message_id() -> None:
    box, port = Box(), free_port()
    world = shop(port, Dying())
    with serving(box, port):
        world.submit(order(7, "en"))
        for _ in range(2):  # told twice, by two feeds
            world.tell("O7", Happened(world.now, "arrived", "O7-1"))
        world.run(NINE + timedelta(days=1))
    ids = [mail["Message-ID"] for mail in box.mails]
    assert len(ids) == 4 and len(set(ids)) == 2
    assert {str(mail["Subject"]) for mail in box.mails} == {"Order O7", "Order O7 is confirmed"}


def test_a_language_without_texts_falls_back_and_is_told() -> None:
    box, port = Box(), free_port()
    world = shop(port, Mail())
    with serving(box, port):
        world.submit(order(1, "fr"))
        world.submit(order(2, "de-AT"))
        world.submit(replace(order(3), customer=Customer("C", "Nobody")))
    assert subjects(box, 1)[0] == "Order O1" and subjects(box, 2)[0] == "Bestellung O2"
    first, third = world.story("O1"), world.story("O3")
    assert first is not None and third is not None
    assert any("received has no text in fr; it goes in en" in line.text for line in first.history)
    assert any("received does not go by email: there is no address" in line.text for line in third.history)
    assert len(box.mails) == 4
