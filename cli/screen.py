"""Tables that are shown on the whole terminal and looked at anew every second, until somebody has seen enough."""

from __future__ import annotations

import os
import select
import signal
import sys
import termios
import tty
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.text import Text

from orderloom.cli.output import Table, rich_table
from orderloom.engine.store.trouble import trouble

EVERY = 1.0  #: seconds between two looks


def show(look: Callable[[], Sequence[Table]]) -> None:
    """Shows what `look` finds, again and again. Ends with q, Ctrl-C or SIGTERM, and leaves the terminal as it was."""
    with _keys(), _ended_by_signals(), Live(console=Console(), screen=True, auto_refresh=False) as live:
        while True:
            live.update(_seen(look), refresh=True)
            if _enough():
                return


def _seen(look: Callable[[], Sequence[Table]]) -> RenderableType:
    """The tables; where the store cannot be read at the moment, what it says."""
    try:
        tables = look()
    except Exception as fault:
        said = trouble(fault)
        if said is None:
            raise
        return Text(f"the store cannot be used at the moment: {said}", style="red")
    parts = [part for table in tables for part in (Text(), rich_table(table))]
    return Group(Text("q ends", style="dim"), *parts)  # first, since a low terminal cuts off what is last


def _enough() -> bool:
    """Whether somebody presses q, or is gone, before it is time to look again."""
    ready, _, _ = select.select([sys.stdin], [], [], EVERY)
    pressed = os.read(sys.stdin.fileno(), 64) if ready else b"-"
    return not pressed or b"q" in pressed.lower()


@contextmanager
def _keys() -> Iterator[None]:
    """Within, keys come as they are pressed and are not shown."""
    before = termios.tcgetattr(sys.stdin)
    tty.setcbreak(sys.stdin)
    try:
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Within, SIGTERM and SIGINT end what runs, in good order and without a word."""

    def end(number: int, frame: FrameType | None) -> None:
        raise _Ended

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    except _Ended:
        pass
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class _Ended(Exception):
    """Somebody asked to end."""
