"""What partners tell with their replies: the fields of all messages that a process asks, which its expressions see as `reply`."""

from __future__ import annotations

from orderloom.dsl.answers import either
from orderloom.dsl.feel.types import ContextType, Type
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.scopes import written_type
from orderloom.dsl.steps import AskStep, Process
from orderloom.dsl.walk import leaves


def reply_type(process: Process, definitions: Definitions) -> ContextType | None:
    """The type of `reply`; None where no reply tells anything. What two messages have is of the type of both."""
    found: dict[str, Type] = {}
    asks = {id(leaf.section): leaf.section for leaf in leaves(process) if isinstance(leaf.section, AskStep)}
    for ask in asks.values():
        message = definitions.messages(ask.ask.value).get(ask.message.value) if ask.ask and ask.message else None
        for pair in message.fields if message is not None else ():
            found[pair.key.value] = either(found.get(pair.key.value), written_type(pair.value, []))
    return ContextType(found) if found else None
