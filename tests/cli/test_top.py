"""`orderloom top`: on a terminal of its own, piped, and as JSON; its figures worked out by hand."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

import pytest
from click.testing import Result

from orderloom.cli.stores import opened
from orderloom.cli.top_tables import Frame, Speeds, data_of, tables_of
from orderloom.engine.store.vitals import MOST, Open, OpenTasks, Outbox, Queue, Vitals, vitals
from orderloom.engine.store.workers import Doing, Seen

Run = Callable[..., Result]
PROGRAM = Path(sys.executable).with_name("orderloom")
AT = datetime(2026, 3, 2, 10, 0, 30, tzinfo=UTC)
SIGNS = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")  #: what a terminal does not print
ALTERNATE, USUAL = "\x1b[?1049h", "\x1b[?1049l"  #: to another screen, and back


def ago(**time: int) -> datetime:
    return AT - timedelta(**time)


def worker(owner: str, turns: int, seen_at: datetime, alive: bool = True, **breakers: str) -> Seen:
    return Seen(owner, ago(hours=1), seen_at, alive, Doing(turns, 40, 3, 1, breakers))


VITALS = Vitals(
    AT,
    Queue(MOST, ago(minutes=2, seconds=5), 12, AT + timedelta(days=1, hours=3)),
    (Outbox("depot", 4, 1, ago(hours=3, minutes=7)), Outbox("erp", 1, 0, ago(seconds=9))),
    (Open("operations", "no-stock", 2, 1),),
    7,
    (worker("h:1", 100, AT, depot="open"), worker("h:2", 7, ago(minutes=1), alive=False, erp="open")),
    tasks=(OpenTasks("sales", 5, 2),),
)
FRAME = Frame(VITALS, {"delivered": MOST, "picking": 3}, {"h:1": 12.345})


def test_what_is_urgent_is_said_first() -> None:
    now, participants, exceptions, tasks, orders, workers = tables_of(FRAME)
    assert now.title == "Store at 2026-03-02 10:00:30 UTC"
    assert now.rows == [("10,000+", "2 min 5 s", 12, "1 d 3 h", 7, "12.3")]
    assert participants.rows == [("depot", 4, 1, "3 h 7 min", "open"), ("erp", 1, 0, "9 s", "closed")]
    assert exceptions.rows == [("operations", "no-stock", 2, 1)]
    assert (tasks.title, tasks.rows) == ("Open tasks", [("sales", 5, 2)])
    assert orders.rows == [("delivered", "10,000+"), ("picking", 3)]
    assert workers.rows == [
        ("h:1", "1 h 0 min", 100, 40, 3, 1, "12.3"),
        ("h:2", "silent for 1 min 0 s", 7, 40, 3, 1, None),
    ]


def test_programs_get_the_same_as_data() -> None:
    found = data_of(FRAME)
    assert found["orders"] == {"delivered": MOST, "picking": 3}
    assert [(each["organization"], each["breaker"]) for each in found["outbox"]] == [("depot", "open"), ("erp", "closed")]  # type: ignore[attr-defined]
    assert [each["events_per_second"] for each in found["workers"]] == [12.345, None]  # type: ignore[attr-defined]


def test_a_store_tells_what_is_beyond_its_time(run: Run, confirming: Path) -> None:
    store = opened(f"sqlite:///{confirming / 'orderloom.sqlite'}")
    assert vitals(store, UTC).tasks == (OpenTasks("sales", 2, 0),)
    assert vitals(store, UTC, store.now() + timedelta(hours=5)).tasks == (OpenTasks("sales", 2, 2),)  # due after four
    seen = json.loads(run("top", "--once", "--format", "json", "--dir", confirming).output)
    assert seen["tasks"] == [{"role": "sales", "count": 2, "overdue": 0}]
    store.close()


def test_speed_is_that_between_the_last_two_times_a_worker_told() -> None:
    speeds = Speeds()
    assert speeds.after((worker("h:1", 100, ago(seconds=10)),)) == {}
    assert speeds.after((worker("h:1", 600, ago(seconds=5)),)) == {"h:1": 100}
    assert speeds.after((worker("h:1", 600, ago(seconds=5)),)) == {"h:1": 100}
    assert speeds.after((worker("h:1", 650, AT), worker("h:2", 9, AT))) == {"h:1": 10}
    assert speeds.after((worker("h:1", 650, AT, alive=False),)) == {}


@pytest.fixture
def store(run: Run, fill: Callable[[dict[str, str]], Path]) -> Path:
    """A workspace with two orders captured, which no worker has seen."""
    shop = fill({"nodes": "id,type\nS1,store\n", "items": "id\nTEE\n", "stock": "item,node,on_hand\nTEE,S1,9\n"})
    assert captured(run, shop, "W1", "W2").exit_code == 0
    return shop


def captured(run: Run, shop: Path, *ids: str) -> Result:
    lines = [{"id": 1, "item": "TEE", "quantity": 1, "unit_price": 20}]
    order = {"channel": "web", "placed_at": "2026-03-02T10:00:00Z", "customer": {"id": "C1"}, "pickup_node": "S1", "lines": lines}
    (shop / "orders.jsonl").write_text("".join(json.dumps({"id": id} | order) + "\n" for id in ids))
    return run("import", "orders", shop / "orders.jsonl", "--dir", shop)


def test_piped_it_looks_once(program: Callable[..., subprocess.CompletedProcess[str]], store: Path) -> None:
    done = program("top", "--dir", store)
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(r"^due now +oldest waits", done.stdout, re.MULTILINE)
    assert re.search(r"^captured +2$", done.stdout, re.MULTILINE)
    assert "\x1b" not in done.stdout


def test_as_json_it_is_one_object(run: Run, store: Path) -> None:
    found = json.loads(run("top", "--dir", store, "--format", "json").stdout)
    assert (found["queue"]["due"], found["orders"], found["workers"]) == (2, {"captured": 2}, [])


def test_a_store_that_is_not_there_is_told(run: Run, shop: Path) -> None:
    result = run("top", "--dir", shop)
    assert result.exit_code == 2
    assert "there is no store at" in result.output


class Terminal:
    """A program on a terminal of 40 lines."""

    def __init__(self, *command: object) -> None:
        self._ours, self.theirs = pty.openpty()
        fcntl.ioctl(self.theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        self.before = termios.tcgetattr(self.theirs)
        ends = {"stdin": self.theirs, "stdout": self.theirs, "stderr": self.theirs}
        env = {name: value for name, value in os.environ.items() if name not in ("LINES", "COLUMNS")} | {"TERM": "xterm-256color"}
        self.program = subprocess.Popen([str(part) for part in command], env=env, start_new_session=True, **ends)  # type: ignore[call-overload]
        self.shown = ""

    def until(self, pattern: str) -> None:
        """Reads on until this is shown."""
        end = monotonic() + 60
        while not re.search(pattern, SIGNS.sub("", self.shown)):
            assert monotonic() < end, self.shown
            if select.select([self._ours], [], [], 0.5)[0]:
                self.shown += os.read(self._ours, 65536).decode(errors="replace")

    def is_as_before(self) -> bool:
        """Whether the program has left the screen that it took, and keys are as they were."""
        while select.select([self._ours], [], [], 0)[0]:
            self.shown += os.read(self._ours, 65536).decode(errors="replace")
        return USUAL in self.shown and termios.tcgetattr(self.theirs) == self.before

    def forget(self) -> None:
        self.shown = ""

    def press(self, key: bytes) -> None:
        os.write(self._ours, key)

    def close(self) -> None:
        self.program.kill()
        self.program.wait()
        os.close(self._ours)
        os.close(self.theirs)


@pytest.fixture
def terminal(store: Path) -> Iterator[Terminal]:
    found = Terminal(PROGRAM, "top", "--dir", store)
    yield found
    found.close()


def test_on_a_terminal_it_goes_on_looking_until_q(run: Run, store: Path, terminal: Terminal) -> None:
    terminal.until(r"captured\D+2\b")
    assert "q ends" in terminal.shown and ALTERNATE in terminal.shown
    assert captured(run, store, "W3").exit_code == 0
    terminal.until(r"captured\D+3\b")
    terminal.press(b"q")
    assert terminal.program.wait(10) == 0
    assert terminal.is_as_before()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signals_end_it_and_leave_the_terminal_as_it_was(terminal: Terminal, number: int) -> None:
    terminal.until("q ends")
    terminal.program.send_signal(number)
    assert terminal.program.wait(10) == 0
    assert terminal.is_as_before()
