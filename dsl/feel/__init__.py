"""FEEL, the expression language of OMG DMN 1.5: read, checked against types, compiled to code."""

from orderloom.dsl.feel.arithmetic import arithmetic
from orderloom.dsl.feel.compile import Compiled, CompiledTests, compile, compile_tests
from orderloom.dsl.feel.parse import parse, parse_tests, parse_type
from orderloom.dsl.feel.problem import Problem
from orderloom.dsl.feel.scope import Function, Parameter, Scope

__all__ = [
    "Compiled", "CompiledTests", "Function", "Parameter", "Problem", "Scope",
    "arithmetic", "compile", "compile_tests", "parse", "parse_tests", "parse_type",
]  # fmt: skip
