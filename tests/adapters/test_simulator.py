from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from orderloom.adapters.behaviour import LATE_BY
from orderloom.adapters.conformance import violations
from orderloom.adapters.simulator import Simulator
from orderloom.dsl.program import Message, Origin, Role
from orderloom.engine.events import Happened, Replied
from orderloom.engine.shell.ports import Incoming, Outgoing

AT = datetime(2026, 3, 2, 10, tzinfo=UTC)
PLACE = Origin("participants.yaml", 1)
ROLES = {
    "fulfiller": Role("fulfiller", "", {"pick-request": Message("pick-request", "", ("picked", "short-picked"))}, (), PLACE),
    "drop-shipper": Role(
        "drop-shipper",
        "",
        {"drop-ship-order": Message("drop-ship-order", "", ("accepted", "rejected"))},
        ("vendor-shipped",),
        PLACE,
    ),
    "customer": Role("customer", "", {"ready-for-pickup": Message("ready-for-pickup", "")}, ("collected",), PLACE),
}
BODY: dict[str, object] = {
    "unit": "W1-1",
    "lines": [{"line": "1", "item": "A", "quantity": 3}, {"line": "2", "item": "B", "quantity": 1}],
    "ship_on": "2026-03-04",
}


def message(role: str = "fulfiller", name: str = "pick-request", n: int = 1) -> Outgoing:
    return Outgoing(f"W{n}/W{n}-1:3", f"W{n}", "stores", role, name, BODY, AT)


def answers(sent: Outgoing, seed: int = 1, **behaviour: object) -> tuple[Incoming, ...]:
    [delivery] = Simulator(ROLES, seed).deliver([sent], {"messages": {sent.message: behaviour}})
    assert delivery.failed is None
    return delivery.incoming


def test_the_main_reply_comes_after_the_delay() -> None:
    [fact] = answers(message(), after="PT2H")
    assert fact.event == Replied(AT + timedelta(hours=2), "W1/W1-1:3", "picked")
    assert (fact.participant, fact.order) == ("stores", "W1")


def test_a_delay_between_two_durations_depends_on_the_key_alone() -> None:
    moments = {answers(message(n=n), after=["PT1H", "PT5H"])[0].event.at for n in range(50)}
    assert len(moments) > 40
    assert AT + timedelta(hours=1) <= min(moments) <= max(moments) <= AT + timedelta(hours=5)


def test_rates_decide_how_many_get_another_reply() -> None:
    rates = {"short-picked": Decimal("0.1"), "no answer": Decimal("0.1")}
    found = [answers(message(n=n), rates=rates) for n in range(1000)]
    short = [facts for facts in found if facts and facts[0].event.reply == "short-picked"]  # type: ignore[union-attr]
    assert 70 < len(short) < 130
    assert 70 < found.count(()) < 130


def test_a_faultless_simulator_gives_the_main_reply_alone() -> None:
    sent, rates = message(), {"short-picked": Decimal("0.5"), "no answer": Decimal("0.5")}
    settings = {"messages": {sent.message: {"after": "PT2H", "rates": rates}}}
    [delivery] = Simulator(ROLES, faultless=True).deliver([sent], settings)
    assert [fact.event for fact in delivery.incoming] == [Replied(AT + timedelta(hours=2), "W1/W1-1:3", "picked")]


def test_a_short_pick_says_how_much_of_each_line_was_found() -> None:
    for n in range(50):
        [fact] = answers(message(n=n), rates={"short-picked": 1})
        assert isinstance(fact.event, Replied)
        picked = fact.event.data["picked"]
        assert isinstance(picked, dict)
        assert 0 <= picked["1"] <= 3
        assert 0 <= picked["2"] <= 1
        assert 0 <= picked["1"] + picked["2"] < 4


def test_an_answer_that_comes_twice_is_two_facts() -> None:
    first, second = answers(message(), rates={"twice": 1}, after="PT1H")
    assert first.key != second.key
    assert second.event.at == first.event.at + timedelta(hours=1)


def test_a_late_answer_comes_later_than_it_should() -> None:
    [fact] = answers(message(), rates={"late": 1}, after="PT1H")
    assert fact.event.at == AT + timedelta(hours=1) + LATE_BY


def test_an_event_follows_the_main_answer_on_the_day_named() -> None:
    sent = message("drop-shipper", "drop-ship-order")
    reply, event = answers(sent, after="PT6H", sends="vendor-shipped", on="ship_on")
    assert reply.event == Replied(AT + timedelta(hours=6), sent.key, "accepted")
    assert event.event == Happened(datetime(2026, 3, 4, 16, tzinfo=UTC), "vendor-shipped", "W1-1")


def test_no_event_follows_a_refusal_or_never() -> None:
    sent = message("drop-shipper", "drop-ship-order")
    assert len(answers(sent, sends="vendor-shipped", rates={"rejected": 1})) == 1
    assert len(answers(sent, sends="vendor-shipped", rates={"never": 1})) == 1


def test_a_notice_has_no_reply_but_may_lead_to_an_event() -> None:
    sent = message("customer", "ready-for-pickup")
    assert answers(sent) == ()
    [fact] = answers(sent, sends="collected", after="P1D")
    assert fact.event == Happened(AT + timedelta(days=1), "collected", "W1-1")
    assert answers(sent, sends="collected", rates={"never": 1}) == ()


def test_a_forced_reply_is_given_whatever_chance_says() -> None:
    simulator = Simulator(ROLES, forced={("fulfiller", "pick-request"): "short-picked"})
    [delivery] = simulator.deliver([message()], {})
    assert delivery.incoming[0].event.reply == "short-picked"  # type: ignore[union-attr]


def test_a_reminder_is_answered_on_its_own() -> None:
    again = Outgoing("W1/W1-1:3#2", "W1", "stores", "fulfiller", "pick-request", BODY, AT, 1)
    assert answers(message(), after="PT1H")[0].key != answers(again, after="PT1H")[0].key


@pytest.mark.parametrize("settings", [{"messages": {"pick-request": {"aftr": "PT1H"}}}, {"mesages": {}}, {"messages": []}])
def test_wrong_settings_are_told(settings: dict[str, object]) -> None:
    [delivery] = Simulator(ROLES).deliver([message()], settings)
    assert delivery.failed is not None
    assert delivery.failed.startswith("the simulator's settings are wrong")


def test_a_message_that_no_role_receives_is_undelivered() -> None:
    [delivery] = Simulator(ROLES).deliver([message("fulfiller", "nonsense")], {})
    assert delivery.failed == "no role fulfiller that receives nonsense"


def test_the_simulator_conforms() -> None:
    settings = {"messages": {"pick-request": {"rates": {"short-picked": "0.3", "twice": "0.3", "no answer": "0.1"}}}}
    assert violations(Simulator(ROLES, 5), [message(n=n) for n in range(20)], settings) == ()
