"""Jeopardy rules: of every number of days it is known how bad it is, and no budget is without a remedy."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from orderloom.dsl.checks.policies import twice
from orderloom.dsl.diagnostics import Diagnostic, Label
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.syntax import Jeopardy
from orderloom.dsl.syntax.jeopardy import Remedy, Severity

NO_END = 3651  #: more days than any rule can name


def jeopardy(definitions: Definitions) -> Iterator[Diagnostic]:
    for rules in definitions.of_kind(Jeopardy).values():
        ranges = [each for each in rules.severities if each.first is not None and each.severity is not None]
        backwards = [each for each in ranges if each.last is not None and each.last.value < each.first.value]
        for each in backwards:
            words = f"no number of days is {each.first.value} or more and {each.last.value if each.last else ''} or fewer"
            yield Diagnostic("E663", words, each.severity.span, hint="write the fewer days in `from`")
        if not backwards:
            yield from _ranges(sorted(ranges, key=lambda each: each.first.value))
        yield from twice("E602", "remedy", (each.remedy for each in rules.remedies))
        for remedy in rules.remedies:
            yield from _told(remedy, definitions)


def _told(remedy: Remedy, definitions: Definitions) -> Iterator[Diagnostic]:
    tell, message = remedy.tell, remedy.message
    if tell is None or message is None:
        for there in filter(None, (tell, message)):
            yield Diagnostic(
                "E666", "`tell` and `message` stand together", there.span, hint="add the other one, or leave both out"
            )
    elif tell.value in definitions.roles and message.value not in definitions.messages(tell.value):
        words = f"{tell.value} receives no {message.value}"
        yield Diagnostic("E666", words, message.span, hint="name a message that the role `receives`")


def _ranges(ranges: list[Severity]) -> Iterator[Diagnostic]:
    if ranges and ranges[0].first.value > 1:
        yield _nothing_said(ranges[0], 1)
    for one, other in pairwise(ranges):
        last, first = _last(one), int(other.first.value)
        if first <= last:
            witness = (first + min(last, _last(other))) // 2 if last < NO_END else first
            words = f"{_days(witness)} late would be both {one.severity.value} and {other.severity.value}"
            labels = (Label(one.severity.span, f"{one.severity.value} is {_words(one)}"),)
            yield Diagnostic("E661", words, other.severity.span, labels, "let each range begin after the one before it ends")
        elif first > last + 1:
            yield _nothing_said(other, last + 1)
    if ranges and all(_last(each) < NO_END for each in ranges):
        longest = max(ranges, key=_last)
        words = f"nothing says how bad it is to be {_days(_last(longest) + 1)} late"
        yield Diagnostic("E662", words, longest.severity.span, hint="leave out `to` of the last range")


def _nothing_said(range_: Severity, days: int) -> Diagnostic:
    words = f"nothing says how bad it is to be {_days(days)} late"
    return Diagnostic("E662", words, range_.severity.span, hint=f"begin with `from: {days}`, or add a range")


def _last(range_: Severity) -> int:
    return int(range_.last.value) if range_.last is not None else NO_END


def _words(range_: Severity) -> str:
    return f"{range_.first.value} days or more" if range_.last is None else f"{range_.first.value} to {range_.last.value} days"


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"
