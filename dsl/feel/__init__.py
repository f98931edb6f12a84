"""FEEL, the expression language of OMG DMN 1.5: read, checked against types, compiled to code."""

from orderloom.dsl.feel.arithmetic import arithmetic
from orderloom.dsl.feel.check import check, check_tests
from orderloom.dsl.feel.compile import Compiled, CompiledTests, compile, compile_tests
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
    "Compiled", "CompiledTests", "Expr", "Expression", "Function", "Null", "Parameter", "Problem", "Scope", "Tests",
    "arithmetic", "check", "check_tests", "compile", "compile_tests", "did_you_mean", "expression", "from_python", "names_used",
    "parse", "parse_tests", "parse_type", "paths_used", "to_python", "unparse",
]  # fmt: skip
