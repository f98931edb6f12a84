"""How long after a keystroke an editor is told what is wrong: a file of 1,000 lines, over the language server's own pipes.

The workspace builds on the retail pack. Each keystroke makes a mistake in the middle of the file, or mends it; the time is from
the moment the editor sends it until the findings are there, the moment of quiet that the server waits for included.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parent.parent))

from editing import Editor, edit

LINES = 1_000
KEYS = 30
GOAL = 0.3  #: seconds
MANIFEST = "orderloom: 1\nworkspace: shop\npacks: [retail]\ncurrency: USD\ntimezone: UTC\n"
NAME = "processes/long.yaml"


def long_file() -> str:
    """Processes of 20 lines each, with conditions, ways and clocks, one below the other."""
    documents: list[str] = []
    while sum(text.count("\n") for text in documents) < LINES:
        documents.append(
            f"""\
kind: process
name: way-{len(documents)}
title: The way of {len(documents)}
for: fulfillment
steps:
  - step: big
    choose:
      - when: order.total > {len(documents)} and order.customer.tier = "gold"
        next: tell
      - when: some line in order.lines satisfies line.quantity > {len(documents)}
        next: wait
      - otherwise: done
  - step: wait
    wait: P{len(documents) + 1}D
  - step: tell
    tell: customer
    message: backordered
  - step: done
    end: done
---
"""
        )
    return "".join(documents).removesuffix("---\n")


async def session(editor: Editor) -> None:
    text = long_file()
    lines = text.count("\n")
    await editor.open(NAME, text)
    middle = text.index("order.total", len(text) // 2)
    broken = text[:middle] + "order.totl" + text[middle + len("order.total") :]
    took = []
    before = editor.cpu_seconds()
    for at in range(KEYS):
        start = time.perf_counter()
        await editor.write(NAME, broken if at % 2 == 0 else text)
        took.append(time.perf_counter() - start)
        assert ("E402" in editor.codes(NAME)) == (at % 2 == 0)
    cpu = (editor.cpu_seconds() - before) / KEYS
    offered = []
    for _ in range(5):
        await editor.write(NAME, text)
        start = time.perf_counter()
        assert "total" in await editor.offered(NAME, text[:middle] + "order.to@" + text[middle + len("order.total") :])
        offered.append(time.perf_counter() - start)
    took.sort()
    print(f"a file of {lines:,} lines on the retail pack, {KEYS} keystrokes")
    print(f"findings after a keystroke, median  {median(took) * 1000:>6.0f} ms   (goal: below {GOAL * 1000:.0f})")
    print(f"findings after a keystroke, slowest {took[-1] * 1000:>6.0f} ms")
    print(f"processor time of the server for each {cpu * 1000:>5.0f} ms")
    print(f"a keystroke and its completion      {median(offered) * 1000:>6.0f} ms, median of {len(offered)}")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "processes").mkdir()
        (Path(folder) / "orderloom.yaml").write_text(MANIFEST)
        (Path(folder) / NAME).write_text(long_file())
        edit(Path(folder), session, limit=300)


if __name__ == "__main__":
    main()
