"""Tables drawn as text: `a | b || out | note`, a heading and a row a line. White space is free, `|` inside a string is text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from orderloom.dsl.tables.grid import Grid, Problems, TableProblem, Written, fault

_PIECE = re.compile(r'"(?:[^"\\]|\\.)*"|\|\|?|[^|"]+|"')

Line = tuple[Sequence[Written], Sequence[Written]]  # the cells left and right of `||`


def parse_text(text: str) -> tuple[Grid | None, Problems]:
    """The grid of a text table; offsets count from the start of the text, places are its lines from 1."""
    written = list(_lines(text))
    lines = [_split(*line) for line in written]
    if not lines:
        return None, (fault("E810", "the table is empty", "begin with a line of headings: inputs || outputs"),)
    left, right = len(lines[0][0]), len(lines[0][1])
    if not right:
        hint = "write || between the inputs and the outputs"
        return None, (fault("E810", "the headings do not say where the outputs begin", hint, at=lines[0][0][0]),)
    rows, problems = [], []
    for at, (inputs, outputs) in enumerate(lines[1:]):
        wrong = _misfit(at, inputs, outputs, left, right)
        if wrong:
            problems.append(_unclosed(at, *written[at + 1]) or wrong)
        else:
            rows.append((*inputs, *_fitted(outputs, right)))
    return Grid((*lines[0][0], *lines[0][1]), tuple(rows), left), tuple(problems)


def print_text(grid: Grid) -> str:
    """The table with its columns aligned: `parse_text` reads the same grid from it."""
    lines = [[cell.text for cell in line] for line in (grid.headings, *grid.rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(grid.headings))]
    return "".join(_printed(line, widths, grid.inputs or 0) + "\n" for line in lines)


def _printed(line: Sequence[str], widths: Sequence[int], inputs: int) -> str:
    padded = [text.ljust(width) for text, width in zip(line, widths, strict=True)]
    return f"{' | '.join(padded[:inputs])} || {' | '.join(padded[inputs:])}".rstrip()


def _lines(text: str) -> Iterator[tuple[str, int, int]]:
    offset = 0
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield line, offset, number
        offset += len(line) + 1


def _split(line: str, offset: int, number: int) -> Line:
    """The cells of one line; whatever stands behind a second `||` goes on as outputs."""
    sides: tuple[list[Written], list[Written]] = ([], [])
    side, begin = 0, 0
    bars = [piece for piece in _PIECE.finditer(line) if piece[0] in ("|", "||")]
    for bar in bars:
        sides[side].append(_cell(line, begin, bar.start(), offset, number))
        side, begin = side or int(bar[0] == "||"), bar.end()
    sides[side].append(_cell(line, begin, len(line), offset, number))
    return sides


def _cell(line: str, begin: int, end: int, offset: int, number: int) -> Written:
    text = line[begin:end]
    inner = text.strip()
    return Written(inner, offset + begin + len(text) - len(text.lstrip()) if inner else offset + begin, f"line {number}")


def _misfit(row: int, inputs: Sequence[Written], outputs: Sequence[Written], left: int, right: int) -> TableProblem | None:
    """What is wrong with the number of cells. Notes may be left out: the builder misses an output that is not there."""
    if not outputs:
        return fault("E811", "this row has no ||", "write || between the inputs and the outputs", row=row, at=inputs[0])
    if len(inputs) != left:
        words = f"this row has {len(inputs)} inputs, the headings have {left}"
        return fault("E811", words, "write - for any value", row=row, at=inputs[-1])
    if len(outputs) > right and any(cell.text for cell in outputs[right:]):
        words = f"this row has {len(outputs)} cells behind ||, the headings have {right}"
        return fault("E811", words, row=row, at=outputs[right])
    return None


def _unclosed(row: int, line: str, offset: int, number: int) -> TableProblem | None:
    """A quote without its partner, which takes the bars behind it for text: it opens the first text with a bar in it."""
    pieces = list(_PIECE.finditer(line))
    if not any(piece[0] == '"' for piece in pieces):
        return None
    at = next(piece.start() for piece in pieces if piece[0] == '"' or (piece[0][0] == '"' and "|" in piece[0]))
    cell = Written('"', offset + at, f"line {number}")
    return fault("E203", "a quote is not closed", 'end the text with a double quote "', row=row, at=cell)


def _fitted(outputs: Sequence[Written], right: int) -> Sequence[Written]:
    missing = Written("", outputs[-1].offset + len(outputs[-1].text), outputs[-1].place)
    return [*outputs[:right], *[missing] * (right - len(outputs))]
