"""Mistakes in expressions, tables and declarations: each finds the places of a file where it can be made."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy

from trees import WORDS_ALONE, Change, File, Grid, expressions, get, lists, maps, put, scalar, set_text, tables
from yaml.nodes import MappingNode, ScalarNode, SequenceNode

_TEXT = re.compile(r'"[^"]*"')
_NUMBER = re.compile(r"(?<![\w.])\d+(\.\d+)?(?![\w.])")

# --- expressions ----------------------------------------------------------------------------------------------------------


def _replaced(file: File, pattern: str, by: dict[str, str]) -> Iterator[Change]:
    for node in expressions(file):
        for found in re.finditer(pattern, node.value):
            yield set_text(node, node.value[: found.start()] + by[found[0]] + node.value[found.end() :])


def shift_bound(file: File) -> Iterator[Change]:
    yield from _replaced(file, r"<=|>=|(?<!<)<(?![=>])|(?<!-)>(?!=)", {"<=": "<", ">=": ">", "<": "<=", ">": ">="})


def turn_comparison(file: File) -> Iterator[Change]:
    turned = {"<=": ">", ">=": "<", "<": ">=", ">": "<=", "=": "!=", "!=": "="}
    yield from _replaced(file, r"<=|>=|!=|(?<!<)<(?![=>])|(?<!-)>(?!=)|(?<![<>!])=", turned)


def swap_and_or(file: File) -> Iterator[Change]:
    yield from _replaced(file, r"\b(and|or)\b", {"and": "or", "or": "and"})


def turn_operator(file: File) -> Iterator[Change]:
    yield from _replaced(file, r" [-+*/] ", {" + ": " - ", " - ": " + ", " * ": " / ", " / ": " * "})


def change_number(file: File) -> Iterator[Change]:
    for node in expressions(file):
        for found in _NUMBER.finditer(node.value):
            more = str(int(float(found[0])) * 2 + 1)
            yield set_text(node, node.value[: found.start()] + more + node.value[found.end() :])


def misspell_field(file: File) -> Iterator[Change]:
    for node in expressions(file):
        for found in re.finditer(r"\.([a-z]\w{2,})", node.value):
            yield set_text(node, node.value[: found.end() - 1] + node.value[found.end() :])


def exchange_field(file: File) -> Iterator[Change]:
    """Another field that is used somewhere else in the file, of the same entity."""
    every = [found[0] for node in expressions(file) for found in re.finditer(r"\b[a-z]\w*\.[a-z]\w*", node.value)]
    for node in expressions(file):
        for found in re.finditer(r"\b([a-z]\w*)\.[a-z]\w*", node.value):
            others = [each for each in dict.fromkeys(every) if each.startswith(found[1] + ".") and each != found[0]]
            yield from (set_text(node, node.value[: found.start()] + each + node.value[found.end() :]) for each in others)


def exchange_text(file: File) -> Iterator[Change]:
    every = [text for node in expressions(file) for text in _TEXT.findall(node.value)]
    for node in expressions(file):
        for found in _TEXT.finditer(node.value):
            others = [each for each in dict.fromkeys(every) if each != found[0]]
            yield from (set_text(node, node.value[: found.start()] + each + node.value[found.end() :]) for each in others)


def misspell_text(file: File) -> Iterator[Change]:
    for node in expressions(file):
        for found in _TEXT.finditer(node.value):
            yield set_text(node, node.value[: found.end() - 1] + "e" + node.value[found.end() - 1 :])


def negate(file: File) -> Iterator[Change]:
    for document in file.documents:
        for each in maps(document):
            node = get(each, "when")
            if isinstance(node, ScalarNode) and not node.value.startswith("P"):
                yield set_text(node, f"not({node.value})")


# --- tables ---------------------------------------------------------------------------------------------------------------


def _written(grid: Grid) -> Change:
    return grid.write


def _varied(file: File, change_all: object) -> Iterator[Change]:
    """One change for each way that a table can be varied; the table is written when the change is made."""
    for grid in tables(file):
        for varied in change_all(grid):  # type: ignore[operator]
            yield _written(Grid(grid.node, varied))


def delete_row(file: File) -> Iterator[Change]:
    yield from _varied(file, lambda grid: ([*grid.cells[:at], *grid.cells[at + 1 :]] for at in range(1, len(grid.cells))))


def duplicate_row(file: File) -> Iterator[Change]:
    yield from _varied(file, lambda grid: ([*grid.cells[:at], *grid.cells[at - 1 :]] for at in range(2, len(grid.cells) + 1)))


def swap_rows(file: File) -> Iterator[Change]:
    def swapped(grid: Grid) -> Iterator[list[list[str | None]]]:
        for at in range(1, len(grid.cells) - 1):
            yield [*grid.cells[:at], grid.cells[at + 1], grid.cells[at], *grid.cells[at + 2 :]]

    yield from _varied(file, swapped)


def _cells(grid: Grid, inputs: bool) -> Iterator[tuple[int, int, str]]:
    """Row, column and text of each cell of one side."""
    for at, row in enumerate(grid.cells[1:], 1):
        middle = row.index(None)
        for column, cell in enumerate(row):
            if cell is not None and (column < middle) is inputs:
                yield at, column, cell


def _with(grid: Grid, at: int, column: int, cell: str) -> list[list[str | None]]:
    rows = deepcopy(grid.cells)
    rows[at][column] = cell
    return rows


def widen_cell(file: File) -> Iterator[Change]:
    yield from _varied(file, lambda grid: (_with(grid, at, n, "-") for at, n, cell in _cells(grid, True) if cell != "-"))


def narrow_cell(file: File) -> Iterator[Change]:
    """One of several alternatives goes; what was any is one thing that the column names elsewhere."""

    def narrowed(grid: Grid) -> Iterator[list[list[str | None]]]:
        for at, column, cell in _cells(grid, True):
            if "," in cell and "(" not in cell and "[" not in cell:
                yield _with(grid, at, column, cell.partition(",")[0].strip())
            named = [row[column] for row in grid.cells[1:] if row[column] not in ("-", None)]
            if cell == "-" and named:
                yield _with(grid, at, column, str(named[0]))

    yield from _varied(file, narrowed)


def turn_cell(file: File) -> Iterator[Change]:
    def turned(grid: Grid) -> Iterator[list[list[str | None]]]:
        for at, column, cell in _cells(grid, True):
            if cell != "-":
                inside = re.fullmatch(r"not\((.*)\)", cell)
                yield _with(grid, at, column, inside[1] if inside else f"not({cell})")

    yield from _varied(file, turned)


def shift_cell(file: File) -> Iterator[Change]:
    def shifted(grid: Grid) -> Iterator[list[list[str | None]]]:
        for at, column, cell in _cells(grid, True):
            for found in _NUMBER.finditer(_TEXT.sub(lambda text: "x" * len(text[0]), cell)):
                yield _with(grid, at, column, cell[: found.start()] + str(int(float(found[0])) + 1) + cell[found.end() :])

    yield from _varied(file, shifted)


def exchange_result(file: File) -> Iterator[Change]:
    def exchanged(grid: Grid) -> Iterator[list[list[str | None]]]:
        for at, column, cell in _cells(grid, False):
            others = dict.fromkeys(row[column] for row in grid.cells[1:] if len(row) > column and row[column] != cell)
            yield from (_with(grid, at, column, str(other)) for other in others)

    yield from _varied(file, exchanged)


def misspell_result(file: File) -> Iterator[Change]:
    def misspelt(grid: Grid) -> Iterator[list[list[str | None]]]:
        for at, column, cell in _cells(grid, False):
            if cell.endswith('"') and grid.cells[0][column] not in ("because", "note"):
                yield _with(grid, at, column, cell[:-1] + 's"')

    yield from _varied(file, misspelt)


def drop_column(file: File) -> Iterator[Change]:
    """An input goes, in the table and where it is declared."""
    for document in file.documents:
        inputs, node = get(document, "inputs"), get(document, "table")
        if isinstance(inputs, MappingNode) and isinstance(node, ScalarNode) and len(inputs.value) > 1:
            for at in range(len(inputs.value)):
                yield lambda file=file, document=document, at=at: _without_column(document, at)  # type: ignore[misc]


def _without_column(document: MappingNode, at: int) -> None:
    inputs, node = get(document, "inputs"), get(document, "table")
    assert isinstance(inputs, MappingNode) and isinstance(node, ScalarNode)
    cells = [[cell.strip() for cell in line.split("|")] for line in node.value.splitlines() if line.strip()]
    inputs.value.pop(at)
    node.value = "".join(" | ".join([*row[:at], *row[at + 1 :]]).replace("|  |", "||") + "\n" for row in cells)


def change_policy(file: File) -> Iterator[Change]:
    for document in file.documents:
        if get(document, "table") is not None:
            for hit in ("first", "unique", "collect"):
                yield lambda document=document, hit=hit: put(document, "hit", scalar(hit))  # type: ignore[misc]


# --- declarations ---------------------------------------------------------------------------------------------------------


def delete_document(file: File) -> Iterator[Change]:
    for at in range(len(file.documents)):
        yield lambda at=at: file.documents.pop(at)  # type: ignore[misc]


def rename_document(file: File) -> Iterator[Change]:
    for document in file.documents:
        node = get(document, "name")
        if isinstance(node, ScalarNode):
            yield set_text(node, f"{node.value}-x")


def delete_key(file: File) -> Iterator[Change]:
    for each in _rules(file):
        for key, _ in each.value:
            if key.value not in WORDS_ALONE:
                yield lambda each=each, key=key: put(each, key.value, None)  # type: ignore[misc]


def misspell_key(file: File) -> Iterator[Change]:
    for each in _rules(file):
        yield from (set_text(key, key.value + "s") for key, _ in each.value)


def duplicate_key(file: File) -> Iterator[Change]:
    for each in _rules(file):
        for at in range(len(each.value)):
            yield lambda each=each, at=at: each.value.append(deepcopy(each.value[at]))  # type: ignore[misc]


def _rules(file: File) -> Iterator[MappingNode]:
    """The maps of whatever is no process."""
    for document in file.documents:
        if get(document, "steps") is None:
            yield from maps(document)


def _items(file: File) -> Iterator[SequenceNode]:
    for document in file.documents:
        if get(document, "steps") is None:
            yield from lists(document)


def delete_item(file: File) -> Iterator[Change]:
    for each in _items(file):
        for at in range(len(each.value)):
            yield lambda each=each, at=at: each.value.pop(at)  # type: ignore[misc]


def duplicate_item(file: File) -> Iterator[Change]:
    for each in _items(file):
        for at in range(len(each.value)):
            yield lambda each=each, at=at: each.value.insert(at, deepcopy(each.value[at]))  # type: ignore[misc]


def swap_items(file: File) -> Iterator[Change]:
    """Of lists of maps: the order of names in a list means nothing."""
    for each in _items(file):
        for at in range(len(each.value) - 1 if _of_maps(each) else 0):
            yield lambda each=each, at=at: _swap(each, at)  # type: ignore[misc]


def _of_maps(each: SequenceNode) -> bool:
    return all(isinstance(item, MappingNode) for item in each.value)


def _swap(each: SequenceNode, at: int) -> None:
    each.value[at], each.value[at + 1] = each.value[at + 1], each.value[at]


def misspell_item(file: File) -> Iterator[Change]:
    for each in _items(file):
        yield from (set_text(item, item.value + "s") for item in each.value if isinstance(item, ScalarNode))


def change_figure(file: File) -> Iterator[Change]:
    for each in _rules(file):
        for key, value in each.value:
            if key.value not in WORDS_ALONE and isinstance(value, ScalarNode) and re.fullmatch(r"\d+(\.\d+)?", value.value):
                yield set_text(value, str(int(float(value.value)) * 2 + 1))


def change_duration(file: File) -> Iterator[Change]:
    for each in _rules(file):
        for key, value in each.value:
            if key.value not in WORDS_ALONE and isinstance(value, ScalarNode) and re.fullmatch(r"PT?\d+[DHM]", value.value):
                yield from (set_text(value, other) for other in ("PT1M", "P999D", "1 day"))


def retype(file: File) -> Iterator[Change]:
    types = {"number": "string", "string": "number", "boolean": "string", "date": "string"}
    for each in _rules(file):
        yield from (
            set_text(value, types[value.value])
            for _, value in each.value
            if isinstance(value, ScalarNode) and value.value in types
        )
