"""What supply is worth where demand is expected: the dual prices of a transport problem, solved by HiGHS.

    minimise    sum over lanes of cost x flow + sum over demands of not serving x (wanted - what its lanes bring)
    such that   the lanes of a supply take no more than it has, those of a demand bring no more than it wants

The price of a supply row is what the optimum would lose with one unit less of it. A supply of which something is left over
is worth nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import highspy
import numpy as np

from orderloom.engine.ahead.market import Market


def prices(market: Market, wanted: Sequence[Sequence[int]]) -> list[float]:
    """The price of a unit of each supply, on average over several demands (units wanted, by demand).

    Never more than its best lane saves: where there is no unit at all, the dual may be any larger number.
    """
    solver = _loaded(market)
    supplies = len(market.supplies)
    rows = np.arange(supplies, supplies + market.demands, dtype=np.int32)
    none = np.zeros(market.demands)
    total = np.zeros(supplies)
    for units in wanted:
        solver.changeRowsBounds(len(rows), rows, none, np.array(units, dtype=np.float64))  # type: ignore[attr-defined]
        solver.run()
        total += np.array(solver.getSolution().row_dual[:supplies])
    best = [0.0] * supplies
    for lane in market.lanes:
        best[lane.supply] = max(best[lane.supply], lane.saves)
    return [min(max(0.0, -float(each)) / len(wanted), most) for each, most in zip(total, best, strict=True)]


def _loaded(market: Market) -> highspy.Highs:
    """A solver with the market in it and no demand yet. One thread and no time limit: the same every time."""
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.silent()
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("solver", "simplex")
    model = highspy.HighsLp()
    supplies, columns = len(market.supplies), len(market.lanes)
    model.num_col_, model.num_row_ = columns, supplies + market.demands
    model.col_cost_ = np.array([-lane.saves for lane in market.lanes])
    model.col_lower_, model.col_upper_ = np.zeros(columns), np.full(columns, highspy.kHighsInf)
    model.row_lower_ = np.zeros(model.num_row_)
    model.row_upper_ = np.array([*market.supplies, *[0] * market.demands], dtype=np.float64)
    model.a_matrix_.start_ = np.arange(0, 2 * columns + 1, 2, dtype=np.int32)
    model.a_matrix_.index_ = np.array(
        [row for lane in market.lanes for row in (lane.supply, supplies + lane.demand)], dtype=np.int32
    )
    model.a_matrix_.value_ = np.ones(2 * columns)
    solver.passModel(model)
    return solver
