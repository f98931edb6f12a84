"""Bars as SVG, drawn by hand: one row a bar, in the order given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

WIDTH, LABEL, ROW, FIGURE = 760, 250, 24, 70
COLOURS = (
    "#3b6ea5",
    "#e08a3c",
    "#5a9e6f",
    "#b04a5a",
    "#8a6fb0",
    "#8c8c8c",
    "#c9a93b",
    "#4aa3a3",
    "#d17fa8",
    "#6b7f3a",
    "#a0644a",
)

Bar = tuple[str, float, str]  #: label, length, figure


def bars(title: str, rows: Sequence[Bar]) -> str:
    """Bars that begin at the same place, each with its figure behind it."""
    most = max(length for _, length, _ in rows)
    parts = []
    for n, (label, length, figure) in enumerate(rows):
        width = length / most * (WIDTH - LABEL - FIGURE)
        parts += [_text(LABEL - 8, _y(n) + 15, label, "end"), _rect(LABEL, n, width, COLOURS[0])]
        parts.append(_text(LABEL + width + 6, _y(n) + 15, figure))
    return _drawn(title, len(rows), parts)


def shares(title: str, rows: Mapping[str, Mapping[str, float]]) -> str:
    """A bar a row, cut into parts that come to the whole, with a legend below."""
    names = list(dict.fromkeys(name for parts in rows.values() for name in parts))
    colours = {name: COLOURS[n % len(COLOURS)] for n, name in enumerate(names)}
    drawn, whole = [], WIDTH - LABEL - 10
    for n, (label, found) in enumerate(rows.items()):
        drawn.append(_text(LABEL - 8, _y(n) + 15, label, "end"))
        left = float(LABEL)
        for name, share in found.items():
            drawn.append(_rect(left, n, share * whole, colours[name], f"{name} {share:.0%}"))
            left += share * whole
    for n, name in enumerate(names):
        x, row = 20 + n % 5 * 148, len(rows) + n // 5
        drawn += [_rect(x, row, 14, colours[name]), _text(x + 20, _y(row) + 15, name)]
    return _drawn(title, len(rows) + -(-len(names) // 5), drawn)


def _drawn(title: str, rows: int, parts: Sequence[str]) -> str:
    size = f'width="{WIDTH}" height="{_y(rows) + 8}" font-family="sans-serif" font-size="12"'
    head = f'<text x="20" y="20" font-size="14" font-weight="bold">{escape(title)}</text>'
    background = '<rect width="100%" height="100%" fill="white"/>'
    return "\n".join([f'<svg xmlns="http://www.w3.org/2000/svg" {size}>', background, head, *parts, "</svg>"]) + "\n"


def _y(row: int) -> int:
    return 36 + row * ROW


def _rect(x: float, row: int, width: float, colour: str, told: str = "") -> str:
    title = f"<title>{escape(told)}</title>" if told else ""
    return f'<rect x="{x:.1f}" y="{_y(row)}" width="{max(width, 1):.1f}" height="{ROW - 6}" fill="{colour}">{title}</rect>'


def _text(x: float, y: float, text: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y}" text-anchor="{anchor}">{escape(text)}</text>'
