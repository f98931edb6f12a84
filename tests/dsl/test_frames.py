"""Frames around blocks: each block has them, none holds a strange step, and their names lie clear of boxes and arrows."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from xml.etree import ElementTree

from orderloom.dsl.compile import Compiled
from orderloom.dsl.pictures import svg
from orderloom.dsl.pictures.frames import NAME, fitted, frames
from orderloom.dsl.pictures.graph import graph
from orderloom.dsl.pictures.grid import grid
from orderloom.dsl.pictures.places import BOX, places
from orderloom.dsl.pictures.words import width
from orderloom.dsl.program import Process

TEXT = """
kind: process
name: backorder
title: Every kind of block
for: fulfillment
steps:
  - step: prepare
    parallel:
      picking:
        - { step: pick, ask: fulfiller, message: pick-request, on: { short-picked: pack }, next: pack }
        - { step: pack, ask: fulfiller, message: pack-request }
      a-long-name-of-paper:
        - { step: print, tell: customer, message: shipped, undo: release-stock }
        - { step: sign, task: sign-papers, to: associate }
  - step: per-line
    each: order.lines
    as: line
    steps:
      - { step: say, tell: customer, message: shipped }
      - { step: rest, wait: PT1H }
  - { step: done, end: done }
handlers:
  - on: collected
    beside: true
    steps:
      - { step: say-so, tell: customer, message: shipped }
"""
Box = tuple[float, float, float, float]


def drawn(compile_file: Callable[[str], Compiled]) -> Process:
    compiled = compile_file(TEXT)
    assert compiled.program is not None, compiled.diagnostics
    return compiled.program.processes["backorder"]


def meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def test_every_block_has_frames_and_no_frame_holds_a_strange_step(compile_file: Callable[[str], Compiled]) -> None:
    process = drawn(compile_file)
    ordered = grid(process, graph(process))
    layout = places(ordered)
    boxes = {name: (x - layout.widths[name] / 2, y, x + layout.widths[name] / 2, y + BOX) for name, (x, y) in layout.at.items()}
    found = list(frames(process, ordered.column, ordered.graph.row))
    assert {each.name for each in found} == {
        "picking", "a-long-name-of-paper", "each line", "beside, on collected", "undo print",
    }  # fmt: skip
    picture = ElementTree.fromstring(svg(process))
    drawn_frames = [each for each in picture.iter() if each.get("class") == "frame"]
    assert len(drawn_frames) == len(found)
    for frame, shape in zip(found, drawn_frames, strict=True):
        x, y, wide, high = (float(shape.get(name) or 0) for name in ("x", "y", "width", "height"))
        inside = {name for name, box in boxes.items() if meet(box, (x, y, x + wide, y + high))}
        assert inside == set(frame.steps), frame
    assert {step for frame in found for step in frame.steps} == {step.name for step in process.steps.values() if step.block}


def test_names_lie_clear_of_boxes_and_arrows(compile_file: Callable[[str], Compiled]) -> None:
    process = drawn(compile_file)
    layout = places(grid(process, graph(process)))
    boxes = [(x - layout.widths[s] / 2, y, x + layout.widths[s] / 2, y + BOX) for s, (x, y) in layout.at.items()]
    lines = [line for way in layout.points.values() for line in pairwise(way)]
    for text in re.findall(r'frame-name" transform="translate\(([\d.]+) ([\d.]+)\) rotate\(-90\)">([^<]*)', svg(process)):
        x, y, half = float(text[0]), float(text[1]), width(text[2], NAME) / 2
        place = (x - NAME, y - half, x + 2, y + half)
        assert not any(meet(place, box) for box in boxes), text
        for (x1, y1), (x2, y2) in lines:
            assert not meet(place, (min(x1, x2) - 0.5, min(y1, y2) - 0.5, max(x1, x2) + 0.5, max(y1, y2) + 0.5)), text


def test_a_long_name_is_shortened_to_its_room() -> None:
    assert fitted("picking", 66) == "picking"
    short = fitted("a-long-name-of-paper", 66)
    assert short.endswith("…") and width(short, NAME) <= 66
