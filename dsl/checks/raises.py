"""What monitors raise: that it fits what they watch, that somebody takes it, and that none feeds on what it raises itself."""

from __future__ import annotations

from collections.abc import Iterator

from orderloom.dsl.diagnostics import Diagnostic, Label
from orderloom.dsl.events import known_events
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.syntax import Event, Monitor
from orderloom.dsl.syntax.monitor import OF_STOCK, Raise

_KEYS = ("event", "notify", "exception")
_OF_AN_ORDER = ("order", "line", "unit")


def raises(definitions: Definitions) -> Iterator[Diagnostic]:
    for monitor in definitions.of_kind(Monitor).values():
        if monitor.raises is None or monitor.watch is None:
            continue
        if monitor.watch.value in OF_STOCK:
            yield from _of_stock(monitor.raises)
            continue
        yield from _of_orders(monitor.raises, monitor.watch.value)
        yield from _event(monitor, definitions)
        yield from _message(monitor.raises, definitions)


def _of_stock(written: Raise) -> Iterator[Diagnostic]:
    for entry in written.read_from.entries:
        if entry.key.text != "alert":
            words = "stock is of no order, so it raises an alert and nothing else"
            yield Diagnostic("E658", words, entry.key.span, hint="raise: a-name, which expressions see in `item.alerts`")
            return


def _of_orders(written: Raise, watch: str) -> Iterator[Diagnostic]:
    there = {entry.key.text for entry in written.read_from.entries}
    if written.alert is not None:
        words = f"an alert is of stock, and what is watched here are {watch if watch == 'events' else watch + 's'}"
        yield Diagnostic("E658", words, written.alert.span, hint=f"raise one of {', '.join(_KEYS)}, as in {{ event: its-name }}")
    elif not there & set(_KEYS):
        yield Diagnostic("E658", "nothing is raised", written.span, hint=f"raise one of {', '.join(_KEYS)}")
    if ("to" in there or "options" in there) and "exception" not in there:
        words = "`to` and `options` are of an exception, and none is raised"
        yield Diagnostic("E658", words, written.span, hint="add exception: its-type, or delete them")


def _event(monitor: Monitor, definitions: Definitions) -> Iterator[Diagnostic]:
    name = monitor.raises.event
    if name is None or {"event", "participants"} & definitions.lost or name.value not in known_events(definitions):
        return  # told by `names`
    declared = definitions.of_kind(Event).get(name.value)
    if declared is None:
        hint = f"write a document: kind: event, name: {name.value}, about: order"
        yield Diagnostic("E658", f"the event {name.value} is not declared", name.span, hint=hint)
        return
    labels = (Label(declared.name.span, "declared here"),)
    if declared.source is not None or declared.when is not None:
        words = f"{name.value} comes of something else, so nobody raises it"
        yield Diagnostic("E658", words, name.span, labels, "take its `from` and `when` away")
    about = declared.about.value if declared.about is not None else "order"
    fits = _OF_AN_ORDER if monitor.watch.value in ("unit", "events") else ("order", monitor.watch.value)
    if about not in fits or (about == "line" and monitor.watch.value != "line"):
        words = f"{name.value} is about the {about}, and {monitor.watch.value} is watched"
        yield Diagnostic("E658", words, name.span, labels, "raise an event about the order, or about what is watched")
    events = monitor.pattern.events if monitor.pattern is not None else ()
    if any(each.event is not None and each.event.value == name.value for each in events):
        words = f"the pattern would feed on {name.value}, which it raises"
        yield Diagnostic("E658", words, name.span, labels, "raise an event that the pattern does not look for")


def _message(written: Raise, definitions: Definitions) -> Iterator[Diagnostic]:
    notify, message = written.notify, written.message
    if notify is None or message is None:
        for there in filter(None, (notify, message)):
            yield Diagnostic(
                "E658", "`notify` and `message` stand together", there.span, hint="add the other one, or leave both out"
            )
    elif notify.value in definitions.roles and message.value not in definitions.messages(notify.value):
        words = f"{notify.value} receives no {message.value}"
        yield Diagnostic("E658", words, message.span, hint="name a message that the role `receives`")
