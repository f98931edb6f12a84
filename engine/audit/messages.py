"""The laws of effects: every message has a turn that asked for it, every fact that came in took effect once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from orderloom.engine.audit.finding import Finding
from orderloom.engine.audit.known import Known, cause_of, put_aside

CAUSE = "every message has a cause"
ASKED = "what waits for an answer has asked"
ONCE = "every fact takes effect once"


def of_messages(found: Known) -> Iterator[Finding]:
    """Findings of the outbox and the inbox."""
    yield from _outbox(found)
    yield from _inbox(found)


def _outbox(found: Known) -> Iterator[Finding]:
    moments = {row["sequence"]: row["at"] for row in found.rows["history"]}
    for row in found.rows["outbox"]:
        known = row["sequence"] != 0  # an older release did not keep the event
        caused = moments.get(row["sequence"]) == row["at"] if known else row["at"] in moments.values()
        if not (caused and row["key"].startswith(f"{found.id}/")):
            because = f"no event of the order asked for {row['message']} {row['key']} at {row['at']}"
            todo = f"ask {row['organization']} what it has received; the order knows nothing of it"
            yield Finding(CAUSE, found.id, because, "outbox", row["key"], todo, found.id)
    keys = {row["key"].partition("#")[0] for row in found.rows["outbox"]}
    for each in found.state.instances.values() if found.state else ():
        if each.ended is None and each.waiting and each.waiting.kind == "reply" and f"{found.id}/{each.key}" not in keys:
            because = f"{each.id} waits at {each.step} for an answer to a message that is not there"
            todo = "restore the message from a backup, or report what the participant has done as a fact"
            yield Finding(ASKED, found.id, because, "outbox", f"{found.id}/{each.key}", todo, found.id)


def _inbox(found: Known) -> Iterator[Finding]:
    """A fact waits, or it was applied, or it is put aside; the events that an older release applied do not say by what."""
    rows = found.rows["history"]
    if any(not row["cause"] for row in rows):
        return
    told = Counter(cause for row in rows if (cause := cause_of(found.id, row["cause"])).startswith("in/"))
    told.update(row["key"] for row in found.rows["due"] if row["kind"] != "again")
    told.update(put_aside(found))
    known = {f"in/{row['participant']}/{row['key']}" for row in found.rows["inbox"]}
    for key in sorted(known):
        if told[key] != 1:
            because = f"{key} was taken in, and " + ("nothing came of it" if not told[key] else f"took effect {told[key]} times")
            todo = (
                "report the fact again under another key" if not told[key] else "see what its repetition did; decide what to undo"
            )
            yield Finding(ONCE, found.id, because, "inbox", key, todo, found.id)
    for key in sorted(key for key in told if key.startswith("in/") and key not in known):
        because = f"{key} took effect, and the inbox does not know it: told again, it would take effect again"
        yield Finding(ONCE, found.id, because, "inbox", key, "restore the inbox's row from a backup", found.id)
