"""What is asked every second reads indexes alone."""

from __future__ import annotations

import re
from datetime import UTC
from pathlib import Path
from typing import Any

from shop import stocked
from sqlalchemy import event

from orderloom.engine.store.vitals import statuses, vitals


def test_no_question_scans_a_table(tmp_path: Path) -> None:
    store = stocked(f"sqlite:///{tmp_path / 'toys.sqlite'}").store
    asked: list[tuple[str, Any]] = []
    event.listen(store.engine, "before_cursor_execute", lambda c, cursor, text, values, *_: asked.append((text, values)))
    vitals(store, UTC)
    statuses(store)
    questions = [(text, values) for text, values in asked if re.search(r"FROM (due|outbox|orders|exceptions|tasks)", text)]
    assert len(questions) == 6
    with store.reading() as connection:
        plans = [connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values).all() for text, values in questions]
    steps = [step for plan in plans for *_, step in plan]
    assert [step for step in steps if re.match(r"SCAN (due|outbox|orders|exceptions|tasks)", step)] == []
    used = {index.removesuffix("_of_role") for step in steps for index in re.findall(r"INDEX (\w+)", step)}
    of_orders = {"due_next", "outbox_next", "outbox_failing", "orders_promised", "orders_status"}
    assert used == of_orders | {"exceptions_open", "tasks_open"}
