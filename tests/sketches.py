"""Random sound processes: every verb, blocks within blocks, loops that wait, processes that run processes, handlers, undos."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

EACH_OF = ("order.lines", "[1, 2, 3]", "order.lines[quantity > 99]", '["a", "b"]', '[date("2026-03-02")]')


@dataclass(frozen=True)
class Place:
    """Where a step is drawn: the steps to which its ways may lead, on and back, and what conditions may say there."""

    name: str
    on: list[str]
    back: list[str]
    depth: int
    indent: int
    sees: str

    @property
    def pad(self) -> str:
        return "  " * self.indent

    def step(self, *keys: str) -> list[str]:
        return [f"{self.pad}- {{ step: {self.name}, {', '.join(key for key in keys if key)} }}"]


class Sketch:
    """Writes one process and those that it runs; ways lead on, but for those of a reply or an option, which may lead back."""

    def __init__(self, chance: Random, called: str = "called", purpose: str = "fulfillment") -> None:
        self.chance, self.prefix, self.purpose = chance, called, purpose
        self.count = 0
        self.called: list[str] = []
        self.undone: list[str] = []  #: steps of the process that can be undone
        self.takes_back, self.bills = False, self.likely(0.5)  #: what was billed is not sourced again

    def whole(self) -> str:
        """The steps of the process, and the documents of those that it runs."""
        return (
            "\n" + "\n".join(self.process(3, "delivered", "lost", middle=self.purpose == "order")) + "\n" + "".join(self.called)
        )

    def process(self, depth: int, *ends: str, middle: bool = False) -> list[str]:
        kept = self.undone, self.takes_back
        self.undone, self.takes_back = [], self.likely(0.4)
        before = self.count
        lines = self.block(depth, 1, within=False) + (self.life_of_an_order(depth) if middle else [])
        own = [
            f"s{n}" for n in range(before + 1, self.count + 1) if any(line.startswith(f"  - {{ step: s{n},") for line in lines)
        ]
        first, *others = ends
        names = [self.name() for _ in others]
        ways = [f"{{ when: order.quantity = {n + 2}, next: {name} }}" for n, name in enumerate(names)]
        lines += [f"  - {{ step: {self.name()}, choose: [{', '.join([*ways, '{ otherwise: next }'])}] }}"]
        lines += [f"  - {{ step: {self.name()}, end: {first} }}"]
        lines += [f"  - {{ step: {name}, end: {end} }}" for name, end in zip(names, others, strict=True)]
        lines += self.handlers(own, middle) if own and self.likely(0.5) else []
        self.undone, self.takes_back = kept
        return lines

    def life_of_an_order(self, depth: int) -> list[str]:
        """Finds sources and sees the units of work through, with more steps between."""
        gone = self.name()
        lines = [f"  - {{ step: {self.name()}, do: source, on: {{ partly: next, nothing: {gone} }} }}"]
        lines += self.block(depth - 1, 1, within=False)
        lines += [f"  - {{ step: {self.name()}, do: start-units }}", *self.block(depth - 1, 1, within=False)]
        lines += [f"  - {{ step: {self.name()}, wait: units-ended }}"] if self.likely(0.7) else []
        return [*lines, f"  - {{ step: {gone}, tell: customer, message: order-cancelled }}"]

    def handlers(self, back: list[str], main: bool) -> list[str]:
        lines = ["handlers:"]
        times = ["after: PT5H", "after: PT30H", 'at: date("2026-03-05")']
        triggers = ["on: address-changed", "on: dented", "on: collected"]
        for trigger in (*self.chance.sample(triggers, 2), *self.chance.sample(times, self.chance.randint(0, 2))):
            when = ["    when: event.urgent"] if trigger == "on: address-changed" else []
            lines += [f"  - {trigger}", *when]
            if self.likely(0.5):
                lines += ["    beside: true", "    steps:", *self.block(1, 3, within=False)]
            else:
                again = f"tell: customer, message: shipped, next: {self.chance.choice(back)}"
                lines += ["    steps:", *self.block(1, 3, within=False), f"      - {{ step: {self.name()}, {again} }}"]
        if main and self.likely(0.5):
            lines += ["  - on: cancel-requested", "    steps:", *self.block(0, 3, within=False)]
            lines += [f"      - {{ step: {self.name()}, end: cancelled }}"]
        return lines

    # --- blocks -------------------------------------------------------------------------------------------------------

    def likely(self, chance: float) -> bool:
        return self.chance.random() < chance

    def name(self) -> str:
        self.count += 1
        return f"s{self.count}"

    def block(self, depth: int, indent: int, within: bool, sees: str = "order.quantity > 1") -> list[str]:
        names = [self.name() for _ in range(self.chance.randint(1, 4 if depth == 3 else 2))]
        lines: list[str] = []
        for at, name in enumerate(names):
            on = [*names[at + 1 :], "next", *(["join"] if within else [])]
            lines += self.step(Place(name, on, names[: at + 1], depth, indent, sees))
        if within and self.likely(0.15):
            lines += self.way_out(indent)
        return lines

    def way_out(self, indent: int) -> list[str]:
        """Somebody may end the whole process from within a block."""
        stop = self.name()
        pad = "  " * indent
        return [
            f"{pad}- {{ step: {self.name()}, raise: trouble, to: operations, on: {{ go: join, stop: {stop} }} }}",
            f"{pad}- {{ step: {stop}, end: lost }}",
        ]

    # --- steps --------------------------------------------------------------------------------------------------------

    def step(self, at: Place) -> list[str]:
        way = self.chance.choice(at.on)
        kinds = ["time", "event", "ask", "ask", "tell", "raise", "choose", "decide", "task", "do", "do"]
        kinds += ["take-back"] if self.takes_back else []
        kinds += ["short"] if not self.bills and self.purpose != "order" else []
        kind = self.chance.choice([*kinds, *(["parallel", "parallel", "each", "each", "run"] if at.depth else [])])
        also = self.chance.choice(["", "", f"status: at {at.name}", f'when: "{at.sees}"'])
        clock = self.chance.choice(["", "within: P1D"])
        back = self.chance.choice(at.back)
        match kind:
            case "time":
                return at.step("wait: PT1H", also)
            case "event":
                return self.event(at, way, back, clock, also)
            case "ask":
                return self.ask(at, way, back, clock, also)
            case "tell":
                return at.step("tell: customer, message: shipped", self.undo(at), self.point(), also)
            case "raise":
                return at.step(f"raise: trouble, to: operations, on: {{ go: next, again: {back} }}")
            case "choose":
                return at.step(f'choose: [{{ when: "{at.sees}", next: {way} }}, {{ otherwise: next }}]')
            case "decide":
                return at.step(f"decide: left-or-right, on: {{ left: {way}, right: next }}")
            case "task":
                return self.task(at, way, back, clock, also)
            case "do":
                return self.do(at, also)
            case "short":
                return self.short(at, way)
            case "take-back":
                return at.step(f"take-back: {self.chance.choice(['everything', *self.undone])}", also)
            case "run":
                called, outcomes = self.sub(at.depth, way)
                return at.step(f"run: {called}, on: {{ {outcomes}{f', late: {way}' if clock else ''} }}", clock, also)
            case "each":
                return self.each(at, way, clock, also)
            case _:
                return self.parallel(at, way, clock, also)

    def event(self, at: Place, way: str, back: str, clock: str, also: str) -> list[str]:
        """Waits for an event, or for the first of two."""
        main, other = self.chance.sample(["collected", "vendor-shipped"], 2)
        ways = [f"{other}: {self.chance.choice([way, back])}"] if self.likely(0.5) else []
        ways += [f"late: {way}"] if clock else []
        on = f"on: {{ {', '.join(ways)} }}" if ways else ""
        return at.step(f"wait: {main}", clock, on, self.point(), also)

    def ask(self, at: Place, way: str, back: str, clock: str, also: str) -> list[str]:
        whom, other = ("carrier, message: transport-request", "lost")
        if self.purpose != "order":
            whom, other = ("fulfiller, message: pick-request", "short-picked")
        ways = f"{other}: {way}, late: {way}" if clock else f"{other}: {self.chance.choice([way, back])}"
        retry = self.chance.choice(["", "", "retry: { times: 2, every: PT1H, backoff: 2 }"])
        return at.step(f"ask: {whom}, on: {{ {ways} }}", clock, retry, self.undo(at), self.point(), also)

    def task(self, at: Place, way: str, back: str, clock: str, also: str) -> list[str]:
        late = f", late: {way}" if clock and self.likely(0.5) else ""
        escalate = self.chance.choice(["", "escalate: [{ after: PT2H, to: customer-service, every: PT8H }]"])
        form = self.chance.choice(["", f"form: {{ limit_{at.name}: {{ type: number, required: false }} }}"])
        return at.step(
            f"task: look-at-it, to: operations, on: {{ fine: next, again: {back}{late} }}", clock, escalate, form, also
        )

    def short(self, at: Place, way: str) -> list[str]:
        """What was not found is sourced anew, and nothing else is: to source all of it again and again would have no end."""
        again, on = self.name(), self.name()
        return [
            *at.step(f"ask: fulfiller, message: pick-request, on: {{ short-picked: {again} }}, next: {on}"),
            f"{at.pad}- {{ step: {again}, do: source-again, on: {{ short: {way} }} }}",
            f"{at.pad}- {{ step: {on}, tell: customer, message: shipped }}",
        ]

    def do(self, at: Place, also: str) -> list[str]:
        action = self.chance.choice(["ship", "ship", "finish", "release-stock", *(["invoice"] if self.bills else [])])
        action = self.chance.choice(["check-order", "take-payment"]) if self.purpose == "order" else action
        ways = "on: { incomplete: next }" if action == "check-order" else ""
        undo = {"ship": "undo: return-stock", "invoice": "undo: refund"}.get(action, "")
        undo = self.undo(at, undo) if undo else self.undo(at)
        retry = self.chance.choice(["", "retry: { times: 2, every: PT1H }"])
        return at.step(f"do: {action}", ways, retry, undo, self.point(), also)

    def undo(self, at: Place, undo: str = "") -> str:
        if not self.likely(0.4):
            return ""
        self.undone.append(at.name)
        asked = "ask: fulfiller, message: pack-request" if self.purpose != "order" else "wait: PT1H"
        how = self.chance.choice([asked, "tell: customer, message: shipped", "raise: trouble, to: operations, on: { go: next }"])
        return undo or f"undo: {{ steps: [{{ step: {self.name()}, {how} }}] }}"

    def point(self) -> str:
        """Behind a hard point nothing is sourced again, and what may be taken back must be undoable; else points are soft."""
        kind = "soft" if self.takes_back or not self.bills else self.chance.choice(["soft", "hard"])
        return f"point-of-no-return: {kind}" if self.likely(0.1) else ""

    def sub(self, depth: int, way: str) -> tuple[str, str]:
        """A process to be run, and the ways for its ends besides the main one."""
        self.count += 1
        name = f"{self.prefix}-{self.count}"
        lines = "\n".join(self.process(depth - 1, "up", "other"))
        self.called.append(f"---\nkind: process\nname: {name}\nfor: {self.purpose}\nsteps:\n{lines}\n")
        return name, f"other: {way}" + (f", lost: {way}" if "end: lost" in lines else "")

    def opened(self, at: Place, way: str, clock: str, also: str) -> list[str]:
        keys = [clock, f"on: {{ late: {way} }}"] if clock else []
        return [f"{at.pad}- step: {at.name}", *(f"{at.pad}  {key}" for key in [*keys, also] if key)]

    def each(self, at: Place, way: str, clock: str, also: str) -> list[str]:
        pad, items = at.pad, self.chance.choice([*EACH_OF, *(["unit.lines"] if self.purpose != "order" else [])])
        self.count += 1
        element = f"e{self.count}"
        sees = f"{element}.quantity > 1" if "lines" in items else f"{element} != null"
        lines = [*self.opened(at, way, clock, also), f"{pad}  each: '{items}'", f"{pad}  as: {element}"]
        lines += [f"{pad}  join: {self.chance.choice(['all', 'any', '2'])}", f"{pad}  steps:"]
        return lines + self.block(at.depth - 1, at.indent + 2, True, sees)

    def parallel(self, at: Place, way: str, clock: str, also: str) -> list[str]:
        pad, many = at.pad, self.chance.randint(1, 3)
        lines = [*self.opened(at, way, clock, also), f"{pad}  join: {self.chance.choice(['all', 'any', str(many)])}"]
        lines.append(f"{pad}  parallel:")
        for number in range(many):
            lines += [f"{pad}    b{number}:", *self.block(at.depth - 1, at.indent + 3, True)]
        return lines
