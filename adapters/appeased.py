"""What has become of appeasements: how many were accepted, what they cost, and what they saved."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import msgspec
from msgspec import Struct

from orderloom.engine.appeasements.appeasement import GRANTED, REJECTED, RETURNED, SAVED, VOID, Appeasement

ZERO = Decimal(0)


class Figures(Struct, frozen=True):
    """Of one offer of one policy: `open` ones wait, `lost` ones were rejected or came too late.

    `saved` returns were spared, as far as is known; of those `returned` the units came back all the same. `cost` is that of all
    granted; `saving` is what the saved ones spare against returns, less what the others cost in vain.
    """

    policy: str
    offer: str
    accepted: int = 0
    open: int = 0
    lost: int = 0
    saved: int = 0
    returned: int = 0
    amount: Decimal = ZERO
    cost: Decimal = ZERO
    return_cost: Decimal = ZERO
    saving: Decimal = ZERO


def record(found: Appeasement) -> dict[str, object]:
    """Everything of one, with what it saves and what came of it."""
    return msgspec.structs.asdict(found) | {"saving": found.saving, "outcome": found.outcome}


def figures(found: Iterable[Appeasement]) -> list[Figures]:
    """By policy and offer, in the order of their names."""
    by_offer: dict[tuple[str, str], list[Appeasement]] = {}
    for each in found:
        by_offer.setdefault((each.policy, each.offer), []).append(each)
    return [_figures(policy, offer, of) for (policy, offer), of in sorted(by_offer.items())]


def _figures(policy: str, offer: str, of: list[Appeasement]) -> Figures:
    granted = [each for each in of if each.status == GRANTED]
    saved = [each for each in granted if each.outcome == SAVED]
    in_vain = [each for each in granted if each.outcome == RETURNED]
    lost = sum(each.status in (REJECTED, VOID) for each in of)
    return Figures(
        policy,
        offer,
        accepted=len(of),
        open=len(of) - len(granted) - lost,
        lost=lost,
        saved=len(saved),
        returned=len(in_vain),
        amount=sum((each.amount for each in granted), ZERO),
        cost=sum((each.cost for each in granted), ZERO),
        return_cost=sum((each.return_cost for each in saved), ZERO),
        saving=sum((each.saving for each in saved), ZERO) - sum((each.cost for each in in_vain), ZERO),
    )
