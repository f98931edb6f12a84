"""Writes `docs/performance.md` and its pictures from what the benchmarks found last: `performance.py`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from charts import bars, shares
from results import Rows, kept, machine_of
from sampling import ORDER

DOCS = Path(__file__).parent.parent.parent / "docs"
PICTURES = "pictures"
RATIOS = ("decisions known of bare", "whole of bare", "whole of bare, CPU")

Pictures = dict[str, str]  #: their text by path below docs/
Section = tuple[str, str]  #: what is said before the machine is named, and after it

LIVES = {"eight": "8 requests", "retail": "retail"}

HEAD = """# Performance

Made by `make bench`. Read the ratios, which are of one run each: orders a second swing by a factor of three and more where others
want the processors, too. Each section names its machine, and the load that it was under.
"""

LIFE = """## An order's whole life

Two ways of life. In *8 requests* an order goes through eight requests to a participant, each answered: nothing is decided, so
this is what it costs to carry an order. In *retail* every order of the shipped data is sourced by the optimizer, reserved,
promised, picked, shipped and invoiced. *Bare* is a script that writes the same rows in the same batches through the same driver,
and nothing else: it reads nothing, decides nothing, and has every row in memory already. *Decisions known* is the engine with
each decision taken from a recording, so that what is left is the engine's work around them. SQLite is durable at each commit
(`synchronous = FULL`); PostgreSQL runs with fsync, on the same processors as the worker. CPU time is that of the worker and of
the server together; it is steadier than wall time where others want the processors, too.

"""

LIMITS = """
What the limit is:

- On PostgreSQL it is the server: the largest part of the time goes into writing rows, and the bare script waits for it, too. The
  rest is what the script does not do: to claim and lock what is due, to read it, and Python.
- On SQLite it is Python. A row costs a few microseconds of C, an order about sixty rows. To claim and decode an event, run the
  process, tell what changed, link the history and encode it all costs Python several times as much as the rows that come of it,
  so that no more than a fraction of the bare script's speed can be had. What a disk takes for each commit it takes from both.
- Where orders are sourced it is the optimizer, on both stores alike.

`make bench` fails where the bare script takes less than 15 % of the CPU time that the 8 requests take on SQLite, or less than
30 % on PostgreSQL.

### Where the time goes

The stack of a run, looked at every millisecond of wall time.

"""

PEERS = """## Beside other engines

The 8 requests from the first capture to the last end, with all that is needed to go on after a kill at any moment. Here that is
the order with its state, status and history, every message in an outbox under a lease, every answer in an inbox. DBOS keeps a
journal of steps; *with the order's rows* it also keeps an order's status and history, as they can be asked for here, by its
transactional steps. SpiffWorkflow's serializer writes the state whenever it waits, in a transaction of its own, and reads it back
when the answer comes; *a hundred together* shares a transaction among as many orders, *never read back* keeps them in memory
besides. The programs are `on_dbos.py` and `on_spiff.py` in `tests/bench`. CPU time is that of the process and of the server.

What this says: beside what does the same, an order with its rows or its state saved and read back, an order costs us a fraction
of the time. DBOS's journal alone, without an order that anybody could ask for, is nearer on PostgreSQL; SpiffWorkflow, kept in
memory and with a hundred orders a transaction, is nearer on SQLite, since we write some sixty rows an order and it writes nine.

"""

WORKERS = """## A second worker

One worker process and two on one PostgreSQL. Where participants take their time (20 ms a message) a second worker has a second
connection to them. Where deciding or carrying is the work, two workers and the server want the same two processors.

"""

GROWTH = """## Growth

The same 300 orders of *retail*, from capture to end, in stores with more and more ended orders; and questions that commands ask,
200 times each. Times of orders are CPU time of worker and server together, *without deciding* those of all but sourcing and the
processes; those of questions are the median, with what one in a hundred takes longer than. Each part is run in a process of its
own. A million orders are measured on request: `python tests/bench/bench_growth.py 1000000`.

"""


def main() -> None:
    (DOCS / PICTURES).mkdir(exist_ok=True)
    for path, text in page().items():
        (DOCS / path).write_text(text)


def page() -> dict[str, str]:
    """The page and its pictures, by path below docs/."""
    pictures: Pictures = {}
    sections = [HEAD]
    for name, section in SECTIONS.items():
        if rows := kept(name):
            told, body = section(rows, pictures)
            sections.append(f"{told}On {machine_of(name)}.\n\n{body}")
    return {"performance.md": "\n".join(sections), **pictures}


def _life(rows: Rows, pictures: Pictures) -> Section:
    speeds = {"bare": "bare orders/s", "decisions known": "decisions known orders/s", "whole": "whole orders/s"}
    drawn = [(f"{_name(row)}, {part}", row[key], f"{row[key]:.0f}/s") for row in rows for part, key in speeds.items()]
    head = ["", "rows an order", *speeds.values(), *RATIOS]
    figures = [[row["rows an order"], *map(row.get, speeds.values()), *(_share(row[ratio]) for ratio in RATIOS)] for row in rows]
    table = _table(head, [[_name(row), *cells] for row, cells in zip(rows, figures, strict=True)])
    parts = {_name(row): row["parts"] for row in rows}
    names = [name for name in ORDER if any(found.get(name, 0) >= 0.005 for found in parts.values())]
    times = _table(["", *parts], [[name, *(_share(found.get(name, 0)) for found in parts.values())] for name in names])
    first = _picture(pictures, "life", "Orders a second", bars("Orders a second", drawn))
    second = _picture(pictures, "life-parts", "Where the time goes", shares("Where the time goes", parts))
    return LIFE, first + table + LIMITS + second + times


def _peers(rows: Rows, pictures: Pictures) -> Section:
    drawn = [(f"{row['engine']}, {row['store']}", row["orders/s"], f"{row['orders/s']:.1f}/s") for row in rows]
    picture = _picture(pictures, "peers", "Orders a second", bars("8 requests, orders a second", drawn))
    return PEERS, picture + _rows(rows)


def _workers(rows: Rows, _pictures: Pictures) -> Section:
    return WORKERS, _rows(rows)


def _growth(rows: Rows, pictures: Pictures) -> Section:
    names = [f"{row['store']}, {row['orders']:,}" for row in rows]
    figures = [(name, row["ms an order"], f"{row['ms an order']:.1f} ms") for name, row in zip(names, rows, strict=True)]
    picture = _picture(
        pictures, "growth", "Time of an order", bars("CPU time of an order's life, by orders in the store", figures)
    )
    measures = [name for name in rows[0] if name not in ("store", "orders")]
    return GROWTH, picture + _table(["", *names], [[measure, *(row[measure] for row in rows)] for measure in measures])


SECTIONS: Mapping[str, Callable[[Rows, Pictures], Section]] = {
    "life": _life,
    "peers": _peers,
    "workers": _workers,
    "growth": _growth,
}


def _name(row: Mapping[str, Any]) -> str:
    return f"{LIVES[row['life']]}, {row['store']}"


def _picture(pictures: Pictures, name: str, told: str, drawn: str) -> str:
    pictures[f"{PICTURES}/{name}.svg"] = drawn
    return f"![{told}]({PICTURES}/{name}.svg)\n\n"


def _rows(rows: Rows) -> str:
    columns = list(rows[0])
    return _table(columns, [[row[column] for column in columns] for row in rows])


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    lines = [head, ["---", *("---:" for _ in head[1:])], *([_told(cell) for cell in row] for row in rows)]
    return "".join(f"| {' | '.join(map(str, line))} |\n" for line in lines)


def _told(cell: object) -> str:
    return f"{cell:.1f}" if isinstance(cell, float) else str(cell)


def _share(part: float) -> str:
    return f"{part:.0%}" if part else ""


if __name__ == "__main__":
    main()
