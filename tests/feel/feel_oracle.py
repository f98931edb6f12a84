"""A tree-walking evaluator of FEEL: slow, obvious, and written apart from the compiler, to be compared with it.

It shares the value operations (addition, comparison, built-in functions), which have tests of their own; names, scopes,
control flow, filters, loops, calls and null are evaluated here directly from the tree.
"""

from decimal import Decimal

from orderloom.dsl.feel import access, compare, operators, tree
from orderloom.dsl.feel.arithmetic import arithmetic
from orderloom.dsl.feel.builtins import BUILTINS
from orderloom.dsl.feel.check import check
from orderloom.dsl.feel.conform import is_a
from orderloom.dsl.feel.invoke import bound, by_name, choose, invoke, invoke_named
from orderloom.dsl.feel.namespace import half_line, make_range
from orderloom.dsl.feel.scope import Function, Parameter
from orderloom.dsl.feel.temporal import parse_temporal
from orderloom.dsl.feel.types import ANY
from orderloom.dsl.feel.typetexts import resolve

NUMBER = (Decimal, int)


def interpret(node, context, scope):
    with arithmetic():
        value = _Walk(dict(context), scope).value(node)
    return Decimal(value) if type(value) is int else value


def interpret_tests(tests, context, value, scope):
    with arithmetic():
        walk = _Walk({**context, "?": value}, scope)
        answers = [walk.cell(value, test) for test in tests.tests]
    if not answers:
        return True
    return all(answer is False for answer in answers) if tests.negated else True in answers


def guarded(operation, *args):
    try:
        return operation(*args)
    except ArithmeticError:
        return None


class _Walk:
    """Names are one dict: an inner scope is a new one with more in it. `item` entries are put in for a filter."""

    def __init__(self, names, scope):
        self.names, self.scope = names, scope

    def inside(self, names):
        return _Walk({**self.names, **names}, self.scope)

    def value(self, node):
        return getattr(self, "_" + type(node).__name__)(node)

    def _Number(self, node):
        return node.value

    _String = _Boolean = _Number

    def _Null(self, node):
        return None

    def _At(self, node):
        return parse_temporal(node.text)

    def _Name(self, node):
        if node.name in self.names:
            return self.names[node.name]
        rows = BUILTINS.get(node.name)
        return rows[0] if rows else None

    def _Negation(self, node):
        return guarded(operators.negate, self.value(node.operand))

    def _Arithmetic(self, node):
        return guarded(operators.OPERATIONS[node.op], self.value(node.left), self.value(node.right))

    def _Comparison(self, node):
        return compare.COMPARISONS[node.op](self.value(node.left), self.value(node.right))

    def _Logic(self, node):
        join = compare.both if node.op == "and" else compare.either
        return join(self.value(node.left), self.value(node.right))

    def _Between(self, node):
        return compare.between(self.value(node.value), self.value(node.low), self.value(node.high))

    def _In(self, node):
        return self.any_of(self.value(node.value), node.tests)

    def test(self, value, test):
        if isinstance(test, tree.UnaryTest):
            return compare.COMPARISONS[test.op](value, self.value(test.operand))
        if isinstance(test, tree.RangeOf):
            above = (compare.less_or_equal if test.low_closed else compare.less)(self.value(test.low), value)
            below = (compare.less_or_equal if test.high_closed else compare.less)(value, self.value(test.high))
            return compare.both(above, below)
        if isinstance(test, tree.ListOf) and any(isinstance(item, tree.UnaryTest) for item in test.items):
            return self.any_of(value, test.items)
        return compare.member(value, self.value(test))

    def any_of(self, value, tests):
        answer = self.test(value, tests[0])
        for test in tests[1:]:
            answer = compare.either(answer, self.test(value, test))
        return answer

    def cell(self, value, test):
        if isinstance(test, tree.UnaryTest | tree.RangeOf):
            return self.test(value, test)
        result = self.value(test)
        if self.speaks_of_input(test):
            return result
        if isinstance(result, bool) and not isinstance(value, bool):
            return result
        return compare.member(value, result)

    def speaks_of_input(self, node):
        return node == tree.Name("?") or any(self.speaks_of_input(child) for child in tree.children(node))

    def _UnaryTest(self, node):
        return half_line(node.op, self.value(node.operand))

    def _InstanceOf(self, node):
        kind, _ = resolve(node.type, {})
        return is_a(self.value(node.value), kind) if kind else None

    def _Path(self, node):
        return access.field(self.value(node.base), node.name)

    def _ListOf(self, node):
        return [self.value(item) for item in node.items]

    def _ContextOf(self, node):
        keys = [key for key, _ in node.entries]
        if len(keys) != len(set(keys)):
            return None
        made = {}
        for key, value in node.entries:
            made[key] = self.inside(made).value(value)
        return made

    def _RangeOf(self, node):
        return make_range(self.value(node.low), self.value(node.high), node.low_closed, node.high_closed)

    def _If(self, node):
        return self.value(node.then if self.value(node.condition) is True else node.otherwise)

    def _Filter(self, node):
        items = access.as_list(self.value(node.base))
        kept = []
        for item in items or [None]:
            entries = item if isinstance(item, dict) else {}
            answer = self.inside({"item": item, **entries}).value(node.condition)
            if isinstance(answer, NUMBER) and not isinstance(answer, bool):
                return access.item_at(items, answer)
            if answer is True and items:
                kept.append(item)
        return kept

    def rounds(self, iterations):
        """The scopes of all rounds, or None when a domain is none; None at a later place when an inner one is."""
        if not iterations:
            yield self
            return
        first, *rest = iterations
        if first.high is None:
            items = access.loop_over(self.value(first.domain))
        else:
            items = guarded(access.count_through, self.value(first.domain), self.value(first.high))
        if items is None:
            yield None
            return
        for item in items:
            yield from self.inside({first.name: item}).rounds(rest)

    def _For(self, node):
        partial = []
        for scope in self.rounds(list(node.iterations)):
            if scope is None:
                return None
            partial.append(scope.inside({"partial": list(partial)}).value(node.body))
        return partial

    def _Quantified(self, node):
        found = node.kind == "some"
        answer = not found
        for scope in self.rounds(list(node.iterations)):
            if scope is None:
                return None
            passed = scope.value(node.condition)
            if passed is found:
                return found
            answer = answer if passed is (not found) else None
        return answer

    def _Lambda(self, node):
        params = tuple(Parameter(each.name, (each.type and resolve(each.type, {})[0]) or ANY) for each in node.params)

        def call(*args):
            return self.inside({param.name: arg for param, arg in zip(params, args, strict=True)}).value(node.body)

        kind, problems = check(node, self.scope)
        return Function("", params, ANY if problems else kind.result, call)

    def rows(self, function):
        if isinstance(function, tree.Name) and function.name not in self.names:
            return BUILTINS.get(function.name)
        return None

    def _Call(self, node):
        args = [self.value(arg) for arg in node.args]
        rows = self.rows(node.function)
        if rows is None:
            return guarded(invoke, self.value(node.function), args)
        fitting = choose(rows, len(args))
        return guarded(bound(fitting), *args) if fitting else None

    def _NamedCall(self, node):
        names = [name for name, _ in node.args]
        args = [self.value(arg) for _, arg in node.args]
        rows = self.rows(node.function)
        if rows is None:
            if len(set(names)) != len(names):
                return None
            return guarded(invoke_named, self.value(node.function), dict(zip(names, args, strict=True)))
        found = by_name(rows, names)
        if not found:
            return None
        return guarded(bound((found[0],)), *(None if at is None else args[at] for at in found[1]))
