"""Files of definitions as trees that can be changed and written again; texts of tables as rows of cells."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from yaml.resolver import Resolver

Change = Callable[[], None]
Entry = tuple[Node, Node]

#: What is told to people, or says how a simulated partner behaves: whoever changes it changes no rule.
WORDS_ALONE = {"title", "because", "connect", "covers", "note", "doc", "name", "orderloom", "workspace", "kind"}
#: Keys whose values are expressions wherever they stand.
CONDITIONS = {"when", "nodes", "operates", "where", "until", "floor"}
_RESOLVER = Resolver()
_LOOKS_COMPUTED = re.compile(r"[<>=(+*/]|\b(and|or|not|if|then)\b|\w\.\w")


@dataclass
class File:
    """The documents of one file."""

    path: str
    documents: list[MappingNode]
    steps: list[MappingNode] = field(default_factory=list)

    def text(self) -> bytes:
        return "---\n".join(yaml.serialize(each, width=10_000, allow_unicode=True) for each in self.documents).encode()


def read(path: str, text: str) -> File:
    documents = [each for each in yaml.compose_all(text, Loader=yaml.CSafeLoader) if isinstance(each, MappingNode)]
    return File(path, documents, [step for each in documents for step in maps(each) if get(step, "step") is not None])


# --- entries --------------------------------------------------------------------------------------------------------------


def get(node: Node, key: str) -> Node | None:
    entries = node.value if isinstance(node, MappingNode) else ()
    return next((value for name, value in entries if name.value == key), None)


def text_of(node: Node | None) -> str:
    return node.value if isinstance(node, ScalarNode) else ""


def put(node: MappingNode, key: str, value: Node | None) -> None:
    """Gives an entry another value, adds it, or takes it away."""
    at = next((n for n, (name, _) in enumerate(node.value) if name.value == key), None)
    if value is None:
        node.value = [entry for entry in node.value if entry[0].value != key]
    elif at is None:
        node.value = [*node.value, (scalar(key), value)]
    else:
        node.value[at] = (node.value[at][0], value)


def scalar(text: str) -> ScalarNode:
    """A plain scalar; the tag says that it needs no quotes."""
    return ScalarNode(_RESOLVER.resolve(ScalarNode, text, (True, False)), text)


def set_text(node: Node, text: str) -> Change:
    def change() -> None:
        node.value = text
        if not node.style:
            node.tag = _RESOLVER.resolve(ScalarNode, text, (True, False))

    return change


# --- walks ----------------------------------------------------------------------------------------------------------------


def nodes(node: Node, skip: set[str] = WORDS_ALONE) -> Iterator[Node]:
    yield node
    if isinstance(node, MappingNode):
        for key, value in node.value:
            if key.value not in skip:
                yield from nodes(value, skip)
    elif isinstance(node, SequenceNode):
        for value in node.value:
            yield from nodes(value, skip)


def maps(node: Node) -> Iterator[MappingNode]:
    return (each for each in nodes(node) if isinstance(each, MappingNode))


def lists(node: Node) -> Iterator[SequenceNode]:
    return (each for each in nodes(node) if isinstance(each, SequenceNode))


def expressions(file: File) -> Iterator[ScalarNode]:
    """Scalars that look like something that is worked out."""
    for document in file.documents:
        for each in maps(document):
            for key, value in each.value:
                computed = key.value in CONDITIONS or _LOOKS_COMPUTED.search(text_of(value))
                if isinstance(value, ScalarNode) and computed and key.value not in {"table", *WORDS_ALONE}:
                    yield value


# --- tables ---------------------------------------------------------------------------------------------------------------


@dataclass
class Grid:
    """A text table: `cells` has a row a list, with None between the inputs and the outputs; the first row is the heading."""

    node: ScalarNode
    cells: list[list[str | None]]

    def write(self) -> None:
        self.node.value = "".join(_line(row) for row in self.cells)


def tables(file: File) -> list[Grid]:
    found = (get(each, "table") for each in file.documents)
    return [grid(each) for each in found if isinstance(each, ScalarNode)]


def grid(node: ScalarNode) -> Grid:
    return Grid(node, [_cells(line) for line in node.value.splitlines() if line.strip()])


def _cells(line: str) -> list[str | None]:
    inputs, _, outputs = line.partition("||")
    return [*(each.strip() for each in inputs.split("|")), None, *(each.strip() for each in outputs.split("|"))]


def _line(row: list[str | None]) -> str:
    return " | ".join("|" if cell is None else cell for cell in row).replace("| | |", "||") + "\n"
