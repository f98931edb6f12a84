"""Holds that stop nothing of a process that takes another's place."""

from __future__ import annotations

import pytest

from orderloom.dsl.compile import Compiled, compile, compile_pack
from orderloom.dsl.packs import pack_sources, packs
from orderloom.dsl.source import Source

HEAD = b"orderloom: 1\nworkspace: shop\npacks: [retail]\ncurrency: USD\ntimezone: UTC\n"
SHIP = "kind: process\nname: ship-to-customer\nfor: fulfillment\nsteps:\n"
TOLD = SHIP + "  - { step: say-so, tell: customer, message: shipped }\n  - { step: done, end: delivered }\n"
HOLD = """
---
kind: holds
name: mine
order:
  credit:
    because: sales looks at it
    apply: { when: order.total >= 500 }
    resolve: { by: [customer-service] }
    blocks: [BLOCKS]
"""
NORTH = """
---
kind: division
name: north
override:
  process.ship-to-customer.steps:
    - { step: go, do: ship }
    - { step: done, status: delivered, end: delivered }
"""


def compiled(text: str) -> Compiled:
    sources = Source("orderloom.yaml", HEAD), Source("own.yaml", text.encode())
    return compile((*sources, *pack_sources("retail")))


def told(text: str) -> list[tuple[str, str, str]]:
    return [(d.code, str(d.span), d.message) for d in compiled(text).diagnostics]


def test_a_hold_of_the_pack_that_stops_nothing_is_told_at_the_process() -> None:
    assert told(TOLD) == [("W670", "own.yaml:2:7", "the hold amount-review stops nothing of ship-to-customer")]


@pytest.mark.parametrize("step", ["{ step: pick, tell: customer, message: shipped }", "{ step: hand-over, do: ship }"])
def test_a_step_or_an_action_that_the_hold_names_is_enough(step: str) -> None:
    assert told(f"{SHIP}  - {step}\n  - {{ step: done, end: delivered }}\n") == []


def test_a_hold_of_ones_own_says_what_it_blocks_itself() -> None:
    mine = HOLD.replace("credit", "amount-review")
    assert told(TOLD + mine.replace("BLOCKS", "say-so")) == []
    assert [code for code, *_ in told(TOLD + mine.replace("BLOCKS", "ship-to-customer.pick"))] == ["E670"]


def test_a_division_is_told_where_it_says_otherwise_and_nobody_else() -> None:
    plain, *others = compiled(HOLD.replace("BLOCKS", "pick") + NORTH).diagnostics
    assert (plain.code, str(plain.span), others) == ("W670", "own.yaml:17:15", [])
    assert plain.hint == "call the step pick at which it is to stop, or set the blocks of credit too"
    set_too = "  holds.mine.order.credit.blocks: [ship]\n"
    assert told(HOLD.replace("BLOCKS", "pick") + NORTH + set_too) == []
    assert told(HOLD.replace("BLOCKS", "ship-to-customer.pack, ship") + NORTH) == []


def test_a_hold_that_stops_nothing_anywhere_is_an_error() -> None:
    found = compiled(HOLD.replace("BLOCKS", "ship-to-customer.pack") + NORTH)
    assert [(d.code, d.message) for d in found.diagnostics] == [("E670", "nothing stops for the hold credit any more")]
    assert found.program is None


@pytest.mark.parametrize("pack", packs())
def test_no_pack_is_told(pack: str) -> None:
    assert [d.code for d in compile_pack(pack).diagnostics] == []
