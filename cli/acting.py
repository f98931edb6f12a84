"""In which role a command runs: `--as`, which every command that works on a store has, and the right that each command needs.

Whoever can open the store is its operator, who may do and see everything; `--as` says for whom a command is given, and then
nothing is done and shown that he may not do and see. A new command is one line in `RIGHT_OF`: a right, or several of which one is
enough.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from orderloom.dsl.rights import SEES, SHOWS_APPEASEMENTS, SHOWS_REPAIRS, SHOWS_RETURNS

if TYPE_CHECKING:
    from orderloom.adapters.imports.repeats import Sees
    from orderloom.dsl.program import SavedView
    from orderloom.engine.access.who import Who
    from orderloom.engine.desk.gate import Gate
    from orderloom.engine.store import Store

_WHO, _GATE = "orderloom.who", "orderloom.gate"

#: The right that a command needs, by its path.
RIGHT_OF: Mapping[str, str | tuple[str, ...]] = {
    "orders list": SEES,
    "orders show": SEES,
    "stock show": SEES,
    "exceptions list": SEES,
    "tasks list": SEES,
    "tasks show": "work",
    "orders draft": "capture",
    "orders submit": "capture",
    "orders hold": "hold",
    "orders release": "release",
    "orders change": "modify",
    "orders cancel": "cancel",
    "orders offers": "offer",
    "show customer": "customer",
    "return": "return",
    "appease": "appease",
    "return ask": "return",
    "return blind": "return",
    "return receive": "receive",
    "return show": SHOWS_RETURNS,
    "repair ask": "repair",
    "repair receive": "repair",
    "repair answer": "repair",
    "repair show": SHOWS_REPAIRS,
    "repair list": SHOWS_REPAIRS,
    "return list": SHOWS_RETURNS,
    "return report": "inspect",
    "appease list": SHOWS_APPEASEMENTS,
    "appease report": "inspect",
    "appease compare": "inspect",
    "exceptions claim": "resolve",
    "exceptions release": "resolve",
    "exceptions resolve": "resolve",
    "tasks claim": "work",
    "tasks release": "work",
    "tasks delegate": "work",
    "tasks complete": "work",
    "events send": "report",
    "promises options": "inspect",
    "slots": "quote",
    "supply propose": "supply",
    "supply approve": "supply",
    "supply reject": "supply",
    "deploy": "deploy",
    "migrate": "deploy",
    "import": "import",
}
FOR_ALL_ELSE = "inspect"  #: what a command needs that only shows, and is not named
OPERATES = ("db", "audit", "work", "serve", "top", "archive")  #: commands that look after the store
WITHOUT_STORE = frozenset(
    {"validate", "test", "graph", "explain", "init", "dry-run", "demo", "decide", "dmn", "fmt", "replay", "access"}
)  #: what works on files that whoever calls it has in his hands


def right_of(path: str) -> str | tuple[str, ...]:
    """The right that the command at a path needs; empty for one that works on files alone."""
    first = path.split(" ")[0]
    if first in WITHOUT_STORE:
        return ""
    if first in OPERATES:
        return "operate"
    return RIGHT_OF.get(path) or RIGHT_OF.get(first) or FOR_ALL_ELSE


def guarded(command: click.Command, path: str) -> click.Command:
    """The command, and those below it, each with `--as`."""
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            guarded(below, f"{path} {name}")
        return command
    right = right_of(path)
    if right and command.callback is not None and not hasattr(command.callback, "guards"):
        if not any("--as" in parameter.opts for parameter in command.params):
            command.params.append(_option())
        command.callback = _guard(command.callback, right)
    return command


def _option() -> click.Option:
    def keep(context: click.Context, _parameter: click.Parameter, value: str | None) -> None:
        context.meta["orderloom.as"] = value

    words = (
        "For whom: ROLE, PERSON or ORGANIZATION, the latter with :ROLE; @NODE where, #CUSTOMER who. "
        "It goes by the version that is deployed, not by the files.  [default: the operator]"
    )
    return click.Option(["--as", "acts_as"], metavar="WHO", expose_value=False, callback=keep, help=words)


def _guard(run: Callable[..., Any], right: str | tuple[str, ...]) -> Callable[..., Any]:
    @wraps(run)
    def guard(*args: Any, **given: Any) -> Any:
        context = click.get_current_context()
        asked = context.meta.get("orderloom.as") or given.get("role" if _asks_as(context) else "")
        with _naming(context):
            if asked:
                _enter(context, str(asked), right, given)
            return run(*args, **given)

    guard.guards = right  # type: ignore[attr-defined]
    return guard


@contextmanager
def _naming(context: click.Context) -> Iterator[None]:
    """Says of whoever is refused by a name that he has not given where that comes from."""
    from orderloom.cli.persons import user
    from orderloom.cli.stop import Stop

    try:
        yield
    except Stop as stop:
        if not _is_given(context, "by") and stop.message.startswith(f"{user()} has not the role "):
            raise Stop(f"{stop.message}; {user()} is your user name, taken as there is no --by") from None
        raise


def _asks_as(context: click.Context) -> bool:
    """Whether the command has an option `--as` of its own, which gives the role."""
    return any("--as" in parameter.opts and parameter.name == "role" for parameter in context.command.params)


def _enter(context: click.Context, asked: str, right: str | tuple[str, ...], given: dict[str, Any]) -> None:
    """Says who acts from now on; ends the command where he may not."""
    from orderloom.cli.persons import user
    from orderloom.cli.stop import Stop, granted
    from orderloom.cli.stores import opened, program_in, store_url
    from orderloom.engine.access.who import acting_for, somebody
    from orderloom.engine.desk.gate import Gate, about
    from orderloom.engine.desk.lookup import Lookup
    from orderloom.engine.store.node_views import nodes_in

    store = opened(store_url(given["folder"], given["store_name"]))
    program = program_in(store)
    order = about(given)
    by = str(given.get("by") or user())
    who = granted(somebody(program, asked, by, nodes_in(store, program)))
    if who.by != by and _is_given(context, "by"):
        raise Stop(f"--as {asked} says already who acts, {who.by}, and --by {by} names another; leave one of them out")
    if order is not None:
        who = acting_for(who, _customer_of(store, order))
    gate = Gate(Lookup(store, program), store, program, who, store.now())
    refused = gate.admits(right, given)
    if refused is not None:
        raise Stop(refused.because)
    context.meta[_WHO], context.meta[_GATE] = who, gate
    given.update({name: value for name, value in {"role": who.role, "by": who.by}.items() if name in given and _asks_as(context)})
    if "by" in given:
        given["by"] = who.by


def _is_given(context: click.Context, option: str) -> bool:
    """Whether whoever calls has written the option, and it is not its default."""
    return context.get_parameter_source(option) not in (None, click.core.ParameterSource.DEFAULT)


def _customer_of(store: Store, order: str) -> str | None:
    from orderloom.engine.store import queries

    found = queries.order(store, order)
    return found.summary.customer if found is not None else None


def who() -> Who:
    """For whom the command runs."""
    from orderloom.engine.access.who import OPERATOR

    context = click.get_current_context(silent=True)
    found: Who = context.meta.get(_WHO, OPERATOR) if context is not None else OPERATOR
    return found


def gate() -> Gate | None:
    """What stands between him and the store; None for the operator."""
    context = click.get_current_context(silent=True)
    found: Gate | None = context.meta.get(_GATE) if context is not None else None
    return found


def sees() -> Sees:
    """Which of the orders that are there he may hear of."""
    from orderloom.adapters.imports.repeats import everybody

    stands = gate()
    return everybody if stands is None else stands.may_hear


def view_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option that names a saved view of the role."""
    return click.option("--view", metavar="NAME", help="In this saved view of the role.")(command)


def saved(name: str | None) -> SavedView | None:
    """The saved view of this name; ends the command where there is none."""
    from orderloom.cli.stop import Stop, granted

    if name is None:
        return None
    stands = gate()
    if stands is None:
        raise Stop("--view is a view of a role: name the role with --as")
    return granted(stands.saved(name))
