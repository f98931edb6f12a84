"""What stands in the shipped definitions is offered there: a word is taken away, and is among what may stand in its place."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache
from itertools import chain

import pytest

from orderloom.dsl.authoring.completing import complete
from orderloom.dsl.authoring.hovering import hover
from orderloom.dsl.authoring.names import uses
from orderloom.dsl.authoring.sight import look
from orderloom.dsl.authoring.whole import Whole, whole
from orderloom.dsl.feel import tree
from orderloom.dsl.fields import OneOf, Ref, Syntax, keys
from orderloom.dsl.known import Known
from orderloom.dsl.packs import pack_sources
from orderloom.dsl.source import Source, Span
from orderloom.dsl.walk import leaves

PACK = tuple(Source(source.path, source.content) for source in pack_sources("retail"))
TRIES = Known()

Word = tuple[Span, str]  #: where it stands, and what is to be offered


@cache
def retail() -> Whole:
    return whole(PACK, Known())


def tried(source: Source) -> Whole:
    return whole((*(each for each in PACK if each.path != source.path), source), TRIES)


def words_of_expressions() -> Iterator[Word]:
    """Every name, field and function of every expression."""
    for node, scope in chain.from_iterable(retail().scopes.values()):
        if node.style == "|" or node.source.text[node.end : node.end + 1] == ":":
            continue  # a table, or a column that is an expression by its name
        for each in look(node.text, scope):
            if isinstance(each.node, tree.Path):
                yield node.part(each.node.end - len(each.node.name), each.node.end), each.node.name
            elif isinstance(each.node, tree.Name) and each.node.name != "item":
                yield node.part(each.node.start, each.node.end), each.node.name


def words_of_documents() -> Iterator[Word]:
    """Every key, every name of something, every word of a list."""
    for page in retail().pages.values():
        for document in page.documents:
            for leaf in document.leaves:
                if isinstance(leaf.type, OneOf | Ref) and not leaf.value.node.style:
                    yield leaf.value.span, str(leaf.value.value)
            yield from _keys(document.body)


def _keys(section: Syntax) -> Iterator[Word]:
    declared = {key.text for key in keys(section.__class__)}
    for entry in section.read_from.entries:
        if entry.key.text in declared and entry.key.end > entry.key.start:
            yield entry.key.span, entry.key.text
    for below in {id(leaf.section): leaf.section for leaf in leaves(section) if leaf.section is not section}.values():
        yield from _keys(below)


def offered(span: Span) -> set[str]:
    """What may stand at a place, once the word there is gone."""
    text = span.source.text[: span.start] + span.source.text[span.end :]
    return {item.label for item in complete(Source(span.path, text.encode()), span.start, tried)}


def missed(words: list[Word]) -> list[str]:
    return [f"{span}: {word}" for span, word in words if span.text == word and word not in offered(span)]


def test_words_of_expressions_are_offered() -> None:
    assert missed(random.Random(1).sample(sorted(words_of_expressions(), key=str), 25)) == []


def test_words_of_documents_are_offered() -> None:
    assert missed(random.Random(1).sample(sorted(words_of_documents(), key=str), 25)) == []


@pytest.mark.soak
def test_every_word_is_offered() -> None:
    assert missed([*dict.fromkeys(words_of_expressions()), *dict.fromkeys(words_of_documents())]) == []


def test_names_stand_where_they_are_said_to_stand_and_have_a_home() -> None:
    found = uses(retail())
    assert [str(use.span) for use in found if use.span.text != use.symbol.name] == []
    homes = {use.symbol for use in found if use.defines}
    own = [use for use in found if use.symbol.kind in ("step", "role", "process", "decision", "sourcing", "promising", "field")]
    assert len(own) > 200
    assert [str(use.span) for use in own if use.symbol not in homes] == []


def test_nothing_that_is_half_written_breaks_it() -> None:
    rng = random.Random(2)
    for _ in range(60):
        source = rng.choice([each for each in PACK if each.path.endswith(".yaml")])
        at = rng.randrange(len(source.text))
        cut = source.text[:at] + source.text[source.text.find("\n", at) :]
        complete(Source(source.path, cut.encode()), at, tried)
        hover(source, at, retail())
