"""Trips that need not be looked at, or not yet, since another one of their node does the same for no more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from orderloom.engine.sourcing.picks import Picks
from orderloom.engine.sourcing.ride import WALL
from orderloom.engine.sourcing.trip import Trip

Place = tuple[str, date]  #: a node and a day on which it ships


def unbeaten(trips: Sequence[Trip]) -> list[Trip]:
    """Without services that another service of the same node and day beats, whatever is sent."""
    of_node: dict[str, list[Trip]] = {}
    for trip in trips:
        of_node.setdefault(trip.node, []).append(trip)
    if len(of_node) == len(trips):
        return list(trips)
    several = [found for found in of_node.values() if len(found) > 1]
    beaten = {trip.rank for found in several for one in found for trip in found if _beats(one, trip)}
    return [trip for trip in trips if trip.rank not in beaten]


def earlier_days(trips: Sequence[Trip]) -> dict[int, Place]:
    """For trips with little room, by rank, an earlier day of the node on which the service does the same for no more.

    Where the node sends nothing on that day, the trip could as well go then; so it is looked at only where something does.
    """
    found = {}
    for index, trip in enumerate(trips):
        before = [other for other in trips[:index] if other.lane is trip.lane and _does_the_same(other, trip)]
        if before:
            found[trip.rank] = (trip.node, before[-1].dates.ship_on)
    return found


def _does_the_same(one: Trip, other: Trip) -> bool:
    if len(one.surcharge) != 1 or len(other.surcharge) != 1 or one.dates == other.dates or one.service is not other.service:
        return False
    (room, wall), (other_room, other_wall) = one.surcharge[0], other.surcharge[0]
    if wall < WALL or other_wall < WALL or room < other_room:
        return False
    return one.fixed <= other.fixed and one.deliver_on <= other.deliver_on and _no_dearer(one, other)


def _beats(one: Trip, other: Trip) -> bool:
    if one is other or one.fixed > other.fixed or one.dates != other.dates or one.surcharge != other.surcharge:
        return False
    if one.service.method != other.service.method:  # of which there may be too many
        return False
    sooner = (one.deliver_on, one.rank) < (other.deliver_on, other.rank)
    return (one.fixed < other.fixed or sooner) and _no_dearer(one, other)


def _no_dearer(one: Trip, other: Trip) -> bool:
    return all(map(_covers, one.picks, other.picks))


def _covers(one: Picks, other: Picks) -> bool:
    """Whether the n-th unit of the first costs no more than that of the second, for each that the second has."""
    if len(one) == 1 and len(other) == 1:
        return one[0][3] >= other[0][3] and one[0][0] <= other[0][0]
    ahead = wanted = index = 0
    for cost, _, _, count in other:
        wanted += count
        while ahead < wanted and index < len(one):
            ahead += one[index][3]
            index += 1
        if ahead < wanted or one[index - 1][0] > cost:
            return False
    return True
