"""Whether a change of the code changes any plan of the retail data: cost, shipments, whoever lost, every word about it.

`python tests/bench/same_plans.py FILE [ORDERS]` writes the plans to the file; where there is one, as the code before wrote it,
it compares them with it, value for value, names the fields that differ, and fails.
"""

from __future__ import annotations

import sys
from pathlib import Path

from retail import run

from orderloom.engine.plan import Plan
from orderloom.engine.wire import dump, load


def main() -> None:
    """Writes the plans, or compares them."""
    path = Path(sys.argv[1])
    made = run(int(sys.argv[2]) if len(sys.argv) > 2 else None)
    if not path.exists():
        path.write_text("".join(f"{dump(plan)}\n" for plan in made.plans))
        print(f"{len(made.plans)} plans written")
        return
    before = [load(line, Plan) for line in path.read_text().splitlines()][: len(made.plans)]
    pairs = zip(made.orders, before, made.plans, strict=True)
    changed = [(order.id, fields) for order, was, now in pairs if (fields := _differing(was, now))]
    for order, fields in changed:
        print(f"{order}: {', '.join(fields)}")
    print(f"{len(made.plans)} plans, {len(changed)} changed")
    sys.exit(bool(changed))


def _differing(was: Plan, now: Plan) -> list[str]:
    return [name for name in Plan.__struct_fields__ if getattr(was, name) != getattr(now, name)]


if __name__ == "__main__":
    main()
