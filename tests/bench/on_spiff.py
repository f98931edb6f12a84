"""The process of eight requests in SpiffWorkflow, its state saved at each wait: `on_spiff.py FILE ORDERS
[together] [kept]`, prints the seconds of wall time and of CPU time.

Eight user tasks, each completed from outside with an answer. As its guide does it, the specification is parsed once, and a
workflow is written to SQLite by the library's serializer whenever it waits, in a transaction of its own, and read back when its
answer comes. In its favour, a hundred workflows share a transaction where they go `together`, and are never read back where they
are `kept` in memory, which does for short waits.
"""

from __future__ import annotations

import sqlite3
import sys
from io import BytesIO
from itertools import pairwise

from lxml import etree
from spent import spent
from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer

from orderloom.engine.store.connect import PRAGMAS

STEPS = 8
TOGETHER = 100  #: workflows in a transaction

Workflows = dict[str, BpmnWorkflow]


def main() -> None:
    file, orders, kept = sys.argv[1], int(sys.argv[2]), "kept" in sys.argv[3:]
    together = TOGETHER if "together" in sys.argv[3:] else 1
    connection = sqlite3.connect(file, isolation_level=None)
    for pragma in ("PRAGMA journal_mode = WAL", *PRAGMAS):
        connection.execute(pragma)
    connection.execute("CREATE TABLE workflows (id TEXT PRIMARY KEY, state TEXT NOT NULL) WITHOUT ROWID")
    specification, serializer = _specification(), BpmnWorkflowSerializer()
    before = spent("sqlite://")
    for first in range(0, orders, together):
        workflows = {f"o-{n:07}": _begun(specification, n) for n in range(first, min(first + together, orders))}
        _save(connection, serializer, workflows)
        for step in range(1, STEPS + 1):
            if not kept:
                workflows = {id: _read(connection, serializer, id) for id in workflows}
            for id, workflow in workflows.items():
                _answer(workflow, {"order": id, "step": step, "reply": "done"})
            _save(connection, serializer, workflows)
        assert all(workflow.is_completed() for workflow in workflows.values())
    taken = spent("sqlite://") - before
    print(taken.wall, taken.cpu)


def _specification() -> object:
    ids = ["start", *(f"step-{n}" for n in range(1, STEPS + 1)), "end"]
    tasks = "".join(f'<userTask id="{id}" name="{id}"/>' for id in ids[1:-1])
    flows = "".join(f'<sequenceFlow id="from-{a}" sourceRef="{a}" targetRef="{b}"/>' for a, b in pairwise(ids))
    steps = f'<startEvent id="start"/>{tasks}<endEvent id="end"/>{flows}'
    text = f"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="eight">
      <process id="eight" isExecutable="true">{steps}</process></definitions>"""
    parser = BpmnParser()
    parser.add_bpmn_xml(etree.parse(BytesIO(text.encode())))
    return parser.get_spec("eight")


def _begun(specification: object, n: int) -> BpmnWorkflow:
    workflow = BpmnWorkflow(specification)
    lines = [{"line": str(k), "item": f"item-{k}", "quantity": 2, "unit_price": "12.50"} for k in (1, 2)]
    workflow.data.update(id=f"o-{n:07}", channel="web", currency="USD", customer=f"customer-{n}", lines=lines)
    workflow.do_engine_steps()
    return workflow


def _answer(workflow: BpmnWorkflow, answer: dict[str, object]) -> None:
    (task,) = workflow.get_tasks(state=TaskState.READY, manual=True)
    task.data.update(answer)
    task.run()
    workflow.do_engine_steps()


def _read(connection: sqlite3.Connection, serializer: BpmnWorkflowSerializer, id: str) -> BpmnWorkflow:
    (state,) = connection.execute("SELECT state FROM workflows WHERE id = ?", (id,)).fetchone()
    return serializer.deserialize_json(state)


def _save(connection: sqlite3.Connection, serializer: BpmnWorkflowSerializer, workflows: Workflows) -> None:
    rows = [(id, serializer.serialize_json(workflow)) for id, workflow in workflows.items()]
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany("INSERT INTO workflows VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET state = excluded.state", rows)
    connection.execute("COMMIT")


if __name__ == "__main__":
    main()
