"""Writes messages as JSON lines to the file that the setting `path` names; whoever reads it answers by other ways."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct, field

from orderloom.dsl.program import Program
from orderloom.engine.shell.ports import Delivery, Outgoing


class _Keyed(msgspec.Struct):
    key: str


_KEYED = msgspec.json.Decoder(_Keyed)


class Files(Struct, frozen=True):
    """The adapter. A message that the file already has is not written again; a delivered one is on the disk."""

    _written: dict[Path, set[str]] = field(default_factory=dict)

    def deliver(self, messages: Sequence[Outgoing], settings: Mapping[str, object]) -> Sequence[Delivery]:
        path = settings.get("path")
        if not isinstance(path, str) or not path:
            return _failed(messages, "the files adapter needs the setting `path`, the file to write to")
        try:
            self._append(Path(path), messages)
        except OSError as fault:
            return _failed(messages, f"{path} cannot be written: {fault.strerror}")
        return [Delivery(message.key) for message in messages]

    def _append(self, path: Path, messages: Sequence[Outgoing]) -> None:
        written = self._written.get(path) or _keys(path)
        new = {message.key: message for message in messages if message.key not in written}
        with path.open("ab") as file:
            file.writelines(msgspec.json.encode(message) + b"\n" for message in new.values())
            file.flush()
            os.fsync(file.fileno())
        self._written[path] = written | new.keys()


def files(program: Program) -> Files:
    """The factory of the entry point."""
    return Files()


def _keys(path: Path) -> set[str]:
    """Keys of the messages that the file has; a last line that a crash cut is dropped from the file."""
    if not path.exists():
        return set()
    with path.open("rb+") as file:
        whole = 0
        found = set()
        for line in file:
            if not line.endswith(b"\n"):
                break
            whole += len(line)
            found |= set(_key(line))
        file.truncate(whole)
    return found


def _key(line: bytes) -> Iterable[str]:
    try:
        yield _KEYED.decode(line).key
    except msgspec.DecodeError:
        return


def _failed(messages: Sequence[Outgoing], because: str) -> list[Delivery]:
    return [Delivery(message.key, failed=because) for message in messages]
