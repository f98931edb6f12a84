"""FEEL conditions beside hand-written Python and other engines, in one run: `python tests/bench/bench_feel.py`.

Evaluations per CPU second, the best of several rounds, 200 different orders in turn. An engine that is not installed
is skipped by name. Figures of different runs and machines cannot be compared; the ratios can.
"""

import importlib.util
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from orderloom.dsl import feel
from orderloom.dsl.feel.types import BOOLEAN, NUMBER, STRING, ContextType, ListType

Context = dict[str, Any]
Evaluate = Callable[[Context], object]

LINE = ContextType({"hazmat": BOOLEAN, "qty": NUMBER})
ORDER = ContextType({"total": NUMBER, "weight": NUMBER, "lines": ListType(LINE)})
SCOPE = feel.Scope({"order": ORDER, "customer": ContextType({"tier": STRING})})


@dataclass(frozen=True)
class Case:
    name: str
    feel: str
    python: Evaluate
    texts: Mapping[str, str]  # by engine


def dear(c: Context) -> bool:
    return c["order"]["total"] > 100 and c["customer"]["tier"] == "gold"


def hazardous(c: Context) -> bool:
    return dear(c) and any(line["hazmat"] for line in c["order"]["lines"])


RATE, PER_KILO, FLAT = Decimal("0.05"), Decimal("1.2"), Decimal(10)


def charge(c: Context) -> Decimal:
    order = c["order"]
    return order["total"] * RATE + order["weight"] * PER_KILO if order["total"] > 100 else FLAT


CASES = (
    Case(
        "condition over lines",
        'order.total > 100 and customer.tier = "gold" and some l in order.lines satisfies l.hazmat',
        hazardous,
        {
            "zen-engine": "order.total > 100 and customer.tier == 'gold' and some(order.lines, #.hazmat)",
            "cel-expr-python": "order.total > 100.0 && customer.tier == 'gold' && order.lines.exists(l, l.hazmat)",
            "rule-engine": 'order.total > 100 and customer.tier == "gold" and [l for l in order.lines if l.hazmat].length > 0',
        },
    ),
    Case(
        "two comparisons",
        'order.total > 100 and customer.tier = "gold"',
        dear,
        {
            "zen-engine": "order.total > 100 and customer.tier == 'gold'",
            "cel-expr-python": "order.total > 100.0 && customer.tier == 'gold'",
            "rule-engine": 'order.total > 100 and customer.tier == "gold"',
        },
    ),
    Case(
        "if with arithmetic",
        "if order.total > 100 then order.total * 0.05 + order.weight * 1.2 else 10",
        charge,
        {
            "zen-engine": "order.total > 100 ? order.total * 0.05 + order.weight * 1.2 : 10",
            "cel-expr-python": "order.total > 100.0 ? order.total * 0.05 + order.weight * 1.2 : 10.0",
            "rule-engine": "order.total > 100 ? order.total * 0.05 + order.weight * 1.2 : 10",
        },
    ),
)


def contexts(number: Callable[[str], Any]) -> list[Context]:
    """Orders of five lines; every second one has a hazardous line, the last, and every third is below 100."""
    return [
        {
            "order": {
                "total": number(str(90 + i % 3 * 20)),
                "weight": number("3.5"),
                "lines": [{"hazmat": line == 4 and i % 2 == 0, "qty": line} for line in range(5)],
            },
            "customer": {"tier": "gold"},
        }
        for i in range(200)
    ]


def zen_engine(text: str) -> Evaluate:
    import zen

    compiled = zen.compile_expression(text)
    return compiled.evaluate  # type: ignore[no-any-return]


def cel(text: str) -> Evaluate:
    from cel_expr_python import cel as engine

    kinds = {"order": engine.Type.DYN, "customer": engine.Type.DYN}
    env = engine.NewEnv(variables=kinds)
    compiled = env.compile(text)
    return lambda context: compiled.eval(data=context).value()


def rule_engine(text: str) -> Evaluate:
    import rule_engine as engine

    resolver = engine.Context(resolver=engine.resolve_item, default_value=None)
    return engine.Rule(text, context=resolver).evaluate  # type: ignore[no-any-return]


ENGINES: Mapping[str, tuple[str, Callable[[str], Evaluate], Callable[[str], Any]]] = {
    "zen-engine": ("zen", zen_engine, float),
    "cel-expr-python": ("cel_expr_python", cel, float),
    "rule-engine": ("rule_engine", rule_engine, Decimal),
}


def own(text: str) -> Evaluate:
    tree, problems = feel.parse(text, SCOPE)
    if tree is None:
        raise ValueError(problems[0].message)
    return feel.compile(tree, SCOPE)


def rate(evaluate: Evaluate, data: list[Context], seconds: float = 0.4, rounds: int = 3) -> float:
    """Evaluations per CPU second, the best round."""
    best = 0.0
    for _ in range(rounds):
        done, start = 0, time.process_time()
        while (spent := time.process_time() - start) < seconds:
            for context in data:
                evaluate(context)
            done += len(data)
        best = max(best, done / spent)
    return best


def measure(case: Case) -> dict[str, float]:
    decimals = contexts(Decimal)
    expected = [case.python(context) for context in decimals]
    evaluate = own(case.feel)
    if [evaluate(context) for context in decimals] != expected:
        raise AssertionError(f"{case.name}: not the answers of the hand-written Python")
    rates = {"hand-written Python": rate(case.python, decimals)}
    with feel.arithmetic():  # once for many evaluations, as the engine does
        rates["Orderloom FEEL"] = rate(evaluate, decimals)
    for name, (module, compiled, number) in ENGINES.items():
        if importlib.util.find_spec(module) is None:
            print(f"  {name} is not installed: skipped")
            continue
        data = contexts(number)
        other = compiled(case.texts[name])
        if [bool(other(context)) for context in data] != [bool(value) for value in expected]:
            raise AssertionError(f"{case.name}: {name} answers differently")
        rates[name] = rate(other, data)
    return rates


def report(rates: Mapping[str, float]) -> None:
    ours, python = rates["Orderloom FEEL"], rates["hand-written Python"]
    for name, figure in rates.items():
        print(f"  {name:22} {figure:12,.0f} /s   {figure / python:6.2f} of hand-written   ours: {ours / figure:8.2f} times this")
    others = [figure for name, figure in rates.items() if name in ENGINES]
    if others:
        print(f"  against the fastest other engine: {ours / max(others):.1f} times (goal 5)")


def main() -> None:
    for case in CASES:
        print(f"FEEL, {case.name}: {case.feel}")
        rates = measure(case)
        report(rates)
        if case is CASES[0]:
            scaled = rates["Orderloom FEEL"] / rates["hand-written Python"] * 800_000
            print(f"  where hand-written Python does 800,000/s: {scaled:,.0f}/s (goal 300,000)")


if __name__ == "__main__":
    main()
