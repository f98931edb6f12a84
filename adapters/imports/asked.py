"""Who was asked what: a reply counts as that of whoever the request went to, and of nobody else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from orderloom.dsl.program import Program
from orderloom.dsl.suggest import hint_for
from orderloom.engine.events import Replied
from orderloom.engine.refused import Refused
from orderloom.engine.shell.ports import Incoming
from orderloom.engine.store import Store, tables

Asked = Mapping[str, str]  #: whom each request went to, or is to go to, by its key


def asked_of(store: Store, keys: Sequence[str]) -> Asked:
    """Whom these requests went to; those that nobody was sent are not in it."""
    m = tables.outbox.c
    if not keys:
        return {}
    with store.reading() as connection:
        rows = connection.execute(select(m.key, m.organization).where(m.shard == store.shard, m.key.in_(keys)))
        return {row.key: row.organization for row in rows}


def not_his(program: Program, fact: Incoming, asked: Asked) -> Refused | None:
    """Why a reply is not his who gives it: somebody else was asked, or there is nobody of that name."""
    if not isinstance(fact.event, Replied):
        return None
    name, key = fact.participant, fact.event.key
    whose = asked.get(key)
    if whose == name or (whose is None and name in program.organizations):
        return None
    if name not in program.organizations:
        hint = hint_for(name, (*program.organizations, *filter(None, [whose])))
        return Refused(f"there is no participant {name}; {hint or 'none is declared'}")
    return Refused(f"{name} was asked nothing under the key {key}; {whose} was")
