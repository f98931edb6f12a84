"""Random sound processes: blocks within blocks, loops that wait, processes that run processes."""

from __future__ import annotations

from random import Random

LISTS = ("unit.lines", "order.lines", "[1, 2, 3]", "order.lines[quantity > 99]", '["a", "b"]', '[date("2026-03-02")]')


class Sketch:
    """Writes one process and those that it runs; ways lead on, but for those of a reply or an option, which may lead back."""

    def __init__(self, chance: Random, called: str = "called") -> None:
        self.chance, self.prefix = chance, called
        self.count = 0
        self.called: list[str] = []

    def whole(self) -> str:
        """The steps of the process, and the documents of those that it runs."""
        return "\n" + "\n".join(self.process(3, 1, "delivered", "lost")) + "\n" + "".join(self.called)

    def process(self, depth: int, indent: int, *ends: str) -> list[str]:
        lines = self.block(depth, indent, within=False)
        first, *others = ends
        names = [self.name() for _ in others]
        ways = [f"{{ when: order.quantity = {n + 2}, next: {name} }}" for n, name in enumerate(names)]
        lines += [f"{'  ' * indent}- {{ step: {self.name()}, choose: [{', '.join([*ways, '{ otherwise: next }'])}] }}"]
        lines += [f"{'  ' * indent}- {{ step: {self.name()}, end: {first} }}"]
        return lines + [f"{'  ' * indent}- {{ step: {name}, end: {end} }}" for name, end in zip(names, others, strict=True)]

    def name(self) -> str:
        self.count += 1
        return f"s{self.count}"

    def block(self, depth: int, indent: int, within: bool, sees: str = "order.quantity > 1") -> list[str]:
        names = [self.name() for _ in range(self.chance.randint(1, 4 if depth == 3 else 2))]
        lines: list[str] = []
        for at, name in enumerate(names):
            lines += self.step(
                name, [*names[at + 1 :], "next", *(["join"] if within else [])], names[: at + 1], depth, indent, sees
            )
        if within and self.chance.random() < 0.15:
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

    def step(self, name: str, on: list[str], back: list[str], depth: int, indent: int, sees: str) -> list[str]:
        pad, way = "  " * indent, self.chance.choice(on)
        kinds = ["time", "event", "ask", "ask", "tell", "raise", "choose"]
        kind = self.chance.choice([*kinds, *(["parallel", "parallel", "each", "each", "run"] if depth else [])])
        also = self.chance.choice(["", "", f", status: at {name}", f', when: "{sees}"'])
        clock = self.chance.choice(["", f", within: P1D, on: {{ late: {way} }}"])
        head = f"{pad}- {{ step: {name}, "
        match kind:
            case "time":
                return [f"{head}wait: PT1H{also} }}"]
            case "event":
                return [f"{head}wait: {self.chance.choice(['collected', 'vendor-shipped'])}{clock}{also} }}"]
            case "ask":
                late = self.chance.choice(["", f", within: P1D, on: {{ short-picked: {way}, late: {way} }}"])
                late = late or f", on: {{ short-picked: {self.chance.choice([way, *back])} }}"
                return [f"{head}ask: fulfiller, message: pick-request{late}{also} }}"]
            case "tell":
                return [f"{head}tell: customer, message: shipped{also} }}"]
            case "raise":
                return [f"{head}raise: trouble, to: operations, on: {{ go: next, again: {self.chance.choice(back)} }} }}"]
            case "choose":
                return [f'{head}choose: [{{ when: "{sees}", next: {way} }}, {{ otherwise: next }}] }}']
            case "run":
                called, outcomes = self.sub(depth, way)
                late = f", late: {way} }}, within: P1D" if clock else " }"
                return [f"{head}run: {called}, on: {{ {outcomes}{late}{also} }}"]
            case "each":
                return self.each(name, depth, indent, clock, also)
            case _:
                return self.parallel(name, depth, indent, clock, also)

    def sub(self, depth: int, way: str) -> tuple[str, str]:
        """A process to be run, and the ways for its ends besides the main one."""
        self.count += 1
        name = f"{self.prefix}-{self.count}"
        lines = "\n".join(self.process(depth - 1, 1, "up", "other"))
        self.called.append(f"---\nkind: process\nname: {name}\nfor: fulfillment\nsteps:\n{lines}\n")
        return name, f"other: {way}" + (f", lost: {way}" if "end: lost" in lines else "")

    def opened(self, name: str, indent: int, clock: str, also: str) -> list[str]:
        pad = "  " * indent
        keys = [part.strip() for part in (clock.removeprefix(", within: P1D") + also).split(", ") if part.strip()]
        more = ["within: P1D"] if clock else []
        return [f"{pad}- step: {name}", *(f"{pad}  {key}" for key in [*more, *keys])]

    def each(self, name: str, depth: int, indent: int, clock: str, also: str) -> list[str]:
        pad, items = "  " * indent, self.chance.choice(LISTS)
        sees = f"e{self.count}.quantity > 1" if "lines" in items else f"e{self.count} != null"
        lines = [*self.opened(name, indent, clock, also), f"{pad}  each: '{items}'", f"{pad}  as: e{self.count}"]
        lines += [f"{pad}  join: {self.chance.choice(['all', 'any', '2'])}", f"{pad}  steps:"]
        return lines + self.block(depth - 1, indent + 2, True, sees)

    def parallel(self, name: str, depth: int, indent: int, clock: str, also: str) -> list[str]:
        pad, many = "  " * indent, self.chance.randint(1, 3)
        lines = [*self.opened(name, indent, clock, also), f"{pad}  join: {self.chance.choice(['all', 'any', str(many)])}"]
        lines.append(f"{pad}  parallel:")
        for number in range(many):
            lines += [f"{pad}    b{number}:", *self.block(depth - 1, indent + 3, True)]
        return lines
