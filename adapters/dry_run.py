"""The dry run: one order played to its end on a stage of its own, by simulated partners. Nothing is written anywhere else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from orderloom.adapters.journey import Passage, journey
from orderloom.adapters.people import People
from orderloom.adapters.props import Props
from orderloom.adapters.simulator import simulated
from orderloom.adapters.stage import stage
from orderloom.adapters.story import Story
from orderloom.dsl.program import Program
from orderloom.engine.order import Order
from orderloom.engine.plan import PlannedShipment
from orderloom.engine.process.holds import standing_holds
from orderloom.engine.promises.options import Menu
from orderloom.engine.state import Document, OrderState, Promise
from orderloom.engine.store.queries import ExceptionLine, MessageLine, RecordLine

LONGEST = timedelta(days=366)  #: of simulated time; an order that is not over by then waits for somebody

Forced = Mapping[tuple[str, str], str]  #: replies that are given whatever chance says, by role and message


class Holding(Struct, frozen=True):
    """A hold that stands; `blocks` are the steps before which something waits for it."""

    hold: str
    line: str | None
    because: str
    blocks: tuple[str, ...]


class DryRun(Struct, frozen=True):
    """What would become of an order. `outcome` is None where it waits for somebody, as `exceptions` and `holds` say.

    `options` are what might have been offered before it was captured. `path` has the steps of the order and of its units of work
    in the order of time; `sources` every shipment that was planned.
    """

    order: str
    status: str
    outcome: str | None
    path: tuple[Passage, ...]
    sources: tuple[PlannedShipment, ...]
    promises: tuple[Promise, ...]
    messages: tuple[MessageLine, ...]
    documents: tuple[Document, ...]
    exceptions: tuple[ExceptionLine, ...]
    records: tuple[RecordLine, ...]
    faults: tuple[str, ...] = ()
    options: Menu = Menu((), ())
    holds: tuple[Holding, ...] = ()


def run_dry(program: Program, order: Order, props: Props, at: datetime | None = None, forced: Forced | None = None) -> DryRun:
    """Captures the order at a moment, else at its own, and lets time pass until nothing happens any more.

    `forced` has the replies of partners that are not left to chance.
    """
    moment = (at or order.placed_at).astimezone(UTC)
    play = stage(program, props, moment, simulated(program, forced=forced))
    play.people = People(play.store, program, forced=forced or {})
    menu = play.options(order)
    play.submit(order)
    play.run(moment + LONGEST)
    story = play.story(order.id)
    play.store.close()
    if story is None:
        return DryRun(order.id, "captured", None, (), (), (), (), (), (), (), tuple(play.faults), menu)
    return _told(program, story, tuple(play.faults), menu)


def _told(program: Program, story: Story, faults: tuple[str, ...], menu: Menu) -> DryRun:
    state = story.state
    plans = [told.record.plan for told in story.records if told.record.plan]
    return DryRun(
        order=state.order.id,
        status=state.status,
        outcome=state.instances["order"].ended if "order" in state.instances else None,
        path=journey(program, story),
        sources=tuple(shipment for plan in plans for shipment in plan.shipments),
        promises=state.promises,
        messages=story.messages,
        documents=state.documents,
        exceptions=story.exceptions,
        records=story.records,
        faults=faults,
        options=menu,
        holds=tuple(_holdings(state)),
    )


def _holdings(state: OrderState) -> Iterator[Holding]:
    waiting = [
        (each.step, each.waiting.name.split(", "))
        for each in state.instances.values()
        if each.waiting and each.waiting.kind == "hold"
    ]
    for key, held in standing_holds(state).items():
        yield Holding(held.hold, held.line, held.because, tuple(step for step, names in waiting if key in names))
