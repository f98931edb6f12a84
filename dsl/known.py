"""What is known of a workspace that is compiled again and again: only what has changed is read, checked and lowered anew.

A result is kept with all that was looked at to make it: documents, roles, functions, by name. As long as each of these is the
very same, so is the result. Nobody has to say what a check depends on: `watched.py` takes note of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any, TypeVar, cast

from msgspec import Struct

from orderloom.dsl.documents import Page
from orderloom.dsl.feel.memo import Memo
from orderloom.dsl.source import Source
from orderloom.dsl.watched import Watched, WatchedSet

K = TypeVar("K")
T = TypeVar("T")
V = TypeVar("V")
F = TypeVar("F", bound=Callable[..., Any])

ANSWERS = "answers"  #: the view that has what was answered of the whole
Looks = dict[tuple[str, Any], object]


class Kept(Struct, frozen=True, eq=False):
    """A result, what was looked at to make it, and the expressions that were heard on the way."""

    result: Any
    looks: tuple[tuple[str, Any, object], ...]
    heard: tuple[Any, ...]


class Known:
    """The documents of files, what expressions were understood to say, and results."""

    def __init__(self) -> None:
        self.pages: dict[Source, Page] = {}
        self.memo = Memo()
        self.texts: dict[int, tuple[object, str]] = {}  #: of parts of programs, by `digest.py`
        self.definitions: Any = None
        self._views: dict[str, Watched[Any, Any] | WatchedSet] = {}
        self._kept: dict[tuple[object, object], Kept] = {}
        self._answers: dict[Any, object] = {}
        self._answered: dict[Any, object] = {}
        self._made_of: dict[tuple[object, ...], object] = {}
        self._now_made: dict[tuple[object, ...], object] = {}
        self._noting: list[Looks] = []
        self._ground: object = None

    def turn(self, sources: Iterable[Source]) -> None:
        """Begins anew with other files; forgets what is of no file any more."""
        self.memo.turn()
        self.pages = {source: self.pages[source] for source in sources if source in self.pages}
        self._answered, self._made_of, self._now_made = {}, self._now_made, {}
        self._noting.clear()

    def only_of(self, owners: Iterable[object]) -> None:
        """Forgets the results about what is none of these any more; those about the whole stay."""
        alive = {id(owner) for owner in owners}
        self._kept = {key: kept for key, kept in self._kept.items() if key[1] is None or id(key[1]) in alive}

    def on(self, ground: T) -> T:
        """What all results stand on: the one of before where it is the same; where it is not, all are forgotten."""
        if self._ground != ground:
            self._ground, self._kept, self._answers = ground, {}, {}
        found: Any = self._ground
        return found  # type: ignore[no-any-return]  # equal to what was given

    def once(self, parts: tuple[object, ...], make: Callable[[], T]) -> T:
        """What is made of these very parts alone."""
        if parts not in self._made_of:
            self._made_of[parts] = make()
        made: Any = self._made_of[parts]
        self._now_made[parts] = made
        return made  # type: ignore[no-any-return]

    @property
    def functions(self) -> Mapping[str, Any]:
        """What expressions could call when all was read."""
        found = self._views.get("functions")
        return found.things if isinstance(found, Watched) else {}

    # --- what is looked at ---------------------------------------------------------------------------------------------

    def watched(self, view: str, things: Mapping[K, V]) -> Watched[K, V]:
        """The things by name, watched from now on; the very same ones where they are as they were before."""
        before, now = self._views.get(view), dict(things)
        if isinstance(before, Watched) and _same(before.things, now):
            now = before.things
        self._views[view] = made = Watched(view, now, self)
        return made

    def watched_set(self, view: str, names: frozenset[str]) -> frozenset[str]:
        self._views[view] = made = WatchedSet(view, names, self)
        return made  # type: ignore[return-value]  # does what is asked of such a set

    def note(self, view: str, key: Any, seen: object) -> None:
        if self._noting:
            self._noting[-1].setdefault((view, key), seen)

    # --- results -------------------------------------------------------------------------------------------------------

    def remembered(self, what: object, owner: object, make: Callable[[], T]) -> T:
        """A result about its owner, a document or None for the whole: the kept one, or made where that does not hold any more."""
        kept = self._kept.get((what, owner))
        if kept is None or not self._holds(kept):
            kept = self._kept[what, owner] = self._made(make)
        else:
            self.memo.heard += kept.heard
        if self._noting:
            around = self._noting[-1]
            for view, key, seen in kept.looks:
                around.setdefault((view, key), seen)
        result: T = kept.result
        return result

    def _made(self, make: Callable[[], Any]) -> Kept:
        looks: Looks = {}
        heard = len(self.memo.heard)
        self._noting.append(looks)
        try:
            result = make()
        finally:
            self._noting.pop()
        return Kept(result, tuple((view, key, seen) for (view, key), seen in looks.items()), tuple(self.memo.heard[heard:]))

    def _holds(self, kept: Kept) -> bool:
        for view, key, seen in kept.looks:
            now = self._answer(key) if view == ANSWERS else self._views[view].look(key)
            if now is not seen and not _same(now, seen):
                return False
        return True

    def answer(self, question: Callable[..., T], args: tuple[object, ...]) -> T:
        """What the whole answers to a question: who asks depends on the answer alone, not on what it was found from."""
        answer: Any = self._answer((question, args))
        self.note(ANSWERS, (question, args), answer)
        return answer  # type: ignore[no-any-return]

    def _answer(self, asked: tuple[Callable[..., object], tuple[object, ...]]) -> object:
        if asked not in self._answered:
            question, args = asked
            self._noting.append({})
            try:
                found = self.remembered(asked, None, lambda: question(self.definitions, *args))
            finally:
                self._noting.pop()
            before = self._answers.get(asked)
            self._answered[asked] = self._answers[asked] = before if _same(before, found) else found
        return self._answered[asked]


def asked(question: F) -> F:
    """Makes of a function of definitions a question: it is answered once, and its answer is all that who asks depends on."""

    @wraps(question)
    def ask(definitions: Any, *args: object) -> object:
        known: Known | None = definitions.known
        if known is not None:
            return known.answer(question, args)
        answers: dict[object, object] = definitions.answers
        if (question, args) not in answers:
            answers[question, args] = question(definitions, *args)
        return answers[question, args]

    return cast(F, ask)


def _same(one: object, other: object) -> bool:
    return one == other and (not isinstance(one, dict) or not isinstance(other, dict) or list(one) == list(other))
