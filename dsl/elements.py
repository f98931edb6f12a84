"""What the expressions in the block of an `each` see besides what the process sees: the element, in the type of its list."""

from __future__ import annotations

from orderloom.dsl import graph
from orderloom.dsl.feel import Scope
from orderloom.dsl.feel.types import ANY, ListType, Type
from orderloom.dsl.fields import Located, Syntax
from orderloom.dsl.steps import EachStep, Process
from orderloom.dsl.walk import leaves


class Elements:
    """Of one document. Types are learned in the order of the text, in which a list stands before the block for its elements."""

    def __init__(self, body: Syntax) -> None:
        self._around: dict[int, tuple[EachStep, ...]] = {}
        self._types: dict[int, Type] = {}
        for block in graph.blocks(body) if isinstance(body, Process) else ():
            if block.each:
                self._around |= {id(leaf.value): block.each for step in block.steps for leaf in leaves(step)}

    def learn(self, written: Located[str], kind: Type) -> None:
        """Takes note of the type that an expression gives."""
        self._types[id(written)] = kind

    def seen(self, written: Located[str], scope: Scope) -> Scope:
        """The scope of an expression, with the elements of every `each` around it."""
        around = self._around.get(id(written), ())
        if not around:
            return scope
        return scope.extend({each.element.value: self._of(each) for each in around if each.element is not None})

    def _of(self, each: EachStep) -> Type:
        kind = self._types.get(id(each.each), ANY)
        return kind.of if isinstance(kind, ListType) else ANY
