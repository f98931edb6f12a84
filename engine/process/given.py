"""What partners tell with their replies and people fill in: kept by instance, that of an element's run with its run alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from orderloom.dsl.feel.types import Type
from orderloom.dsl.program import Process
from orderloom.engine.state import OrderState
from orderloom.engine.views import View, typed

Given = Mapping[str, dict[str, object]]  #: by the id of the instance, or of an element's run


def keeper(state: OrderState, instance_id: str) -> str:
    """Where it is kept what is told to the instance: with the innermost run of an element, else with the whole."""
    return [*_keepers(state, instance_id)][-1]


def _keepers(state: OrderState, instance_id: str) -> Iterator[str]:
    """The whole, and the runs of elements that the instance is within, the innermost last."""
    root, *parts = instance_id.split("/")
    yield (at := root)
    for part in parts:
        at = f"{at}/{part}"
        if at in state.instances and state.instances[at].element is not None:
            yield at


def given_view(state: OrderState, process: Process, instance_id: str) -> View:
    """What expressions see: `answer` and `reply`, and in `answers` and `replies` those of all elements of the process."""
    found: View = {}
    for one, all, fields, given in (
        ("answer", "answers", process.answers, state.answers),
        ("reply", "replies", process.replies, state.replies),
    ):
        if fields:
            found[one] = _typed(_told_to(state, given, instance_id), fields)
            found[all] = [_typed(told, fields) | place for place, told in _by_element(state, given, instance_id, process.name)]
    return found


def without(given: Given, below: str) -> Given:
    """Without what was told in the runs of a step that begins anew."""
    return {id: told for id, told in given.items() if not id.startswith(below)}


def _told_to(state: OrderState, given: Given, instance_id: str) -> dict[str, object]:
    """What was told to the whole, and, before that, within the runs of its own elements."""
    found: dict[str, object] = {}
    for at in _keepers(state, instance_id):
        found |= given.get(at, {})
    return found


def _by_element(state: OrderState, given: Given, instance_id: str, process: str) -> Iterator[tuple[View, dict[str, object]]]:
    """What was told within each run of an element of this process, with its step and number, in the order of the elements."""
    root = f"{instance_id.partition('/')[0]}/"
    runs = [id for id in given if id.startswith(root) and id in state.instances and state.instances[id].process == process]
    for place, id in sorted((_place(id), id) for id in runs):
        yield {"step": place[-1][0], "number": place[-1][1]}, given[id]


def _typed(given: Mapping[str, object], fields: Mapping[str, Type]) -> View:
    """A value for each field, null where nothing is told."""
    return {name: typed(given.get(name), kind) for name, kind in fields.items()}


def _place(id: str) -> list[tuple[str, int]]:
    """The steps and numbers of a run, so that the tenth comes behind the ninth."""
    parts = (part.rpartition(".") for part in id.split("/")[1:])
    return [(step or last, int(last) if last.isdigit() else 0) for step, _, last in parts]
