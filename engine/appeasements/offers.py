"""What may be offered for a case: each offer against the expected cost of the return, or with every reason against it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal

from msgspec import Struct

from orderloom.dsl.program import CREDITED, Appeasements, Formula, GrantLimit, Offer, Program
from orderloom.dsl.suggest import with_hint
from orderloom.engine.access.rights import allowed
from orderloom.engine.access.who import Who
from orderloom.engine.appeasements.appeasement import Earlier
from orderloom.engine.appeasements.case import Case, seen, units_of
from orderloom.engine.money.shares import rounded
from orderloom.engine.numbers import number
from orderloom.engine.refused import Refused
from orderloom.engine.task import lacks_role
from orderloom.engine.turn import Turn

Context = Mapping[str, object]

MOST = 10**15  #: no amount is as much


class Made(Struct, frozen=True, omit_defaults=True):
    """An offer that may be made: what it is worth to the customer, what it costs and saves, and the role that must `approve`."""

    offer: str
    title: str
    kind: str
    amount: Decimal
    cost: Decimal
    saves: Decimal
    approve: str | None = None


class Blocked(Struct, frozen=True, omit_defaults=True):
    """An offer that may not be made, with all the reasons."""

    offer: str
    title: str
    because: tuple[str, ...]
    amount: Decimal | None = None
    cost: Decimal | None = None


class Offers(Struct, frozen=True):
    """The offers for units of a line, the cheapest first. A return is `expected` to cost so much, by name, and gives `refund`."""

    policy: str
    title: str
    origin: str
    line: str
    first: int
    quantity: int
    expected: dict[str, Decimal]
    return_cost: Decimal
    refund: Decimal
    made: tuple[Made, ...]
    blocked: tuple[Blocked, ...]


def offers(turn: Turn, case: Case, earlier: Sequence[Earlier], policy: str | None = None) -> Offers | Refused:
    """What may be offered, by the first policy that is for the case, or by the one that is named.

    `earlier` is what counts of the customer's appeasements so far. Pure: nothing of the turn is changed.
    """
    units = units_of(turn.state, case)
    if isinstance(units, Refused):
        return units
    context = seen(turn, case, *units)
    chosen = _policy(turn.world.program.appeasements, context, policy)
    if isinstance(chosen, Refused):
        return chosen
    if because := _unfit(chosen, case, turn.world.program):
        return Refused(because)
    expected = _expected(chosen, context, turn.state.order.currency)
    if isinstance(expected, Refused):
        return expected
    names = _named(chosen.choose(context))
    if names is None:
        return Refused(f"{chosen.choose.text} of {chosen.name} ({chosen.choose.origin}) gives no offers for this case")
    judge = Judge(turn, chosen, case, context, sum(expected.values(), Decimal(0)), earlier)
    judged = [judge.judge(chosen.offers[name]) for name in names if name in chosen.offers]
    made = sorted((each for each in judged if isinstance(each, Made)), key=lambda each: (each.cost, each.offer))
    blocked = tuple(each for each in judged if isinstance(each, Blocked))
    of = (chosen.name, chosen.title, str(chosen.origin), case.line, *units)
    refund = _money(context["refund"]) or Decimal(0)
    return Offers(*of, expected, judge.return_cost, refund, tuple(made), blocked)


def _policy(policies: Mapping[str, Appeasements], context: Context, name: str | None) -> Appeasements | Refused:
    if name is not None and name not in policies:
        return Refused(with_hint(f"there is no policy of appeasements {name}", name, policies))
    asked = list(policies.values()) if name is None else [policies[name]]
    fitting = (each for each in asked if each.when is None or each.when(context) is True)
    return next(fitting, None) or Refused(_for_none(asked))


def _for_none(policies: Sequence[Appeasements]) -> str:
    """Which conditions are not met, and what to do."""
    if not policies:
        return "there is no policy of appeasements"
    unmet = "; ".join(f"{each.name} is where {each.when.text} ({each.when.origin})" for each in policies if each.when)
    return f"no policy of appeasements is for this case: {unmet}; widen such a `when`, or write a policy without one"


def _unfit(policy: Appeasements, case: Case, program: Program) -> str | None:
    """Why nothing is offered for that reason, or by whoever asks."""
    if policy.reasons and case.reason not in policy.reasons:
        return with_hint(f"{case.reason or 'no reason'} is no reason of {policy.name}", case.reason, policy.reasons)
    if case.role and case.role not in policy.authority:
        return f"{case.role} may grant no appeasement; who may: {', '.join(policy.authority)}"
    said = allowed(program, Who(case.by, case.role), "appease")
    return said.because if isinstance(said, Refused) else lacks_role(case.by, case.role, program.people) if case.role else None


def _expected(policy: Appeasements, context: Context, currency: str) -> dict[str, Decimal] | Refused:
    """What the return is expected to cost, by name."""
    found: dict[str, Decimal] = {}
    for name, formula in policy.expected.items():
        value = _money(formula(context))
        if value is None:
            return Refused(f"{name} of the expected return cannot be worked out: {formula.text} ({formula.origin})")
        found[name] = rounded(value, currency)
    return found


def _named(value: object) -> list[str] | None:
    """The names of offers that an expression gave, each once; None where it gave none."""
    names = [value] if isinstance(value, str) else value
    return list(dict.fromkeys(map(str, names))) if isinstance(names, list) else None


class Judge(Struct, frozen=True):
    """Judges offers of one policy for one case."""

    turn: Turn
    policy: Appeasements
    case: Case
    context: Context
    return_cost: Decimal
    earlier: Sequence[Earlier]

    def judge(self, offer: Offer) -> Made | Blocked:
        """The offer with its figures, or all that stands against it."""
        amount = self._amount(offer)
        if amount is None or amount <= 0:
            words = f"it cannot be worked out: {offer.value.text} ({offer.value.origin})"
            return Blocked(offer.name, offer.title, (words if amount is None else f"it comes to {amount}",), amount)
        cost = amount if offer.cost is None else self._money(offer.cost, {**self.context, "amount": amount})
        if cost is None or cost < 0:
            words = f"its cost cannot be worked out: {offer.cost.text} ({offer.cost.origin})" if offer.cost else ""
            return Blocked(offer.name, offer.title, (words,), amount)
        approve, beyond = self._authority(amount)
        because = (*self._against(offer, amount, cost), *beyond)
        if because:
            return Blocked(offer.name, offer.title, because, amount, cost)
        return Made(offer.name, offer.title, offer.kind, amount, cost, self.return_cost - cost, approve)

    def _amount(self, offer: Offer) -> Decimal | None:
        value = _money(offer.value(self.context))
        if value is None or offer.kind != "percent":
            return None if value is None else rounded(value, self.turn.state.order.currency)
        price = _money(self.context["price"])
        return None if price is None else rounded(price * value / 100, self.turn.state.order.currency)

    def _money(self, formula: Formula, context: Context) -> Decimal | None:
        value = _money(formula(context))
        return None if value is None else rounded(value, self.turn.state.order.currency)

    def _against(self, offer: Offer, amount: Decimal, cost: Decimal) -> Iterator[str]:
        """What stands against it whoever would agree."""
        refund = _money(self.context["refund"])
        if offer.kind in CREDITED and refund is not None and amount > refund:
            yield f"more than is left to give back: {amount} > {refund}"
        for limit in self.policy.limits:
            yield from self._over(limit, amount)
        least = self._money(self.policy.saves, self.context) if self.policy.saves is not None else None
        if least is not None and self.return_cost - cost < least:
            yield f"saves too little: {self.return_cost - cost} < {least}"
        elif self.policy.saves is not None and least is None:
            yield f"what it must save cannot be worked out: {self.policy.saves.text} ({self.policy.saves.origin})"

    def _over(self, limit: GrantLimit, amount: Decimal) -> Iterator[str]:
        """How it exceeds a limit, with what was granted already."""
        counted = [each for each in self.earlier if self._counts(each, limit)]
        used, of = sum((each.amount for each in counted), Decimal(0)), f"limit per {limit.per}{_within(limit.within)}"
        if limit.at_most is not None:
            most = _money(limit.at_most(self.context))
            if most is None:
                yield f"{of} cannot be worked out: {limit.at_most.text} ({limit.at_most.origin})"
            elif used + amount > most:
                granted = f" ({used} granted before)" if used else ""
                yield f"{of}: {used + amount} > {_shown(most)}{granted}"
        if limit.times is not None and len(counted) + 1 > limit.times:
            yield f"{of}: {len(counted) + 1} > {limit.times} times"

    def _counts(self, earlier: Earlier, limit: GrantLimit) -> bool:
        if limit.per == "customer":
            return limit.within is None or earlier.at > self.turn.at - limit.within
        same_order = earlier.order == self.turn.state.order.id
        return same_order and (limit.per == "order" or earlier.line == self.case.line)

    def _authority(self, amount: Decimal) -> tuple[str | None, tuple[str, ...]]:
        """The role that has to agree, and why nobody may grant so much."""
        if not self.case.role:
            return None, ()
        policy, who = self.policy, self.case.by if self.case.by in self.policy.people else self.case.role
        may = policy.people.get(self.case.by, policy.authority[self.case.role])
        if amount <= may:
            return None, ()
        beyond = f"beyond the authority of {who}: {amount} > {may}"
        if policy.approve is None:
            return None, (f"{beyond}; nobody agrees to more",)
        if amount > (most := policy.authority[policy.approve]):
            return None, (f"{beyond}, and of {policy.approve}: {amount} > {most}",)
        return policy.approve, ()


def _money(value: object) -> Decimal | None:
    """An amount that somebody could mean."""
    return number(value, -MOST, MOST)


def _within(within: timedelta | None) -> str:
    if within is None:
        return ""
    days = within / timedelta(days=1)
    return f" in {int(days)} days" if days == int(days) else f" in {within}"


def _shown(value: Decimal) -> str:
    return f"{value:.2f}" if value == round(value, 2) else str(value)
