"""Boxed expressions of a model as FEEL texts: what DMN draws as boxes, FEEL says in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from xml.etree.ElementTree import Element

from orderloom.dsl.dmn.xml import child, children, local, text_in

_SIMPLE = re.compile(r'[\w.]+|"[^"\\]*"')
_NO_LOGIC = frozenset({"variable", "parameter", "typeRef", "description", "extensionElements", "column", "formalParameter"})

#: Boxes with fixed parts: the parts, and the words around them.
_WORDS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "conditional": (("if", "then", "else"), "if {} then {} else {}"),
    "for": (("in", "return"), "for {variable} in {} return {}"),
    "every": (("in", "satisfies"), "every {variable} in {} satisfies {}"),
    "some": (("in", "satisfies"), "some {variable} in {} satisfies {}"),
    "filter": (("in", "match"), "{}[{}]"),
}


def boxed(element: Element | None) -> str | None:
    """The FEEL text of a boxed expression; None for what FEEL has no text for, such as a table."""
    if element is None:
        return None
    tag = local(element)
    if tag == "literalExpression":
        return text_in(element, "text") or "null"
    if tag in _WORDS:
        return _worded(element, *_WORDS[tag])
    reader = _READERS.get(tag)
    return reader(element) if reader is not None else None


def inside(element: Element | None) -> Element | None:
    """The expression that stands in an element, whatever it is."""
    return next(_expressions(element), None) if element is not None else None


def local_names(element: Element) -> Iterator[str]:
    """The names that the boxes below an element give: to entries, parameters and what loops go over."""
    for each in element.iter():
        if local(each) in ("formalParameter", "column") or (local(each) == "variable" and each is not child(element, "variable")):
            yield each.get("name", "")
        elif each.get("iteratorVariable"):
            yield each.get("iteratorVariable", "")


def _expressions(element: Element) -> Iterator[Element]:
    return (each for each in element if local(each) not in _NO_LOGIC)


def _closed(text: str | None) -> str | None:
    return text if text is None or _SIMPLE.fullmatch(text) else f"({text})"


def _worded(element: Element, parts: tuple[str, ...], words: str) -> str | None:
    texts = [boxed(inside(child(element, part))) for part in parts]
    texts[:-1] = map(_closed, texts[:-1])  # what stands last ends the whole
    return None if None in texts else words.format(*texts, variable=element.get("iteratorVariable", "item"))


def _joined(texts: list[str | None], around: str) -> str | None:
    found = [text for text in texts if text is not None]
    return around[0] + ", ".join(found) + around[1] if len(found) == len(texts) else None


def _named(name: str, element: Element | None) -> str | None:
    text = boxed(element)
    return f"{name}: {text}" if text is not None else None


def _list(element: Element) -> str | None:
    return _joined([boxed(each) for each in _expressions(element)], "[]")


def _relation(element: Element) -> str | None:
    names = [column.get("name", "") for column in children(element, "column")]
    rows = [
        _joined([_named(name, cell) for name, cell in zip(names, row, strict=False)], "{}") for row in children(element, "row")
    ]
    return _joined(rows, "[]")


def _invocation(element: Element) -> str | None:
    callee = boxed(inside(element))
    bindings = list(children(element, "binding"))
    names = [(binding, child(binding, "parameter")) for binding in bindings]
    args = _joined([_named(name.get("name", "") if name is not None else "", inside(binding)) for binding, name in names], "()")
    return callee + args if callee is not None and args is not None else None


def _function(element: Element) -> str | None:
    body = boxed(inside(element))
    params = [param.get("name", "") for param in children(element, "formalParameter")]
    return f"function({', '.join(params)}) {body}" if body is not None else None


def _context(element: Element) -> str | None:
    """A context; one with a result is the context with that as one more entry, which is then taken out of it."""
    entries = list(children(element, "contextEntry"))
    names = [variable.get("name", "") if (variable := child(entry, "variable")) is not None else "" for entry in entries]
    texts = _joined([_named(name or "result", inside(entry)) for name, entry in zip(names, entries, strict=True)], "{}")
    return f"{texts}.result" if texts is not None and "" in names else texts


_READERS: Mapping[str, Callable[[Element], str | None]] = {
    "context": _context,
    "functionDefinition": _function,
    "invocation": _invocation,
    "list": _list,
    "relation": _relation,
}
