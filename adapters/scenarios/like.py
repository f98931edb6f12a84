"""`like` in scenarios: givens and orders that are those of another scenario, but for what is said."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from orderloom.dsl.scenario import Scenario
from orderloom.dsl.suggest import with_hint

Values = Mapping[str, object]


class Unlike(Struct, frozen=True):
    """Why something cannot be like the other."""

    problem: str


def given_of(scenario: Scenario, others: Mapping[str, Scenario], below: tuple[str, ...] = ()) -> tuple[Values, tuple[str, ...]]:
    """The scenario's givens over those of the scenario that it is like, and what is wrong with that."""
    if scenario.like is None:
        return scenario.given, ()
    other = _named(scenario.like, others)
    if isinstance(other, Unlike):
        return scenario.given, (other.problem,)
    if other.name in (*below, scenario.name):
        return scenario.given, (f"{scenario.name} is like {other.name}, which is like it in turn",)
    base, problems = given_of(other, others, (*below, scenario.name))
    return merged(base, scenario.given), problems


def order_like(value: object, others: Mapping[str, Scenario]) -> object:
    """What `capture`, `draft` or `plan` is given, with the first order of the scenario that it is like under its own fields."""
    if not isinstance(value, dict) or "like" not in value:
        return value
    other = _named(str(value["like"]), others)
    if isinstance(other, Unlike):
        return other
    orders = [entry.value for entry in other.when if entry.key in ("capture", "draft", "plan")]
    first = order_like(orders[0], {name: others[name] for name in others if name != other.name}) if orders else None
    if not isinstance(first, dict):
        return first if isinstance(first, Unlike) else Unlike(f"the scenario {other.name} has no order")
    return merged({"order": first.get("order")}, {key: value[key] for key in value if key != "like"})


def _named(name: str, others: Mapping[str, Scenario]) -> Scenario | Unlike:
    return others.get(name) or Unlike(with_hint(f"there is no scenario {name}", name, others))


def merged(base: Values, own: Values) -> dict[str, object]:
    """Maps are merged at every depth; of anything else, one's own replaces the other."""
    both = dict(base)
    for key, value in own.items():
        before = both.get(key)
        both[key] = merged(before, value) if isinstance(before, dict) and isinstance(value, dict) else value
    return both
