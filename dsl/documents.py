"""Sources -> documents: each file read, each document decoded by its kind."""

from __future__ import annotations

import re
from collections.abc import Iterable, MutableMapping
from pathlib import PurePosixPath

from msgspec import Struct

from orderloom.dsl.decode import decode
from orderloom.dsl.diagnostics import Diagnostic
from orderloom.dsl.fields import Located, Syntax
from orderloom.dsl.nodes import Map, Node, Scalar
from orderloom.dsl.reader import read
from orderloom.dsl.source import Source
from orderloom.dsl.suggest import closest, hint_for
from orderloom.dsl.syntax import KINDS, LANGUAGE, Manifest
from orderloom.dsl.walk import Leaf, leaves

MANIFEST = "orderloom.yaml"
YAML = (".yaml", ".yml")
HARMLESS = {"W001", "E003", "E007"}  #: faults of a text that take nothing away
HOMES = {"attributes", "event", "participants", "promising", "returns"}  #: kinds that give names to more than the document itself

_KIND = re.compile(r"^kind:[ \t]*([\w-]+)", re.MULTILINE)


class Document(Struct, frozen=True, eq=False):
    """A decoded document with a name, and all the values that stand in it."""

    kind: str
    name: Located[str]
    body: Syntax
    leaves: tuple[Leaf, ...]


class Reading(Struct, frozen=True):
    """What was read. `lost` are the kinds of documents of which something could not be read: a name may stand there."""

    documents: tuple[Document, ...] = ()
    manifests: tuple[tuple[Source, Manifest], ...] = ()
    lost: frozenset[str] = frozenset()


class Page(Struct, frozen=True):
    """What one file gives."""

    documents: tuple[Document, ...] = ()
    manifests: tuple[tuple[Source, Manifest], ...] = ()
    lost: frozenset[str] = frozenset()
    found: tuple[Diagnostic, ...] = ()


def read_documents(
    sources: Iterable[Source], known: MutableMapping[Source, Page] | None = None
) -> tuple[Reading, tuple[Diagnostic, ...]]:
    """All documents of all YAML files, in order. What is `known` of files is not read again, and what is read is added to it."""
    pages = [_known(source, known) for source in sources if source.path.endswith(YAML)]
    reading = Reading(
        tuple(document for page in pages for document in page.documents),
        tuple(manifest for page in pages for manifest in page.manifests),
        frozenset().union(*(page.lost for page in pages)),
    )
    return reading, tuple(each for page in pages for each in page.found)


def _known(source: Source, known: MutableMapping[Source, Page] | None) -> Page:
    if known is None:
        return read_page(source)
    if source not in known:
        known[source] = read_page(source)
    return known[source]


def read_page(source: Source) -> Page:
    """The documents of one file."""
    documents: list[Document] = []
    manifests: list[tuple[Source, Manifest]] = []
    lost: set[str] = set()
    nodes, faults = read(source)
    found = list(faults)
    for node in nodes:
        body, more = _decode(source, node)
        found += more
        if isinstance(body, Document):
            documents.append(body)
            lost |= {body.kind} & HOMES if more else set()
        elif isinstance(body, Manifest):
            manifests.append((source, body))
        else:
            lost |= kinds_in(source)
    if not {fault.code for fault in faults} <= HARMLESS:
        lost |= kinds_in(source)
    return Page(tuple(documents), tuple(manifests), frozenset(lost), tuple(found))


def kinds_in(source: Source) -> set[str]:
    """The kinds that a file at fault speaks of; all of them where it speaks of none."""
    return set(_KIND.findall(source.text)) & KINDS.keys() or {MANIFEST, *KINDS}


def _decode(source: Source, node: Node) -> tuple[Document | Manifest | None, tuple[Diagnostic, ...]]:
    if PurePosixPath(source.path).name == MANIFEST:
        return _manifest(node)
    if not isinstance(node, Map):
        return None, decode(node, Manifest)[1]
    kind, faults = _kind(node)
    if kind is None:
        return None, faults
    body, more = decode(node, KINDS[kind], ("kind",))
    faults += more
    name = getattr(body, "name", None)
    if body is None or name is None:
        return None, faults
    return Document(kind, name, body, tuple(leaves(body))), faults


def _manifest(node: Node) -> tuple[Manifest | None, tuple[Diagnostic, ...]]:
    body, found = decode(node, Manifest)
    if not isinstance(body, Manifest):
        return None, found
    if body.language is not None and body.language.value != LANGUAGE:
        later = "a later" if body.language.value > LANGUAGE else "no"
        words = f"{body.language.value} is {later} version of the language"
        found += (Diagnostic("E117", words, body.language.span, hint=f"this program reads version {LANGUAGE}"),)
    return body, found


def _kind(node: Map) -> tuple[str | None, tuple[Diagnostic, ...]]:
    """The document's kind; one that is misspelt counts as the one that was meant."""
    written = node.get("kind")
    if written is None:
        if node.broken:
            return None, ()
        place = node.entries[0].key.span if node.entries else node.span
        hint = f"write kind: and one of {', '.join(KINDS)}"
        return None, (Diagnostic("E106", "this document does not say its kind", place, hint=hint),)
    text = written.text if isinstance(written, Scalar) else ""
    if text in KINDS:
        return text, ()
    words = f"there is no kind {text}" if text else "the kind must be one word"
    return closest(text, KINDS), (Diagnostic("E105", words, written.span, hint=hint_for(text, KINDS)),)
