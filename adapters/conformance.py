"""What every adapter must keep, as checks that anybody can run on theirs: `violations(adapter, messages, settings) == ()`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from orderloom.engine.shell.ports import Adapter, Delivery, Outgoing

Settings = Mapping[str, object]
Check = Callable[[Adapter, Sequence[Outgoing], Settings], str | None]


def violations(adapter: Adapter, messages: Sequence[Outgoing], settings: Settings) -> tuple[str, ...]:
    """In a sentence each, what the adapter does not keep. `messages` are two or more, to one organization."""
    found = (_finding(check, adapter, messages, settings) for check in CHECKS)
    return tuple(finding for finding in found if finding)


def _finding(check: Check, adapter: Adapter, messages: Sequence[Outgoing], settings: Settings) -> str | None:
    try:
        return check(adapter, messages, settings)
    except Exception as fault:  # the adapter is foreign code, and raising is itself a finding
        return f"{check.__name__}: raises {type(fault).__name__}: {fault}; a failure is a value, `Delivery.failed`"


def _one_result_each(adapter: Adapter, messages: Sequence[Outgoing], settings: Settings) -> str | None:
    keys = [delivery.key for delivery in adapter.deliver(messages, settings)]
    wanted = [message.key for message in messages]
    return None if keys == wanted else f"the results are for {keys}, the messages were {wanted}"


def _nothing_for_nothing(adapter: Adapter, messages: Sequence[Outgoing], settings: Settings) -> str | None:
    return "no message, yet a result" if adapter.deliver((), settings) else None


def _same_answer_again(adapter: Adapter, messages: Sequence[Outgoing], settings: Settings) -> str | None:
    first, again = _keys(adapter.deliver(messages, settings)), _keys(adapter.deliver(messages, settings))
    return None if first == again else "a repeated delivery brings other facts than the first one"


def _any_order(adapter: Adapter, messages: Sequence[Outgoing], settings: Settings) -> str | None:
    forth = _keys(adapter.deliver(messages, settings))
    back = _keys(adapter.deliver(messages[::-1], settings))
    return None if sorted(forth) == sorted(back) else "the order of delivery changes the facts"


def _facts_well_formed(adapter: Adapter, messages: Sequence[Outgoing], settings: Settings) -> str | None:
    orders = {message.key: message.order for message in messages}
    results = adapter.deliver(messages, settings)
    facts = [(orders[result.key], fact) for result in results for fact in result.incoming]
    if any(fact.order != order for order, fact in facts):
        return "a fact is about another order than its message"
    if len({fact.key for _, fact in facts}) < len(facts):
        return "two facts have one key"
    return "a fact's moment has no time zone" if any(fact.event.at.tzinfo is None for _, fact in facts) else None


def _bad_settings_are_values(adapter: Adapter, messages: Sequence[Outgoing], settings: Settings) -> str | None:
    results = adapter.deliver(messages, {"messages": "nonsense", "path": "", "url": ""})
    return None if len(results) == len(messages) else "with unusable settings there is not one result for each message"


def _keys(deliveries: Sequence[Delivery]) -> list[str]:
    return [fact.key for delivery in deliveries for fact in delivery.incoming]


CHECKS: tuple[Check, ...] = (
    _one_result_each,
    _nothing_for_nothing,
    _same_answer_again,
    _any_order,
    _facts_well_formed,
    _bad_settings_are_values,
)
