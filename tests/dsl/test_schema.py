from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from orderloom.dsl.codes import Example, pages
from orderloom.dsl.decode import plain
from orderloom.dsl.packs import pack_sources, packs
from orderloom.dsl.reader import read
from orderloom.dsl.schema import ALL, document_schema, kind_schema, language_schema, manifest_schema
from orderloom.dsl.source import Source

DOCUMENTS = Draft7Validator(document_schema())
LANGUAGE = Draft7Validator(language_schema())
WORKSPACES = sorted((Path(__file__).parents[1] / "scenarios").glob("**/*.yaml"))
STARTERS = sorted((Path(__file__).parents[2] / "cli").glob("starter*/**/*.yaml"))
SHIPPED = [source for pack in packs() for source in pack_sources(pack) if source.path.endswith(".yaml")]


def values(source: Source) -> list[object]:
    nodes, found = read(source)
    assert not found
    return [plain(node) for node in nodes]


def test_the_schemas_are_schemas() -> None:
    Draft7Validator.check_schema(document_schema())
    Draft7Validator.check_schema(manifest_schema())
    Draft7Validator.check_schema(language_schema())
    for kind in ALL:
        Draft7Validator.check_schema(kind_schema(kind))


@pytest.mark.parametrize("source", SHIPPED, ids=lambda source: source.path)
def test_the_packs_are_accepted(source: Source) -> None:
    manifest = source.path.endswith("/orderloom.yaml")
    validator = Draft7Validator(manifest_schema()) if manifest else DOCUMENTS
    for value in values(source):
        assert [error.message for error in validator.iter_errors(value)] == []
        assert LANGUAGE.is_valid(value)


@pytest.mark.parametrize("path", [*WORKSPACES, *STARTERS], ids=lambda path: f"{path.parent.name}/{path.name}")
def test_one_schema_accepts_every_file_of_a_workspace(path: Path) -> None:
    for value in values(Source(path.name, path.read_bytes())):
        assert [error.message for error in LANGUAGE.iter_errors(value)] == []


def test_one_schema_tells_kinds_and_the_manifest_apart() -> None:
    assert LANGUAGE.is_valid({"orderloom": 1, "workspace": "shop", "currency": "USD", "timezone": "UTC"})
    assert not LANGUAGE.is_valid({"orderloom": 1, "workspce": "shop", "currency": "USD", "timezone": "UTC"})
    assert not LANGUAGE.is_valid({"kind": "calendar", "name": "a", "steps": []})
    assert Draft7Validator(kind_schema("calendar")).is_valid({"kind": "calendar", "name": "a", "timezone": "UTC", "hours": {}})
    assert not Draft7Validator(kind_schema("calendar")).is_valid({"kind": "process", "name": "a"})


def _without_help(of: object, path: str = "") -> list[str]:
    """Every key of the schema that has no description."""
    if isinstance(of, list):
        return [found for item in of for found in _without_help(item, path)]
    if not isinstance(of, dict):
        return []
    keys = of.get("properties", {}).items() if "if" not in path else ()
    bare = [f"{path}.{name}" for name, key in keys if "description" not in key and "const" not in key]
    return bare + [found for name, each in of.items() for found in _without_help(each, f"{path}/{name}")]


def test_every_key_of_every_kind_has_its_help() -> None:
    assert _without_help(language_schema()) == []


@pytest.mark.parametrize("code", ["E101", "E102", "E103", "E105", "E106", "E107", "E108", "E113", "E115"])
def test_what_the_compiler_refuses_for_its_structure_is_refused(code: str, document: Callable[[Example], str]) -> None:
    bad, good = (values(Source("a.yaml", document(e).encode()))[0] for e in (pages()[code].bad, pages()[code].good))
    assert not DOCUMENTS.is_valid(bad)
    assert DOCUMENTS.is_valid(good)


def test_each_key_has_its_help() -> None:
    steps = document_schema()["$defs"]["steps.DoStep"]["properties"]
    assert steps["do"]["description"] == "The action."
