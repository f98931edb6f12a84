"""Code under construction: Python statements in three-address form, the constants that they name, and what is in scope."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from msgspec import Struct, field

from orderloom.dsl.feel import tree
from orderloom.dsl.feel.builtins import BUILTINS
from orderloom.dsl.feel.scope import Function, Scope
from orderloom.dsl.feel.types import ANY, Type
from orderloom.dsl.feel.typetexts import resolve


class Operand(Struct, frozen=True):
    """A variable or constant of the emitted code.

    `kind` is what it surely holds when it runs: number (a Decimal), boolean? (true, false or null), string, list, null, any.
    `type` is what the scope declares of it, which the host may not keep to.
    """

    code: str
    kind: str = "any"
    type: Type = ANY

    @property
    def is_constant(self) -> bool:
        return self.code.startswith("k")


NOTHING = Operand("None", "null")


class Env(Struct, frozen=True):
    """Names bound by loops, parameters and contexts around an expression, innermost first.

    A frame with an item is a filter's: the item's entries shadow what lies outside.
    """

    names: Mapping[str, Operand] = field(default_factory=dict)
    item: Operand | None = None
    outer: "Env | None" = None

    def bind(self, names: Mapping[str, Operand]) -> "Env":
        return Env(names, None, self)

    def filtering(self, item: Operand) -> "Env":
        return Env({"item": item}, item, self)

    def binds(self, name: str) -> bool:
        return name in self.names or (self.outer is not None and self.outer.binds(name))

    def operands(self) -> Iterator[Operand]:
        yield from self.names.values()
        if self.outer:
            yield from self.outer.operands()


Emit = Callable[["Unit", Any, Env], Operand]


class Unit:
    """One function of Python code. A careful unit emits no inline fast paths: every operation is recorded and guarded."""

    def __init__(self, scope: Scope, table: Mapping[type, Emit], library: Mapping[str, object], careful: bool) -> None:
        self.scope, self.table, self.careful = scope, table, careful
        self.globals: dict[str, object] = dict(library)
        self.head: list[str] = []
        self.lines: list[str] = []
        self.depth = 1
        self.loops = 0
        self.functions_deep = 0
        self.inputs: dict[str, Operand] = {}
        self.arithmetic = False
        self.metered = False
        self._count = 0

    def emit(self, node: tree.Expr, env: Env) -> Operand:
        return self.table[type(node)](self, node, env)

    def line(self, text: str) -> None:
        self.lines.append(" " * self.depth + text)

    @contextmanager
    def block(self, opening: str) -> Iterator[None]:
        self.line(opening)
        self.depth += 1
        yield
        self.depth -= 1

    @contextmanager
    def loop(self, opening: str) -> Iterator[None]:
        """A block that runs many times."""
        self.loops += 1
        with self.block(opening):
            yield
        self.loops -= 1

    @contextmanager
    def function(self, opening: str) -> Iterator[None]:
        """The body of a function, which may be called many times, and after the evaluation has ended."""
        self.functions_deep += 1
        with self.loop(opening):
            yield
        self.functions_deep -= 1

    def name(self, prefix: str = "t") -> str:
        self._count += 1
        return f"{prefix}{self._count}"

    def assign(self, code: str, kind: str = "any") -> Operand:
        target = self.name()
        self.line(f"{target} = {code}")
        return Operand(target, kind)

    def constant(self, value: object, kind: str = "any") -> Operand:
        name = self.name("k")
        self.globals[name] = value
        return Operand(name, kind)

    def input(self, name: str) -> Operand:
        """A name of the host's context, read once, when the evaluation starts."""
        if name not in self.inputs:
            target = self.name("i")
            get = f"context.get({name!r})" if self.careful or name not in self.scope.names else f"context[{name!r}]"
            self.head.append(f" {target} = {get}")
            self.inputs[name] = Operand(target, type=self.scope.names.get(name, ANY))
        return self.inputs[name]

    def functions(self, name: str) -> tuple[Function, ...] | None:
        """The functions that answer to a name: the host's, else the built-in's rows."""
        host = self.scope.functions.get(name)
        return (host,) if host else BUILTINS.get(name)

    def type_of(self, written: tree.TypeText) -> Type | None:
        return resolve(written, self.scope.types)[0]

    def operate(self, node: tree.Node, function: str, *args: Operand, kind: str = "any", fast: str = "") -> Operand:
        """The result of one operation: `fast` where it is given and allowed, else the function with the operands."""
        if not self.careful:
            return self.assign(fast or self.call(function, *args), kind)
        codes = ", ".join(arg.code for arg in args)
        if self.loops:
            self.metered = True
            self.line(f"meter.weigh({codes})")
        return self.assign(f"attempt(trace, {self.constant(node).code}, {function}, {codes})", kind)

    def call(self, function: str, *args: Operand) -> str:
        """The text of a call; inside a loop its operands are weighed, as it may go through lists."""
        codes = ", ".join(arg.code for arg in args)
        if not self.loops:
            return f"{function}({codes})"
        self.metered = True
        return f"metered(meter, {function}{', ' if codes else ''}{codes})"

    def spend(self, steps: str) -> None:
        """Count steps where a loop or a call can be repeated by what the analyst wrote."""
        if self.loops:
            self.metered = True
            self.line(f"meter.spend({steps})")
