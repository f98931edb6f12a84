"""Monitors."""

from __future__ import annotations

from datetime import timedelta

from orderloom.dsl import program
from orderloom.dsl.formulas import Compiled, origin
from orderloom.dsl.lower.values import formula, text
from orderloom.dsl.syntax import Monitor
from orderloom.dsl.syntax.monitor import SEEN, Milestone, Occurs, Pattern, Raise, Stay


def lowered_monitor(monitor: Monitor, formulas: Compiled) -> program.Monitor:
    active = monitor.active is None or monitor.active.value == "true"
    name, title, place = monitor.name.value, text(monitor.title, monitor.name.value), origin(monitor.name.span)
    if monitor.pattern is not None:
        return _pattern(monitor.pattern, name, title, _raising(monitor.raises), place, active, formulas)
    rule = _rule(monitor, formulas)
    if rule is not None:
        watch, where = monitor.watch.value, formula(monitor.where, formulas)
        return program.OrderMonitor(name, title, watch, rule, _raising(monitor.raises), place, where, active)  # type: ignore[arg-type]
    assert monitor.method and monitor.when and monitor.until and monitor.raises.alert, "checked"
    return program.StockMonitor(
        name=name,
        title=title,
        watch="position" if monitor.watch.value == "position" else "item",
        nodes=formula(monitor.nodes, formulas),
        method=monitor.method.value,
        when=formulas[monitor.when],
        until=formulas[monitor.until],
        days=monitor.over.value.days if monitor.over is not None else None,
        event=monitor.raises.alert.value,
        origin=place,
        active=active,
    )


def _rule(monitor: Monitor, formulas: Compiled) -> program.Milestone | program.Stay | None:
    if monitor.stays is not None:
        return _stay(monitor.stays)
    written = monitor.missing or monitor.late
    return _milestone(written, written is monitor.late, formulas) if written is not None else None


def _milestone(written: Milestone, late: bool, formulas: Compiled) -> program.Milestone:
    offset = -written.before.value if written.before is not None else written.after.value if written.after else timedelta()
    return program.Milestone(
        point=written.milestone.value,
        late=late,
        offset=offset,
        date=formula(written.date, formulas),
        of=written.of.value if written.of is not None else None,
        calendar=written.calendar.value if written.calendar is not None else None,
    )


def _stay(written: Stay) -> program.Stay:
    status, hold, calendar = (
        each.value if each is not None else None for each in (written.status, written.hold, written.calendar)
    )
    return program.Stay(status, hold, written.for_.value, calendar)


def _pattern(
    written: Pattern, name: str, title: str, raises: program.Raising, place: program.Origin, active: bool, formulas: Compiled
) -> program.PatternMonitor:  # fmt: skip
    elements = tuple(
        program.Element(
            point=each.event.value,
            count=int(each.count.value if each.count is not None else 1) if isinstance(each, Occurs) else 0,
            where=formula(each.where, formulas),
        )
        for each in written.events
    )
    within = written.within.value if written.within is not None else timedelta()
    same, of = tuple(formulas[each] for each in written.same), written.of.value if written.of is not None else "order"
    return program.PatternMonitor(name, title, elements, within, raises, place, same, of, active)  # type: ignore[arg-type]


def _raising(written: Raise) -> program.Raising:
    options = tuple(each.value for each in written.options) or (SEEN,)
    return program.Raising(
        event=written.event.value if written.event is not None else None,
        notify=written.notify.value if written.notify is not None else None,
        message=written.message.value if written.message is not None else None,
        exception=written.exception.value if written.exception is not None else None,
        owner=written.to.value if written.to is not None else None,
        options=options if written.exception is not None else (),
    )
