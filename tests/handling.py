"""Orders on small processes with handlers and steps that can be undone."""

from __future__ import annotations

from functools import cache

from plays import Play, order, world

from orderloom.dsl.compile import compile
from orderloom.dsl.packs import pack_sources
from orderloom.dsl.program import Program
from orderloom.dsl.source import Source
from orderloom.engine.effects import Note
from orderloom.engine.world import World

HEAD = "orderloom: 1\nworkspace: shop\npacks: [retail]\ncurrency: USD\ntimezone: UTC\n"


def played(text: str, **on_hand: int) -> Play:
    """An order in a world with these documents on top of the pack."""
    plain = world(**(on_hand or {"DC1": 5}))
    return Play(World(program_of(text), plain.catalog, plain.stock), order())


@cache
def program_of(text: str) -> Program:
    files = (Source("orderloom.yaml", HEAD.encode(), None), Source("own.yaml", text.encode(), None))
    compiled = compile((*files, *pack_sources("retail")))
    assert compiled.program is not None, [(str(d.span), d.message) for d in compiled.diagnostics]
    return compiled.program


ADDRESS = """
---
kind: event
name: address-changed
about: order
fields: { zip: string, urgent: boolean }
"""

PICK = """
kind: process
name: ship-to-customer
for: fulfillment
steps:
  - step: pick
    ask: fulfiller
    message: pick-request
    within: P2D
    on: { short-picked: gone, late: gone }
"""

UNDOING = f"""{PICK}    undo:
      steps:
        - {{ step: put-back, ask: fulfiller, message: pack-request }}
  - step: hand-over
    do: ship
    undo: return-stock
    point-of-no-return: POINT
  - step: wait
    wait: collected
  - step: shipped
    end: shipped
  - step: gone
    end: gone
"""

UNIT = f"""{PICK}  - step: hand-over
    do: ship
  - step: shipped
    end: shipped
  - step: gone
    end: gone
"""


def notes(play: Play, kind: str) -> list[tuple[str, str]]:
    return [(effect.subject, effect.text) for effect in play.effects if isinstance(effect, Note) and effect.kind == kind]


def steps(play: Play, instance: str) -> list[str]:
    return [text for subject, text in notes(play, "entered") if subject == instance]
