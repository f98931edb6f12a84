from datetime import UTC, datetime
from importlib.metadata import EntryPoint

import pytest

from orderloom.adapters.files import Files
from orderloom.adapters.registry import Unusable, adapters_for, problems
from orderloom.adapters.simulator import Simulator
from orderloom.dsl.program import Organization, Origin, Program
from orderloom.engine.shell.ports import Outgoing

PLACE = Origin("participants.yaml", 1)


def program(*adapters: str) -> Program:
    """A program whose organizations are reached by these adapters."""
    organizations = {name: Organization(name, "", (), None, name, {}, PLACE) for name in adapters}
    return Program("w", "USD", "UTC", {}, {}, {}, {}, {}, {}, {}, {}, organizations, {}, "digest")


def test_the_shipped_adapters_are_found_by_entry_points() -> None:
    found = adapters_for(program("simulator", "files"))
    assert isinstance(found["simulator"], Simulator)
    assert isinstance(found["files"], Files)
    assert problems(found) == ()


def test_only_named_adapters_are_loaded() -> None:
    assert set(adapters_for(program("files"))) == {"files"}


def test_an_unknown_adapter_is_told_with_the_closest_name() -> None:
    [text] = problems(adapters_for(program("simulater")))
    assert text == "no adapter 'simulater' is installed; did you mean simulator?"


@pytest.mark.parametrize(
    ("target", "word"),
    [("no.such.module:thing", "ModuleNotFoundError"), ("json:nothing", "AttributeError"), ("json:loads", "TypeError")],
)
def test_a_broken_plug_in_names_its_distribution_and_breaks_nothing_else(target: str, word: str) -> None:
    points = [
        EntryPoint("broken", target, "orderloom.adapters"),
        EntryPoint("files", "orderloom.adapters.files:files", "orderloom.adapters"),
    ]
    found = adapters_for(program("broken", "files"), points)
    [text] = problems(found)
    assert target in text
    assert word in text
    assert isinstance(found["files"], Files)


def test_messages_to_an_unusable_adapter_are_undelivered_with_the_reason() -> None:
    sent = Outgoing("W1/order:1", "W1", "erp", "buyer", "ask", {}, datetime(2026, 3, 2, tzinfo=UTC))
    [delivery] = Unusable("no adapter").deliver([sent], {})
    assert (delivery.key, delivery.failed) == ("W1/order:1", "no adapter")
