"""A scenario while it is played: the orders on its stage, and what is not as it says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct, field

from orderloom.adapters.imports.orders import order_of
from orderloom.adapters.scenarios.alarms import no_such_alarms
from orderloom.adapters.scenarios.alerts import not_raised_so
from orderloom.adapters.scenarios.customers import not_known_so
from orderloom.adapters.scenarios.given import order_fields
from orderloom.adapters.scenarios.matching import differences
from orderloom.adapters.scenarios.sees import not_seen_so
from orderloom.adapters.scenarios.then import Subject, stocked, unmet
from orderloom.adapters.stage import Stage
from orderloom.adapters.story import Story
from orderloom.dsl.program import Origin
from orderloom.dsl.scenario import Entry
from orderloom.dsl.suggest import with_hint
from orderloom.dsl.syntax import COMMANDS
from orderloom.engine.order import Order
from orderloom.engine.plan import Plan
from orderloom.engine.promising.browse import browsed
from orderloom.engine.refused import Refused


class Failure(Struct, frozen=True):
    """Something that a scenario says and that is not so; `at` is the place in its file."""

    at: str
    text: str


SHIP = "ship"  #: what a line asks for that names no method


class Cannot(Exception):
    """The scenario asks for something that cannot be done; says why."""


class Play(Struct):
    """`subject` is the order that expectations are about: the first one, until `of` names another."""

    stage: Stage
    orders: dict[str, Order] = field(default_factory=dict)
    quotes: dict[str, Plan] = field(default_factory=dict)
    subject: str = ""
    failures: list[Failure] = field(default_factory=list)

    def expect(self, path: str, expected: object, origin: Origin) -> None:
        """Notes what is not as expected."""
        try:
            self._expect(path, expected, origin)
        except Cannot as fault:
            self.failures.append(Failure(str(origin), f"{path}: {fault}"))

    def _expect(self, path: str, expected: object, origin: Origin) -> None:
        if path == "of":
            self.subject = self.order(expected).id
            return
        head, _, _ = path.partition(".")
        if head == "orders":
            taken = [id for id in self.orders if self.stage.story(id) is not None]
            self.failures += [Failure(str(origin), text) for text in differences(expected, taken, path)]
            return
        not_so = _NOT_OF_AN_ORDER.get(head) or (_stock_of_all if head == "stock" and not self.subject else None)
        if not_so is not None:
            self.failures += [Failure(str(origin), text) for text in not_so(path, expected, self.stage)]
            return
        order = self.order(None)
        story = self.stage.story(order.id)
        plans = [each.record.plan for each in story.records if each.record.plan] if story else []
        made = self.quotes.get(order.id) or (plans[-1] if plans else None)
        subject = Subject(order, story, made, self.stage)
        self.failures += [Failure(str(origin), text) for text in unmet(path, expected, subject)]

    def take(self, record: object) -> Order:
        """An order as it is written; one without a moment is placed now."""
        if not isinstance(record, dict):
            raise Cannot("write the order's fields below `order:`")
        values = {"placed_at": self.stage.now.isoformat(), "currency": self.stage.program.currency, **record}
        fields, known = order_fields(values, self.stage.program)
        order = order_of(fields, known)
        unknown = [f"there is no field {name}" for name in sorted(fields.unknown)]
        if fields.problems or unknown:
            raise Cannot("; ".join([*fields.problems, *unknown]))
        self.orders[order.id] = order
        self.subject = self.subject or order.id
        return order

    def order(self, named: object) -> Order:
        """The order with this id; without one, the order that the scenario is about."""
        name = str(named or self.subject)
        if name not in self.orders:
            raise Cannot(f"there is no order {name}; there is {', '.join(self.orders) or 'none yet'}")
        return self.orders[name]

    def story(self, named: object) -> Story:
        """The story of an order that was captured."""
        found = self.stage.story(self.order(named).id)
        if found is None:
            raise Cannot(f"order {named or self.subject} was never captured")
        return found

    def asked(self, refused: Refused | None, expected: object = None) -> None:
        """Lets a request that was taken in have its effect; one that is `expected` to be refused must say why in these words."""
        because = "; ".join((refused.because, *refused.since)) if refused else None
        for words in [] if expected is None else expected if isinstance(expected, list) else [expected]:
            if because is None or str(words) not in because:
                raise Cannot(f"this should be refused: {words}" + (f"; it is, as {because}" if because else ""))
        if refused and expected is None:
            raise Cannot(str(because))
        self.stage.run()


def told(entry: Entry) -> Mapping[str, object]:
    """What a command is told, with no keys but its own; raises Cannot."""
    if not isinstance(entry.value, dict):
        raise Cannot("write what it concerns as a map, { ... }")
    keys = COMMANDS[entry.key] or ()
    for key in entry.value.keys() - set(keys):
        raise Cannot(with_hint(f"there is no {key} here", key, keys))
    return entry.value


#: What can be looked at besides an order, by the head of its path.
def _stock_of_all(path: str, expected: object, stage: Stage) -> Iterator[str]:
    """Stock where no order was taken in: what may be promised to whoever asks."""
    rest = path.partition(".")[2]
    return stocked(rest, expected, stage, lambda item, node: browsed(stage.world({item}), item, node, SHIP, stage.now).total)


_NOT_OF_AN_ORDER: Mapping[str, Callable[[str, object, Stage], Iterator[str]]] = {
    "sees": not_seen_so,
    "alerts": not_raised_so,
    "alarms": no_such_alarms,
    "customer": not_known_so,
}
