"""Adapters by name, from the entry points of installed distributions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.metadata import EntryPoint, entry_points

from msgspec import Struct

from orderloom.dsl.program import Origin, Program
from orderloom.dsl.suggest import hint_for
from orderloom.engine.shell.ports import Adapter, Delivery, Outgoing

GROUP = "orderloom.adapters"
Factory = Callable[[Program], Adapter]  #: what an entry point of the group names


class Unusable(Struct, frozen=True):
    """Stands where an adapter cannot be had: every message to it is undelivered, for the reason given."""

    because: str

    def deliver(self, messages: Sequence[Outgoing], settings: Mapping[str, object]) -> Sequence[Delivery]:
        return [Delivery(message.key, failed=self.because) for message in messages]


def adapters_for(program: Program, found: Sequence[EntryPoint] | None = None) -> Mapping[str, Adapter]:
    """The adapters that the program's organizations name; only these are loaded. What cannot be had is `Unusable`."""
    installed = _by_name(entry_points(group=GROUP) if found is None else found)
    names = sorted({organization.adapter for organization in program.organizations.values()})
    return {name: _load(name, installed, program) for name in names}


def problems(adapters: Mapping[str, Adapter]) -> tuple[str, ...]:
    """Why adapters cannot be used, a sentence each."""
    return tuple(adapter.because for adapter in adapters.values() if isinstance(adapter, Unusable))


def absent(program: Program) -> tuple[tuple[Origin, str], ...]:
    """Where organizations name an adapter that is not installed, with a sentence that says so; nothing is loaded."""
    installed = _by_name(entry_points(group=GROUP))
    missing = [one for one in program.organizations.values() if one.adapter not in installed]
    return tuple((one.origin, _not_installed(one.adapter, installed)) for one in missing)


def _by_name(points: Iterable[EntryPoint]) -> dict[str, EntryPoint]:
    return {point.name: point for point in points}


def _not_installed(name: str, installed: Iterable[str]) -> str:
    hint = hint_for(name, installed)
    return f"no adapter {name!r} is installed" + (f"; {hint}" if hint else "")


def _load(name: str, installed: Mapping[str, EntryPoint], program: Program) -> Adapter:
    point = installed.get(name)
    if point is None:
        return Unusable(_not_installed(name, installed))
    try:
        factory: Factory = point.load()
        return factory(program)
    except Exception as fault:  # a plug-in is foreign code: whatever it does must not break the others
        return Unusable(f"the adapter {name!r} of {_distribution(point)} cannot be loaded: {type(fault).__name__}: {fault}")


def _distribution(point: EntryPoint) -> str:
    return f"{point.dist.name} {point.dist.version}" if point.dist else point.value
