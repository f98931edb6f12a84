"""FEEL, the expression language of OMG DMN 1.5: read, checked against types, compiled to code.

    text -> lexer + grammar (parse.py) -> tree -> check.py: type and problems
                                               -> compile.py: a Python function of the context
                                               -> text.py: text again

Values are Decimal, str, bool, None, list, dict and the classes of dates.py, times.py, durations.py and ranges.py; the host
may give int, tuple, any Mapping and Python's own dates (values.py). Everything that an expression can call is a row of one
table (builtins.py). Boxed expressions (boxed.py) put texts and decision tables together.
"""

from orderloom.dsl.feel.arithmetic import arithmetic
from orderloom.dsl.feel.check import check, check_tests
from orderloom.dsl.feel.compile import Compiled, CompiledTests, compile, compile_tests
from orderloom.dsl.feel.emit_calls import NOW
from orderloom.dsl.feel.explain import Null
from orderloom.dsl.feel.expression import Expression, expression
from orderloom.dsl.feel.names_used import names_used, paths_used
from orderloom.dsl.feel.parse import parse, parse_tests, parse_type
from orderloom.dsl.feel.problem import Problem
from orderloom.dsl.feel.scope import Function, Parameter, Scope
from orderloom.dsl.feel.suggest import did_you_mean
from orderloom.dsl.feel.text import unparse
from orderloom.dsl.feel.tree import Expr, Tests
from orderloom.dsl.feel.values import from_python, to_python

__all__ = [
    "NOW", "Compiled", "CompiledTests", "Expr", "Expression", "Function", "Null", "Parameter", "Problem", "Scope", "Tests",
    "arithmetic", "check", "check_tests", "compile", "compile_tests", "did_you_mean", "expression", "from_python", "names_used",
    "parse", "parse_tests", "parse_type", "paths_used", "to_python", "unparse",
]  # fmt: skip
