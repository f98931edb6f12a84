"""Promise options and slips, parts of the promising rules, as they are written."""

from __future__ import annotations

from decimal import Decimal

from orderloom.dsl.fields import Formula, Located, Name, Number, OneOf, Syntax, key

REMEDIES = ("keep", "source again")
_DAYS = Number(Decimal(1), Decimal(3650), whole=True)


class PromiseOption(Syntax, frozen=True, eq=False):
    """What a customer may choose before the order is placed: the cheapest plan that it fits, at a price."""

    name: Located[str] = key("option", Name(), "Name of the option.", required=True)
    when: Located[str] | None = key("when", Formula("promise option", "boolean"), "Which plans it fits; all of them unless said.")
    price: Located[str] | None = key(
        "price", Formula("promise option", "number"), "What the customer is asked for; unless said, what the plan costs."
    )


class Slip(Syntax, frozen=True, eq=False):
    """What becomes of units whose supply comes on another day than it did when they were promised."""

    remedy: Located[str] | None = key(
        "do",
        OneOf(REMEDIES),
        "`keep`, unless said: they wait for their supply and get new dates. `source again`: they get other sources where the two "
        "keys below allow it.",
    )
    least_days_saved: Located[Decimal] | None = key(
        "least days saved", _DAYS, "The least number of days that other sources must save; 1 unless said."
    )
    most_extra_cost: Located[Decimal] | None = key(
        "most extra cost", Number(Decimal(0)), "The most that they may cost more; 0 unless said."
    )
    medium_jeopardy: Located[Decimal] | None = key(
        "medium jeopardy", _DAYS, "Days later than promised from which jeopardy is MEDIUM; 1 unless said."
    )
    high_jeopardy: Located[Decimal] | None = key(
        "high jeopardy", _DAYS, "Days later than promised from which jeopardy is HIGH; 3 unless said."
    )
