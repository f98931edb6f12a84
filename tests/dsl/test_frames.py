"""Frames around blocks: each block has them, none holds a strange step, and their names lie clear of boxes and arrows."""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.etree import ElementTree

from geometry import faults

from orderloom.dsl.compile import Compiled
from orderloom.dsl.pictures import svg
from orderloom.dsl.pictures.frames import frames
from orderloom.dsl.pictures.graph import graph
from orderloom.dsl.pictures.grid import grid
from orderloom.dsl.pictures.places import BOX, places
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
        - { step: sign, task: sign-papers, to: operations }
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


def test_names_lie_clear_of_boxes_and_arrows_and_are_told_whole(compile_file: Callable[[str], Compiled]) -> None:
    process = drawn(compile_file)
    assert list(faults(process)) == []
    assert "a-long-name-of-paper" in re.findall(r'class="frame-name"[^>]*>([^<]*)', svg(process))


def test_what_undoes_a_step_begins_beside_it_and_handlers_below_everything(compile_file: Callable[[str], Compiled]) -> None:
    seen = graph(drawn(compile_file))
    assert seen.row["print.undo"] == seen.row["print"]
    assert seen.row["say-so"] == 1 + max(seen.row[step] for step in seen.steps if step != "say-so")
