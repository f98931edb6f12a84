"""Trees to code objects.

Every expression becomes one Python function. Its fast form has operators inline, guarded by the types that they are right
for. Its careful form runs each operation by itself, records the nulls, and is made only when the fast form met an
arithmetic fault (an overflow is null, not the end) or missed a declared name, or when somebody asks why.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from msgspec import Struct

from orderloom.dsl.feel import emit_calls, emit_loops, emit_operators, emit_values, tree
from orderloom.dsl.feel.check import mentions_input
from orderloom.dsl.feel.explain import Null, reasons
from orderloom.dsl.feel.limits import Exhausted
from orderloom.dsl.feel.namespace import LIBRARY
from orderloom.dsl.feel.scope import Scope
from orderloom.dsl.feel.unit import Emit, Env, Operand, Unit

EMIT: Mapping[type, Emit] = {
    tree.Number: emit_values.number,
    tree.String: emit_values.string,
    tree.Boolean: emit_values.boolean,
    tree.Null: emit_values.null,
    tree.At: emit_values.at,
    tree.Name: emit_values.name,
    tree.Path: emit_values.path,
    tree.ListOf: emit_values.list_of,
    tree.ContextOf: emit_values.context_of,
    tree.RangeOf: emit_values.range_of,
    tree.If: emit_values.if_then,
    tree.Negation: emit_operators.minus,
    tree.Arithmetic: emit_operators.arithmetic,
    tree.Logic: emit_operators.logic,
    tree.Comparison: emit_operators.comparison,
    tree.Between: emit_operators.between,
    tree.In: emit_operators.member_of,
    tree.UnaryTest: emit_operators.unary_test,
    tree.InstanceOf: emit_operators.instance_of,
    tree.Filter: emit_loops.filter_,
    tree.For: emit_loops.for_each,
    tree.Quantified: emit_loops.quantified,
    tree.Call: emit_calls.call,
    tree.NamedCall: emit_calls.named_call,
    tree.Lambda: emit_calls.lambda_,
}

Context = Mapping[str, object]
Body = Callable[[Unit], str]  # emits statements, answers the code of the result


@dataclass(frozen=True)
class _Code:
    """Both forms of one function, the careful one made when it is first needed."""

    scope: Scope
    parameters: str
    body: Body
    fast: Callable[..., object] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "fast", self._make(careful=False))

    @cached_property
    def careful(self) -> Callable[..., object]:
        return self._make(careful=True)

    def _make(self, careful: bool) -> Callable[..., object]:
        unit = Unit(self.scope, EMIT, LIBRARY, careful)
        result = self.body(unit)
        parameters = self.parameters + (", trace" if careful else "")
        head = [f"def run({parameters}):"]
        if unit.arithmetic:
            head.append(f" if getcontext() is not CONTEXT: return in_context(run, {parameters})")
        if unit.metered:
            head.append(" meter = Meter()")
        text = "\n".join([*head, *unit.head, *unit.lines, f" return {result}"])
        exec(text, unit.globals)  # our own text, with no names but the library's
        return unit.globals["run"]  # type: ignore[return-value]

    def __call__(self, *args: object) -> object:
        try:
            return self.fast(*args)
        except (ArithmeticError, KeyError):
            return self.guarded(*args)
        except (Exhausted, RecursionError):
            return None

    def guarded(self, *args: object) -> object:
        """The careful answer, for when the fast form has failed."""
        try:
            return self.careful(*args, [])
        except (Exhausted, RecursionError):
            return None


class Compiled(Struct, frozen=True):
    """An expression that can be evaluated: `compiled(context)` answers a FEEL value; what cannot be answered is null.

    `run` is the fast form itself, which is called here without the detour through `code`.
    """

    run: Callable[[Context], object]
    code: _Code

    def __call__(self, context: Context) -> object:
        try:
            return self.run(context)
        except (ArithmeticError, KeyError):
            return self.code.guarded(context)
        except (Exhausted, RecursionError):
            return None

    def explain(self, context: Context) -> tuple[object, tuple[Null, ...]]:
        """The value, and each operation that answered null with its position and reason, innermost first."""
        trace: list[Any] = []
        try:
            value = self.code.careful(context, trace)
        except (Exhausted, RecursionError) as error:
            return None, (Null(0, 0, str(error) or "the expression calls itself without end"),)
        return value, reasons(trace)


class CompiledTests(Struct, frozen=True):
    """A decision table's cell: `tests(context, value)` answers whether the value passes."""

    run: Callable[[Context, object], object]
    code: _Code

    def __call__(self, context: Context, value: object) -> bool:
        try:
            return self.run(context, value) is True
        except (ArithmeticError, KeyError):
            return self.code.guarded(context, value) is True
        except (Exhausted, RecursionError):
            return False


def compile(expr: tree.Expr, scope: Scope) -> Compiled:
    """The expression as code. Names that are not in scope are null."""

    def body(unit: Unit) -> str:
        result = unit.emit(expr, Env())
        if result.kind != "any":
            return result.code
        return f"Decimal({result.code}) if type({result.code}) is int else {result.code}"

    code = _Code(scope, "context", body)
    return Compiled(code.fast, code)


def compile_condition(condition: tree.Expr, scope: Scope) -> Callable[[Context, object], object]:
    """A filter's condition as a function of the context and the item, whose entries it sees."""
    return _Code(scope, "context, item", lambda unit: unit.emit(condition, Env().filtering(Operand("item"))).code)


def compile_tests(tests: tree.Tests, scope: Scope) -> CompiledTests:
    """The cell as code; `?` is the value that is tested."""
    code = _Code(scope, "context, value", lambda unit: _emit_tests(unit, tests))
    return CompiledTests(code.fast, code)


def _emit_tests(unit: Unit, tests: tree.Tests) -> str:
    env = Env({"?": Operand("value")})
    if not tests.tests:
        return "True"
    result = "False"
    for test in tests.tests:
        passed = _emit_test(unit, test, env)
        if not tests.negated:
            unit.line(f"if {passed.code} is True: return True")
        else:
            unit.line(f"if {passed.code} is not False: return False")
            result = "True"
    return result


def _emit_test(unit: Unit, test: tree.Expr, env: Env) -> Operand:
    value = env.names["?"]
    if isinstance(test, tree.UnaryTest | tree.RangeOf | tree.Number | tree.String):
        return emit_operators.one_test(unit, value, test, env)
    result = unit.emit(test, env)
    if mentions_input(test):
        return result
    return unit.operate(test, "passes", value, result)
