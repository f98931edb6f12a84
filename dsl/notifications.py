"""Documents of notifications -> values: every text compiled in each language, every channel and cause known."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import partial

from orderloom.dsl.diagnostics import Diagnostic
from orderloom.dsl.feel import Function, Scope
from orderloom.dsl.feel.types import ANY_CONTEXT
from orderloom.dsl.fields import Located
from orderloom.dsl.formulas import compile_formula, origin
from orderloom.dsl.points import points_of, statuses_set
from orderloom.dsl.program import Formula
from orderloom.dsl.program.notifications import Channel, Notice, Notifications, Template, Words
from orderloom.dsl.resolve import Definitions, Only, among
from orderloom.dsl.scopes import Vocabulary
from orderloom.dsl.suggest import hint_for
from orderloom.dsl.syntax import notifications as written
from orderloom.dsl.syntax.notifications import MESSAGE, OF
from orderloom.dsl.templates import compile_template

KIND = "notifications"


class _Maker:
    """Compiles in the scope that all of it has, and notes what is wrong."""

    def __init__(self, scope: Scope) -> None:
        self.scope, self.found = scope, list[Diagnostic]()

    def formula(self, text: Located[str] | None, gives: str = "Any") -> Formula | None:
        return compile_formula(text, self.scope, gives, self.found)[0] if text is not None else None

    def template(self, text: Located[str] | None) -> Template:
        return compile_template(text, self.scope, self.found) if text is not None else ()


def compile_notifications(
    definitions: Definitions,
    vocabulary: Vocabulary,
    functions: Mapping[str, Function],
    only: Only = None,
) -> tuple[Mapping[str, Notifications], tuple[Diagnostic, ...]]:
    """All of them by name, or those that are among `only`; of use only where nothing is at fault."""
    return definitions.remembered(KIND, None, partial(_compiled, definitions, vocabulary, functions, only))


def _compiled(
    definitions: Definitions, vocabulary: Vocabulary, functions: Mapping[str, Function], only: Only
) -> tuple[Mapping[str, Notifications], tuple[Diagnostic, ...]]:
    bodies = {name: body for name, body in definitions.of_kind(written.Notifications).items() if among(only, KIND, name)}
    if not bodies:
        return {}, ()
    maker = _Maker(vocabulary.scope(written.SCOPE, functions, ANY_CONTEXT))
    points, made = {**points_of(definitions), **statuses_set(definitions)}, dict[str, Notifications]()
    for name, body in bodies.items():
        maker.found += _checked(body, points, definitions)
        channels = {pair.key.value: _channel(pair.value, maker) for pair in body.channels}
        notices = tuple(_notice(each, body, maker) for each in body.notifications)
        language = maker.formula(body.language, "string")
        title = body.title.value if body.title is not None else name
        if body.to is not None and body.fallback is not None:
            known = {key: channel for key, channel in channels.items() if channel is not None}
            made[name] = Notifications(name, title, body.to.value, language, body.fallback.value, known, notices)
    return made, tuple(maker.found)


def _channel(channel: written.Channel, maker: _Maker) -> Channel | None:
    address, when = maker.formula(channel.address, "string"), maker.formula(channel.when, "boolean")
    return Channel(address, channel.through.value if channel.through is not None else None, when) if address is not None else None


def _notice(notice: written.Notice, body: written.Notifications, maker: _Maker) -> Notice:
    on = notice.on.value if notice.on is not None else ""
    return Notice(
        name=notice.name.value if notice.name is not None else "",
        on=on,
        message=on.removeprefix(MESSAGE) if on.startswith(MESSAGE) else None,
        of=notice.of.value if notice.of is not None else "order",
        when=maker.formula(notice.when, "boolean"),
        by=tuple(each.value for each in notice.by) or tuple(pair.key.value for pair in body.channels),
        per=maker.formula(notice.per),
        texts={
            pair.key.value: Words(maker.template(pair.value.subject), maker.template(pair.value.text)) for pair in notice.texts
        },
        origin=origin(notice.span),
    )


# --- what must be there ------------------------------------------------------------------------------------------------


def _checked(
    body: written.Notifications, points: Mapping[str, Collection[str]], definitions: Definitions
) -> Iterator[Diagnostic]:
    channels = {pair.key.value for pair in body.channels}
    sure = not {"participants", "process", "event", "holds", "exceptions", "decision"} & definitions.lost
    for pair in body.channels:
        if sure:
            yield from _reached(pair.key, pair.value.through, body.to, definitions)
    spoken = {pair.key.value for notice in body.notifications for pair in notice.texts}
    for notice in body.notifications:
        for channel in notice.by:
            if channel.value not in channels:
                hint = hint_for(channel.value, channels)
                yield Diagnostic("E725", f"there is no channel {channel.value}", channel.span, hint=hint)
        if sure and notice.on is not None:
            yield from _cause(notice.on, notice.of.value if notice.of is not None else "order", body.to, points, definitions)
        yield from _languages(notice, body.fallback, spoken)


def _reached(
    channel: Located[str], through: Located[str] | None, role: Located[str] | None, definitions: Definitions
) -> Iterator[Diagnostic]:
    known = definitions.organizations
    if through is not None and through.value not in known:
        hint = hint_for(through.value, known)
        yield Diagnostic("E725", f"there is no organization {through.value}", through.span, hint=hint)
    staffed = {named.value for each in known.values() for named in each.roles}
    if through is None and role is not None and role.value in definitions.roles and role.value not in staffed:
        words = f"no organization has the role {role.value}, and nothing says through whom it goes"
        yield Diagnostic("E725", words, channel.span, hint="add through: and an organization")


def _cause(
    on: Located[str], of: str, role: Located[str] | None, points: Mapping[str, Collection[str]], definitions: Definitions
) -> Iterator[Diagnostic]:
    if on.value.startswith(MESSAGE):
        message, received = on.value.removeprefix(MESSAGE), definitions.messages(role.value) if role is not None else {}
        if role is not None and role.value in definitions.roles and message not in received:
            words = f"{role.value} does not receive a message {message}"
            yield Diagnostic("E725", words, on.span, hint=hint_for(message, received))
    elif on.value not in points:
        words = f"there is no status, hold, exception, milestone, event or message `{on.value}`"
        yield Diagnostic("E725", words, on.span, hint=hint_for(on.value, points))
    elif of not in points[on.value]:
        words = f"{'an' if of == 'order' else 'a'} {of} never reaches `{on.value}`"
        yield Diagnostic("E725", words, on.span, hint="of: " + " or ".join(each for each in OF if each in points[on.value]))


def _languages(notice: written.Notice, fallback: Located[str] | None, spoken: set[str]) -> Iterator[Diagnostic]:
    own = {pair.key.value for pair in notice.texts}
    if notice.name is None or not own or fallback is None:
        return
    if fallback.value not in own:
        words = f"{notice.name.value} has no text in {fallback.value}, the language that is taken where there is no other"
        yield Diagnostic("E728", words, notice.name.span, hint=f"add {fallback.value}: below texts")
    elif missing := sorted(spoken - own):
        words = f"{notice.name.value} has no text in {', '.join(missing)}, in which others have one; it goes in {fallback.value}"
        yield Diagnostic("W725", words, notice.name.span, hint=f"add {missing[0]}: below texts")
