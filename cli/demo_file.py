"""The little file beside a demo's store that says how the demo was started, so that it can be taken up again."""

from __future__ import annotations

from pathlib import Path

import msgspec
from msgspec import Struct

from orderloom.cli.stop import Stop


class Run(Struct, frozen=True):
    """How a demo was started; the paths are absolute, None stands for what is shipped."""

    seed: int
    orders: int | None = None
    data: Path | None = None
    folder: Path | None = None
    faultless: bool = False


def begin(store: Path, run: Run) -> bool:
    """Clears the way for a new demo; whether an earlier one was there. A store that is no demo's is left alone."""
    note = _note(store)
    if store.exists() and not note.exists():
        raise Stop(f"{store} is there and is not a demo's store; name another file with --store")
    again = store.exists()
    for path in (store, *(store.with_name(store.name + end) for end in ("-wal", "-shm"))):
        path.unlink(missing_ok=True)
    note.write_bytes(msgspec.json.encode(run, enc_hook=str))
    return again


def earlier(store: Path, orders: int | None, seed: int | None, data: Path | None, folder: Path | None, faultless: bool) -> Run:
    """How the demo in the store was started; ends the command where options that are given now differ from it."""
    note = _note(store)
    if not (store.exists() and note.exists()):
        raise Stop(f"there is no demo to go on with at {store}")
    run = _read(note)
    asked = {"orders": (orders, run.orders), "seed": (seed, run.seed), "data": (data, run.data), "dir": (folder, run.folder)}
    for name, (now, before) in asked.items():
        if now is not None and now != before:
            raise Stop(f"--resume goes on as the first run was started, with --{name} {before or 'not given'}")
    if faultless and not run.faultless:
        raise Stop("the first run was started without --assignment, so that its partners make mistakes; start anew")
    return run


def _read(note: Path) -> Run:
    try:
        return msgspec.json.decode(note.read_bytes(), type=Run, dec_hook=lambda kind, text: kind(text))
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        raise Stop(f"{note} does not say how the demo was started ({fault}); start anew without --resume") from None


def _note(store: Path) -> Path:
    return store.with_name(store.name + ".demo.json")
