import json
from datetime import UTC, datetime
from pathlib import Path

from orderloom.adapters.conformance import violations
from orderloom.adapters.files import Files
from orderloom.engine.shell.ports import Outgoing

AT = datetime(2026, 3, 2, 10, tzinfo=UTC)
MESSAGES = [Outgoing(f"W{n}/order:1", f"W{n}", "erp", "buyer", "order-confirmed", {"n": n}, AT) for n in range(3)]


def test_messages_become_lines(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    deliveries = Files().deliver(MESSAGES, {"path": str(path)})
    assert [delivery.failed for delivery in deliveries] == [None, None, None]
    written = [json.loads(line) for line in path.read_text().splitlines()]
    assert [(row["key"], row["body"]["n"]) for row in written] == [("W0/order:1", 0), ("W1/order:1", 1), ("W2/order:1", 2)]


def test_a_repeated_message_is_written_once_also_by_the_next_process(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    first = Files()
    first.deliver(MESSAGES[:2], {"path": str(path)})
    first.deliver(MESSAGES[:2], {"path": str(path)})
    Files().deliver(MESSAGES, {"path": str(path)})
    assert len(path.read_text().splitlines()) == 3


def test_a_line_that_a_crash_cut_is_written_anew(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    Files().deliver(MESSAGES[:2], {"path": str(path)})
    path.write_bytes(path.read_bytes()[:-10])
    Files().deliver(MESSAGES, {"path": str(path)})
    assert [json.loads(line)["order"] for line in path.read_text().splitlines()] == ["W0", "W1", "W2"]


def test_what_cannot_be_written_is_a_failed_delivery(tmp_path: Path) -> None:
    [delivery] = Files().deliver(MESSAGES[:1], {"path": str(tmp_path / "no" / "folder.jsonl")})
    assert delivery.failed is not None
    assert "cannot be written" in delivery.failed
    [delivery] = Files().deliver(MESSAGES[:1], {})
    assert delivery.failed == "the files adapter needs the setting `path`, the file to write to"


def test_the_files_adapter_conforms(tmp_path: Path) -> None:
    assert violations(Files(), MESSAGES, {"path": str(tmp_path / "out.jsonl")}) == ()
