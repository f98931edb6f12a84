"""Sourcing on the retail data: cost of the whole stream, and CPU time an order.

`python tests/bench/bench_sourcing.py [ORDERS]`
"""

from __future__ import annotations

import sys

from results import keep
from retail import Score, run


def main() -> None:
    """Prints the figures; an argument limits the orders."""
    made = run(int(sys.argv[1]) if len(sys.argv) > 1 else None)
    score = Score(made)
    print(f"orders {len(made.orders)}   faults {len(score.faults)}   total {score.total:,.2f}")
    print("   ".join(f"{name} {cost:,.2f}" for name, cost in sorted(score.costs.items())))
    print(f"not proved optimal: {sum(not each.optimal for each in made.plans)}")
    mean = sum(made.seconds) / len(made.seconds) * 1000
    shares = {"median": 0.5, "p99": 0.99, "max": 0.9999}
    quantiles = "   ".join(f"{name} {made.quantile(share):.2f}" for name, share in shares.items())
    print(f"ms an order: mean {mean:.2f}   {quantiles}")
    if len(sys.argv) == 1:
        figures = {f"{name} ms": round(made.quantile(share), 2) for name, share in shares.items()}
        keep("sourcing", [{"orders": len(made.orders), "total": round(score.total, 2), "mean ms": round(mean, 2), **figures}])


if __name__ == "__main__":
    main()
