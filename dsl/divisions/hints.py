"""What is told about an address that leads nowhere, with what was meant."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from orderloom.dsl.diagnostics import Diagnostic
from orderloom.dsl.divisions.addresses import Part, parts
from orderloom.dsl.documents import Document
from orderloom.dsl.fields import Located, Section
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.suggest import closest, hint_for
from orderloom.dsl.syntax import KINDS

#: What is the whole workspace's: names and people that divisions share, tests, and divisions themselves.
SHARED = ("attributes", "participants", "scenario", "division")

DEEPEST = 6  #: parts of an address below its document that are looked at for what was meant


def strange(
    address: Located[str], at: int, known: Collection[str], definitions: Definitions, document: tuple[str, str] | None = None
) -> Diagnostic:
    """Nothing stands at an address from its character `at` on, where `known` could."""
    end = len(address.value)
    word, _, behind = address.value[at:].partition(".")
    span = address.node.part(at, at + len(word)) if word else address.node.part(end - 1, end)
    near = closest(word, known)
    if word in SHARED:
        words, hint = f"what is of kind {word} is the same for all divisions", ""
    elif not word:
        words, hint = (
            f"{address.value} names a document, and no key of it",
            f"name one of its keys, as {', '.join(sorted(known)[:3])}",
        )
    else:
        is_name = document is not None and at == len(document[0]) + 1 and closest(word, [document[1]]) is not None
        words = _not_there(word, document, is_name and near is None)
        instead = ".".join(part for part in (address.value[: at - 1] if at else "", near or "", behind) if part)
        hint = f"did you mean {instead}?" if near is not None else _meant(address.value, word, definitions, document)
    return Diagnostic("E900", words, span, hint=hint or ("" if word in KINDS else hint_for(word, known)))


def _not_there(word: str, document: tuple[str, str] | None, is_name: bool) -> str:
    if document is not None and is_name:
        return f"there is no {document[0]} {word}"
    if document is not None:
        return f"there is no key {word} in {document[0]} {document[1]}"
    return f"there is no document of kind {word}" if word in KINDS else f"there is no kind {word}"


def ambiguous(address: Located[str], kind: str, rest: str, documents: Collection[str]) -> Diagnostic:
    """An address does not say which of several documents it means."""
    word = rest.partition(".")[0]
    near = closest(word, documents)
    words = f"there are {len(documents)} documents of kind {kind}, and {address.value} does not say which is meant"
    if near is not None:
        words = f"there is no {kind} {word}"
        hint = f"did you mean {kind}.{near}{rest[len(word) :]}?"
    else:
        hint = "write " + " or ".join(f"{kind}.{name}.{rest}" for name in sorted(documents)[:3])
    return Diagnostic("E900", words, address.span, hint=hint)


def _meant(address: str, word: str, definitions: Definitions, document: tuple[str, str] | None) -> str:
    """An address with the same parts in another order or some more between them; else one that ends as this one does."""
    if document is None and word in KINDS:
        return ""
    words = address.split(".")
    within = [document] if document is not None else _documents(definitions)
    every = [".".join((*name, *path)) for name in within for path in _paths(definitions.documents[name[0]][name[1]])]
    candidates = [each for each in every if set(words[1:] or words) <= set(each.split("."))]
    candidates = candidates or [each for each in every if each.rpartition(".")[2] == words[-1]]
    return f"did you mean {min(candidates, key=lambda each: (len(each), each))}?" if candidates else ""


def _documents(definitions: Definitions) -> list[tuple[str, str]]:
    return [(kind, name) for kind, found in definitions.documents.items() if kind not in SHARED for name in found]


def _paths(document: Document) -> Iterator[tuple[str, ...]]:
    yield from _below(parts(document.body.read_from, Section(KINDS[document.kind])), ())


def _below(known: Mapping[str, Part], before: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for name, part in known.items():
        path = (*before, name)
        yield path
        if len(path) < DEEPEST:
            yield from _below(parts(*part), path)
