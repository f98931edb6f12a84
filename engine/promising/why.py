"""Why an availability is what it is, in full words: every supply, what counts of it and from when, and what is kept back."""

from __future__ import annotations

from collections.abc import Iterator

from orderloom.dsl.program import Formula, Promising
from orderloom.engine.promising.availability import Availability, Counted
from orderloom.engine.promising.calendars import day_name


def in_full(found: Availability) -> tuple[str, ...]:
    """A sentence for each supply, the floor and whatever else decided; the rules that said so by file and line."""
    rules = found.rules
    if rules is None or not found.counted:
        return (found.why,)
    sentences = [_supply(each, rules) for each in found.counted]
    return (*sentences, *_kept_back(found, rules), found.why)


def _supply(each: Counted, rules: Promising) -> str:
    return f"{_what(each)}: {_not_counted(each, rules) if each.because else '; '.join(_share(each, rules))}"


def _what(each: Counted) -> str:
    supply = each.supply
    due = f", due {day_name(supply.due_on)}" if supply.due_on else ""
    return f"{supply.quantity} {supply.type.replace('-', ' ')}, {supply.stock_class} ({supply.id}{due})"


def _not_counted(each: Counted, rules: Promising) -> str:
    named, rule = rules.stock_classes.get(each.supply.stock_class), rules.supply.get(each.supply.type)
    place = named.origin if each.because.startswith("stock class") and named else rule.origin if rule else rules.origin
    return f"not counted: {each.because} ({place})"


def _share(each: Counted, rules: Promising) -> Iterator[str]:
    supply, rule = each.supply, rules.supply[each.supply.type]
    share = "all of it" if each.trusted == supply.quantity else f"{each.trusted} of {supply.quantity}"
    yield f"{share} counts, trust {_written(rule.trust)} ({rule.origin})"
    if supply.reserved:
        yield f"{supply.reserved} reserved"
    yield f"{each.free} free" + (f" from {day_name(each.usable_on)}" if supply.due_on else "")


def _kept_back(found: Availability, rules: Promising) -> Iterator[str]:
    if found.floor and rules.floor is not None:
        yield f"floor {found.floor} is never promised{_asked(found)}: {_written(rules.floor)} ({rules.floor.origin})"
    if found.problem:
        yield f"nothing is promised: {found.problem}"


def _asked(found: Availability) -> str:
    return f" for {found.method}" if found.method else ""


def _written(value: object) -> str:
    return " ".join(value.text.split()) if isinstance(value, Formula) else str(value)
