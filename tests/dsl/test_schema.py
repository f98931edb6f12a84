from __future__ import annotations

from collections.abc import Callable

import pytest
from jsonschema import Draft202012Validator

from orderloom.dsl.codes import Example, pages
from orderloom.dsl.decode import plain
from orderloom.dsl.library import pack_sources, packs
from orderloom.dsl.reader import read
from orderloom.dsl.schema import document_schema, manifest_schema
from orderloom.dsl.source import Source

DOCUMENTS = Draft202012Validator(document_schema())
SHIPPED = [source for pack in packs() for source in pack_sources(pack) if source.path.endswith(".yaml")]


def values(source: Source) -> list[object]:
    nodes, found = read(source)
    assert not found
    return [plain(node) for node in nodes]


def test_the_schemas_are_schemas() -> None:
    Draft202012Validator.check_schema(document_schema())
    Draft202012Validator.check_schema(manifest_schema())


@pytest.mark.parametrize("source", SHIPPED, ids=lambda source: source.path)
def test_the_packs_are_accepted(source: Source) -> None:
    manifest = source.path.endswith("/orderloom.yaml")
    validator = Draft202012Validator(manifest_schema()) if manifest else DOCUMENTS
    for value in values(source):
        assert [error.message for error in validator.iter_errors(value)] == []


@pytest.mark.parametrize("code", ["E101", "E102", "E103", "E105", "E106", "E107", "E108", "E113", "E115"])
def test_what_the_compiler_refuses_for_its_structure_is_refused(code: str, document: Callable[[Example], str]) -> None:
    bad, good = (values(Source("a.yaml", document(e).encode()))[0] for e in (pages()[code].bad, pages()[code].good))
    assert not DOCUMENTS.is_valid(bad)
    assert DOCUMENTS.is_valid(good)


def test_each_key_has_its_help() -> None:
    steps = document_schema()["$defs"]["DoStep"]["properties"]
    assert steps["do"]["description"] == "The action."
