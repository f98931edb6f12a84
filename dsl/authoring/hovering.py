"""What stands at a place, in a few words of Markdown."""

from __future__ import annotations

from msgspec import Struct

from orderloom.dsl.actions import ACTIONS
from orderloom.dsl.authoring.names import Use, symbol_at, uses
from orderloom.dsl.authoring.sight import Seen, brief, functions_in, look, part_at, signature
from orderloom.dsl.authoring.spot import Kinds, Spot, spot
from orderloom.dsl.authoring.whole import Whole
from orderloom.dsl.feel import Scope, tree
from orderloom.dsl.fields import Ref
from orderloom.dsl.leaves import wanted
from orderloom.dsl.reader import read
from orderloom.dsl.schema import ALL
from orderloom.dsl.source import Source, Span


class Help(Struct, frozen=True):
    text: str
    span: Span


def hover(source: Source, at: int, whole: Whole) -> Help | None:
    """Help on a key, a kind, a name, or a part of an expression."""
    expression = whole.scope_at(source, at)
    if expression is not None and (told := _in_expression(*expression, at)):
        return told
    found = spot(source, read(source)[0], at)
    if found is None:
        return None
    if found.is_key:
        return _key(found)
    if isinstance(found.type, Kinds):
        of = ALL.get(found.node.text)
        return Help(f"**{found.node.text}**\n\n{of.__doc__}", found.node.span) if of is not None else None
    if isinstance(found.type, Ref) and found.type.to == "action" and found.node.text in ACTIONS:
        action = ACTIONS[found.node.text]
        return Help(f"**{action.name}** ({', '.join(action.outcomes)})\n\n{action.doc}", found.node.span)
    use = symbol_at(uses(whole), source.path, at)
    if use is not None:
        return _name(use, whole)
    return Help(found.key.doc, found.node.span) if found.key is not None else None


def _key(found: Spot) -> Help | None:
    if found.key is None:
        return None
    needed = ", required" if found.key.required else ""
    return Help(f"**{found.key.text}**: {wanted(found.key.type)}{needed}\n\n{found.key.doc}", found.node.span)


def _name(use: Use, whole: Whole) -> Help:
    """A name: what it is, its title, and where it is defined."""
    symbol = use.symbol
    words = f"**{symbol.name}**: {symbol.kind}" + (f" of {symbol.home}" if symbol.home else "")
    document = whole.definitions.documents.get(symbol.kind, {}).get(symbol.name)
    title = getattr(document.body, "title", None) if document is not None else None
    if title is not None:
        words += f"\n\n{title.value}"
    homes = [each.span for each in uses(whole) if each.symbol == symbol and each.defines]
    return Help(words + (f"\n\ndefined in {homes[0]}" if homes else ""), use.span)


def _in_expression(node: object, scope: Scope, at: int) -> Help | None:
    """The type of a part of an expression; what a function does."""
    text, part = node.text, node.part  # type: ignore[attr-defined]
    inner = next((i for i in range(len(text)) if part(i, i + 1).start >= at), len(text))
    here = part_at(look(text, scope), inner)
    if here is None:
        return None
    span = part(here.node.start, here.node.end)
    called = _function(here, scope)
    if called:
        return Help(called, span)
    if isinstance(here.node, tree.Name | tree.Path):
        return Help(f"**{text[here.node.start : here.node.end]}**: {brief(here.type)}", span)
    return None


def _function(here: Seen, scope: Scope) -> str:
    if not isinstance(here.node, tree.Call | tree.NamedCall) or not isinstance(here.node.function, tree.Name):
        return ""
    name = here.node.function.name
    function = next((each for each in functions_in(scope) if each.name == name), None)
    return f"```\n{signature(function)}\n```\n\n{function.doc}" if function is not None else ""
