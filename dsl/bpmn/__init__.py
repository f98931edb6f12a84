"""Processes as BPMN 2.0 models with their diagrams, for the tools of others.

The way of a process through this package: `scopes` takes its blocks apart, each a scope of its own with what BPMN has more than
we (starts, gateways, joins, ends), `elements` says each node in BPMN's words, `shapes` places it by the layout of `dsl/pictures`,
`write` makes one document of it.
"""

from orderloom.dsl.bpmn.write import bpmn

__all__ = ["bpmn"]
