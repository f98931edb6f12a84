"""What the processes that are drawn use besides themselves: a decision, events, what these start, and holds."""

from __future__ import annotations

SURROUNDINGS = """
---
kind: decision
name: left-or-right
inputs: { quantity: order.quantity }
outputs: { way: [left, right] }
hit: first
table: |
  quantity || way
  < 3      || "left"
  -        || "right"
---
{ kind: event, name: address-changed, about: order, fields: { urgent: boolean } }
---
{ kind: event, name: dented, about: unit }
---
{ kind: event, name: called-up, about: order, starts: also-for-the-order }
---
{ kind: event, name: sent-back, about: unit, starts: { process: also-for-a-unit, node: '"DC1"' } }
---
kind: process
name: also-for-the-order
for: order
steps:
  - { step: z1, ask: carrier, message: transport-request, on: { lost: z3 }, undo: { steps: [{ step: z2, wait: PT1H }] } }
  - { step: z3, end: seen-to }
---
kind: process
name: also-for-a-unit
for: return
steps:
  - { step: y1, ask: fulfiller, message: pack-request }
  - { step: y2, end: seen-to }
---
kind: holds
name: drawn
order:
  by-hand: { because: of a person, apply: { by: [operations] }, resolve: { by: [operations], into: a-while } }
  a-while: { because: of it, apply: { by: [operations] }, resolve: { by: [operations], after: P1D }, blocks: [s1, z1, ship] }
  by-event: { because: of an event, apply: { on: [dented] }, resolve: { by: [operations], on: [address-changed] } }
  by-rule: { because: of a rule, apply: { when: order.quantity > 6 }, resolve: { by: [operations] }, blocks: [s1, source] }
  by-time: { because: of a day, apply: { at: date("2026-03-04") }, resolve: { by: [operations], after: P2D } }
line:
  of-a-line: { because: of a line, apply: { by: [operations] }, resolve: { by: [operations] } }
"""
